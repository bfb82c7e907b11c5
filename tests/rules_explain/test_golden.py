"""What people read, family by family: an invoice is broken in one way, the real rules find it, and the words are those of the golden page.

`pytest tests/rules_explain/test_golden.py --update-golden` rewrites the pages; read the difference before committing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from wasl.formats import cii, ubl, wasljson, xml
from wasl.rules import sheets
from wasl.rules.explain import explain
from wasl.rules.explain.facts import Facts, Siblings
from wasl.rules.explain.paths import select
from wasl.rules.profiles import Profile
from wasl.rules.reference import Reference

FOLDER = Path(__file__).parent / "golden"
SAMPLES = Path(__file__).parents[1] / "golden"
Edit = Callable[[etree._Element], None]


@cache
def written(sample: str, syntax: str) -> bytes:
    invoice = wasljson.read((SAMPLES / f"{sample}.json").read_bytes()).invoice
    return ubl.write(invoice) if syntax == "ubl" else cii.write(invoice)


def put(term: str, value: str) -> Edit:
    """The term has another value, wherever it stands first."""

    def edit(root: etree._Element) -> None:
        Facts(root, root, Siblings()).everywhere(term)[0].text = value

    return edit


def drop(term: str) -> Edit:
    def edit(root: etree._Element) -> None:
        node = Facts(root, root, Siblings()).everywhere(term)[0]
        node.getparent().remove(node)  # type: ignore[union-attr]

    return edit


def twice(term: str) -> Edit:
    def edit(root: etree._Element) -> None:
        node = Facts(root, root, Siblings()).everywhere(term)[0]
        node.addnext(etree.fromstring(etree.tostring(node)))

    return edit


def add(path: str, markup: str, *, first: bool = False) -> Edit:
    """An element at the end (or the start) of another; `cbc:` and `ram:` names, the rest by XPath."""

    def edit(root: etree._Element) -> None:
        target = select(root, path)[0]
        node = etree.fromstring(f"<x {' '.join(f'xmlns:{p}={u!r}' for p, u in root.nsmap.items() if p)}>{markup}</x>")[0]
        target.insert(0, node) if first else target.append(node)

    return edit


def mark(term: str, attribute: str, value: str) -> Edit:
    def edit(root: etree._Element) -> None:
        Facts(root, root, Siblings()).everywhere(term)[0].set(attribute, value)

    return edit


_SETTLE = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SELLER = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty"
# page: syntax, set, sample, and for each rule how the invoice is broken.
PAGES: dict[str, tuple[str, str, str, dict[str, tuple[Edit, ...]]]] = {
    "core-ubl": ("ubl", "en16931-ubl", "several-rates", {
        "BR-02": (drop("BT-1"),),
        "BR-CO-10": (put("BT-106", "1.00"),),
        "BR-CO-15": (put("BT-112", "1.00"),),
        "BR-CO-17": (put("BT-117", "1.00"),),
        "BR-S-08": (put("BT-116", "5.00"),),
        "BR-CL-23": (mark("BT-129", "unitCode", "hours"),),
        "UBL-CR-006": (add(".", "<cbc:IssueTime>10:00:00</cbc:IssueTime>"),),
    }),
    "core-cii": ("cii", "en16931-cii", "several-rates", {
        "BR-02": (drop("BT-1"),),
        "BR-CO-10": (put("BT-106", "1.00"),),
        "BR-CO-15": (put("BT-112", "1.00"),),
        "BR-CO-17": (put("BT-117", "1.00"),),
        "BR-S-08": (put("BT-116", "5.00"),),
        "BR-DEC-23": (put("BT-131", "100.123"),),
        "BR-CL-23": (mark("BT-129", "unitCode", "hours"),),
        "CII-SR-222": (add(_SELLER, "<ram:RoleCode>AG</ram:RoleCode>"),),
        "CII-SR-455": (add(_SELLER, "<ram:DefinedTradeContact/>"), add(_SELLER, "<ram:DefinedTradeContact/>")),
    }),
    "xrechnung": ("cii", "xrechnung-cii", "every-term", {
        "BR-DE-15": (drop("BT-10"),),
        "BR-DE-2": (drop("BG-6"),),
        "BR-DE-18": (put("BT-20", "#SKONTO#TAGE=14#PROZENT=2,5%#\n"),),
        "BR-DE-19": (put("BT-81", "58"), put("BT-84", "BE00000000000000")),
        "BR-DE-17": (put("BT-3", "82"),),
        "BR-DE-28": (put("BT-43", "billing at example.com"),),
        "PEPPOL-EN16931-R120": (put("BT-129", "77"),),
        "PEPPOL-EN16931-R008": (put("BT-153", " "),),
    }),
    "peppol": ("ubl", "peppol-ubl", "every-term", {
        "PEPPOL-EN16931-R001": (drop("BT-23"),),
        "PEPPOL-EN16931-R003": (drop("BT-10"), drop("BT-13")),
        "PEPPOL-EN16931-R010": (drop("BT-49"),),
        "PEPPOL-EN16931-R051": (mark("BT-131", "currencyID", "USD"),),
        "PEPPOL-EN16931-R120": (put("BT-129", "77"),),
        "PEPPOL-COMMON-R043": (mark("BT-34", "schemeID", "0208"), put("BT-34", "0123456789")),
        "PEPPOL-EN16931-F001": (put("BT-2", "1.3.2026"),),
        "NO-R-002": (put("BT-31", "NO991825827MVA"), put("BT-40", "NO")),
        "IT-R-003": (put("BT-31", "IT12345670017"), put("BT-40", "IT"), drop("BT-37")),
        "SE-R-001": (put("BT-31", "SE5560360793"), put("BT-40", "SE")),
    }),
    "facturx": ("cii", "facturx-basicwl", "every-term", {
        "BR-CO-15": (put("BT-112", "1.00"),),
        "FX-SCH-A-000160": (drop("BT-22"),),
        "FX-SCH-A-000162": (put("BT-21", "XX"),),
        "FX-SCH-A-000019": (twice("BT-1"),),
        "Value of 'ram:ID' is not allowed": (put("BT-24", "urn:something:else"),),
        "Element 'ram:TradingBusinessName' is": (),
        "Element variant 'ram:SpecifiedTaxRegistration": (mark("BT-32", "schemeID", "XX"),),
    }),
    "facturx-extended": ("cii", "facturx-extended", "several-rates", {
        "BR-FXEXT-CO-10": (put("BT-106", "1.00"),),
        "BR-FXEXT-S-08ini": (put("BT-116", "5.00"),),
        "BR-FXEXT-11": (add(".//ram:AssociatedDocumentLineDocument", "<ram:ParentLineID>77</ram:ParentLineID>"),),
    }),
}  # fmt: skip


def findings(page: str) -> list[str]:
    syntax, name, sample, cases = PAGES[page]
    if not sheets.installed(name):
        pytest.skip(f"{name} is not installed")
    lines = [f"# {page}: {name}, {sample}.json", ""]
    for rule, edits in cases.items():
        root = xml.parse(written(sample, syntax))
        for edit in edits:
            edit(root)
        root = xml.parse(etree.tostring(root))
        profile = Profile("golden", {syntax: (name,)})
        found = [finding for finding in Reference(profile, root, (name,)).run() if rule in (finding.rule, finding.official[: len(rule)])]
        assert found, f"{rule} does not speak"
        words = explain(found[0], root)
        lines += [f"## {found[0].rule} · {words.term}", "", f"- {words.where_en}", f"  - {words.message_en}", f"  - **{words.fix_en}**"]
        lines += [f"- {words.where_ar}", f"  - {words.message_ar}", f"  - **{words.fix_ar}**", ""]
    return lines


@pytest.mark.parametrize("page", PAGES)
def test_the_page_reads_as_it_did(page: str, request: pytest.FixtureRequest) -> None:
    text = "\n".join(findings(page))
    path = FOLDER / f"{page}.md"
    if request.config.getoption("--update-golden", default=False):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
