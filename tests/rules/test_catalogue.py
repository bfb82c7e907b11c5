"""The catalogue, and sheets that are refused."""

from __future__ import annotations

import pytest
from lxml import etree

from wasl.rules import catalogue, sheets
from wasl.rules.errors import Unsupported
from wasl.rules.sheet import XSL, read_xslt


def test_the_catalogue_has_every_assert_with_its_own_words() -> None:
    rules = catalogue.rules()
    assert len(rules) == 979
    assert {rule.severity for rule in rules} == {"fatal", "warning"}
    found = catalogue.find("br-co-15")
    assert [rule.id for rule in found] == ["BR-CO-15"]
    assert found[0].context == "/ubl:Invoice | /cn:CreditNote"
    assert found[0].text.startswith("[BR-CO-15]-Invoice total amount with VAT (BT-112)")
    assert catalogue.find("BR-NO-SUCH") == []


def sheet() -> etree._Element:
    return etree.fromstring(sheets.locate("en16931-ubl").read_bytes())


def rule_template(root: etree._Element) -> etree._Element:
    return root.find(f"{XSL}template[@mode='M11']")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda root: etree.SubElement(root, XSL + "function", name="u:gln"), "u:gln()"),
        (lambda root: etree.SubElement(root, XSL + "key", name="k"), "key k"),
        (lambda root: etree.SubElement(root, XSL + "variable", name="list", select="$missing"), "$missing"),
        (lambda root: etree.SubElement(root, XSL + "import", href="other.xsl"), "import other.xsl"),
        (lambda root: etree.SubElement(rule_template(root), XSL + "for-each", select="."), "for-each"),
        (lambda root: rule_template(root).attrib.pop("priority"), "without a priority"),
        (lambda root: rule_template(root).set("match", "key('a', 'b')"), "key()"),
        (lambda root: rule_template(root).find(f"{XSL}choose/{XSL}when").set("test", "matches(., '[a-z-[b]]')"), "subtraction"),
        (lambda root: rule_template(root).find(f"{XSL}choose/{XSL}when").set("test", "y:x"), "y:"),
    ],
)
def test_what_a_sheet_may_not_use_is_refused_by_name(change: object, named: str) -> None:
    assert callable(change)
    root = sheet()
    change(root)
    with pytest.raises(Unsupported) as error:
        read_xslt(etree.tostring(root))
    assert named in error.value.message("en")


def test_another_document_is_no_sheet() -> None:
    with pytest.raises(Unsupported):
        read_xslt(b"<a/>")
