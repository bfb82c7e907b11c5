"""The reference interpreter: lazy evaluation over the reference tree, errors where the specification lets them show.

`and` and `or` are three-valued (an error on one side does not matter when the other side decides), `exists`, `=` and predicates stop at the
first hit, a comparison with an empty left side never looks at its right. The generated code gives the same values and leaves every error to this.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from wasl.rules import values
from wasl.rules.errors import XPathError
from wasl.rules.tree import ATTRIBUTE, COMMENT, DOCUMENT, ELEMENT, PI, TEXT, Node
from wasl.rules.values import Untyped
from wasl.rules.xpath import ast
from wasl.rules.xpath.functions import FUNCTIONS, single
from wasl.rules.xpath.parser import contains, positional


@dataclass(slots=True)
class Focus:
    """The dynamic context: item, position, size and variables (values or thunks of lazy lets)."""

    item: Any
    position: int = 1
    size: Callable[[], int] = lambda: 1
    variables: dict[str, Any] = field(default_factory=dict)


def evaluate(expr: ast.Expr, focus: Focus) -> Iterator[Any]:
    return _EVALUATE[type(expr)](expr, focus)


def truth(expr: ast.Expr, focus: Focus) -> bool:
    """The effective boolean value, with exact decimal arithmetic whatever the caller's context is."""
    with localcontext(values.EXACT):
        return ebv(expr, focus)


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
    yield focus.item


def _sequence(expr: ast.Sequence, focus: Focus) -> Iterator[Any]:
    return chain.from_iterable(evaluate(item, focus) for item in expr.items)


def _boolean(expr: ast.Expr, focus: Focus) -> Iterator[Any]:
    yield ebv(expr, focus)


def _compare(expr: ast.Compare, focus: Focus) -> Iterator[Any]:
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


def _ancestors(node: Node) -> Iterator[Node]:
    at = node.parent
    while at is not None:
        yield at
        at = at.parent


def _siblings(node: Node, after: bool) -> Iterator[Node]:
    if node.parent is None or node.kind == ATTRIBUTE:
        return iter(())
    all_of = node.parent.children
    place = next(i for i, child in enumerate(all_of) if child is node)
    return iter(all_of[place + 1 :] if after else all_of[:place][::-1])


def _preceding(node: Node) -> Iterator[Node]:
    """All nodes before this one, except its ancestors, nearest first."""
    for level in chain((node,), _ancestors(node)):
        for sibling in _siblings(level, after=False):
            yield from reversed(list(sibling.descendants()))
            yield sibling


def _following(node: Node) -> Iterator[Node]:
    for level in chain((node,), _ancestors(node)):
        for sibling in _siblings(level, after=True):
            yield sibling
            yield from sibling.descendants()


AXES: dict[str, Callable[[Node], Iterator[Node]]] = {
    "child": lambda node: iter(node.children),
    "descendant": lambda node: node.descendants(),
    "descendant-or-self": lambda node: chain((node,), node.descendants()),
    "attribute": lambda node: iter(node.attributes),
    "self": lambda node: iter((node,)),
    "parent": lambda node: iter((node.parent,) if node.parent is not None else ()),
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: chain((node,), _ancestors(node)),
    "preceding-sibling": lambda node: _siblings(node, after=False),
    "following-sibling": lambda node: _siblings(node, after=True),
    "preceding": _preceding,
    "following": _following,
}
_KINDS = {"text": TEXT, "comment": COMMENT, "pi": PI, "element": ELEMENT, "attribute": ATTRIBUTE}
# From several context nodes these axes may meet one node twice or out of order.
_UNSORTED = frozenset({"parent", "ancestor", "ancestor-or-self", "preceding", "following", "preceding-sibling", "following-sibling"})


def matches_test(node: Node, test: ast.NodeTest, axis: str = "child") -> bool:
    if test.kind == "node":
        return True
    if test.kind != "name":
        return node.kind == _KINDS[test.kind]
    if node.kind != (ATTRIBUTE if axis == "attribute" else ELEMENT):
        return False
    return (test.local is None or node.local == test.local) and (test.uri is None or node.uri == test.uri)


def _step(expr: ast.Step, focus: Focus) -> Iterator[Any]:
    node = focus.item
    if not isinstance(node, Node):
        raise XPathError("XPTY0020", "node", str(node))
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
    for predicate in expr.predicates:
        found = _filtered(found, predicate, focus)
    return found


@lru_cache(maxsize=4096)
def _kind_of(predicate: ast.Expr) -> tuple[bool, bool]:
    """(may it select by position, does it ask for the last position)"""
    return positional(predicate), contains(predicate, lambda e: isinstance(e, ast.Call) and e.name == "last")


def _filtered(items: Iterator[Any], predicate: ast.Expr, focus: Focus) -> Iterator[Any]:
    numeric, last = _kind_of(predicate)
    whole = list(items) if last else []
    for position, item in enumerate(whole if last else items, 1):
        inner = Focus(item, position, lambda: len(whole), focus.variables)
        if numeric and not isinstance(predicate, ast.Logic):
            value = list(evaluate(predicate, inner))
            if len(value) == 1 and values.is_number(value[0]):
                if value[0] == position:
                    yield item
                continue
        if ebv(predicate, inner):
            yield item


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
    for step in expr.steps:
        found = _each(found, step, focus)
        if several and isinstance(step, ast.Step) and step.axis in _UNSORTED:
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
        yield from evaluate(step, Focus(item, position, focus.size, focus.variables))


def _call(expr: ast.Call, focus: Focus) -> Iterator[Any]:
    name = expr.name
    if name in ("not", "boolean"):
        return iter((ebv(expr.args[0], focus) is (name == "boolean"),))
    if name in ("exists", "empty"):
        return iter(((next(evaluate(expr.args[0], focus), None) is not None) is (name == "exists"),))
    if name in ("position", "last"):
        return iter((focus.position if name == "position" else focus.size(),))
    if name == "root":
        return iter((focus.item.root(),))
    args: list[Callable[[], Iterator[Any]]] = [lambda a=a: evaluate(a, focus) for a in expr.args]
    if not args and name in ("string", "normalize-space", "string-length", "number", "name", "local-name", "namespace-uri"):
        args = [lambda: iter((focus.item,))]
    return FUNCTIONS[name](*args)


def _quantified(expr: ast.Quantified, focus: Focus) -> Iterator[Any]:
    wanted = expr.kind == "some"
    for item in evaluate(expr.source, focus):
        if ebv(expr.body, Focus(focus.item, focus.position, focus.size, {**focus.variables, expr.var: (item,)})) is wanted:
            yield wanted
            return
    yield not wanted


def _for(expr: ast.For, focus: Focus) -> Iterator[Any]:
    for item in evaluate(expr.source, focus):
        yield from evaluate(expr.body, Focus(focus.item, focus.position, focus.size, {**focus.variables, expr.var: (item,)}))


def _if(expr: ast.If, focus: Focus) -> Iterator[Any]:
    return evaluate(expr.then if ebv(expr.test, focus) else expr.other, focus)


def _range(expr: ast.Range, focus: Focus) -> Iterator[Any]:
    low, high = single(atomize(evaluate(expr.low, focus))), single(atomize(evaluate(expr.high, focus)))
    if low is not None and high is not None:
        yield from range(int(low), int(high) + 1)


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


_EVALUATE: dict[type, Callable[[Any, Focus], Iterator[Any]]] = {
    ast.Literal: _literal, ast.Var: _var, ast.ContextItem: _context, ast.Sequence: _sequence, ast.Logic: _boolean,
    ast.Compare: _compare, ast.Arith: _arith, ast.Negate: _negate, ast.Combine: _combine, ast.Step: _step, ast.Filter: _filter,
    ast.Path: _path, ast.Call: _call, ast.Quantified: _quantified, ast.For: _for, ast.If: _if, ast.Range: _range, ast.Castable: _castable,
}  # fmt: skip
