"""What an explanation may ask of the document: the node of a finding, its values, its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Protocol, TypeVar, cast

from wasl.rules.explain.nodes import (
    DECIMAL,
    LINES,
    NAMESPACES,
    Node,
    as_date,
    elements,
    is_charge,
    local,
    number,
    prefixed,
    string,
    tag_of,
)
from wasl.rules.explain.paths import Syntax, anchor_of, attribute_of, follow, places

__all__ = [
    "DECIMAL", "LINES", "NAMESPACES", "Facts", "FindingLike", "Node", "Siblings", "as_date", "elements", "is_charge", "local", "number", "prefixed",
    "string", "tag_of",
]  # fmt: skip

_STEP = re.compile(r"/(?:\*:|[\w.-]+:)?([\w.*-]+)((?:\[[^\]]*\])*)")
_POSITION = re.compile(r"\[(?:position\(\)\s*=\s*)?(\d+)\]")


T = TypeVar("T")


class FindingLike(Protocol):
    """The part of a finding that explanations read."""

    @property
    def rule(self) -> str: ...
    @property
    def location(self) -> str: ...
    @property
    def test(self) -> str: ...
    @property
    def official(self) -> str: ...
    @property
    def unevaluable(self) -> bool: ...


class Siblings:
    """Which child of its name a node is. Remembers each parent it has counted, so that a thousand findings stay linear."""

    def __init__(self) -> None:
        self._children: dict[Node, dict[str, list[Node]]] = {}
        self._places: dict[Node, int] = {}
        self._kinds: dict[Node, int] = {}
        self._once: dict[Hashable, object] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is the same for every finding of one document, worked out when it is first asked for: a thousand findings stay linear."""
        if key not in self._once:
            self._once[key] = make()
        return cast(T, self._once[key])

    def kind_position(self, node: Node, kind: Callable[[Node], bool]) -> int:
        """1-based among the siblings of the same name and kind: the second discount, the first charge."""
        parent = node.getparent()
        if parent is None:
            return 1
        if node not in self._kinds:
            counts: dict[tuple[str, bool], int] = {}
            for child in elements(parent):
                if child.tag == node.tag:
                    key = tag_of(child), kind(child)
                    self._kinds[child] = counts[key] = counts.get(key, 0) + 1
        return self._kinds[node]

    def children(self, parent: Node) -> dict[str, list[Node]]:
        known = self._children.get(parent)
        if known is None:
            known = self._children[parent] = {}
            for child in elements(parent):
                same = known.setdefault(local(child), [])
                same.append(child)
                self._places[child] = len(same)
        return known

    def position(self, node: Node) -> int:
        """1-based among the siblings of the same name."""
        parent = node.getparent()
        if parent is None:
            return 1
        self.children(parent)
        return self._places[node]

    def repeats(self, node: Node) -> bool:
        """Whether it has a sibling of the same name."""
        parent = node.getparent()
        return parent is not None and len(self.children(parent)[local(node)]) > 1

    def locate(self, root: Node, location: str) -> Node:
        """The element that a finding's location names; the deepest one that exists when a step is unknown."""
        node: Node | None = None
        for name, predicates in _STEP.findall(location):
            if node is None:
                node = root
                continue
            found = _POSITION.search(predicates)
            same = self.children(node).get(name, [])
            place = int(found[1]) if found else 1
            if not 0 < place <= len(same):
                break
            node = same[place - 1]
        return root if node is None else node


def syntax_of(root: Node) -> Syntax:
    """The syntax whose table of places applies to a document."""
    return {"CrossIndustryInvoice": "cii", "CreditNote": "cn"}.get(local(root), "ubl")  # pyright: ignore[reportReturnType]


class Facts:
    """One document and the node a finding stands at: answers "the value of BT-x here" in both syntaxes."""

    def __init__(self, root: Node, node: Node, siblings: Siblings, test: str = "") -> None:
        self.root = root
        self.node = node
        self.siblings = siblings
        self.test = test  # of the rule, as published: code lists stand in it
        self.syntax: Syntax = syntax_of(root)

    @property
    def currency(self) -> str | None:
        return self.value("BT-5", self.root)

    def at(self, node: Node) -> Facts:
        """The same document seen from another node."""
        return Facts(self.root, node, self.siblings, self.test)

    def ancestor(self, *names: str) -> Node | None:
        """The node itself or its nearest ancestor with one of these local names."""
        node: Node | None = self.node
        while node is not None and local(node) not in names:
            node = node.getparent()
        return node

    def of(self, term: str, at: Node | None = None) -> list[Node]:
        """The elements of a term that belong to the group `at` stands in (for an attribute: the elements that bear it).

        `at` is the finding's node unless given: a line's own price, a breakdown row's own tax, the whole document's lines at the root.
        """
        start = self.node if at is None else at
        found: list[Node] = []
        for path in places(term, self.syntax):
            anchor, shared = anchor_of(self.root, start, path)
            if anchor is self.root or local(anchor) == "SupplyChainTradeTransaction":  # all lines are its children: look once, not a finding
                found += self.siblings.once((path, anchor), lambda a=anchor, s=shared, p=path: follow(a, s, p))
            else:
                found += follow(anchor, shared, path)
        if term in ("BT-110", "BT-111"):
            wanted = self.currency if term == "BT-110" else self.value("BT-6", self.root)
            return [n for n in found if (n.get("currencyID") or self.currency) == wanted and wanted is not None]
        return found

    def everywhere(self, term: str) -> list[Node]:
        return self.of(term, self.root)

    def value(self, term: str, at: Node | None = None) -> str | None:
        """The trimmed text of a term here; None where it is absent, "" where it is empty."""
        found = self.of(term, at)
        if not found:
            return None
        attribute = attribute_of(term, self.syntax)
        return (found[0].get(attribute) or "").strip() if attribute else string(found[0]).strip()

    def amount(self, term: str, at: Node | None = None) -> Decimal | None:
        return number(self.value(term, at))

    def shown(self, term: str, at: Node | None = None) -> str | None:
        """The value as people read it: a CII date 20261123 as 2026-11-23."""
        value = self.value(term, at)
        return as_date(value) if value and self.syntax == "cii" else value

    def find(self, path: str, node: Node | None = None) -> Node | None:
        return (self.node if node is None else node).find(path, NAMESPACES)

    def all(self, path: str, node: Node | None = None) -> list[Node]:
        return (self.node if node is None else node).findall(path, NAMESPACES)

    def text(self, path: str, node: Node | None = None) -> str | None:
        """The trimmed text of the first match of an element path; None where it is absent, "" where it is empty."""
        at = self.node if node is None else node
        path, _, attribute = path.partition("/@") if "/@" in path else (path, "", "")
        found = at if path in ("", ".") else at.find(path, NAMESPACES)
        if found is None:
            return None
        if attribute:
            value = found.get(attribute)
            return None if value is None else value.strip()
        return string(found).strip()

    def number(self, path: str, node: Node | None = None) -> Decimal | None:
        return number(self.text(path, node))

    def lines(self) -> list[Node]:
        return self.siblings.once("BG-25", lambda: self.everywhere("BG-25"))

    def allowances(self, *, charge: bool, node: Node | None = None) -> list[Node]:
        """Discounts or charges of the document, or of the line `node`."""
        term = ("BG-28" if charge else "BG-27") if node is not None else ("BG-21" if charge else "BG-20")
        return self.of(term, node if node is not None else self.root)
