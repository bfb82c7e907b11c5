"""Schematron itself (ISO/IEC 19757-3, query language binding `xslt2`): patterns, rules, variables, abstract patterns and rules, functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from wasl.rules.errors import Unsupported
from wasl.rules.sheet import SCH, XSL, Assert, Sheet, Template
from wasl.rules.sheet_iso import declare
from wasl.rules.sheet_xslt import Reading, check, flat, forbid, message, severity
from wasl.rules.xpath import ast
from wasl.rules.xpath.pattern import split_pattern

_BINDINGS = frozenset({"xslt2", "xpath2", "xslt3", "xpath3"})
_IGNORED = frozenset({"title", "p", "phase", "diagnostics", "properties", "ns", "let", "pattern"})
_NOTED = {"phase": "phases: all patterns run", "diagnostics": "diagnostics: not part of a rule's text", "properties": "properties"}
_INLINE = frozenset({"emph", "dir", "span"})


def read(root: Any, base: Path | None) -> Sheet:
    forbid(root)
    binding = root.get("queryBinding") or "xslt"
    if binding not in _BINDINGS:
        raise Unsupported(what=f"the query binding {binding}", where="the schema element")
    for node in root.iter(SCH + "include", SCH + "extends"):
        if node.tag == SCH + "include" or node.get("href"):
            raise Unsupported(what=f"sch:{node.tag[len(SCH) :]} {node.get('href')}", where="the schema")
    namespaces = {node.get("prefix"): node.get("uri") for node in root.iterfind(SCH + "ns")}
    reading = Reading(base, namespaces)
    notes: list[str] = []
    for child in root:
        name = child.tag[len(SCH) :] if child.tag.startswith(SCH) else child.tag
        if name not in _IGNORED and child.tag != XSL + "function":
            raise Unsupported(what=child.tag.replace(XSL, "xsl:"), where="the schema element")
        if name in _NOTED and _NOTED[name] not in notes:
            notes.append(_NOTED[name])
    reading.sources = _lets(root)
    reading.declare(root)
    for name in reading.sources:
        reading.variable(name)
    modes: list[tuple[str, tuple[Template, ...]]] = []
    counter = iter(range(1, 1_000_000))
    for number, pattern in enumerate(_patterns(root), 1):
        modes.append((pattern.get("id") or f"P{number}", tuple(_rules(pattern, root, reading, counter))))
    title = flat("".join(node.itertext())) if (node := root.find(SCH + "title")) is not None else ""
    return check(Sheet(title, reading.in_scope(None), tuple(modes), tuple(notes)))


def _lets(parent: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in parent.iterfind(SCH + "let"):
        if node.get("value") is None or len(node):
            raise Unsupported(what=f"the variable ${node.get('name')} without a value attribute", where="sch:let")
        if node.get("name") in found:
            raise Unsupported(what=f"a second variable ${node.get('name')}", where="sch:let")
        found[node.get("name")] = node
    return found


def _patterns(root: Any) -> Iterator[Any]:
    """Patterns that run: abstract ones stand in for the instances that name them, with their parameters put in as text."""
    abstract = {node.get("id"): node for node in root.iterfind(SCH + "pattern") if node.get("abstract") == "true"}
    for node in root.iterfind(SCH + "pattern"):
        if node.get("abstract") == "true":
            continue
        if node.get("documents"):
            raise Unsupported(what="a pattern over other documents", where=node.get("id") or "a pattern")
        wanted = node.get("is-a")
        if wanted is None:
            yield node
            continue
        if wanted not in abstract:
            raise Unsupported(what=f"the abstract pattern {wanted}, which is not there", where=node.get("id") or "a pattern")
        params = {param.get("name"): param.get("value") or "" for param in node.iterfind(SCH + "param")}
        yield _instance(abstract[wanted], params, node.get("id"))


def _instance(pattern: Any, params: Mapping[str, str], name: str | None) -> Any:
    copy = deepcopy(pattern)
    for attribute, value in (("abstract", None), ("id", name)):
        if value is None:
            copy.attrib.pop(attribute, None)
        else:
            copy.set(attribute, value)
    for default in copy.iterfind(SCH + "param"):
        params = {default.get("name"): default.get("value") or "", **params}
    if not params:
        return copy
    # Longest names first, so that $price is not taken for the start of $price-amount.
    names = "|".join(re.escape(param) for param in sorted(params, key=len, reverse=True))
    replaced = re.compile(rf"\$({names})(?![\w.\-])")
    for node in copy.iter():
        for attribute, value in node.attrib.items():
            if "$" in value:
                node.set(attribute, replaced.sub(lambda match: params[match[1]], value))
    return copy


def _rules(pattern: Any, root: Any, reading: Reading, counter: Iterator[int]) -> Iterator[Template]:
    own = _lets(pattern)
    inner = reading.inside(own) if own else reading
    for name in own:
        inner.variable(name)
    for child in pattern:
        if child.tag == SCH + "rule":
            if child.get("abstract") != "true":
                yield _rule(child, pattern, root, inner, counter)
        elif child.tag not in (SCH + "let", SCH + "title", SCH + "p", SCH + "param"):
            raise Unsupported(what=child.tag, where="a pattern")


def _rule(rule: Any, pattern: Any, root: Any, reading: Reading, counter: Iterator[int]) -> Template:
    context = rule.get("context")
    if not context:
        raise Unsupported(what="a rule without a context", where=pattern.get("id") or "a pattern")
    lets: list[tuple[str, ast.Expr]] = []
    local: dict[str, ast.Expr] = {}
    asserts: list[Assert] = []
    for child in _content(rule, pattern, root, ()):
        scope = frozenset(name for name, _ in lets)
        if child.tag == SCH + "let":
            declare(child, reading, lets, local, context)
        elif child.tag in (SCH + "assert", SCH + "report"):
            asserts.append(_assert(child, reading, scope, local, counter))
        elif child.tag not in (SCH + "title", SCH + "p"):
            raise Unsupported(what=child.tag, where=context)
    patterns = split_pattern(context, reading.in_scope(rule), reading.statics())
    return Template(pattern.get("id") or "", flat(context), patterns, tuple(asserts), tuple(lets))


def _content(rule: Any, pattern: Any, root: Any, above: tuple[str, ...]) -> Iterator[Any]:
    """The children of a rule, with those of the abstract rules that it extends where it names them."""
    for child in rule:
        if child.tag != SCH + "extends":
            yield child
            continue
        wanted = child.get("rule")
        places = (*pattern.iterfind(SCH + "rule"), *root.iterfind(f"{SCH}pattern/{SCH}rule"), *root.iterfind(f"{SCH}rules/{SCH}rule"))
        found = next((node for node in places if node.get("abstract") == "true" and node.get("id") == wanted), None)
        if found is None or wanted in above:
            raise Unsupported(what=f"the abstract rule {wanted}, which is {'in a circle' if found is not None else 'not there'}", where="sch:extends")
        yield from _content(found, pattern, root, (*above, wanted))


def _assert(node: Any, reading: Reading, scope: frozenset[str], local: Mapping[str, ast.Expr], counter: Iterator[int]) -> Assert:
    test = node.get("test")
    report = node.tag == SCH + "report"
    if not test:
        raise Unsupported(what="an assert without a test", where=node.get("id") or "a rule")
    if node.get("subject") or node.getparent().get("subject"):
        raise Unsupported(what="the attribute subject", where=test)

    def pieces() -> Iterator[tuple[str | None, ast.Expr | None]]:
        yield node.text, None
        for child in node:
            if child.tag == SCH + "value-of" and child.get("select"):
                yield None, reading.expression(child.get("select"), child, scope, local)
            elif child.tag == SCH + "name":
                named = (reading.expression(child.get("path"), child, scope, local),) if child.get("path") else ()
                yield None, ast.Call("name", named)
            elif child.tag.startswith(SCH) and child.tag[len(SCH) :] in _INLINE and not len(child):
                yield child.text, None
            else:
                raise Unsupported(what=f"{child.tag} in a message", where=test)
            yield child.tail, None

    expr = reading.expression(test, node, scope, local)
    identity = node.get("id") or f"{'report' if report else 'assert'}-{next(counter)}"
    flag = node.get("flag") or node.get("role") or "fatal"
    return Assert(identity, severity(flag), flat(test), expr, message(pieces()), report)
