"""Regular expressions as XPath reads them, and never slower than the text is long (T103)."""

from __future__ import annotations

import random
import re
import time

import pytest

from wasl.rules.errors import XPathError
from wasl.rules.regex import BadPattern, Regex, matches, replace, tokenize


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("ab\n", "b$", False), ("ab", "b$", True), ("2026-01-31", r"^\d{4}-\d{2}-\d{2}$", True), ("٢٠٢٦", r"^\d{4}$", True),
        ("a\u00a0b", r"\s", False), ("a\tb", r"\s", True), ("a\nb", "a.b", False), ("x_y", r"^\w+$", False), ("xy", r"^\w+$", True),
        ("a:b-c", r"^\i\c*$", True), ("1a", r"^\i\c*$", False), ("É", r"\p{Lu}", True), ("é", r"^\P{Lu}$", True), ("", "^$", True),
        ("a1b2c3", ".*([0-9].*){3,}.*", True), ("a1b2c", ".*([0-9].*){3,}.*", False), ("a-b", "[a-z+.-]{3}", True), ("a{2}", r"a\{2\}", True),
    ],
)  # fmt: skip
def test_matches(text: str, pattern: str, found: bool) -> None:
    assert matches(text, pattern) is found


def test_flags() -> None:
    assert matches("AbC", "^abc$", "i")
    assert matches("a\nb", "a.b", "s")
    assert matches("a\nb", "^b$", "m")
    assert matches("ab", "a b", "x")
    with pytest.raises(XPathError):
        matches("a", "a", "q")


def test_tokenize_and_replace() -> None:
    assert tokenize("49 59", r"\s") == ["49", "59"]
    assert tokenize("a\r\nb\nc", r"(\r?\n)") == ["a", "b", "c"]
    assert tokenize("", "x") == []
    assert tokenize("abracadabra", "(ab)|(a)") == ["", "r", "c", "d", "r", ""]
    assert replace("abracadabra", "a(.)", "a$1$1") == "abbraccaddabbra"
    assert replace("abracadabra", "a.*?a", "*") == "*c*bra"
    assert replace("x", "x", r"\$\\") == "$\\"
    for call in (lambda: tokenize("a", "x*"), lambda: replace("a", "a", "$"), lambda: replace("a", "a", "\\a")):
        with pytest.raises(XPathError):
            call()


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[", "[]", "a**", "a{2", "a{3,1}", "{2}", r"\q", r"\p{Xx}", r"\p{IsGreek}", r"(a)\1", "[a-z-[aeiou]]", "[b-a]", "(?=a)", "a{99999}"]
)
def test_what_is_no_pattern_or_not_supported_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        Regex(pattern)


def _random_pattern(rng: random.Random, depth: int = 0) -> str:
    """What is repeated is never empty: how often an empty match is taken is where engines differ."""
    kind = rng.random()
    if depth > 3 or kind < 0.4:
        return rng.choice("abc.")
    if kind < 0.6:
        return _random_pattern(rng, depth + 1) + _random_pattern(rng, depth + 1)
    if kind < 0.75:
        return f"({_random_pattern(rng, depth + 1)}|{_random_pattern(rng, depth + 1)})"
    if kind < 0.9:
        return f"({rng.choice('abc')}{_random_pattern(rng, depth + 1)}){rng.choice(['*', '+', '?', '{1,2}', '*?', '+?', '{2}'])}"
    return rng.choice("ab") + rng.choice("*+?")


def test_the_automaton_finds_what_a_backtracking_search_finds() -> None:
    rng = random.Random(3)
    for _ in range(2500):
        pattern = rng.choice(["", "^"]) + _random_pattern(rng) + rng.choice(["", "$"])
        text = "".join(rng.choice("abc") for _ in range(rng.randint(0, 8)))
        known = re.compile(pattern.replace("$", r"\Z"))
        ours = Regex(pattern)
        assert ours.search(text) is bool(known.search(text)), (pattern, text)
        if known.search("") is None:
            spans = [match.span() for match in known.finditer(text)]
            assert [(s, e) for s, e, _ in ours.matches(text)] == spans, (pattern, text)
            ours.quick = None
            assert [(s, e) for s, e, _ in ours.matches(text)] == spans, (pattern, text)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$", ".*([0-9].*){3,}.*", r"\s+$", "(a?){50}a{50}$"])
def test_t103_no_pattern_takes_longer_than_the_text_is_long(pattern: str) -> None:
    text = "a" * 50_000 + " " * 50_000 + "!"
    started = time.process_time()
    matches(text, pattern)
    matches("a" * 60 + "!", pattern)
    assert time.process_time() - started < 5


def test_t103_a_text_beyond_all_measure_is_an_error_of_the_rule_not_a_wait() -> None:
    with pytest.raises(XPathError):
        matches("a" * 2_000_000, "b")
    with pytest.raises(XPathError):
        tokenize("#" + "a" * 30_000 + "#", "#.+#")
