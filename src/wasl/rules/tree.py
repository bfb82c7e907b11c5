"""The reference tree: every node of the XPath data model, built from a document that the hardened parser has already accepted.

The fast path has a leaner tree of its own (columns.py); this one is the yardstick, and serves documents and rules that the fast path leaves to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DOCUMENT, ELEMENT, ATTRIBUTE, TEXT, COMMENT, PI = range(6)


class Node:
    """One node. `order` is its place in document order; `value` is the string value of all but documents and elements."""

    __slots__ = ("attributes", "children", "kin", "kind", "local", "named", "order", "parent", "place", "prefix", "uri", "value")

    def __init__(self, kind: int, parent: Node | None, order: int, uri: str = "", local: str = "", prefix: str = "", value: str = "") -> None:
        self.kind = kind
        self.parent = parent
        self.order = order
        self.uri = uri
        self.local = local
        self.prefix = prefix
        self.value = value
        self.children: list[Node] = []
        self.attributes: list[Node] = []
        self.named: dict[tuple[str, str], list[Node]] | None = None
        self.kin: dict[tuple[str, str], list[Node]] | None = None
        self.place = 1  # among siblings of the same name, once the parent was asked for them

    def string(self) -> str:
        """The string value: all text below an element, in order, without comments and processing instructions."""
        if self.kind > ELEMENT:
            return self.value
        return "".join(node.value for node in self.descendants() if node.kind == TEXT)

    def name(self) -> str:
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    def descendants(self) -> Iterator[Node]:
        stack = [iter(self.children)]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
                continue
            yield node
            if node.children:
                stack.append(iter(node.children))

    def elements(self, uri: str, local: str) -> list[Node]:
        """The elements of a name below this node in document order, looked up after the first question. For the document node."""
        if self.named is None:
            self.named = {}
            for node in self.descendants():
                if node.kind == ELEMENT:
                    self.named.setdefault((node.uri, node.local), []).append(node)
        return self.named.get((uri, local), [])

    def root(self) -> Node:
        node = self
        while node.parent is not None:
            node = node.parent
        return node


def same_name(parent: Node, uri: str, local: str) -> list[Node]:
    """The child elements of a name. All children are numbered at the first question, so that many questions cost no more."""
    if parent.kin is None:
        parent.kin = {}
        for child in parent.children:
            if child.kind == ELEMENT:
                column = parent.kin.setdefault((child.uri, child.local), [])
                column.append(child)
                child.place = len(column)
    return parent.kin.get((uri, local), [])


def element_path(node: Node) -> tuple[tuple[tuple[str, str, int], ...], tuple[int, ...]]:
    """(namespace, local name, place among siblings of that name) from the root down, and how many such siblings there are."""
    steps: list[tuple[str, str, int]] = []
    counts: list[int] = []
    at = node if node.kind == ELEMENT else node.parent
    while at is not None and at.parent is not None:
        counts.append(len(same_name(at.parent, at.uri, at.local)))
        steps.append((at.uri, at.local, at.place))
        at = at.parent
    return tuple(reversed(steps)), tuple(reversed(counts))


def find(document: Node, path: tuple[tuple[str, str, int], ...]) -> Node:
    """The element that `element_path` described."""
    node = document
    for uri, local, place in path:
        node = same_name(node, uri, local)[place - 1]
    return node


class _Builder:
    def __init__(self) -> None:
        self.count = 0

    def node(self, kind: int, parent: Node | None, uri: str = "", local: str = "", prefix: str = "", value: str = "") -> Node:
        self.count += 1
        node = Node(kind, parent, self.count, uri, local, prefix, value)
        if parent is not None:
            (parent.attributes if kind == ATTRIBUTE else parent.children).append(node)
        return node

    def text(self, parent: Node, value: str | None) -> None:
        if value:
            self.node(TEXT, parent, value=value)

    def other(self, parent: Node, source: Any) -> None:
        """A comment or processing instruction: lxml marks them by a tag that is no text."""
        target = getattr(source, "target", None)
        if target is None:
            self.node(COMMENT, parent, value=source.text or "")
        else:
            self.node(PI, parent, local=target, value=source.text or "")

    def element(self, parent: Node, source: Any) -> Node:
        uri, local = split_tag(source.tag)
        node = self.node(ELEMENT, parent, uri, local, source.prefix or "")
        for name, value in source.items():
            at_uri, at_local = split_tag(name)
            self.node(ATTRIBUTE, node, at_uri, at_local, _prefix_of(source, at_uri), value)
        self.text(node, source.text)
        return node


def split_tag(tag: str) -> tuple[str, str]:
    uri, _, local = tag.rpartition("}")
    return uri[1:], local


def _prefix_of(source: Any, uri: str) -> str:
    if not uri:
        return ""
    if uri == "http://www.w3.org/XML/1998/namespace":
        return "xml"
    return next((prefix for prefix, known in source.nsmap.items() if known == uri and prefix), "")


def from_lxml(root: Any) -> Node:
    """The document node over an lxml root element, with the comments and instructions around it."""
    build = _Builder()
    document = build.node(DOCUMENT, None)
    before: list[Any] = list(root.itersiblings(preceding=True))
    for source in reversed(before):
        build.other(document, source)
    stack: list[tuple[Node, Iterator[Any]]] = [(build.element(document, root), iter(root))]
    while stack:
        parent, rest = stack[-1]
        source = next(rest, None)
        if source is None:
            stack.pop()
            # The tail of an element stands behind its whole content.
            continue
        if isinstance(source.tag, str):
            node = build.element(parent, source)
            stack.append((node, _then_tail(build, parent, source)))
        else:
            build.other(parent, source)
            build.text(parent, source.tail)
    for source in root.itersiblings():
        build.other(document, source)
    return document


def _then_tail(build: _Builder, parent: Node, source: Any) -> Iterator[Any]:
    """The children of `source`; once they are exhausted its tail becomes text of `parent`."""
    yield from source
    build.text(parent, source.tail)
