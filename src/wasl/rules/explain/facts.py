"""What an explanation may ask of the document: the node of a finding, its values, its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Protocol, cast

from lxml import etree

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NAMESPACES = {
    "cac": CAC,
    "cbc": CBC,
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
}
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
Node = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml has no public name for it

DECIMAL = re.compile(r"[ \t\r\n]*[+-]?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*\Z", re.ASCII)
_STEP = re.compile(r"/(?:\*:|[\w.-]+:)?([\w.*-]+)((?:\[[^\]]*\])*)")
_POSITION = re.compile(r"\[(?:position\(\)\s*=\s*)?(\d+)\]")


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


def tag_of(node: Node) -> str:
    """The qualified name of an element; "" for a comment or an instruction, whose tag is a function in lxml."""
    tag = cast(object, node.tag)
    return tag if isinstance(tag, str) else ""


def local(node: Node) -> str:
    return tag_of(node).rpartition("}")[2]


def prefixed(node: Node) -> str:
    """`cbc:ID`: the name as the rules write it, whatever prefix the document uses."""
    uri, _, name = tag_of(node).rpartition("}")
    prefix = PREFIXES.get(uri[1:])
    return f"{prefix}:{name}" if prefix and prefix not in ("ubl", "cn") else name


def elements(node: Node) -> Iterator[Node]:
    return (child for child in node if tag_of(child))


class Siblings:
    """Which child of its name a node is. Remembers each parent it has counted, so that a thousand findings stay linear."""

    def __init__(self) -> None:
        self._children: dict[Node, dict[str, list[Node]]] = {}
        self._places: dict[Node, int] = {}

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


def string(node: Node) -> str:
    """The string value, as XPath sees it: text in comments and instructions does not count."""
    return "".join(_texts(node)) if len(node) else node.text or ""


def _texts(node: Node) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if tag_of(child):
            yield from _texts(child)
        yield child.tail or ""


def number(text: str | None) -> Decimal | None:
    """A decimal by the rules of XML Schema (ASCII digits, no exponent), or None."""
    if text is None or not DECIMAL.match(text):
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation:  # longer than the context allows: no figure is better than a wrong one
        return None


def is_charge(node: Node) -> bool:
    """Whether an AllowanceCharge is a charge; everything else reads as a discount."""
    indicator = node.find("cbc:ChargeIndicator", NAMESPACES)
    return indicator is not None and string(indicator).strip() in ("true", "1")


class Facts:
    """One document and the node a finding stands at."""

    def __init__(self, root: Node, node: Node, siblings: Siblings) -> None:
        self.root = root
        self.node = node
        self.siblings = siblings

    @property
    def currency(self) -> str | None:
        return self.text("cbc:DocumentCurrencyCode", self.root)

    def ancestor(self, *names: str) -> Node | None:
        """The node itself or its nearest ancestor with one of these local names."""
        node: Node | None = self.node
        while node is not None and local(node) not in names:
            node = node.getparent()
        return node

    def find(self, path: str, node: Node | None = None) -> Node | None:
        return (self.node if node is None else node).find(path, NAMESPACES)

    def all(self, path: str, node: Node | None = None) -> list[Node]:
        return (self.node if node is None else node).findall(path, NAMESPACES)

    def text(self, path: str, node: Node | None = None) -> str | None:
        """The trimmed text of the first match; None where it is absent, "" where it is empty."""
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
        children = self.siblings.children(self.root)
        return children.get("InvoiceLine", []) + children.get("CreditNoteLine", [])

    def allowances(self, *, charge: bool, node: Node | None = None) -> list[Node]:
        at = self.root if node is None else node
        return [n for n in at.findall("cac:AllowanceCharge", NAMESPACES) if is_charge(n) is charge]
