"""The axes of XPath over the reference tree, and the tests of a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from wasl.rules.tree import ATTRIBUTE, COMMENT, ELEMENT, PI, TEXT, Node
from wasl.rules.xpath import ast


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
UNSORTED = frozenset({"parent", "ancestor", "ancestor-or-self", "preceding", "following", "preceding-sibling", "following-sibling"})


def matches_test(node: Node, test: ast.NodeTest, axis: str = "child") -> bool:
    if test.kind == "node":
        return True
    if test.kind != "name":
        return node.kind == _KINDS[test.kind]
    if node.kind != (ATTRIBUTE if axis == "attribute" else ELEMENT):
        return False
    return (test.local is None or node.local == test.local) and (test.uri is None or node.uri == test.uri)
