"""The reference interpreter: lazy evaluation over the reference tree, errors where the specification lets them show.

`and` and `or` are three-valued (an error on one side does not matter when the other side decides), `exists`, `=` and predicates stop at the
first hit, a comparison with an empty left side never looks at its right. The generated code gives the same values and leaves every error to this.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from wasl.rules import values
from wasl.rules.errors import XPathError
from wasl.rules.tree import COMMENT, DOCUMENT, ELEMENT, PI, Node
from wasl.rules.values import Untyped
from wasl.rules.xpath import ast
from wasl.rules.xpath.axes import AXES, UNSORTED, matches_test
from wasl.rules.xpath.focus import DEPTH_MAX as DEPTH_MAX
from wasl.rules.xpath.focus import EVALUATE, Focus, Once, evaluate
from wasl.rules.xpath.focus import Frame as Frame
from wasl.rules.xpath.functions import FUNCTIONS, single
from wasl.rules.xpath.shape import contains, positional
from wasl.rules.xpath.types import convert, instance


def truth(expr: ast.Expr, focus: Focus) -> bool:
    """The effective boolean value, with exact decimal arithmetic whatever the caller's context is."""
    focus.frame.steps = 0
    focus.frame.depth = 0
    with localcontext(values.EXACT):
        try:
            return ebv(expr, focus)
        except RecursionError:
            raise XPathError("WASL0001", "short", "") from None


def ebv(expr: ast.Expr, focus: Focus) -> bool:
    if isinstance(expr, ast.Logic):
        return _logic(expr, focus)
    items = evaluate(expr, focus)
    first = next(items, None)
    if first is None:
        return False
    if isinstance(first, Node):
        return True
    if next(items, None) is not None:
        raise XPathError("FORG0006", "single")
    if isinstance(first, bool):
        return first
    if isinstance(first, str):
        return first != ""
    if isinstance(first, float):
        return not math.isnan(first) and bool(first)
    if isinstance(first, (int, Decimal)):
        return first != 0
    raise XPathError("FORG0006", "boolean", str(first))


def _logic(expr: ast.Logic, focus: Focus) -> bool:
    decisive = expr.op == "or"
    error: XPathError | None = None
    for item in expr.items:
        try:
            if ebv(item, focus) is decisive:
                return decisive
        except XPathError as problem:
            error = error or problem
    if error is not None:
        raise error
    return not decisive


def atomize(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, Node):
            yield item.value if item.kind in (COMMENT, PI) else Untyped(item.string())
        else:
            yield item


def _literal(expr: ast.Literal, focus: Focus) -> Iterator[Any]:
    yield expr.value


def _var(expr: ast.Var, focus: Focus) -> Iterator[Any]:
    value: Any = focus.variables[expr.name]
    if callable(value):
        return cast(Iterator[Any], value())
    return iter(value)


def _context(expr: ast.ContextItem, focus: Focus) -> Iterator[Any]:
    if focus.item is None:
        raise XPathError("XPDY0002", "node")  # inside a function there is no context
    yield focus.item


def _sequence(expr: ast.Sequence, focus: Focus) -> Iterator[Any]:
    return chain.from_iterable(evaluate(item, focus) for item in expr.items)


def _boolean(expr: ast.Expr, focus: Focus) -> Iterator[Any]:
    yield ebv(expr, focus)


def _compare(expr: ast.Compare, focus: Focus) -> Iterator[Any]:
    if expr.kind == "node":
        yield from _compare_nodes(expr, focus)
        return
    if expr.kind == "value":
        left = single(atomize(evaluate(expr.left, focus)))
        if left is None:
            return
        right = single(atomize(evaluate(expr.right, focus)))
        if right is not None:
            yield values.compare_values(expr.op, *(str(v) if isinstance(v, Untyped) else v for v in (left, right)))
        return
    rest = atomize(evaluate(expr.right, focus))
    seen: list[Any] = []
    for left in atomize(evaluate(expr.left, focus)):
        for right in seen:
            if values.general(expr.op, left, right):
                yield True
                return
        for right in rest:
            seen.append(right)
            if values.general(expr.op, left, right):
                yield True
                return
    yield False


def _compare_nodes(expr: ast.Compare, focus: Focus) -> Iterator[Any]:
    left, right = single(evaluate(expr.left, focus)), single(evaluate(expr.right, focus))
    if left is None or right is None:
        return
    if not isinstance(left, Node) or not isinstance(right, Node):
        raise XPathError("XPTY0004", "node")
    yield left is right if expr.op == "is" else left.order < right.order if expr.op == "<<" else left.order > right.order


def _arith(expr: ast.Arith, focus: Focus) -> Iterator[Any]:
    left = single(atomize(evaluate(expr.left, focus)))
    if left is None:
        return
    right = single(atomize(evaluate(expr.right, focus)))
    if right is not None:
        yield values.arithmetic(expr.op, left, right)


def _negate(expr: ast.Negate, focus: Focus) -> Iterator[Any]:
    value = single(atomize(evaluate(expr.operand, focus)))
    if value is not None:
        yield -values.as_double(value) if isinstance(value, Untyped) else values.arithmetic("-", 0, value)


def document_order(nodes: Iterable[Any]) -> list[Node]:
    unique: dict[int, Node] = {}
    for node in nodes:
        if not isinstance(node, Node):
            raise XPathError("XPTY0004", "node", str(node))
        unique[node.order] = node
    return [unique[order] for order in sorted(unique)]


def _combine(expr: ast.Combine, focus: Focus) -> Iterator[Any]:
    left, right = evaluate(expr.left, focus), evaluate(expr.right, focus)
    if expr.op == "union":
        return iter(document_order(chain(left, right)))
    others = {node.order for node in right}
    keep = expr.op == "intersect"
    return iter(document_order(node for node in left if (node.order in others) is keep))


def _step(expr: ast.Step, focus: Focus) -> Iterator[Any]:
    node = focus.item
    if not isinstance(node, Node):
        raise XPathError("XPTY0020" if node is not None else "XPDY0002", "node", str(node))
    test = expr.test
    found: Iterator[Any]
    if node.kind == DOCUMENT and expr.axis == "descendant" and test.kind == "name" and test.uri is not None and test.local is not None:
        found = iter(node.elements(test.uri, test.local))
    else:
        found = (other for other in AXES[expr.axis](node) if matches_test(other, test, expr.axis))
    for predicate in expr.predicates:
        found = _filtered(found, predicate, focus)
    return found


def _filter(expr: ast.Filter, focus: Focus) -> Iterator[Any]:
    found = evaluate(expr.primary, focus)
    first = expr.predicates[0]
    if isinstance(expr.primary, ast.Var) and _kind_of(first) == (True, False) and _without_focus(first):
        # `$digits[$i + 1]`: a place in a variable, wherever the focus is.
        place = list(evaluate(first, focus))
        if len(place) == 1 and values.is_number(place[0]):
            whole = list(found)
            at = int(place[0]) if place[0] == place[0] // 1 and 1 <= place[0] <= len(whole) else 0
            found = iter(whole[at - 1 : at] if at else ())
            for predicate in expr.predicates[1:]:
                found = _filtered(found, predicate, focus)
            return found
    for predicate in expr.predicates:
        found = _filtered(found, predicate, focus)
    return found


@lru_cache(maxsize=4096)
def _kind_of(predicate: ast.Expr) -> tuple[bool, bool]:
    """(may it select by position, does it ask for the last position)"""
    return positional(predicate), contains(predicate, lambda e: isinstance(e, ast.Call) and e.name == "last")


@lru_cache(maxsize=4096)
def _without_focus(predicate: ast.Expr) -> bool:
    """A number whose value is the same whatever item is looked at."""
    looks = (ast.ContextItem, ast.Step, ast.Path, ast.Call, ast.UserCall, ast.Filter)
    return isinstance(predicate, (ast.Arith, ast.Literal, ast.Var)) and not contains(predicate, lambda e: isinstance(e, looks))


def _filtered(items: Iterator[Any], predicate: ast.Expr, focus: Focus) -> Iterator[Any]:
    numeric, last = _kind_of(predicate)
    whole = list(items) if last else []
    for position, item in enumerate(whole if last else items, 1):
        focus.frame.step()
        inner = focus.at(item, position, lambda: len(whole))
        if numeric and not isinstance(predicate, ast.Logic):
            value = list(evaluate(predicate, inner))
            if len(value) == 1 and values.is_number(value[0]):
                if value[0] == position:
                    yield item
                continue
        if ebv(predicate, inner):
            yield item


_ORDERED = (ast.Step, ast.ContextItem, ast.Combine, ast.Constant, ast.Path)


def _path(expr: ast.Path, focus: Focus) -> Iterator[Any]:
    start = focus.item
    if expr.absolute:
        if not isinstance(start, Node):
            raise XPathError("XPTY0020", "node", str(start))
        start = start.root()
        if start.kind != DOCUMENT:
            raise XPathError("XPDY0050", "node")
    found: Iterator[Any] = iter((start,))
    several = False
    loose = bool(expr.steps) and not isinstance(expr.steps[0], _ORDERED)  # `($a, $b)/x`: nodes in any order
    for step in expr.steps:
        found = _each(found, step, focus)
        if several and isinstance(step, ast.Step) and (loose or step.axis in UNSORTED):
            found = iter(document_order(found))
        several = several or not (isinstance(step, ast.Step) and step.axis in ("parent", "self"))
    return found


def _each(items: Iterator[Any], step: ast.Expr, focus: Focus) -> Iterator[Any]:
    if isinstance(step, ast.Step) and step.axis == "child" and not step.predicates and step.test.kind == "name":
        uri, local = step.test.uri, step.test.local
        if uri is not None and local is not None:  # the commonest step by far
            for item in items:
                if not isinstance(item, Node):
                    raise XPathError("XPTY0020", "node", str(item))
                for child in item.children:
                    if child.local == local and child.kind == ELEMENT and child.uri == uri:
                        yield child
            return
    for position, item in enumerate(items, 1):
        yield from evaluate(step, focus.at(item, position, focus.size))


def _call(expr: ast.Call, focus: Focus) -> Iterator[Any]:
    name = expr.name
    if name in ("not", "boolean"):
        return iter((ebv(expr.args[0], focus) is (name == "boolean"),))
    if name in ("exists", "empty"):
        return iter(((next(evaluate(expr.args[0], focus), None) is not None) is (name == "exists"),))
    if name in ("position", "last"):
        return iter((focus.position if name == "position" else focus.size(),))
    if name == "root":
        start = focus.item if not expr.args else single(evaluate(expr.args[0], focus))
        if start is not None and not isinstance(start, Node):
            raise XPathError("XPTY0004", "node", str(start))
        return iter(() if start is None else (start.root(),))
    args: list[Callable[[], Iterator[Any]]] = [lambda a=a: evaluate(a, focus) for a in expr.args]
    if not args and name in ("string", "normalize-space", "string-length", "number", "name", "local-name", "namespace-uri"):
        args = [lambda: _context(ast.ContextItem(), focus)]
    return FUNCTIONS[name](*args)


def _quantified(expr: ast.Quantified, focus: Focus) -> Iterator[Any]:
    wanted = expr.kind == "some"
    for item in evaluate(expr.source, focus):
        focus.frame.step()
        if ebv(expr.body, focus.having(expr.var, (item,))) is wanted:
            yield wanted
            return
    yield not wanted


def _for(expr: ast.For, focus: Focus) -> Iterator[Any]:
    for item in evaluate(expr.source, focus):
        focus.frame.step()
        yield from evaluate(expr.body, focus.having(expr.var, (item,)))


def _if(expr: ast.If, focus: Focus) -> Iterator[Any]:
    return evaluate(expr.then if ebv(expr.test, focus) else expr.other, focus)


def _range(expr: ast.Range, focus: Focus) -> Iterator[Any]:
    low, high = single(atomize(evaluate(expr.low, focus))), single(atomize(evaluate(expr.high, focus)))
    if low is not None and high is not None:
        for bound in (low, high):
            if isinstance(bound, bool) or not isinstance(bound, (int, Untyped)):
                raise XPathError("XPTY0004", "integer", str(bound))
        for number in range(values.cast_integer(low), values.cast_integer(high) + 1):
            focus.frame.step()
            yield number


def _castable(expr: ast.Castable, focus: Focus) -> Iterator[Any]:
    try:
        value = single(atomize(evaluate(expr.operand, focus)))
        if value is None:
            yield expr.optional
            return
        list(FUNCTIONS[expr.type](lambda: iter((value,))))
    except XPathError:
        yield False
        return
    yield True


def _instance(expr: ast.InstanceOf, focus: Focus) -> Iterator[Any]:
    items = list(evaluate(expr.operand, focus))
    if not expr.treat:
        return iter((instance(items, expr.type),))
    if not instance(items, expr.type):
        raise XPathError("XPDY0050", "single")
    return iter(items)


def _typed(expr: ast.Typed, focus: Focus) -> Iterator[Any]:
    return iter(convert(evaluate(expr.operand, focus), expr.type))


def _let(expr: ast.Let, focus: Focus) -> Iterator[Any]:
    return evaluate(expr.body, focus.having(expr.var, Once(expr.value, focus)))


def _constant(expr: ast.Constant, focus: Focus) -> Iterator[Any]:
    yield expr.node


def _global(expr: ast.Global, focus: Focus) -> Iterator[Any]:
    return iter(focus.frame.value(expr.definition))


def _user_call(expr: ast.UserCall, focus: Focus) -> Iterator[Any]:
    function, frame = expr.function, focus.frame
    if function.body is None:
        raise XPathError("XPST0017", "node", function.name)
    arguments: dict[str, Any] = {}
    for (name, wanted), arg in zip(function.params, expr.args, strict=True):
        arguments[name] = Once(arg if wanted is None else ast.Typed(arg, wanted), focus)
    if frame.depth >= DEPTH_MAX:
        raise XPathError("WASL0001", "short", "")
    frame.step()
    frame.depth += 1
    try:
        found = list(evaluate(function.body, Focus(None, variables=arguments, frame=frame)))
    finally:
        frame.depth -= 1
    return iter(found if function.result is None else convert(found, function.result))


EVALUATE.update({
    ast.Literal: _literal, ast.Var: _var, ast.ContextItem: _context, ast.Sequence: _sequence, ast.Logic: _boolean,
    ast.Compare: _compare, ast.Arith: _arith, ast.Negate: _negate, ast.Combine: _combine, ast.Step: _step, ast.Filter: _filter,
    ast.Path: _path, ast.Call: _call, ast.Quantified: _quantified, ast.For: _for, ast.If: _if, ast.Range: _range, ast.Castable: _castable,
    ast.InstanceOf: _instance, ast.Typed: _typed, ast.Let: _let, ast.Constant: _constant, ast.Global: _global, ast.UserCall: _user_call,
})  # fmt: skip
