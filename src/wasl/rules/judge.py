"""The near rules of a known structure: grouped by the texts that they read, so that texts once found good are good again.

A near rule reads texts at known positions of its shape and nothing else; its outcome is a function of these texts. So it is asked once for
every combination of texts met, and with rules that read one text (most) that is a look-up in a set. Whatever does not hold, raises, or
cannot be decided within the stretch is not certain; then the stretch goes the ordinary way, which finds the same and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from wasl.rules.columns import Builder, Irregular, is_frame
from wasl.rules.compiled import Engine
from wasl.rules.document import NO_ATTRIBUTES
from wasl.rules.plans import Alternative, Choice

if TYPE_CHECKING:
    from wasl.rules.columns import Guide
    from wasl.rules.shapes import Node

Sees = tuple[int, tuple[tuple[int, tuple[str, ...]], ...], tuple[str, ...], tuple[str, ...]]
Rule = tuple[Callable[..., Any], Sees, Callable[[str], Any] | None]  # the rule, what it reads, the rule as a function of one text
OWN_TEXT = ((0, ()),)
LONG = 2_000  # characters


class Stencil:
    """A tree of one structure, into which texts are put."""

    __slots__ = ("cells", "light", "nodes")

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.light = True  # it holds no text too long to keep
        self.nodes: list[Any] = []  # dicts, and for leaves (the list they stand in, place in it, their parent)
        self.cells: dict[int, tuple[list[str], int, dict[str, str] | None]] = {}
        for node in nodes:
            above = self.nodes[node.parent] if node.parent >= 0 else None
            if not node.leaf:
                made: dict[str, Any] = {"..": above, ".": node.guide}
                if node.attributes:
                    made["@"] = node.attributes
                if above is not None:
                    above.setdefault(node.guide.key, []).append(made)
                self.nodes.append(made)
            elif node.slot is None or above is None:  # where lines stand
                self.nodes.append(None)
            else:
                column = above.setdefault(node.guide.key, [])
                column.append(Builder.leaf("", node.attributes) if node.attributes else "")
                self.nodes.append((column, len(column) - 1, above))
                if node.position is not None and node.position >= 0:
                    self.cells[node.position] = (column, len(column) - 1, node.attributes)

    def choose(self, at: int, node: Node, attributes: dict[str, str], choice: Choice) -> Alternative | None:
        """The template that the structure decides on. Raises Irregular where that cannot be evaluated."""
        context, parent = self.nodes[at], None
        if node.leaf:
            column, place, parent = context
            context = column[place]
        try:
            return choice.certain or choose(choice, context, parent, node.guide, attributes)
        except Exception as error:
            raise Irregular from error

    def put(self, position: int, text: str) -> None:
        cell = self.cells.get(position)
        if cell is not None:  # else it is the white space before the end of a container
            column, place, attributes = cell
            if len(text) > LONG:
                self.light = False
            column[place] = Builder.leaf(text, attributes) if attributes else text


class Check:
    """Rules that read the same texts. `good`: texts, or tuples of them, for which they all hold."""

    __slots__ = ("good", "positions", "quick", "units")
    LIMIT = 500

    def __init__(self, positions: tuple[int, ...]) -> None:
        self.positions = positions
        self.good: set[Any] = set()
        # (node, its place, its own attributes, how its template is chosen, template -> its rules)
        self.units: dict[tuple[int, int], tuple[Node, int, dict[str, str], Choice, dict[int, list[Rule]]]] = {}
        self.quick: list[Callable[[str], Any]] | None = None  # the same as functions of the text, where there is one and they need no more

    def holds(self, stencil: Stencil, texts: Sequence[str]) -> bool:
        for position, text in zip(self.positions, texts, strict=True):
            stencil.put(position, text)
        try:
            for node, at, attributes, choice, table in self.units.values():
                context, parent = stencil.nodes[at], None
                if node.leaf:
                    column, place, parent = context
                    context = column[place]
                chosen = choice.certain or choose(choice, context, parent, node.guide, attributes)
                if chosen is not None:
                    for rule, *_ in table.get(chosen.number, ()):
                        if not rule(context, parent, node.guide, attributes):
                            return False
        except Exception:  # noqa: BLE001  whatever it is, the ordinary way meets it again and reports it
            return False
        return True

    def passes(self, text: str) -> bool:
        """`holds` for one text, where `quick` is known."""
        try:
            for rule in self.quick or ():
                if not rule(text):
                    return False
        except Exception:  # noqa: BLE001
            return False
        return True

    def quicken(self, nodes: list[Node], fixed: dict[tuple[int, int], Alternative | None]) -> None:
        """Find out whether the rules are functions of one text. `fixed`: templates that the structure alone decides."""
        if len(self.positions) != 1:
            return
        quick: list[Callable[[str], Any]] = []
        for unit, (node, at, attributes, _, table) in self.units.items():
            if unit not in fixed:
                return
            chosen = fixed[unit]
            for rule, sees, single in table.get(chosen.number, ()) if chosen is not None else ():
                if node.leaf and not sees[0] and not sees[3] and sees[1] == OWN_TEXT:
                    quick.append(partial(_of_leaf, rule, node.guide, attributes, node.attributes))
                elif single is not None and _once(nodes, at, sees[1][0][1]):
                    quick.append(single)
                else:
                    return
        self.quick = quick


def _of_leaf(rule: Any, guide: Guide, attributes: dict[str, str], kept: dict[str, str] | None, text: str) -> Any:
    return rule(Builder.leaf(text, kept) if kept else text, None, guide, attributes)


def _once(nodes: list[Node], at: int, keys: tuple[str, ...]) -> bool:
    """Does every step of a path exist exactly once?"""
    for key in keys:
        found = nodes[at].children.get(key, ())
        if len(found) != 1:
            return False
        at = found[0]
    return True


def choose(choice: Choice, node: Any, parent: Any, guide: Any, attributes: Any) -> Alternative | None:
    """The template that matches. Raises where a predicate cannot be evaluated."""
    if choice.key is not None:
        key = choice.key(node, parent, guide, attributes, None)
        for alternative in choice.switch.get(key, choice.others):
            if alternative.predicate is None or alternative.predicate(node, parent, guide, attributes, None):
                return alternative
        return None
    for alternative in choice.alternatives:
        function = alternative.key_function
        if function is not None and function(node, parent, guide, attributes, None) != alternative.key:
            continue
        if alternative.predicate is None or alternative.predicate(node, parent, guide, attributes, None):
            return alternative
    return None


def checks_of(engine: Engine, nodes: list[Node], *, frame: bool) -> tuple[list[Check], set[tuple[int, int]], tuple[set[int], set[int]]]:
    """(checks, absent paths that exist, contexts of counted and of all far rules) of a structure.

    Raises Irregular where its rules cannot be decided in it.
    """
    stencil = Stencil(nodes)
    checks: dict[tuple[int, ...], Check] = {}
    fixed: dict[tuple[int, int], Alternative | None] = {}
    hits: set[tuple[int, int]] = set()
    contexts: tuple[set[int], set[int]] = (set(), set())
    for at, node in enumerate(nodes):
        if at == 0 or (node.leaf and node.slot is None):
            continue
        guide = node.guide
        if not frame and is_frame(guide.key):
            raise Irregular
        plan = guide.plan or engine.plan(guide)
        hits.update(plan.hits)
        if node.slot is not None:
            hits.update(engine.slot_hits(node.slot))
        else:
            for name in node.attributes or ():
                hits.update(engine.hits(guide, engine.by_attribute.get(name, ()), name))
        attributes = (node.attributes if node.slot is None else node.slot.attributes) or NO_ATTRIBUTES
        for number, choice in enumerate(plan.modes):
            if choice.leaf not in (None, node.leaf):
                raise Irregular
            alternatives = choice.alternatives
            if choice.certain is None and any(alternative.sees[0] for alternative in alternatives):
                # The whole document decides which template matches, so only rules that wait for it can be there.
                if any(alternative.number in engine.near for alternative in alternatives):
                    raise Irregular
                contexts[0].add(at)
                contexts[1].add(at)
                continue
            chosen_by = _selection(nodes, at, choice, frame=frame)
            if not chosen_by:
                chosen = fixed[at, number] = stencil.choose(at, node, attributes, choice)
                alternatives = [] if chosen is None else [chosen]
            for alternative in alternatives:
                if engine.counted.get(alternative.number):
                    contexts[0].add(at)
                if alternative.number in engine.far:
                    contexts[1].add(at)
                for rule in engine.near.get(alternative.number, ()):
                    positions = tuple(sorted(chosen_by | _positions(nodes, at, rule[1], frame=frame)))
                    check = checks.get(positions)
                    if check is None:
                        check = checks[positions] = Check(positions)
                    unit = check.units.setdefault((at, number), (node, at, attributes, choice, {}))
                    rules = unit[4].setdefault(alternative.number, [])
                    if rule not in rules:
                        rules.append(rule)
    for check in checks.values():
        check.quicken(nodes, fixed)
    return list(checks.values()), hits, contexts


def _selection(nodes: list[Node], at: int, choice: Choice, *, frame: bool) -> set[int]:
    """The positions of the texts that decide which template matches."""
    found: set[int] = set()
    if choice.certain is None:
        for alternative in choice.alternatives:
            found |= _positions(nodes, at, alternative.sees[1], frame=frame)
    return found


def _positions(nodes: list[Node], at: int, sees: tuple[Any, ...], *, frame: bool) -> set[int]:
    """The positions of the texts that a rule reads at a node."""
    ups, chains, loose, above = sees
    _climb(nodes, at, ups, frame=frame)
    if any(name in nodes[0].guide.names or name == nodes[0].guide.key for name in above):
        raise Irregular  # looks at groups that stand around this one
    found: set[int] = set()
    for up, keys in chains:
        reached = [_climb(nodes, at, up, frame=frame)]
        for key in keys:
            steps = [nodes[i].children for i in reached]
            reached = [child for below in steps for name, column in below.items() if name and key in ("*", name) for child in column]
        found.update(_read(nodes[i]) for i in reached)
    if loose:
        found.update(_read(node) for node in nodes if node.guide.key in loose)
    return found - {-1}


def _read(node: Node) -> int:
    return -1 if node.position is None or node.slot is None else node.position


def _climb(nodes: list[Node], at: int, ups: int, *, frame: bool) -> int:
    for _ in range(ups):
        at = nodes[at].parent
        if at < 0 or (at == 0 and not frame):
            raise Irregular  # looks at what stands around the line
    return at
