"""XSLT as SchXslt writes it: patterns share modes, and each rule asks whether its pattern has matched this node already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wasl.rules.errors import Unsupported
from wasl.rules.sheet import SCHXSLT, SVRL, XSL, Assert, Sheet, Template
from wasl.rules.sheet_iso import declare
from wasl.rules.sheet_xslt import Reading, check, flat, forbid, severity, xslt_message
from wasl.rules.xpath import ast
from wasl.rules.xpath.pattern import split_pattern

_S = f"{{{SCHXSLT}}}"
_MATCHED = "schxslt:patterns-matched"
_OWN = frozenset({"document($schxslt.validate.initial-document-uri)"})
_TOP = frozenset({"template", "output", "function", "variable", "param"})


def read(root: Any, base: Path | None) -> Sheet:
    forbid(root, _OWN)
    reading = Reading(base, {prefix: uri for prefix, uri in root.nsmap.items() if prefix})
    for child in root:
        if child.tag.startswith(XSL) and child.tag[len(XSL) :] not in _TOP:
            raise Unsupported(what=f"xsl:{child.tag[len(XSL) :]} {child.get('name') or ''}".strip(), where="the sheet's top level")
        if child.tag in (XSL + "variable", XSL + "param") and not child.get("name").startswith("schxslt."):
            reading.sources[child.get("name")] = child
    reading.declare(root, frozenset({"schxslt:location"}))
    for name in reading.sources:
        reading.variable(name)
    names, inside = _patterns(root, reading)
    rules: dict[str, list[tuple[float, int, Template]]] = {name: [] for name in names}
    for place, node in enumerate(root.iterfind(f"{XSL}template[@mode]")):
        if node.get("mode") == "#all":
            continue  # the walk over the document
        pattern = _pattern_of(node)
        if pattern not in rules or node.get("priority") is None:
            raise Unsupported(what=f"a rule of the unknown pattern {pattern}", where=node.get("match"))
        rules[pattern].append((-float(node.get("priority")), -place, _template(node, pattern, inside.get(node.get("mode"), reading))))
    modes = tuple((name, tuple(t for _, _, t in sorted(found, key=lambda entry: entry[:2]))) for name, found in rules.items())
    title = next((node.get("title") for node in root.iter(SVRL + "schematron-output")), "") or ""
    return check(Sheet(title, {**reading.in_scope(root)}, modes))


def _patterns(root: Any, reading: Reading) -> tuple[list[str], dict[str, Reading]]:
    """The patterns in the order of the report, and for modes whose patterns have variables the reading that knows them."""
    names: list[str] = []
    inside: dict[str, Reading] = {}
    for node in root.iterfind(f"{XSL}template[@name]"):
        found = [pattern.get("id") for pattern in node.iterfind(f"{_S}document/{_S}pattern")]
        if not found:
            if node.get("name") != "schxslt.validate":
                raise Unsupported(what=f"the template {node.get('name')}", where="the sheet's top level")
            continue
        names.extend(found)
        walks = list(node.iterfind(f".//{XSL}apply-templates"))
        if any(walk.get("select") != "root()" for walk in walks):
            raise Unsupported(what="a pattern over other documents", where=node.get("name"))
        own = {variable.get("name"): variable for variable in node.iterfind(f".//{XSL}variable")}
        if own:
            inside.update((walk.get("mode"), reading.inside(own)) for walk in walks)
    return names, inside


def _pattern_of(node: Any) -> str:
    found = {rule.get("pattern") for rule in node.iterfind(f"{XSL}choose/*/{_S}rule")}
    if len(found) != 1:
        raise Unsupported(what="a template that is no rule", where=node.get("match"))
    return found.pop()


def _template(node: Any, pattern: str, reading: Reading) -> Template:
    context = flat(node.get("match"))
    lets: list[tuple[str, ast.Expr]] = []
    local: dict[str, ast.Expr] = {}
    asserts: list[Assert] = []
    for child in node:
        if child.tag == XSL + "param":
            if child.get("name") != _MATCHED and reading.variable(child.get("name")) is None:
                raise Unsupported(what=f"the parameter ${child.get('name')} without a value", where=context)
        elif child.tag == XSL + "variable":
            declare(child, reading, lets, local, context)
        elif child.tag == XSL + "choose" and _is_first_match(child, pattern):
            for part in child.find(XSL + "otherwise").find(_S + "rule"):
                if part.tag == XSL + "if":
                    asserts.append(_message(part, reading, frozenset(name for name, _ in lets), local))
                elif part.tag == XSL + "variable":
                    declare(part, reading, lets, local, context)
                elif part.tag != SVRL + "fired-rule":
                    raise Unsupported(what=f"{part.tag} in a rule", where=context)
        else:
            raise Unsupported(what=f"{child.tag} in a template", where=context)
    patterns = split_pattern(node.get("match"), reading.in_scope(node), reading.statics())
    return Template(pattern, context, patterns, tuple(asserts), tuple(lets))


def _is_first_match(choose: Any, pattern: str) -> bool:
    """`xsl:choose`: nothing where the pattern has matched, the asserts where it has not, and on to the next rule in both cases."""
    tags = [child.tag for child in choose]
    if tags != [XSL + "when", XSL + "otherwise"] or choose[0].get("test") != f"${_MATCHED}[. = '{pattern}']":
        return False
    inner = [[child.tag for child in branch] for branch in choose]
    silent = not any(node.tag in (SVRL + "failed-assert", SVRL + "successful-report") for node in choose[0].iter())
    return silent and inner == [[_S + "rule", XSL + "next-match"]] * 2


def _message(holder: Any, reading: Reading, scope: frozenset[str], local: dict[str, ast.Expr]) -> Assert:
    test = holder.get("test")
    if len(holder) != 1 or holder[0].tag not in (SVRL + "failed-assert", SVRL + "successful-report"):
        raise Unsupported(what="an xsl:if that is no message", where=test)
    node = holder[0]
    report = node.tag == SVRL + "successful-report"
    expr = reading.expression(test, holder, scope, local)
    if not report:
        if not isinstance(expr, ast.Call) or expr.name != "not":
            raise Unsupported(what="an assert that is not asked with not()", where=test)
        expr = expr.args[0]
    facts = {a.get("name"): (a.text or "").strip() for a in node.iterfind(XSL + "attribute")}
    if node.get("location") != "{schxslt:location(.)}":
        raise Unsupported(what="a message with a location of its own", where=test)
    text = xslt_message(node.find(SVRL + "text"), reading, scope, local)
    identity = node.get("id") or facts.get("id")
    if not identity:
        raise Unsupported(what="a message without an id", where=test)
    flag = node.get("flag") or facts.get("flag") or node.get("role") or facts.get("role") or "fatal"
    return Assert(identity, severity(flag), flat(facts.get("test") or test), expr, text, report)
