"""Shapes: what a stretch of a document looks like without its texts, learned once.

Every text that ends at `</` is cut out of the stretch; what is left is the same for every line of an invoice, or for every invoice of one
program, with the same groups and attributes in the same order. Equal remains mean equal structure: the same elements at the same places,
each text at its position. So whatever follows from the structure is worked out once, here: which rules could have anything to say, which
texts they read (judge.py), and what the rules that look at the whole document need to see (`thin`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from wasl.rules.columns import Attributes, Builder, Container, Document, Guide, Irregular, Slot
from wasl.rules.compiled import Engine
from wasl.rules.judge import Check, Stencil, checks_of

NO_POSITION = -1


class Node:
    """An element of a shape. `position`: of its text among the texts cut out (NO_POSITION for an empty one); None for a container."""

    __slots__ = ("attributes", "children", "guide", "kept", "parent", "position", "slot")

    def __init__(self, guide: Guide, parent: int, attributes: Attributes | None, slot: Slot | None, position: int | None) -> None:
        self.guide = guide
        self.parent = parent
        self.attributes = attributes  # of a container; of a leaf only where rules ask for them
        self.slot = slot
        self.position = position
        self.children: dict[str, list[int]] = {}

    @property
    def leaf(self) -> bool:
        return self.position is not None


class Shape:
    """One structure. Node 0 is what stands around it: the document, or for a line the group that holds it."""

    __slots__ = ("certain", "gap", "hits", "multiple", "nodes", "outer", "paths", "pool", "single", "size", "thin")

    def __init__(self, outer: Guide, *, frame: bool) -> None:
        self.outer = outer
        self.nodes = [Node(outer, NO_POSITION, None, None, None)]
        self.gap: int | None = None  # the node that holds the lines
        self.certain = False  # can its rules be decided here at all, and do those that read no text hold?
        self.hits: frozenset[tuple[int, int]] = frozenset()
        self.single: list[tuple[int, Check]] = []
        self.multiple: list[tuple[Callable[[Sequence[str]], Any], Check]] = []
        self.paths: dict[str, int] = {}
        self.pool: list[Stencil] = []
        self.thin: list[tuple[Any, ...]] = []
        self.size = 0

    def holds(self, values: Sequence[str], memory: Memory) -> bool:
        """Do all near rules hold for these texts? False also where that cannot be decided here."""
        stencil: Stencil | None = None
        for position, check in self.single:
            text = values[position]
            if text not in check.good:
                if check.quick is not None:
                    if not check.passes(text):
                        return stencil is not None and self._back(stencil, False)
                else:
                    stencil = stencil or self.stencil()
                    if not check.holds(stencil, (text,)):
                        return self._back(stencil, False)
                memory.keep(check, text)
        for getter, check in self.multiple:
            texts = getter(values)
            if texts not in check.good:
                stencil = stencil or self.stencil()
                if not check.holds(stencil, texts):
                    return self._back(stencil, False)
                memory.keep(check, texts)
        return True if stencil is None else self._back(stencil, True)

    def stencil(self) -> Stencil:
        """A tree of this structure for one thread to write texts into."""
        try:
            return self.pool.pop()
        except IndexError:
            return Stencil(self.nodes)

    def _back(self, stencil: Stencil, result: bool) -> bool:
        self.pool.append(stencil)
        return result

    def fill(self, values: Sequence[str], document: Document, around: Container, lines: Callable[[Container], None] | None = None) -> None:
        """Put into the document what rules that look at the whole of it need of this stretch."""
        made: list[Any] = [around]
        thin, texts = document.thin, document.thin_leaves
        for up, key, guide, attributes, position, slot, gap in self.thin:
            above = made[up]
            if slot is None:
                node: Any = {"..": above, ".": guide}
                if attributes:
                    node["@"] = attributes
                thin[guide].append(node)
                made.append(node)
            elif gap:
                lines(above)  # pyright: ignore[reportOptionalCall]  # a frame with a gap is only filled with lines
                continue
            else:
                at: int = position
                text = values[at] if at >= 0 else ""
                node = Builder.leaf(text, attributes) if attributes else text
                texts[slot].append(node)
            if key in above:
                above[key].append(node)
            else:
                above[key] = [node]


class Memory:
    """The shapes met so far; bounded, and thrown away when full or when the guide that they are made of is."""

    SHAPES_CHARACTERS_MAX = 6_000_000
    SEEN_MAX = 20_000
    TEXTS_MAX = 150_000
    TEXT_LENGTH_MAX = 64

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.lines: dict[str, tuple[str, Guide]] = {}  # the root's start tag -> (a line's start tag, its guide)
        self.shapes: dict[str, Shape | None] = {}
        self.seen: set[int] = set()
        self.characters = 0
        self.texts = 0

    def keep(self, check: Check, texts: Any) -> None:
        """Remember texts about which no rule has anything to say."""
        if len(texts) <= self.TEXT_LENGTH_MAX and len(check.good) < check.LIMIT:
            check.good.add(texts)
            self.texts += 1

    @property
    def full(self) -> bool:
        return self.characters > self.SHAPES_CHARACTERS_MAX or self.texts > self.TEXTS_MAX

    def again(self, key: str) -> bool:
        """Is a structure worth learning, because it was met before?"""
        mark = hash(key)
        if mark in self.seen:
            return True
        if len(self.seen) >= self.SEEN_MAX:
            self.seen.clear()
        self.seen.add(mark)
        return False

    def learn(self, engine: Engine, key: str, heads: list[str], values: Sequence[str], line: tuple[str, Guide] | None) -> None:
        """`line`: the start tag and guide of the line whose remains these are; None for a frame."""
        self.characters += len(key)
        try:
            self.shapes[key] = _shape(engine, self.guide, heads, values, line)
        except Irregular:
            self.shapes[key] = None


def _shape(engine: Engine, root: Guide, heads: list[str], values: Sequence[str], line: tuple[str, Guide] | None) -> Shape:
    if line is None:
        shape = Shape(root, frame=True)
        _replay(engine.builder, shape, heads, root.inside, root.inside)
    else:
        tag, guide = line
        assert guide.parent is not None
        shape = Shape(guide.parent, frame=False)
        _replay(engine.builder, shape, [f"{guide.raw}>{tag}{heads[0]}", *heads[1:]], guide.inside, guide.parent.inside, closing=True)
    if len(shape.nodes) < 2:
        raise Irregular
    frame = line is None
    shape.size = len(shape.nodes) - 1 - (shape.gap is not None)
    for node in shape.nodes[1:]:
        if node.guide.path in engine.paths:
            shape.paths[node.guide.path] = shape.paths.get(node.guide.path, 0) + 1
    checks, hits, contexts = checks_of(engine, shape.nodes, frame=frame)
    shape.hits = frozenset(hits)
    shape.thin = _thin(engine, shape, contexts, frame=frame)
    stencil = Stencil(shape.nodes)
    for position, text in enumerate(values):
        stencil.put(position, text)
    shape.pool.append(stencil)
    shape.certain = all(check.holds(stencil, ()) for check in checks if not check.positions)
    shape.single = [(check.positions[0], check) for check in checks if len(check.positions) == 1]
    shape.multiple = [(itemgetter(*check.positions), check) for check in checks if len(check.positions) > 1]
    return shape


def _replay(builder: Builder, shape: Shape, heads: list[str], known: dict[Any, Any], end: dict[Any, Any], *, closing: bool = False) -> None:
    """Walk the remains like `Builder._build` walks a document, and note the elements. Raises Irregular unless it ends where it began."""
    nodes = shape.nodes
    current = 0

    def add(guide: Guide, attributes: Attributes | None, slot: Slot | None, position: int | None) -> int:
        nodes.append(Node(guide, current, attributes, slot, position))
        nodes[current].children.setdefault(guide.key, []).append(len(nodes) - 1)
        return len(nodes) - 1

    for position, head in enumerate(heads):
        if position == len(heads) - 1:
            head = head.rpartition(">")[0]  # what follows the last tag is text
        move = known.get(head)
        if move is None:
            move = builder.learn(known, head)
        kind, known, key, slot, steps = move
        if kind == 1:
            current = nodes[current].parent
        for step, _, where, attributes in steps[1:] if closing else steps:
            if step == 0:
                current = nodes[current].parent
            elif step == 1:
                current = add(where, attributes, None, None)
            elif step == 3:
                if shape.gap is not None or closing or nodes[0].guide.parent is not None:
                    raise Irregular
                shape.gap = current
                nodes[current].children.setdefault("", []).append(len(nodes))
                nodes.append(Node(where, current, None, None, NO_POSITION))
            else:
                add(where.guide, attributes, where, NO_POSITION)
            if current < 0:
                raise Irregular
        closing = False
        if current < 0:
            raise Irregular
        if key is not None:
            if position == len(heads) - 1:
                raise Irregular
            add(slot.guide, slot.attributes if kind == 3 else None, slot, position)
    if current != 0 or known is not end:
        raise Irregular


def _thin(engine: Engine, shape: Shape, contexts: set[int], *, frame: bool) -> list[tuple[Any, ...]]:
    """What to keep of the shape: (place of the parent among the containers kept, key, guide, attributes, position, slot, gap)."""
    names, deep, scattered, ups = engine.thin
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
        given = node.slot.attributes if node.slot is not None else node.attributes or {}
        if key in deep or (key in names and node.parent in named) or not scattered.isdisjoint(given):
            needed.add(i)
    for i in sorted(needed, reverse=True):  # with all that stands above
        while i > 0:
            needed.add(i)
            i = nodes[i].parent
    # A place is a number among siblings of that name: keep them all.
    needed |= {other for i in needed if i for other in nodes[nodes[i].parent].children.get(nodes[i].guide.key, ())}
    places = {0: 0}
    kept: list[tuple[Any, ...]] = []
    for i, node in enumerate(nodes[1:], 1):
        if node.leaf and node.slot is None:  # the gap
            kept.append((places[node.parent], "", node.guide, None, NO_POSITION, node, True))
        elif i in needed:
            kept.append((places[node.parent], node.guide.key, node.guide, node.attributes, node.position, node.slot, False))
            if not node.leaf:
                places[i] = len(places)
    return kept
