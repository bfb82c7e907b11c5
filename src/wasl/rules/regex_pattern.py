"""Patterns of XPath's regular expressions, read by the rules of XPath into a tree of characters, groups and repeats."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

REPEAT_MAX = 1_000

Ranges = tuple[tuple[int, int], ...]
LAST = sys.maxunicode


class BadPattern(Exception):
    """A pattern that XPath refuses, or that this reader does not support; the message names the construct."""


def normal(ranges: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def negate(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    at = 0
    for low, high in ranges:
        if low > at:
            found.append((at, low - 1))
        at = high + 1
    if at <= LAST:
        found.append((at, LAST))
    return tuple(found)


@lru_cache(maxsize=64)
def category(name: str) -> Ranges:
    """All characters of a Unicode category (`Nd`) or group of categories (`L`)."""
    found: list[tuple[int, int]] = []
    start = -1
    for code in range(LAST + 2):
        inside = code <= LAST and unicodedata.category(chr(code)).startswith(name)
        if inside and start < 0:
            start = code
        elif not inside and start >= 0:
            found.append((start, code - 1))
            start = -1
    return tuple(found)


_SPACE: Ranges = ((9, 10), (13, 13), (32, 32))
_LINE_ENDS: Ranges = ((10, 10), (13, 13))
# Name characters of XML 1.0, fifth edition.
_INITIAL: Ranges = normal(
    [
        (58, 58), (65, 90), (95, 95), (97, 122), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF),
        (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
    ]
)  # fmt: skip
_NAME: Ranges = normal([*_INITIAL, (45, 46), (48, 57), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)])
_CATEGORIES = frozenset(
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn",
    ]
)  # fmt: skip


def _escape_class(letter: str) -> Ranges | None:
    lower = letter.lower()
    found: Ranges | None = None
    if lower == "s":
        found = _SPACE
    elif lower == "d":
        found = category("Nd")
    elif lower == "i":
        found = _INITIAL
    elif lower == "c":
        found = _NAME
    elif lower == "w":
        found = negate(normal([*category("P"), *category("Z"), *category("C")]))
    if found is None:
        return None
    return negate(found) if letter.isupper() else found


# -- the tree of a pattern ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Chars:
    ranges: Ranges


@dataclass(slots=True)
class Anchor:
    """`^` or `$`; with the flag `m` at every line."""

    end: bool
    lines: bool


@dataclass(slots=True)
class Group:
    """`number` is None for a group that captures nothing."""

    number: int | None
    body: Branches


@dataclass(slots=True)
class Repeat:
    item: Item
    low: int
    high: int | None
    greedy: bool


Item = Chars | Anchor | Group | Repeat


@dataclass(slots=True)
class Branches:
    """Alternatives, each a sequence of items."""

    options: list[list[Item]]


class PatternReader:
    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.at = 0
        self.groups = 0
        self.dot_all = "s" in flags
        self.lines = "m" in flags
        self.ignore_case = "i" in flags
        self.ignore_space = "x" in flags
        unknown = set(flags) - set("smix")
        if unknown:
            raise BadPattern(f"the flag {min(unknown)}")

    def peek(self) -> str:
        while self.ignore_space and self.at < len(self.source) and self.source[self.at] in " \t\r\n":
            self.at += 1
        return self.source[self.at : self.at + 1]

    def take(self, char: str) -> bool:
        if self.peek() == char:
            self.at += 1
            return True
        return False

    def read(self) -> Branches:
        found = self.branches()
        if self.at < len(self.source):
            raise BadPattern(f"an unexpected {self.source[self.at]!r}")
        return found

    def branches(self) -> Branches:
        found = Branches([self.sequence()])
        while self.take("|"):
            found.options.append(self.sequence())
        return found

    def sequence(self) -> list[Item]:
        items: list[Item] = []
        while (char := self.peek()) and char not in "|)":
            items.append(self.quantified(self.atom()))
        return items

    def quantified(self, item: Item) -> Item:
        char = self.peek()
        if char not in ("*", "+", "?", "{"):
            return item
        self.at += 1
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char) or self.bounds()
        greedy = not self.take("?")
        if self.peek() in ("*", "+", "?", "{"):
            raise BadPattern("a quantifier after a quantifier")
        return Repeat(item, low, high, greedy)

    def bounds(self) -> tuple[int, int | None]:
        end = self.source.find("}", self.at)
        match = re.fullmatch(r"([0-9]+)(,)?([0-9]+)?", self.source[self.at : end]) if end > 0 else None
        if match is None or (match[3] and not match[2]):
            raise BadPattern("a quantifier without its numbers")
        self.at = end + 1
        low, high = int(match[1]), (int(match[3]) if match[3] else None if match[2] else int(match[1]))
        if low > REPEAT_MAX or (high is not None and (high > REPEAT_MAX or high < low)):
            raise BadPattern(f"the quantifier {{{match[0]}}}")
        return low, high

    def atom(self) -> Item:
        char = self.peek()
        self.at += 1
        if char == "(":
            return self.group()
        if char == "[":
            return Chars(self.fold(self.char_class()))
        if char == ".":
            return Chars(((0, LAST),) if self.dot_all else negate(_LINE_ENDS))
        if char in "^$":
            return Anchor(char == "$", self.lines)
        if char == "\\":
            return Chars(self.fold(self.escape()))
        if char in "*+?{}]":
            raise BadPattern(f"an unexpected {char!r}")
        return Chars(self.fold(((ord(char), ord(char)),)))

    def group(self) -> Group:
        number: int | None = None
        if self.peek() == "?":
            if not self.source.startswith("?:", self.at):
                raise BadPattern(f"the group ({self.source[self.at : self.at + 2]}")
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
        body = self.branches()
        if not self.take(")"):
            raise BadPattern("a group without an end")
        return Group(number, body)

    def escape(self) -> Ranges:
        char = self.source[self.at : self.at + 1]
        self.at += 1
        if char in ("n", "r", "t") and char:
            code = {"n": 10, "r": 13, "t": 9}[char]
            return ((code, code),)
        if char in "\\|.-^?*+{}()[]$" and char:
            return ((ord(char), ord(char)),)
        if char in ("p", "P") and self.source[self.at : self.at + 1] == "{":
            end = self.source.find("}", self.at)
            name = self.source[self.at + 1 : end]
            if end < 0 or name not in _CATEGORIES:
                raise BadPattern(f"the category \\{char}{{{name}}}")
            self.at = end + 1
            return category(name) if char == "p" else negate(category(name))
        found = _escape_class(char) if char else None
        if found is None:
            raise BadPattern(f"a back-reference \\{char}" if char.isdigit() else f"the escape \\{char}")
        return found

    def char_class(self) -> Ranges:
        negative = self.source[self.at : self.at + 1] == "^"
        self.at += negative
        found: list[tuple[int, int]] = []
        first = True
        while True:
            char = self.source[self.at : self.at + 1]
            if char == "":
                raise BadPattern("a character class without an end")
            self.at += 1
            if char == "]":
                if first:
                    raise BadPattern("an empty character class")
                break
            if char == "[":
                raise BadPattern("the subtraction of a character class")
            if char == "-" and self.source[self.at : self.at + 1] == "[":
                raise BadPattern("the subtraction of a character class")
            low = self.escape() if char == "\\" else ((ord(char), ord(char)),)
            first = False
            follows = self.source[self.at : self.at + 1] == "-" and self.source[self.at + 1 : self.at + 2] not in ("]", "", "[")
            if not follows or len(low) != 1 or low[0][0] != low[0][1]:
                found.extend(low)
                continue
            self.at += 1
            char = self.source[self.at]
            self.at += 1
            high = self.escape() if char == "\\" else ((ord(char), ord(char)),)
            if len(high) != 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
                raise BadPattern("a range whose end is before its start")
            found.append((low[0][0], high[0][0]))
        merged = normal(found)
        return negate(merged) if negative else merged

    def fold(self, ranges: Ranges) -> Ranges:
        """With the flag `i`: the other case of each letter too."""
        if not self.ignore_case:
            return ranges
        found = list(ranges)
        for low, high in ranges:
            for code in range(low, min(high, low + 70_000) + 1):
                for other in (chr(code).lower(), chr(code).upper()):
                    if len(other) == 1:
                        found.append((ord(other), ord(other)))
        return normal(found)
