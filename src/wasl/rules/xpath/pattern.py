"""Match patterns of templates: alternatives of a path read from its last step backwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wasl.rules.errors import Unsupported, XPathError
from wasl.rules.tree import ATTRIBUTE, DOCUMENT, Node
from wasl.rules.xpath import ast
from wasl.rules.xpath.parser import parse


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


def split_pattern(source: str, namespaces: Mapping[str, str]) -> tuple[Pattern, ...]:
    return tuple(_alternatives(parse(source, namespaces), source))


def _alternatives(expr: ast.Expr, source: str) -> list[Pattern]:
    if isinstance(expr, ast.Combine) and expr.op == "union":
        return _alternatives(expr.left, source) + _alternatives(expr.right, source)
    path = expr if isinstance(expr, ast.Path) else ast.Path(False, (expr,))
    steps: list[PatternStep] = []
    deep = False
    for step in path.steps:
        if step == ast.Step("descendant-or-self", ast.NodeTest("node")):
            deep = True
            continue
        if not isinstance(step, ast.Step) or step.axis not in ("child", "descendant", "attribute"):
            raise Unsupported(what="this kind of match pattern", where=source)
        steps.append(PatternStep(step.test, step.predicates, deep or step.axis == "descendant", step.axis == "attribute"))
        deep = False
    if not steps:
        raise Unsupported(what="a match pattern for the document node", where=source)
    return [Pattern(tuple(steps), path.absolute)]


def may_match(pattern: Pattern, node: Node) -> bool:
    """By its name alone: can any node of this name match?"""
    test = pattern.steps[-1].test
    return test.kind != "name" or ((test.local is None or test.local == node.local) and (test.uri is None or test.uri == node.uri))


def matches(pattern: Pattern, node: Node, variables: dict[str, Any]) -> bool:
    """Does `node` match? A dynamic error in a predicate means no, as XSLT says."""
    try:
        return _matches(pattern, len(pattern.steps) - 1, node, variables)
    except XPathError:
        return False


def _matches(pattern: Pattern, at: int, node: Node, variables: dict[str, Any]) -> bool:
    from wasl.rules.xpath.interpret import Focus, matches_test, truth

    step = pattern.steps[at]
    if node.kind == DOCUMENT or not matches_test(node, step.test, "attribute" if step.attribute else "child"):
        return False
    if (node.kind == ATTRIBUTE) != step.attribute:
        return False
    for predicate in step.predicates:
        if not truth(predicate, Focus(node, variables=variables)):
            return False
    parent = node.parent
    if at == 0:
        return parent is not None and (not pattern.rooted or step.deep or parent.kind == DOCUMENT)
    if not step.deep:
        return parent is not None and _matches(pattern, at - 1, parent, variables)
    while parent is not None:
        if _matches(pattern, at - 1, parent, variables):
            return True
        parent = parent.parent
    return False
