"""Shapes of paths for which there is quicker code than walking them."""

from __future__ import annotations

from wasl.rules.xpath import ast


def simple_path(expr: ast.Expr) -> tuple[ast.NodeTest, ...] | None:
    """The names of a downward path without predicates."""
    steps = expr.steps if isinstance(expr, ast.Path) and not expr.absolute else (expr,)
    found: list[ast.NodeTest] = []
    for step in steps:
        if not isinstance(step, ast.Step) or step.axis != "child" or step.predicates or step.test.kind != "name":
            return None
        if step.test.local is None or step.test.uri is None:
            return None
        found.append(step.test)
    return tuple(found)


def first_of_its_value(expr: ast.Expr) -> ast.NodeTest | None:
    """`//x[not(preceding::x/. = .)]` counts the distinct values of x; written naively it is quadratic."""
    if not isinstance(expr, ast.Path) or not expr.absolute or len(expr.steps) != 1:
        return None
    step = expr.steps[0]
    if not isinstance(step, ast.Step) or step.axis != "descendant" or len(step.predicates) != 1:
        return None
    earlier = ast.Step("preceding", step.test)
    for left in (ast.Path(False, (earlier, ast.ContextItem())), earlier):
        if step.predicates[0] == ast.Call("not", (ast.Compare("=", "general", left, ast.ContextItem()),)):
            return step.test
    return None
