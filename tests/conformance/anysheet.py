"""Any sheet, not only installed ones: the compiled engine, the reference engine, and SaxonC with the same asserts written out as XSLT by hand."""

from __future__ import annotations

import re
from copy import deepcopy
from types import ModuleType
from typing import Any

from lxml import etree

from wasl.formats import xml
from wasl.rules.compiled import Engine, NeedsAttributes
from wasl.rules.findings import Finding
from wasl.rules.generate import Generated, Generator
from wasl.rules.profiles import Profile
from wasl.rules.reading import Reader
from wasl.rules.reference import Reference
from wasl.rules.sheet import SCH, Sheet, read_sheet

XSL = "{http://www.w3.org/1999/XSL/Transform}"
ANY = Profile("any")
Fact = tuple[str, str, bool]


def facts(findings: list[Finding]) -> list[Fact]:
    return sorted((f.rule, f.location, f.unevaluable) for f in findings)


class Fast:
    """The compiled engine of one sheet, and how often it asked the reference engine."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.generated: Generated = Generator(sheet).generate()
        module = ModuleType("compiled")
        exec(compile(self.generated.source, "<sheet>", "exec", dont_inherit=True), module.__dict__)
        self.engine = Engine(module)
        self.engine.reader = Reader(self.engine)
        self.asked = 0

    def findings(self, data: bytes) -> list[Finding]:
        safe = xml.guard(data)

        def ask() -> Reference:
            self.asked += 1
            return Reference(ANY, xml.parse(data), sheet=self.sheet)

        document = self.engine.reader.read(safe)
        try:
            return self.engine.run(document, frozenset(), ask)
        except NeedsAttributes:
            return self.engine.run(self.engine.exact.build(safe), frozenset(), ask, exact=True)


def slow(sheet: Sheet, data: bytes) -> list[Finding]:
    return Reference(ANY, xml.parse(data), sheet=sheet).run()


def as_xslt(schema: bytes) -> bytes:
    """The same asserts as XSLT: a mode a pattern, each assert in an xsl:try of its own. Made from the text, without the reader under test."""
    source = etree.fromstring(schema, etree.XMLParser(remove_comments=True))
    names = {ns.get("prefix"): ns.get("uri") for ns in source.iterfind(SCH + "ns")}
    sheet = etree.Element(XSL + "stylesheet", nsmap={"xsl": XSL[1:-1], **names}, version="3.0")
    for let in source.iterfind(SCH + "let"):
        etree.SubElement(sheet, XSL + "variable", name=let.get("name"), select=let.get("value"))
    sheet.extend(deepcopy(function) for function in source.iterfind(XSL + "function"))
    start = etree.SubElement(sheet, XSL + "template", match="/")
    out = etree.SubElement(start, "out")
    abstract = {p.get("id"): p for p in source.iterfind(SCH + "pattern") if p.get("abstract")}
    rules = {r.get("id"): r for r in source.iter(SCH + "rule") if r.get("abstract")}
    for number, pattern in enumerate(p for p in source.iterfind(SCH + "pattern") if not p.get("abstract")):
        body = pattern
        if pattern.get("is-a"):
            text = etree.tostring(abstract[pattern.get("is-a")]).decode()
            for param in sorted(pattern.iterfind(SCH + "param"), key=lambda p: -len(p.get("name"))):
                text = re.sub(rf"\${param.get('name')}\b", lambda _, p=param: p.get("value"), text)
            body = etree.fromstring(text)
        mode = f"M{number}"
        etree.SubElement(out, XSL + "apply-templates", select="/", mode=mode)
        for let in body.iterfind(SCH + "let"):
            etree.SubElement(sheet, XSL + "variable", name=let.get("name"), select=let.get("value"))
        for place, rule in enumerate(r for r in body.iterfind(SCH + "rule") if not r.get("abstract")):
            template = etree.SubElement(sheet, XSL + "template", match=rule.get("context"), mode=mode, priority=str(1000 - place))
            lets = list(rule.iterfind(SCH + "let"))
            tests = [t for e in rule.iterfind(SCH + "extends") for t in rules[e.get("rule")]] + list(rule)
            for test in tests:
                if test.tag in (SCH + "assert", SCH + "report"):
                    _guarded(template, lets, test)
            etree.SubElement(template, XSL + "apply-templates", select="@*|*", mode=mode)
        etree.SubElement(sheet, XSL + "template", match="text()", mode=mode, priority="-1")
    return etree.tostring(sheet)


def _guarded(template: Any, lets: list[Any], test: Any) -> None:
    guard = etree.SubElement(template, XSL + "try")
    for let in lets:
        etree.SubElement(guard, XSL + "variable", name=let.get("name"), select=let.get("value"))
    condition = test.get("test") if test.tag == SCH + "report" else f"not({test.get('test')})"
    place = "{path(.)}"
    speaks = etree.SubElement(guard, XSL + "if", test=condition)
    etree.SubElement(speaks, "finding", id=test.get("id"), place=place, unevaluable="false")
    catch = etree.SubElement(guard, XSL + "catch")
    etree.SubElement(catch, "finding", id=test.get("id"), place=place, unevaluable="true")


class Saxon:
    def __init__(self, sheet: bytes) -> None:
        from saxonche import PySaxonProcessor

        self.processor = PySaxonProcessor(license=False)
        self.executable = self.processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet.decode())

    def findings(self, data: bytes) -> list[Fact]:
        text = etree.tostring(etree.fromstring(data).getroottree(), encoding="unicode")
        answer = self.executable.transform_to_string(xdm_node=self.processor.parse_xml(xml_text=text))
        root = etree.fromstring(answer.encode())
        return sorted((f.get("id"), _place(f.get("place")), f.get("unevaluable") == "true") for f in root.iter("finding"))


def _place(path: str) -> str:
    steps = re.findall(r"/Q\{([^}]*)\}([^\[/]+)\[(\d+)\]", path)
    return "".join(f"/*:{local}[namespace-uri()='{uri}'][{at}]" if uri else f"/{local}[{at}]" for uri, local, at in steps)


def read(schema: bytes) -> Sheet:
    return read_sheet(schema)
