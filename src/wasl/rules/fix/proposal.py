"""What a maker of fixes proposes: one or several edits that belong together, the rules it is about, and why it is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wasl.rules.fix.view import View
from wasl.rules.report.shown import Both
from wasl.rules.report.spans import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of an element at `path`: its text, one of its attributes, or a new child element (`child`, a local name) with that text.

    `following` names the siblings before which a new child stands, by the order of the schema; without them it is the last.
    """

    path: Path
    value: str
    attribute: str = ""
    child: str = ""
    uri: str = ""
    following: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()  # of a new child


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits that are kept or dropped together. `kind` is one of "sum", "default", "code", "date", "figure", "space"."""

    kind: str
    edits: tuple[Edit, ...]
    reason: Both
    term: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where something is wrong and two answers are possible. `rules` names the rules it is about; without them, those of the place."""

    path: Path
    reason: Both
    rules: frozenset[str] = frozenset()


Maker = Callable[[View], Iterator["Proposal | Doubt"]]
