"""What rules that look at the whole document need to see of a stretch that is known to be in order: a tree with little in it.

Lines mostly hold the same few groups below them (a VAT category, an allowance). A group in which no such rule has its context needs no way
up, so lines with equal texts there share one: it is built once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from wasl.rules.columns import Builder, Guide, Irregular, Slot
from wasl.rules.compiled import Engine, Thin
from wasl.rules.document import Attributes, Container, Document, Part

if TYPE_CHECKING:
    from wasl.rules.shapes import Node, Shape

PARTS_MAX = 200  # equal groups kept, for each place of a shape
TEXTS_LENGTH_MAX = 200
# (place of the parent among the containers kept, key, guide, attributes, position, slot, is it the gap, is it asked for by name)
Entry = tuple[int, str, Guide, Attributes | None, int, Slot | None, bool, bool]
Lines = Callable[[Container], None]


class Kept:
    """The part of a shape that is put into a document."""

    def __init__(self, engine: Engine, shape: Shape, contexts: set[int], wanted: Thin) -> None:
        self.entries = _entries(engine, shape, contexts, wanted)
        self.shares = shape.outer.parent is not None and not contexts and not engine.climbs
        first = self.entries[0]
        self.key, self.guide, self.attributes = first[1], first[2], first[3]
        self.leaves: list[tuple[str, int, Attributes | None, Slot | None]] = []
        self.groups: list[tuple[str, Callable[[Sequence[str]], Any], dict[Any, Part], list[Entry], bool]] = []
        if self.shares:
            self._share()

    def _share(self) -> None:
        below: dict[str, list[Entry]] = {}
        tops = {1: ""}  # place of a container -> the child of the line that it stands in
        places: dict[str, dict[int, int]] = {}  # for each such child: place among all -> place among its own, the line being 0
        for up, key, guide, attributes, position, slot, gap, asked in self.entries[1:]:
            if up == 0:
                self.shares = False  # more than one group stands in the line's place
                return
            if slot is not None and up == 1:
                self.leaves.append((key, position, attributes, slot if asked else None))
                continue
            top = tops[up] or key
            own = places.setdefault(top, {1: 0})
            below.setdefault(top, []).append((own[up], key, guide, attributes, position, slot, gap, asked))
            if slot is None:
                place = len(tops) + 1
                tops[place] = top
                own[place] = len(own)
        for key, entries in below.items():
            positions = [entry[4] for entry in entries if entry[5] is not None and entry[4] >= 0]
            getter = itemgetter(*positions) if positions else _nothing
            self.groups.append((key, getter, {}, entries, any(entry[7] for entry in entries)))

    def line(self, values: Sequence[str], document: Document) -> Container:
        """A line, for `shares`."""
        node: Container = {"..": None, ".": self.guide}
        if self.attributes:
            node["@"] = self.attributes
        for key, position, attributes, slot in self.leaves:
            text = values[position] if position >= 0 else ""
            if attributes:
                text = Builder.leaf(text, attributes)
            if key in node:
                node[key].append(text)
            else:
                node[key] = [text]
            if slot is not None:
                document.thin_leaves[slot].append(text)
        for key, getter, parts, entries, asked in self.groups:
            texts = getter(values)
            part = parts.get(texts)
            if part is None:
                part = _part(entries, values)
                if len(parts) < PARTS_MAX and sum(map(len, texts)) < TEXTS_LENGTH_MAX:
                    parts[texts] = part
            node[key] = part.column
            if asked:
                document.shared.append(part)
        document.thin[self.guide].append(node)
        return node

    def put(self, values: Sequence[str], document: Document, around: Container, lines: Lines | None = None) -> None:
        """The whole of it below `around`; `lines` puts lines where the gap is."""
        made: list[Any] = [around]
        thin, texts = document.thin, document.thin_leaves
        for up, key, guide, attributes, position, slot, gap, asked in self.entries:
            above = made[up]
            if slot is None:
                if gap:
                    if lines is not None:
                        lines(above)
                    continue
                node: Any = {"..": above, ".": guide}
                if attributes:
                    node["@"] = attributes
                thin[guide].append(node)
                made.append(node)
            else:
                text = values[position] if position >= 0 else ""
                node = Builder.leaf(text, attributes) if attributes else text
                if asked:
                    texts[slot].append(node)
            if key in above:
                above[key].append(node)
            else:
                above[key] = [node]


def _nothing(_: Sequence[str]) -> Any:
    return ()


def _part(entries: list[Entry], values: Sequence[str]) -> Part:
    part = Part()
    made: list[Container] = [{}]
    for up, key, guide, attributes, position, slot, _, _ in entries:
        above = made[up]
        if slot is None:
            node: Any = {"..": None, ".": guide}
            if attributes:
                node["@"] = attributes
            made.append(node)
            part.lists.setdefault(key, []).append(node)
            given = attributes or {}
        else:
            text = values[position] if position >= 0 else ""
            node = Builder.leaf(text, attributes) if attributes else text
            part.texts.setdefault(key, []).append(node)
            given = slot.attributes
        for name, value in given.items():
            part.attributes.setdefault(name, []).append(value)
        above.setdefault(key, []).append(node)
    part.column = next(iter(made[0].values()))
    return part


def _entries(engine: Engine, shape: Shape, contexts: set[int], wanted: Thin) -> list[Entry]:
    """What to keep of the shape."""
    names, deep, scattered, ups = wanted
    if names is None:
        raise Irregular
    nodes = shape.nodes
    named = {0, *contexts, *(i for i, node in enumerate(nodes) if node.guide.key in names)}
    for context in contexts:
        at = context
        for _ in range(ups):
            at = nodes[at].parent
            if at < 0:
                break
            named.add(at)
    needed = {1, *contexts} | {i for i in (shape.gap,) if i is not None}
    for i, node in enumerate(nodes[1:], 1):
        key = node.guide.key
        if key in deep or (key in names and node.parent in named) or not scattered.isdisjoint(_given(node)):
            needed.add(i)
    for i in sorted(needed, reverse=True):  # with all that stands above
        while i > 0:
            needed.add(i)
            i = nodes[i].parent
    # A place is a number among siblings of that name: keep them all.
    needed |= {other for i in needed if i for other in nodes[nodes[i].parent].children.get(nodes[i].guide.key, ())}
    places = {0: 0}
    kept: list[Entry] = []
    for i, node in enumerate(nodes[1:], 1):
        if node.leaf and node.slot is None:
            kept.append((places[node.parent], "", node.guide, None, -1, None, True, False))
        elif i in needed:
            key = node.guide.key
            asked = key in engine.columns or i in contexts or not scattered.isdisjoint(_given(node))
            position = -1 if node.position is None else node.position
            kept.append((places[node.parent], key, node.guide, node.attributes, position, node.slot, False, asked))
            if not node.leaf:
                places[i] = len(places)
    return kept


def _given(node: Node) -> Attributes:
    """All attributes of an element."""
    return node.slot.attributes if node.slot is not None else node.attributes or {}
