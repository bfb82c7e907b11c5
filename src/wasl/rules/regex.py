"""Regular expressions of XPath 2.0 (XML Schema's, with anchors), never slower than linear in the text.

`matches` runs a lazily built automaton, so no pattern and no text can make it backtrack. `tokenize` and `replace` need to know where
a match ends: they use Python's `re` where a pattern has at most one unbounded repeat of a single character class (linear from each
place), and a simulation of all threads at once otherwise. Patterns are read here, by the rules of XPath, and written anew for `re`:
nothing of a sheet reaches `re` unread. What is not supported (class subtraction, back-references, blocks) is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from wasl.rules.errors import XPathError
from wasl.rules.regex_pattern import Anchor, BadPattern, Branches, Chars, Group, Item, PatternReader, Ranges, Repeat

SIZE_MAX = 5_000  # positions of the automaton
STATES_MAX = 2_000  # sets of positions remembered; then the memory is thrown away
TEXT_MAX = 1_000_000  # characters that a pattern is run over
THREADS_TEXT_MAX = 20_000  # the same for the simulation of threads



# -- the program: positions of an automaton ----------------------------------------------------------------------------------------

CHARS, SPLIT, SAVE, BEGIN, END, BEGIN_LINE, END_LINE, MATCH = range(8)
Step = tuple[int, int, int, Ranges]  # kind, next, other next (or slot), characters


class _Program:
    """Instructions of the automaton. SPLIT prefers its first way, so that threads keep the order of a backtracking search."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, kind: int, following: int = -1, other: int = -1, ranges: Ranges = ()) -> int:
        if len(self.steps) >= SIZE_MAX:
            raise BadPattern("a pattern of this size")
        self.steps.append((kind, following, other, ranges))
        return len(self.steps) - 1

    def branches(self, node: Branches, after: int) -> int:
        starts = [self.sequence(option, after) for option in node.options]
        entry = starts[-1]
        for start in reversed(starts[:-1]):
            entry = self.add(SPLIT, start, entry)
        return entry

    def sequence(self, items: list[Item], after: int) -> int:
        for item in reversed(items):
            after = self.item(item, after)
        return after

    def item(self, item: Item, after: int) -> int:
        if isinstance(item, Chars):
            return self.add(CHARS, after, -1, item.ranges)
        if isinstance(item, Anchor):
            kinds = (END_LINE if item.end else BEGIN_LINE) if item.lines else (END if item.end else BEGIN)
            return self.add(kinds, after)
        if isinstance(item, Group):
            if item.number is None:
                return self.branches(item.body, after)
            closing = self.add(SAVE, after, 2 * item.number + 1)
            return self.add(SAVE, self.branches(item.body, closing), 2 * item.number)
        return self.repeat(item, after)

    def repeat(self, item: Repeat, after: int) -> int:
        if item.high is None:
            loop = self.add(SPLIT)
            body = self.item(item.item, loop)
            self.steps[loop] = (SPLIT, body, after, ()) if item.greedy else (SPLIT, after, body, ())
            at = loop
        else:
            at = after
            for _ in range(item.high - item.low):
                body = self.item(item.item, at)
                at = self.add(SPLIT, body, after) if item.greedy else self.add(SPLIT, after, body)
        for _ in range(item.low):
            at = self.item(item.item, at)
        return at


def _within(ranges: Ranges, code: int) -> bool:
    return any(low <= code <= high for low, high in ranges)


# -- a compiled pattern ------------------------------------------------------------------------------------------------------------


class Regex:
    """One pattern with its flags. Thread-safe: what threads share are caches that only repeat what could be computed again."""

    def __init__(self, pattern: str, flags: str = "") -> None:
        reader = PatternReader(pattern, flags)
        tree = reader.read()
        self.pattern = pattern
        self.groups = reader.groups
        program = _Program()
        final = program.add(MATCH)
        self.entry = program.branches(tree, final)
        self.steps: list[Step] = program.steps
        self.quick = re.compile(_written(tree)) if _is_simple(tree) else None
        self.states: dict[tuple[int, ...], dict[str, tuple[int, ...] | None]] = {}
        self.lines = reader.lines

    # matches(): a set of positions a character.

    def search(self, text: str) -> bool:
        """Is there a match anywhere in the text?"""
        _bounded(text, TEXT_MAX)
        current = self._closure([self.entry], True, not text, None, text[:1])
        if current is None:
            return True
        states = self.states
        last = len(text) - 1
        for at, char in enumerate(text):
            known = states.get(current)
            if known is None:
                if len(states) > STATES_MAX:
                    states.clear()
                known = states[current] = {}
            # Anchors make the last character and the ends of lines special; there the step is not remembered.
            special = at == last or self.lines
            if special or char not in known:
                following = self._advance(current, char, at == last, text[at + 1 : at + 2])
                if not special:
                    if len(known) > STATES_MAX:
                        known.clear()
                    known[char] = following
            else:
                following = known[char]
            if following is None:
                return True
            current = following
        return False

    def _advance(self, current: tuple[int, ...], char: str, ends: bool, ahead: str) -> tuple[int, ...] | None:
        code = ord(char)
        moved = [self.steps[place][1] for place in current if _within(self.steps[place][3], code)]
        return self._closure([*moved, self.entry], False, ends, char, ahead)

    def _closure(self, places: list[int], begins: bool, ends: bool, before: str | None, ahead: str) -> tuple[int, ...] | None:
        """The character positions reachable without reading; None where a match is among them."""
        seen: set[int] = set()
        found: list[int] = []
        stack = list(places)
        while stack:
            place = stack.pop()
            if place in seen:
                continue
            seen.add(place)
            kind, following, other, _ = self.steps[place]
            if kind == MATCH:
                return None
            if kind == CHARS:
                found.append(place)
            elif kind == SPLIT:
                stack.append(following)
                stack.append(other)
            elif kind == SAVE or _holds(kind, begins, ends, before, ahead):
                stack.append(following)
        return tuple(sorted(found))

    # tokenize() and replace(): leftmost matches with their groups.

    def matches(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """(start, end, groups) of each match, from the left, as `re.finditer` would."""
        if not self.search(text):
            return
        if self.quick is not None:
            for match in self.quick.finditer(text):
                yield match.start(), match.end(), tuple(group or "" for group in match.groups())
            return
        _bounded(text, THREADS_TEXT_MAX)
        at = 0
        while at <= len(text):
            found = self._threads(text, at)
            if found is None:
                return
            start, end, slots = found
            groups = tuple(text[slots[2 * n] : slots[2 * n + 1]] if slots[2 * n + 1] >= 0 else "" for n in range(1, self.groups + 1))
            yield start, end, groups
            at = end if end > start else end + 1

    def _threads(self, text: str, start: int) -> tuple[int, int, tuple[int, ...]] | None:
        """The leftmost match from `start` on: every thread of a backtracking search at once, in the order of its preference."""
        blank = (-1,) * (2 * self.groups + 2)
        best: tuple[int, int, tuple[int, ...]] | None = None
        threads: list[tuple[int, int, tuple[int, ...]]] = []
        for at in range(start, len(text) + 1):
            added: set[int] = set()
            ordered: list[tuple[int, int, tuple[int, ...]]] = []
            for place, began, slots in [*threads, *([(self.entry, at, blank)] if best is None else [])]:
                if self._spawn(place, began, slots, text, at, added, ordered):
                    break
            threads = []
            code = ord(text[at]) if at < len(text) else -1
            for place, began, slots in ordered:
                kind, following, _, ranges = self.steps[place]
                if kind == MATCH:
                    best = (began, at, slots)
                    break
                if code >= 0 and _within(ranges, code):
                    threads.append((following, began, slots))
            if not threads and best is not None:
                break
        return best

    def _spawn(
        self, place: int, began: int, slots: tuple[int, ...], text: str, at: int,
        seen: set[int], ordered: list[tuple[int, int, tuple[int, ...]]],
    ) -> bool:  # fmt: skip
        """Follow a thread to where it reads a character; True once it has matched, for those behind it have lost."""
        stack = [(place, slots)]
        while stack:
            place, slots = stack.pop()
            if place in seen:
                continue
            seen.add(place)
            kind, following, other, _ = self.steps[place]
            if kind in (CHARS, MATCH):
                ordered.append((place, began, slots))
                if kind == MATCH:
                    return True
            elif kind == SPLIT:
                stack.append((other, slots))
                stack.append((following, slots))
            elif kind == SAVE:
                slot = other
                stack.append((following, (*slots[:slot], at, *slots[slot + 1 :])))
            elif _holds(kind, at == 0, at == len(text), text[at - 1 : at] or None, text[at : at + 1]):
                stack.append((following, slots))
        return False


def _holds(kind: int, begins: bool, ends: bool, before: str | None, ahead: str) -> bool:
    if kind == BEGIN:
        return begins
    if kind == END:
        return ends
    if kind == BEGIN_LINE:
        return begins or (before == "\n" and not ends)
    return ends or ahead == "\n"


def _bounded(text: str, limit: int) -> None:
    if len(text) > limit:
        raise XPathError("FORX0001", "short", text[:80])


# -- writing for `re` --------------------------------------------------------------------------------------------------------------


def _is_simple(tree: Branches) -> bool:
    """At most one unbounded repeat, and that of a single character: `re` then looks at each character a bounded number of times from
    each place, and a repeat that fails at one place is not taken up again inside the run it has read."""
    return len(tree.options) == 1 and _weight(tree.options[0]) == 0


def _weight(items: list[Item]) -> int:
    total = 0
    for item in items:
        if isinstance(item, Repeat):
            fixed = item.high is not None and item.high <= 8 and isinstance(item.item, Chars)
            total += 0 if fixed else 1
        elif isinstance(item, Group):
            total += 0 if len(item.body.options) == 1 and _weight(item.body.options[0]) == 0 else 1
    # One run of one class with nothing behind it ends where it ends.
    lone = items[0] if len(items) == 1 else None
    return 0 if isinstance(lone, Repeat) and isinstance(lone.item, Chars) and lone.low > 0 else total


def _written(tree: Branches) -> str:
    return "|".join("".join(_item_text(item) for item in option) for option in tree.options)


def _item_text(item: Item) -> str:
    if isinstance(item, Chars):
        return "[" + "".join(f"{_char(low)}-{_char(high)}" for low, high in item.ranges) + "]" if item.ranges else "(?!)"
    if isinstance(item, Anchor):
        return ("(?m:$)" if item.end else "(?m:^)") if item.lines else r"\Z" if item.end else r"\A"
    if isinstance(item, Group):
        return f"({'' if item.number is not None else '?:'}{_written(item.body)})"
    inner = item.item
    text = _item_text(inner) if isinstance(inner, (Chars, Group)) else f"(?:{_item_text(inner)})"
    return f"{text}{{{item.low},{'' if item.high is None else item.high}}}{'' if item.greedy else '?'}"


def _char(code: int) -> str:
    return f"\\U{code:08x}"


# -- the functions -----------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str = "") -> Regex:
    try:
        return Regex(pattern, flags)
    except BadPattern as problem:
        raise XPathError("FORX0002", "pattern", f"{pattern} ({problem})") from None


def matches(text: str, pattern: str, flags: str = "") -> bool:
    return compiled(pattern, flags).search(text)


def tokenize(text: str, pattern: str, flags: str = "") -> list[str]:
    regex = compiled(pattern, flags)
    if regex.search(""):
        raise XPathError("FORX0003", "pattern", pattern)
    if not text:
        return []
    found: list[str] = []
    at = 0
    for start, end, _ in regex.matches(text):
        found.append(text[at:start])
        at = end
    found.append(text[at:])
    return found


def replace(text: str, pattern: str, by: str, flags: str = "") -> str:
    regex = compiled(pattern, flags)
    if regex.search(""):
        raise XPathError("FORX0003", "pattern", pattern)
    pieces = _replacement(by, regex.groups)
    found: list[str] = []
    at = 0
    for start, end, groups in regex.matches(text):
        found.append(text[at:start])
        found.extend(piece if isinstance(piece, str) else text[start:end] if piece == 0 else groups[piece - 1] for piece in pieces)
        at = end
    found.append(text[at:])
    return "".join(found)


def _replacement(by: str, groups: int) -> list[str | int]:
    """The text put in: literal pieces and numbers of groups. A group that the pattern lacks is empty, by the longest number it has."""
    pieces: list[str | int] = []
    at = 0
    while at < len(by):
        char = by[at]
        follows = by[at + 1 : at + 2]
        if char == "\\":
            if follows not in ("\\", "$") or not follows:
                raise XPathError("FORX0004", "replacement", by)
            pieces.append(follows)
            at += 2
        elif char == "$":
            number = re.match(r"[0-9]+", by[at + 1 :])
            if number is None:
                raise XPathError("FORX0004", "replacement", by)
            digits = number[0]
            while len(digits) > 1 and int(digits) > groups:
                digits = digits[:-1]
            pieces.append(int(digits) if int(digits) <= groups else "")
            at += 1 + len(digits)
        else:
            pieces.append(char)
            at += 1
    return pieces
