"""XSLT as the ISO Schematron skeleton writes it: a mode a pattern, a template a rule, `xsl:choose` for asserts and `xsl:if` for reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wasl.rules.errors import Unsupported
from wasl.rules.sheet import SVRL, XSL, Assert, Sheet, Template
from wasl.rules.sheet_xslt import Reading, check, flat, folded, forbid, severity, xslt_message
from wasl.rules.xpath import ast
from wasl.rules.xpath.pattern import Pattern, PatternStep, split_pattern

_WALKS = ("@*|*", "*|comment()|processing-instruction()", "*")
_WALKED = ("text()", "@*|node()", "@*|*", "@*|*|comment()|processing-instruction()|text()")
_OWN_VARIABLES = frozenset({"document-uri", "archiveDirParameter", "archiveNameParameter", "fileNameParameter", "fileDirParameter"})
_TOP = frozenset({"template", "output", "function", "variable", "param"})


def read(root: Any, base: Path | None) -> Sheet:
    forbid(root)
    reading = Reading(base, {prefix: uri for prefix, uri in root.nsmap.items() if prefix})
    for child in root:
        if child.tag.startswith(XSL) and child.tag[len(XSL) :] not in _TOP:
            raise Unsupported(what=f"xsl:{child.tag[len(XSL) :]} {child.get('name') or ''}".strip(), where="the sheet's top level")
        if child.tag in (XSL + "variable", XSL + "param") and child.get("name") not in _OWN_VARIABLES:
            reading.sources[child.get("name")] = child
    reading.declare(root)
    for name in reading.sources:
        reading.variable(name)
    order = [node.get("mode") for node in root.iterfind(f"{XSL}template[@match='/']//{XSL}apply-templates[@select='/']")]
    by_mode: dict[str, list[Any]] = {}
    for node in root.iterfind(f"{XSL}template[@mode]"):
        by_mode.setdefault(node.get("mode"), []).append(node)
    counter = _Counter()
    modes = tuple((mode, tuple(_templates(by_mode.get(mode, []), mode, reading, counter))) for mode in order)
    left = [mode for mode, nodes in by_mode.items() if mode not in order and any(node.find(SVRL + "fired-rule") is not None for node in nodes)]
    if left or not order:
        raise Unsupported(what=f"rules in the mode {left[0]}, which is never run" if left else "a sheet without modes", where="the sheet")
    title = next((node.get("title") for node in root.iter(SVRL + "schematron-output")), "") or ""
    return check(Sheet(title, {**reading.in_scope(root)}, modes))


class _Counter:
    """Numbers for messages that have no id of their own."""

    def __init__(self) -> None:
        self.at = 0

    def name(self, *, report: bool) -> str:
        self.at += 1
        return f"{'report' if report else 'assert'}-{self.at}"


def _templates(nodes: list[Any], mode: str, reading: Reading, counter: _Counter) -> list[Template]:
    found: list[tuple[float, int, Template]] = []
    stopping: list[Template] = []
    for place, node in enumerate(nodes):
        match, priority = node.get("match"), node.get("priority")
        if match in _WALKED and node.find(f"{SVRL}fired-rule") is None:
            continue  # the walk over the document
        if priority is None:
            raise Unsupported(what="a template without a priority", where=match)
        template = _template(node, mode, reading, counter)
        found.append((-float(priority), -place, template))
        if not any(child.tag == XSL + "apply-templates" and child.get("select") in _WALKS for child in node):
            stopping.append(template)
    ordered = [template for _, _, template in sorted(found, key=lambda entry: entry[:2])]
    return [_within_reach(template, ordered, stopping) for template in ordered] if stopping else ordered


# -- templates that do not walk on: what stands below their nodes is not visited in that mode ------------------------------------------


def _within_reach(template: Template, ordered: list[Template], stopping: list[Template]) -> Template:
    """The template with patterns that match only where the walk gets to: below a node that stops it nothing is looked at."""
    kept: list[Pattern] = []
    for pattern in template.patterns:
        reached: Pattern | None = pattern
        for stop in stopping:
            reached = _cut(reached, stop, ordered, stopping) if reached is not None else None
        if reached is not None:
            kept.append(reached)
    return replace(template, patterns=tuple(kept))


def _cut(low: Pattern, stop: Template, ordered: list[Template], stopping: list[Template]) -> Pattern | None:
    """`low` with the condition that `stop` does not match above it; None where it always does."""
    for high in stop.patterns:
        count = len(high.steps)
        if _simple(low) and _simple(high) and (len(low.steps) <= count or _apart(Pattern(low.steps[:count], True), high)):
            continue  # never below
        # Templates that win over `stop` let the walk go on, unless they stop it themselves.
        before = [template for template in ordered[: ordered.index(stop)] if template not in stopping]
        earlier = [pattern for template in before for pattern in template.patterns]
        above = all(set(b.predicates) <= set(a.predicates) for a, b in zip(low.steps[: count - 1], high.steps[:-1], strict=False))
        certain = all(_never_fails(predicate) for predicate in high.steps[-1].predicates)
        if not (_simple(low) and _simple(high) and above and certain and all(_simple(p) and _apart(p, high) for p in earlier)):
            raise Unsupported(what="a template that stops the walk above other rules", where=stop.context)
        at = low.steps[count - 1]
        if set(high.steps[-1].predicates) <= set(at.predicates):
            return None
        parts = high.steps[-1].predicates
        denied = ast.Call("not", (parts[0] if len(parts) == 1 else ast.Logic("and", parts),))
        low = Pattern((*low.steps[: count - 1], replace(at, predicates=(*at.predicates, denied)), *low.steps[count:]), True)
    return low


def _never_fails(predicate: ast.Expr) -> bool:
    """A comparison of plain paths with texts, and combinations: no value can make it an error."""
    if isinstance(predicate, ast.Logic):
        return all(_never_fails(item) for item in predicate.items)
    if isinstance(predicate, ast.Call):
        return predicate.name == "not" and _never_fails(predicate.args[0])
    if isinstance(predicate, ast.Compare):
        text = isinstance(predicate.right, ast.Literal) and isinstance(predicate.right.value, str)
        return predicate.kind == "general" and text and _never_fails(predicate.left)
    steps = predicate.steps if isinstance(predicate, ast.Path) and not predicate.absolute else (predicate,)
    return all(isinstance(step, ast.Step) and not step.predicates for step in steps)


def _simple(pattern: Pattern) -> bool:
    return pattern.rooted and not any(step.deep or step.attribute or step.test.uri is None for step in pattern.steps)


def _apart(one: Pattern, other: Pattern) -> bool:
    """Two patterns that no node can match at once: other names, or a predicate that the other negates."""
    if len(one.steps) != len(other.steps) or any(a.test != b.test for a, b in zip(one.steps, other.steps, strict=True)):
        return True
    return any(_denies(a, b) or _denies(b, a) for a, b in zip(one.steps, other.steps, strict=True))


def _denies(step: PatternStep, other: PatternStep) -> bool:
    wanted = {part for predicate in step.predicates for part in _conjuncts(predicate)}
    excluded = {
        part.args[0] for predicate in other.predicates for part in _conjuncts(predicate) if isinstance(part, ast.Call) and part.name == "not"
    }
    return not wanted.isdisjoint(excluded)


def _conjuncts(expr: ast.Expr) -> tuple[ast.Expr, ...]:
    return expr.items if isinstance(expr, ast.Logic) and expr.op == "and" else (expr,)


def _template(node: Any, mode: str, reading: Reading, counter: _Counter) -> Template:
    context = flat(node.get("match"))
    asserts: list[Assert] = []
    lets: list[tuple[str, ast.Expr]] = []
    local: dict[str, ast.Expr] = {}
    for child in node:
        scope = frozenset(name for name, _ in lets)
        if child.tag == SVRL + "fired-rule":
            continue
        if child.tag in (XSL + "choose", XSL + "if"):
            asserts.append((_assert if child.tag == XSL + "choose" else _report)(child, reading, scope, local, counter))
        elif child.tag == XSL + "variable":
            declare(child, reading, lets, local, context)
        elif child.tag != XSL + "apply-templates" or child.get("select") not in _WALKS:
            raise Unsupported(what=f"{child.tag} in a template", where=context)
    patterns = split_pattern(node.get("match"), reading.in_scope(node), reading.statics())
    return Template(mode, context, patterns, tuple(asserts), tuple(lets))


def declare(node: Any, reading: Reading, lets: list[tuple[str, ast.Expr]], local: dict[str, ast.Expr], where: str) -> None:
    """A variable of a rule: a constant at once, anything else computed at each node."""
    name = node.get("name")
    if name in local or any(name == known for known, _ in lets):
        raise Unsupported(what=f"a second variable ${name}", where=where)
    value = reading.value_of(node, frozenset(known for known, _ in lets), local)
    constant = folded(value)
    if constant is not None:
        local[name] = constant
    else:
        lets.append((name, value))


def _assert(choose: Any, reading: Reading, scope: frozenset[str], local: Mapping[str, ast.Expr], counter: _Counter) -> Assert:
    when, otherwise = choose.find(XSL + "when"), choose.find(XSL + "otherwise")
    if len(choose) != 2 or when is None or otherwise is None or len(when) or len(otherwise) != 1:
        raise Unsupported(what="an xsl:choose that is no assert", where=choose.getparent().get("match"))
    return _message(otherwise[0], when, reading, scope, local, counter, report=False)


def _report(node: Any, reading: Reading, scope: frozenset[str], local: Mapping[str, ast.Expr], counter: _Counter) -> Assert:
    if len(node) != 1:
        raise Unsupported(what="an xsl:if that is no report", where=node.getparent().get("match"))
    return _message(node[0], node, reading, scope, local, counter, report=True)


def _message(
    node: Any, holder: Any, reading: Reading, scope: frozenset[str], local: Mapping[str, ast.Expr], counter: _Counter, *, report: bool
) -> Assert:
    test = holder.get("test")
    if test is None:
        raise Unsupported(what="an assert without a test", where=holder.getparent().get("match"))
    if node.tag not in (SVRL + "failed-assert", SVRL + "successful-report"):
        raise Unsupported(what=f"{node.tag} instead of a message", where=test)
    facts = {a.get("name"): (a.text or "").strip() for a in node.iterfind(XSL + "attribute")}
    published = flat(node.get("test") or test)
    identity = facts.get("id") or node.get("id") or counter.name(report=report)
    place = node.find(f"{XSL}attribute[@name='location']/{XSL}apply-templates")
    if place is None or place.get("select") != ".":
        raise Unsupported(what="a message with a location of its own", where=published)
    text = xslt_message(node.find(SVRL + "text"), reading, scope, local)
    flag = facts.get("flag") or node.get("flag") or facts.get("role") or node.get("role") or "fatal"
    return Assert(identity, severity(flag), published, reading.expression(test, holder, scope, local), text, report)
