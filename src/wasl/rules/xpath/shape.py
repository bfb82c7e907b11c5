"""Questions about the shape of an expression: what is below it, and whether a predicate selects by position."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from wasl.rules.xpath import ast


def contains(expr: object, wanted: Callable[[object], bool]) -> bool:
    """Does any node below `expr` answer to `wanted`?"""
    if wanted(expr):
        return True
    if isinstance(expr, tuple):
        return any(contains(item, wanted) for item in expr)
    if isinstance(expr, (ast.Expr, ast.NodeTest)):
        return any(contains(getattr(expr, name), wanted) for name in expr.__slots__)
    return False


def parts(expr: ast.Expr) -> Iterator[ast.Expr]:
    """The expression and every expression below it; not the bodies of functions and variables that it uses."""
    stack: list[object] = [expr]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack.extend(cast("tuple[object, ...]", part))
        elif isinstance(part, ast.Expr):
            yield part
            stack.extend(getattr(part, name) for name in part.__slots__)


# Functions that may give a number.
_NUMERIC = frozenset(
    {
        "count", "sum", "round", "number", "abs", "floor", "ceiling", "string-length", "min", "max", "avg", "xs:integer", "xs:decimal",
        "xs:double", "xs:int", "xs:long", "xs:nonNegativeInteger", "xs:positiveInteger", "round-half-to-even", "compare", "index-of",
        "string-to-codepoints", "data", "exactly-one", "zero-or-one", "one-or-more", "reverse", "subsequence", "remove", "insert-before",
        "distinct-values",
    }
)  # fmt: skip


def positional(predicate: ast.Expr) -> bool:
    """May this predicate select by position? Numbers, and anything that asks for position() or last()."""
    if contains(predicate, lambda e: isinstance(e, ast.Call) and e.name in ("position", "last")):
        return True
    if isinstance(predicate, ast.Literal):
        return not isinstance(predicate.value, str)
    if isinstance(predicate, ast.Call):
        return predicate.name in _NUMERIC
    if isinstance(predicate, ast.Path) and predicate.steps:
        return not isinstance(predicate.steps[-1], (ast.Step, ast.Combine)) and positional(predicate.steps[-1])
    if isinstance(predicate, ast.Filter):
        return positional(predicate.primary)
    dynamic = (ast.Arith, ast.Negate, ast.Var, ast.If, ast.For, ast.Range, ast.Global, ast.UserCall, ast.Let, ast.Typed, ast.Sequence)
    return isinstance(predicate, dynamic)


def join_descendants(steps: list[ast.Expr]) -> list[ast.Expr]:
    """`//x` is `descendant-or-self::node()/child::x`; without positional predicates that is `descendant::x`."""
    joined: list[ast.Expr] = []
    for step in steps:
        last = joined[-1] if joined else None
        if (
            isinstance(step, ast.Step)
            and step.axis == "child"
            and last == ast.Step("descendant-or-self", ast.NodeTest("node"))
            and not any(positional(p) for p in step.predicates)
        ):
            joined[-1] = ast.Step("descendant", step.test, step.predicates)
        else:
            joined.append(step)
    return joined
