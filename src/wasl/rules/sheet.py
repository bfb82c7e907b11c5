"""A rule sheet as data: read from the XSLT that Schematron compilers write. Anything that is not understood is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from wasl.rules.errors import Unsupported
from wasl.rules.xpath import ast
from wasl.rules.xpath.parser import parse
from wasl.rules.xpath.pattern import Pattern, split_pattern

XSL = "{http://www.w3.org/1999/XSL/Transform}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_XS = {"xs": "http://www.w3.org/2001/XMLSchema", "fn": "http://www.w3.org/2005/xpath-functions"}


@dataclass(frozen=True, slots=True)
class Assert:
    """One test. `report` turns it round: a report speaks when its test is true."""

    id: str
    severity: str
    test: str  # as published
    expr: ast.Expr
    text: tuple[str | ast.Expr, ...]
    report: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """One rule context: within a mode the first template whose pattern matches a node wins, and only it speaks."""

    mode: str
    context: str  # as published
    patterns: tuple[Pattern, ...]
    asserts: tuple[Assert, ...]
    lets: tuple[tuple[str, ast.Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    namespaces: dict[str, str]
    modes: tuple[tuple[str, tuple[Template, ...]], ...]

    def asserts(self) -> list[tuple[Template, Assert]]:
        return [(template, rule) for _, templates in self.modes for template in templates for rule in template.asserts]


def read_xslt(data: bytes) -> Sheet:
    """Read a Schematron-derived XSLT 2.0 sheet: modes, templates in the order they are tried, asserts."""
    from lxml import etree

    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    if root.tag != XSL + "stylesheet":
        raise Unsupported(what=f"a {root.tag} document", where="the sheet's root element")
    namespaces = {**_XS, **{prefix: uri for prefix, uri in root.nsmap.items() if prefix}}
    order = [node.get("mode") for node in root.iterfind(f"{XSL}template[@match='/']//{XSL}apply-templates[@select='/']")]
    for child in root:
        if child.tag in (XSL + "function", XSL + "key", XSL + "import", XSL + "include", XSL + "strip-space"):
            raise Unsupported(what=f"xsl:{child.tag[len(XSL) :]} {child.get('name') or ''}".strip(), where="the sheet's top level")
        if child.tag == XSL + "variable" and child.get("name") != "document-uri":
            raise Unsupported(what=f"the global variable ${child.get('name')}", where="the sheet's top level")
    modes = tuple((mode, tuple(_templates(root, mode, namespaces))) for mode in order)
    title = next((node.get("title") for node in root.iter(SVRL + "schematron-output")), "")
    return Sheet(title, namespaces, modes)


def _templates(root: Any, mode: str, namespaces: dict[str, str]) -> list[Template]:
    found: list[tuple[float, int, Template]] = []
    for place, node in enumerate(root.iterfind(f"{XSL}template[@mode='{mode}']")):
        match, priority = node.get("match"), node.get("priority")
        if match in ("text()", "@*|node()", "@*|*", "@*|*|comment()|processing-instruction()|text()") and node.find(f"{SVRL}fired-rule") is None:
            continue  # the walk over the document
        if priority is None:
            raise Unsupported(what="a template without a priority", where=match)
        found.append((-float(priority), -place, _template(node, mode, namespaces)))
    return [template for _, _, template in sorted(found, key=lambda entry: entry[:2])]


def _template(node: Any, mode: str, namespaces: dict[str, str]) -> Template:
    context = _flat(node.get("match"))
    asserts: list[Assert] = []
    lets: list[tuple[str, ast.Expr]] = []
    walks_on = False
    for child in node:
        scope = frozenset(name for name, _ in lets)
        if child.tag == SVRL + "fired-rule":
            continue
        if child.tag == XSL + "choose":
            asserts.append(_assert(child, namespaces, scope))
        elif child.tag == XSL + "if":
            asserts.append(_report(child, namespaces, scope))
        elif child.tag == XSL + "variable" and child.get("select"):
            lets.append((child.get("name"), parse(child.get("select"), namespaces, scope)))
        elif child.tag == XSL + "apply-templates" and child.get("select") in ("@*|*", "*|comment()|processing-instruction()", "*"):
            walks_on = True
        else:
            raise Unsupported(what=f"{child.tag} in a template", where=context)
    if not walks_on:
        raise Unsupported(what="a template that stops the walk", where=context)
    return Template(mode, context, split_pattern(node.get("match"), namespaces), tuple(asserts), tuple(lets))


def _assert(choose: Any, namespaces: dict[str, str], scope: frozenset[str]) -> Assert:
    when, otherwise = choose.find(XSL + "when"), choose.find(XSL + "otherwise")
    if len(choose) != 2 or when is None or otherwise is None or len(when) or len(otherwise) != 1:
        raise Unsupported(what="an xsl:choose that is no assert", where=choose.getparent().get("match"))
    return _message(otherwise[0], when.get("test"), namespaces, scope, report=False)


def _report(node: Any, namespaces: dict[str, str], scope: frozenset[str]) -> Assert:
    if len(node) != 1:
        raise Unsupported(what="an xsl:if that is no report", where=node.getparent().get("match"))
    return _message(node[0], node.get("test"), namespaces, scope, report=True)


def _message(node: Any, test: str, namespaces: dict[str, str], scope: frozenset[str], *, report: bool) -> Assert:
    if node.tag not in (SVRL + "failed-assert", SVRL + "successful-report"):
        raise Unsupported(what=f"{node.tag} instead of a message", where=test)
    facts = {a.get("name"): (a.text or "").strip() for a in node.iterfind(XSL + "attribute")}
    published = _flat(node.get("test") or test)
    identity = facts.get("id") or node.get("id") or ""
    severity = facts.get("flag") or facts.get("role") or "fatal"
    place = node.find(f"{XSL}attribute[@name='location']/{XSL}apply-templates")
    if not identity or place is None or place.get("select") != ".":
        raise Unsupported(what="a message without an id or with a location of its own", where=published)
    text = _text(node.find(SVRL + "text"), namespaces, scope)
    return Assert(identity, _severity(severity), published, parse(test, namespaces, scope), text, report)


def _severity(flag: str) -> str:
    return {"error": "fatal", "warn": "warning", "info": "information"}.get(flag.lower(), flag.lower())


def _text(node: Any, namespaces: dict[str, str], scope: frozenset[str]) -> tuple[str | ast.Expr, ...]:
    """The message: plain text, and the expressions whose values are put in."""
    parts: list[str | ast.Expr] = [node.text or ""]
    for child in node:
        if child.tag == XSL + "value-of" and child.get("select"):
            parts.append(parse(child.get("select"), namespaces, scope))
        elif child.tag == XSL + "text":
            parts.append(child.text or "")
        else:
            raise Unsupported(what=f"{child.tag} in a message", where="".join(node.itertext()))
        parts.append(child.tail or "")
    if all(isinstance(part, str) for part in parts):
        return (_flat("".join(str(part) for part in parts)),)
    return tuple(part for part in parts if part != "")


def _flat(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()
