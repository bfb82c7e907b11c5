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

from wasl.rules.columns import Builder, Guide, Irregular, Slot
from wasl.rules.compiled import Engine
from wasl.rules.document import Attributes
from wasl.rules.judge import Check, Stencil, checks_of
from wasl.rules.thin import Kept

NO_POSITION = -1
POOL_MAX = 8  # stencils kept of a shape


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

    __slots__ = ("certain", "gap", "hits", "multiple", "nodes", "outer", "paths", "pool", "profiled", "sign", "single", "size", "thin", "thinner")

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
        self.thin: Kept  # what rules that look at the whole document need of it
        self.thinner: Kept  # the same for those that count
        self.sign = 0  # the same for shapes that look the same to rules about kinds, but for the texts that `profiled` gets
        self.profiled: Callable[[Sequence[str]], Any] = _nothing
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
        if len(self.pool) < POOL_MAX and stencil.light:
            self.pool.append(stencil)
        return result


class Memory:
    """The shapes met so far; bounded, and thrown away when full or when the guide that they are made of is."""

    SHAPES_CHARACTERS_MAX = 6_000_000
    SEEN_MAX = 20_000
    TEXTS_MAX = 150_000
    TEXT_LENGTH_MAX = 120

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.lines: dict[str, tuple[str, Guide]] = {}  # the root's start tag -> (a line's start tag, its guide)
        self.shapes: dict[str, Shape | None] = {}
        self.seen: set[int] = set()
        self.signs: dict[Any, int] = {}
        self.profiles: set[Any] = set()
        self.characters = 0
        self.texts = 0

    def keep(self, check: Check, texts: Any) -> None:
        """Remember texts about which no rule has anything to say."""
        length = len(texts) if isinstance(texts, str) else sum(map(len, texts))
        if length <= self.TEXT_LENGTH_MAX and len(check.good) < check.LIMIT:
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

    def learn(self, engine: Engine, key: str, heads: list[str], line: tuple[str, Guide] | None) -> None:
        """`line`: the start tag and guide of the line whose remains these are; None for a frame."""
        self.characters += len(key)
        try:
            self.shapes[key] = _shape(engine, self, heads, line)
        except Irregular:
            self.shapes[key] = None


def _nothing(_: Sequence[str]) -> Any:
    return ()


def _shape(engine: Engine, memory: Memory, heads: list[str], line: tuple[str, Guide] | None) -> Shape:
    root = memory.guide
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
    shape.thinner, shape.thin = (Kept(engine, shape, at, wanted) for at, wanted in zip(contexts, engine.thin, strict=True))
    _profile(engine, shape, memory.signs)
    stencil = Stencil(shape.nodes)
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


def _profile(engine: Engine, shape: Shape, signs: dict[Any, int]) -> None:
    """How rules about kinds of groups see the shape: what is kept of it, and the texts of it that they read."""
    positions: list[int] = []
    looks: list[tuple[Any, ...]] = []
    keys = [shape.nodes[0].guide.key]
    for up, key, guide, attributes, position, slot, gap, _ in shape.thin.entries:
        looks.append((up, key, guide.raw, tuple(sorted((attributes or {}).items())), slot is None, gap))
        if slot is None:
            keys.append(key)
        elif position >= 0 and ((None, key) in engine.pairs or (keys[up], key) in engine.pairs):
            positions.append(position)
            looks.append((len(positions),))
    shape.sign = signs.setdefault((shape.outer, tuple(looks)), len(signs))
    if positions:
        shape.profiled = itemgetter(*positions)
