"""T103: no pattern of the product can be made to run away.

All patterns are found: those that modules keep, by importing every module, and those written inside functions, by reading
the source. Each is tried as the code uses it (match, or search and its kin) on strings that its own repeats are made of,
long and with a wrong end, which is where backtracking explodes.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import random
import re
import signal
import time
from pathlib import Path

import pytest

import wasl

parser = pytest.importorskip("re._parser")
SOURCE = Path(wasl.__file__).parent
LENGTH = 3_000
SECONDS_MAX = 1.0  # of one string; a linear pattern takes a millisecond
MODULES_SKIPPED = (".__main__", ".migrations", "wasl.standins", "wasl.demo", "wasl.app.wsgi")
SEARCHES = {"search", "sub", "subn", "finditer", "findall", "split"}


class TooSlow(Exception):
    pass


def kept_patterns():
    """(where, pattern, ways it is used) of every compiled pattern in a module or class."""
    for module in pkgutil.walk_packages(wasl.__path__, "wasl."):
        if any(part in module.name for part in MODULES_SKIPPED):
            continue
        loaded = importlib.import_module(module.name)
        source = Path(loaded.__file__ or "").read_text(encoding="utf-8") if loaded.__file__ else ""
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                ways = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source)) or {"search"}
                yield f"{module.name}.{name}", value, "search" if ways & SEARCHES else "match"


def written_patterns():
    """The literal patterns given to `re` inside functions."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str | bytes) and node.func.attr not in {"escape", "error"}:
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", re.compile(first.value), "search" if node.func.attr in SEARCHES else "match"


def everything():
    found = {}
    for where, pattern, way in [*kept_patterns(), *written_patterns()]:
        key = (pattern.pattern, pattern.flags)
        if key not in found or way == "search":
            found[key] = (where, pattern, way)
    return sorted(found.values(), key=lambda each: each[0])


def samples(item):
    """Short strings that a piece of a pattern takes, a few of each choice."""
    op, argument = item
    name = str(op)
    if name == "LITERAL":
        return [chr(argument)]
    if name in ("NOT_LITERAL", "ANY"):
        return ["a", " "]
    if name == "IN":
        return [letter for each in argument[:12] for letter in members(each)] or ["a"]
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return strings(argument[2])
    if name == "SUBPATTERN":
        return strings(argument[3])
    if name == "ATOMIC_GROUP":
        return strings(argument)
    if name == "BRANCH":
        return [text for branch in argument[1][:6] for text in strings(branch)[:2]]
    return [""]


def members(each):
    op, argument = each
    name = str(op)
    if name == "LITERAL":
        return [chr(argument)]
    if name == "RANGE":
        return [chr(argument[0]), chr(argument[1])]
    return {"CATEGORY_DIGIT": ["0"], "CATEGORY_SPACE": [" "], "CATEGORY_WORD": ["a"], "CATEGORY_NOT_SPACE": ["a"]}.get(str(argument), ["a"])


def strings(sequence):
    made = [""]
    for item in sequence:
        choices = samples(item)[:3]
        made = [text + choice for text in made for choice in choices][:6]
    return made


def repeats(sequence, before=""):
    """(what stands before it, what it repeats) for every repeat, however deep."""
    for item in sequence:
        op, argument = item
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if argument[1] > 4:
                for text in strings(argument[2]):
                    yield before, text
            yield from repeats(argument[2], before)
        elif name == "SUBPATTERN":
            yield from repeats(argument[3], before)
        elif name == "ATOMIC_GROUP":
            yield from repeats(argument, before)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from repeats(branch, before)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from repeats(argument[1], before)
        before += samples(item)[0]


def attacks(pattern):
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    pumps = dict.fromkeys((before, text) for before, text in repeats(tree) if text)
    letters = sorted({text for _, text in pumps})[:12]
    for before, text in list(pumps)[:12]:
        pump = text * (LENGTH // len(text))
        yield before + pump + "\x01"
        if before:
            yield pump + "\x01"
    rng = random.Random(ascii(pattern.pattern))
    for _ in range(3 if letters else 0):
        yield "".join(rng.choices(letters, k=LENGTH // 2)) + "\x01"


def slow(pattern, way):
    """The first attack that takes too long, if any."""

    def stop(*_):
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for text in attacks(pattern):
            data = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_MAX)
            try:
                if way == "search":
                    for _ in pattern.finditer(data):
                        pass
                else:
                    pattern.match(data)
            except TooSlow:
                return data[:40]
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return None


def test_t103_no_pattern_of_the_product_runs_away(record_property):
    patterns = everything()
    started = time.perf_counter()

    found = {where: (pattern.pattern, attack) for where, pattern, way in patterns if (attack := slow(pattern, way)) is not None}

    record_property("count", f"patterns tried: {len(patterns)} in {time.perf_counter() - started:.0f} s")
    assert len(patterns) > 100
    assert found == {}


@pytest.mark.parametrize("text", [r"(a+)+\Z", r"(?:a|a)*\Z", r"(\w+\s?)*\Z", r"(x+x+)+y"])
def test_t103_a_planted_pattern_that_runs_away_is_found(text):
    assert slow(re.compile(text), "match") is not None


def test_t103_a_search_that_starts_anew_at_every_letter_is_found():
    assert slow(re.compile(r"(?:a|b)+c"), "match") is None
    assert slow(re.compile(r"(?:a|a?b?)+c"), "search") is not None
