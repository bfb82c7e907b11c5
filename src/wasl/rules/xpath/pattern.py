"""Match patterns of templates: alternatives of a path read from its last step backwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wasl.rules.errors import Unsupported, XPathError
from wasl.rules.tree import ATTRIBUTE, DOCUMENT, Node
from wasl.rules.xpath import ast
from wasl.rules.xpath.parser import Statics, parse
from wasl.rules.xpath.vocabulary import CURRENT

if TYPE_CHECKING:
    from wasl.rules.xpath.interpret import Frame


@dataclass(frozen=True, slots=True)
class PatternStep:
    """`deep`: any ancestor may stand between this step and the one before it, otherwise only the parent."""

    test: ast.NodeTest
    predicates: tuple[ast.Expr, ...]
    deep: bool
    attribute: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One alternative. `rooted`: the first step hangs on the document node (`/a`, and `//a` with deep)."""

    steps: tuple[PatternStep, ...]
    rooted: bool


def split_pattern(source: str, namespaces: Mapping[str, str], statics: Statics | None = None) -> tuple[Pattern, ...]:
    return tuple(_alternatives(parse(source, namespaces, statics=statics), source))


def _alternatives(expr: ast.Expr, source: str) -> list[Pattern]:
    """`(a | b[p])/c[q]` is `a/c[q] | b[p]/c[q]`: alternatives inside the path are multiplied out."""
    if isinstance(expr, ast.Combine) and expr.op == "union":
        return _alternatives(expr.left, source) + _alternatives(expr.right, source)
    if isinstance(expr, ast.Filter):
        return [_narrowed(pattern, expr.predicates) for pattern in _alternatives(expr.primary, source)]
    path = expr if isinstance(expr, ast.Path) else ast.Path(False, (expr,))
    found = [Pattern((), path.absolute)]
    deep = False
    for place, step in enumerate(path.steps):
        if step == ast.Step("descendant-or-self", ast.NodeTest("node")):
            deep = True
            continue
        if isinstance(step, (ast.Combine, ast.Filter, ast.Path)):
            inner = _alternatives(step, source)
            if place and any(pattern.rooted for pattern in inner):
                raise Unsupported(what="an absolute path inside a match pattern", where=source)
            found = [_joined(pattern, other, deep) for pattern in found for other in inner]
            deep = False
            continue
        if not isinstance(step, ast.Step) or step.axis not in ("child", "descendant", "attribute"):
            raise Unsupported(what="this kind of match pattern", where=source)
        last = PatternStep(step.test, step.predicates, deep or step.axis == "descendant", step.axis == "attribute")
        found = [Pattern((*pattern.steps, last), pattern.rooted) for pattern in found]
        deep = False
    if not all(pattern.steps for pattern in found):
        raise Unsupported(what="a match pattern for the document node", where=source)
    return found


def _narrowed(pattern: Pattern, predicates: tuple[ast.Expr, ...]) -> Pattern:
    last = pattern.steps[-1]
    return Pattern((*pattern.steps[:-1], PatternStep(last.test, (*last.predicates, *predicates), last.deep, last.attribute)), pattern.rooted)


def _joined(before: Pattern, after: Pattern, deep: bool) -> Pattern:
    if not before.steps:
        return Pattern(after.steps, before.rooted or after.rooted)
    first = after.steps[0]
    return Pattern((*before.steps, PatternStep(first.test, first.predicates, first.deep or deep, first.attribute), *after.steps[1:]), before.rooted)


def may_match(pattern: Pattern, node: Node) -> bool:
    """By its name alone: can any node of this name match?"""
    test = pattern.steps[-1].test
    return test.kind != "name" or ((test.local is None or test.local == node.local) and (test.uri is None or test.uri == node.uri))


def matches(pattern: Pattern, node: Node, frame: Frame) -> bool:
    """Does `node` match? A dynamic error in a predicate means no, as XSLT says."""
    try:
        return _matches(pattern, len(pattern.steps) - 1, node, frame)
    except XPathError:
        return False


def _matches(pattern: Pattern, at: int, node: Node, frame: Frame) -> bool:
    from wasl.rules.xpath.axes import matches_test
    from wasl.rules.xpath.interpret import Focus, truth

    step = pattern.steps[at]
    if node.kind == DOCUMENT or not matches_test(node, step.test, "attribute" if step.attribute else "child"):
        return False
    if (node.kind == ATTRIBUTE) != step.attribute:
        return False
    for predicate in step.predicates:
        if not truth(predicate, Focus(node, variables={CURRENT: (node,)}, frame=frame)):
            return False
    parent = node.parent
    if at == 0:
        return parent is not None and (not pattern.rooted or step.deep or parent.kind == DOCUMENT)
    if not step.deep:
        return parent is not None and _matches(pattern, at - 1, parent, frame)
    while parent is not None:
        if _matches(pattern, at - 1, parent, frame):
            return True
        parent = parent.parent
    return False
