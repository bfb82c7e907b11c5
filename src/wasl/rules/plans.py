"""What a path means to a compiled sheet: which templates could match there, and in what order they are tried."""

from __future__ import annotations

from typing import Any

from wasl.rules.columns import Guide


class Alternative:
    """One way to match a template: its function, predicate, and what it looks at besides the text of a leaf."""

    __slots__ = ("by_name", "function", "key", "key_function", "leaf", "mode", "names", "number", "predicate", "rooted", "sees", "uses")

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.mode, self.function, self.number, self.names, self.rooted, self.leaf, self.predicate, self.uses, *rest = row
        self.key_function, self.key, self.by_name, self.sees = rest

    def fits(self, guide: Guide) -> bool:
        return _fits(self.names, 0, guide, self.rooted) and (self.by_name is None or bool(self.by_name(guide)))

    def pure(self, guide: Guide) -> bool:
        """Does the outcome on a leaf depend on nothing but its text and attributes?"""
        return not any(use in ("p", "D") or (use.startswith("p?") and use[2:] in guide.names) for use in self.uses)

    @property
    def certain(self) -> bool:
        return self.predicate is None and self.key_function is None


def _fits(names: tuple[tuple[str, bool], ...], at: int, guide: Guide | None, rooted: bool) -> bool:
    if guide is None or guide.parent is None:
        return False
    name, deep = names[at]
    if name not in ("*", guide.key):
        return False
    if at == len(names) - 1:
        return not rooted or deep or guide.depth == 1
    if not deep:
        return _fits(names, at + 1, guide.parent, rooted)
    above = guide.parent
    while above is not None:
        if _fits(names, at + 1, above, rooted):
            return True
        above = above.parent
    return False


class Plan:
    """What to do at one path: per mode how to choose a template, and the absent paths that this one is."""

    __slots__ = ("far", "hits", "impure", "modes", "pure")

    def __init__(self, guide: Guide, hits: tuple[tuple[int, int], ...], modes: list[Choice]) -> None:
        self.hits = hits
        self.modes = modes
        self.far: list[Choice] = []  # those with rules that look at the whole document
        self.pure = [choice for choice in modes if all(a.pure(guide) for a in choice.alternatives)]
        self.impure = [choice for choice in modes if choice not in self.pure]


class Choice:
    """The alternatives of one mode at one path. Where they differ in a constant, `switch` has those left for each value of `key`."""

    __slots__ = ("alternatives", "certain", "key", "leaf", "mode", "others", "switch")

    def __init__(self, mode: int, alternatives: list[Alternative]) -> None:
        self.mode = mode
        self.alternatives = alternatives
        self.certain = alternatives[0] if alternatives[0].certain else None
        self.leaf = next((a.leaf for a in alternatives if a.leaf is not None), None)  # None: a text or a group, as it comes
        keys = {a.key_function for a in alternatives if a.key_function is not None}
        self.key = keys.pop() if len(keys) == 1 else None
        self.others = [a for a in alternatives if a.key_function is None] if self.key else alternatives
        self.switch = (
            {a.key: [b for b in alternatives if b.key_function is None or b.key == a.key] for a in alternatives if a.key_function is not None}
            if self.key
            else {}
        )


class Work:
    """What to do with the leaves of a slot."""

    __slots__ = ("choices", "hits")

    def __init__(self, hits: tuple[tuple[int, int], ...], choices: list[Choice]) -> None:
        self.hits = hits
        self.choices = choices
