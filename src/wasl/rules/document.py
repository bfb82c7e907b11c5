"""A document as the compiled rules see it: columns of what stands at each path, and the questions that rules ask of the whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasl.rules.columns import Guide, Slot

Container = dict[str, Any]
Attributes = dict[str, str]
NO_ATTRIBUTES: Attributes = {}


class Part:
    """Groups of a line that many lines share: the groups, and everything in them by name."""

    __slots__ = ("attributes", "column", "lists", "texts")

    def __init__(self) -> None:
        self.column: list[Container] = []
        self.lists: dict[str, list[Container]] = {}
        self.texts: dict[str, list[str]] = {}
        self.attributes: dict[str, list[str]] = {}


class Document:
    """One document as columns. `containers` and `leaves` hold what stands at each path."""

    __slots__ = (
        "containers", "cut", "doc", "hits", "index", "leaves", "marked", "paths", "profile", "profiles", "root", "shared", "size",
        "source", "split", "thin", "thin_leaves",
    )  # fmt: skip

    def __init__(
        self, doc: Container, containers: dict[Guide, list[Container]], leaves: dict[Slot, list[str]], marked: list[Container]
    ) -> None:
        self.doc = doc
        self.containers = containers
        self.leaves = leaves
        self.marked = marked  # containers with attributes
        # Of groups whose near rules are known to hold: only what far rules look at, and the absent paths that they break.
        self.thin: defaultdict[Guide, list[Container]] = defaultdict(list)
        self.thin_leaves: defaultdict[Slot, list[str]] = defaultdict(list)
        self.shared: list[Part] = []
        self.hits: set[tuple[int, int]] = set()
        # Where it is all thin: what rules about kinds of groups can tell it by, and those about which they have nothing to say.
        self.profile: Any = None
        self.profiles: set[Any] = set()
        self.size = 0  # elements
        self.index: dict[Any, Any] = {}
        self.root: Container = {}
        self.paths: dict[str, int] = {}
        self.cut: dict[str, list[Any]] = {}
        self.source: bytes | None = None  # what it was built from
        self.split: bool | None = None  # has a comment or instruction cut a text into several nodes? None: not asked yet

    def release(self) -> None:
        """Cut the ties from children to parents, so that the memory is free at once and no collector has to look for cycles."""
        for columns in (self.containers, self.thin):
            for column in columns.values():
                for node in column:
                    node[".."] = None

    def all(self, key: str) -> list[Container]:
        """Every container of that name, wherever it stands."""
        found = self.cut.get(key)
        if found is None:
            lists = [column for columns in (self.containers, self.thin) for guide, column in columns.items() if guide.key == key]
            lists.extend(part.lists[key] for part in self.shared if key in part.lists)
            found = self.cut[key] = lists[0] if len(lists) == 1 else [node for column in lists for node in column]
        return found

    def nodes(self, key: str) -> list[Any]:
        """Every element of that name, container or leaf."""
        return [*self.all(key), *self.texts(key)]

    def attributes(self, name: str) -> list[str]:
        """Every attribute of that name, wherever it stands."""
        columns = (*self.leaves.items(), *self.thin_leaves.items())
        found = [slot.attributes[name] for slot, column in columns if name in slot.attributes for _ in column]
        found += [node["@"][name] for column in self.thin.values() for node in column if name in node.get("@", NO_ATTRIBUTES)]
        found += [value for part in self.shared for value in part.attributes.get(name, ())]
        return found + [node["@"][name] for node in self.marked if name in node["@"]]

    def find(self, number: int, build: Any, base: Container) -> dict[Any, list[Any]]:
        """The index that `build` makes below `base`, made once."""
        key = number if base is self.root or base is self.doc else (number, id(base))
        found = self.index.get(key)
        if found is None:
            found = self.index[key] = build(base, self)
        return found

    def texts(self, key: str) -> list[str]:
        """Every leaf text of that name, wherever it stands."""
        columns = (*self.leaves.items(), *self.thin_leaves.items())
        found = [text for slot, column in columns if slot.guide.key == key for text in column]
        return found + [text for part in self.shared for text in part.texts.get(key, ())]
