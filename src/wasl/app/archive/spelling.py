"""Did you mean: words of the installation that look like what was typed, kept only where they occur in what the asker may see.

The vocabulary is one for all, so what is near a typed word is asked there; whether it is shown depends on the asker's own
rows alone (T66). Candidates are as many for every question, so that the time tells little.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from wasl.app.archive.normalise import LATIN, forms
from wasl.app.archive.parse import Query, Term, lexeme, word_term
from wasl.app.sql import run

CHARS_MIN = 4
NEAR_MAX, KEPT_MAX = 40, 8

_NEAR = "SELECT word FROM archive_word WHERE key %% %(key)s ORDER BY similarity(key, %(key)s) DESC, word LIMIT %(limit)s"


def near(word: str) -> tuple[str, ...]:
    """Words within a slip of the finger: one change up to five letters, two beyond. Compared without the article too."""
    if len(word) < CHARS_MIN or not word.isalpha():
        return ()
    allowed = 1 if len(word) <= 5 else 2
    shapes = (word, *forms(word).bare)
    found = [row[0] for shape in shapes[:2] for row in run(_NEAR, {"key": shape.translate(LATIN), "limit": NEAR_MAX})]
    scored = {other: min(distance(a, b) for a in shapes for b in (other, *forms(other).bare)) for other in found}
    kept = sorted((score, other) for other, score in scored.items() if 0 < score <= allowed)
    return tuple(other for _, other in kept[:KEPT_MAX])


def respelt(query: Query, wrong: tuple[Term, ...]) -> Query | None:
    """The query with each wrong word replaced by what is near it; None where nothing is near one of them."""
    terms: list[Term] = []
    for term in query.terms:
        if term not in wrong:
            terms.append(term)
            continue
        others = near(term.forms[0]) if term.forms else ()
        if not others:
            return None
        variants = [piece for other in others for form in forms(other).bare for piece in (lexeme(form), lexeme(f"_{form}"))]
        made = word_term(term.text, others[0], others=others[1:])
        more = (*(lexeme(f"_{other}") for other in others), *variants)
        terms.append(replace(made, more=tuple(dict.fromkeys(more))))
    return replace(query, terms=tuple(terms))


@lru_cache(maxsize=8192)
def distance(a: str, b: str) -> int:
    """Changes between two words: a letter more, less, another, or two neighbours swapped (optimal string alignment)."""
    if abs(len(a) - len(b)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, ours in enumerate(a, 1):
        older, before, row = before, row, [i] + [0] * len(b)
        for j, theirs in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (ours != theirs))
            if i > 1 and j > 1 and ours == b[j - 2] and a[i - 2] == theirs:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]
