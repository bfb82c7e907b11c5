"""What an expression is evaluated in: the focus, the frame that all questions to one document share, and lazy variables.

`interpret` fills `EVALUATE`; whoever wants to evaluate imports from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from wasl.rules.errors import XPathError
from wasl.rules.tree import Node
from wasl.rules.xpath import ast
from wasl.rules.xpath.vocabulary import CURRENT

DEPTH_MAX = 60  # calls of the sheet's own functions inside one another
STEPS_MAX = 1_000_000  # items that loops, ranges and predicates of one question may pass


class Frame:
    """What the questions to one document share: its node, the values of the sheet's variables, and how much one question may cost."""

    __slots__ = ("depth", "document", "known", "steps")

    def __init__(self, document: Node | None = None) -> None:
        self.document = document
        self.known: dict[ast.Definition, list[Any] | XPathError] = {}
        self.depth = 0
        self.steps = 0

    def value(self, definition: ast.Definition) -> list[Any]:
        """The value of a variable of the sheet, computed once."""
        found = self.known.get(definition)
        if found is None:
            if definition.expr is None or self.document is None:
                raise XPathError("XPDY0002", "node")
            self.known[definition] = XPathError("XTDE0640", "single", definition.name)  # while it is computed, for a circle
            try:
                found = list(evaluate(definition.expr, Focus(self.document, variables={CURRENT: (self.document,)}, frame=self)))
            except XPathError as error:
                found = error
            self.known[definition] = found
        if isinstance(found, XPathError):
            raise found
        return found

    def step(self) -> None:
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise XPathError("WASL0001", "short", "")


@dataclass(slots=True)
class Focus:
    """The dynamic context: item, position, size and variables (values or thunks of lazy lets)."""

    item: Any
    position: int = 1
    size: Callable[[], int] = lambda: 1
    variables: dict[str, Any] = field(default_factory=dict)
    frame: Frame = field(default_factory=Frame)

    def at(self, item: Any, position: int, size: Callable[[], int]) -> Focus:
        return Focus(item, position, size, self.variables, self.frame)

    def having(self, name: str, value: Any) -> Focus:
        return Focus(self.item, self.position, self.size, {**self.variables, name: value}, self.frame)


EVALUATE: dict[type, Callable[[Any, Focus], Iterator[Any]]] = {}


def evaluate(expr: ast.Expr, focus: Focus) -> Iterator[Any]:
    return EVALUATE[type(expr)](expr, focus)


class Once:
    """A variable's value: computed item by item as they are asked for, and each only once."""

    __slots__ = ("expr", "focus", "found", "rest")

    def __init__(self, expr: ast.Expr, focus: Focus) -> None:
        self.expr = expr
        self.focus = focus
        self.found: list[Any] = []
        self.rest: Iterator[Any] | XPathError | None = None

    def __call__(self) -> Iterator[Any]:
        at = 0
        while True:
            if at < len(self.found):
                yield self.found[at]
                at += 1
                continue
            if self.rest is None:
                self.rest = evaluate(self.expr, self.focus)
            if isinstance(self.rest, XPathError):
                raise self.rest
            try:
                self.found.append(next(self.rest))
            except StopIteration:
                return
            except XPathError as error:
                self.rest = error
