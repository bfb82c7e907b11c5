"""Code lists beside a sheet, looked into while compiling."""

from __future__ import annotations

from functools import lru_cache

from wasl.rules.errors import XPathError
from wasl.rules.xpath import ast
from wasl.rules.xpath.shape import contains


def listed(expr: ast.Expr) -> tuple[frozenset[str], ast.Expr] | None:
    """The values that `document(...)/.../c[@value = X]` compares with, and X; None for any other expression."""
    if not isinstance(expr, ast.Path) or not expr.steps or not isinstance(expr.steps[0], ast.Constant):
        return None
    last = expr.steps[-1]
    if not isinstance(last, ast.Step) or len(last.predicates) != 1:
        return None
    test = last.predicates[0]
    if not isinstance(test, ast.Compare) or test.op != "=" or test.kind != "general" or not isinstance(test.left, ast.Step):
        return None
    looks = (ast.Step, ast.Path, ast.ContextItem, ast.Call)
    if not isinstance(test.right, ast.Var) or contains(test.right, lambda e: isinstance(e, looks)):
        return None  # the other side would be looked for inside the list
    values = ast.Path(False, (*expr.steps[:-1], ast.Step(last.axis, last.test), test.left))
    found = _values(values)
    return None if found is None else (found, test.right)


@lru_cache(maxsize=512)
def _values(path: ast.Path) -> frozenset[str] | None:
    from wasl.rules.xpath.interpret import Focus, atomize, evaluate

    try:
        return frozenset(str(value) for value in atomize(evaluate(path, Focus(None))))
    except XPathError:
        return None
