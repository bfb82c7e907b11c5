"""One normaliser for what is written and what is typed: Arabic and English words fold to one form on both sides.

`fold` joins what looks or sounds alike: hamza on its seats, ى and ي, ة and ه, the three sets of digits, capital letters,
accents; tatweel, vowel marks, zero-width and bidi marks are dropped. What is shown is never folded.
`forms` are the further shapes under which a word is kept and sought, each ranked lower than the one before: without the
article and attached letters, and its stem.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

WORD_CHARS_MAX = 60  # longer runs are keys and hashes: their beginning finds them
STEM_CHARS_MIN = 3  # an Arabic root: what would be shorter is not cut

_FROM = "أإآٱىةؤئکیېەھہۀۃ" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹"
_TO = "اااا" + "يهويكييههههه" + "0123456789" * 2
_UNSEEN = (
    "ـ\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u061c"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_TABLE = str.maketrans(_FROM, _TO, _UNSEEN)
# Marks that stand on or inside a word: combining accents, Arabic vowels and Koranic signs
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
_INSIDE = _MARKS + re.escape(_UNSEEN)
_WORD = re.compile(f"[^\\W_{_INSIDE}]+(?:[{_INSIDE}]+[^\\W_{_INSIDE}]*)*")
# The folded Arabic letters in Latin ones, a letter for a letter: for trigrams alone, see models.Word
ARABIC_LETTERS, LATIN_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءپچگ", "abt3jhxd4rzs5c6780gfqklmneyw2p1v"
LATIN = str.maketrans(ARABIC_LETTERS, LATIN_LETTERS)
_ARTICLES = ("وبال", "وكال", "ولل", "وال", "فال", "بال", "كال", "فلل", "لل", "ال")
_ATTACHED = "وفبكل"
_ENDINGS = ("ات", "ان", "ون", "ين", "ها", "يه", "ه", "ي")


def fold(text: str) -> str:
    """The one form in which text is compared. Any text in, folded text out; folding twice changes nothing; never raises."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()  # presentation forms, hamza, accents come apart
    plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain.translate(_TABLE))


class Word(NamedTuple):
    """A word of a text: where it stands there, and its folded form."""

    start: int
    end: int
    folded: str


def words(text: str) -> Iterator[Word]:
    """The words of a text in order, with their places in it; what folds to nothing is left out."""
    for found in _WORD.finditer(text):
        if folded := _folded(found[0]):
            yield Word(found.start(), found.end(), folded)


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    return "".join(char for char in fold(word) if char.isalnum())[:WORD_CHARS_MAX]


class Forms(NamedTuple):
    """The shapes of a folded word: `bare` without article and attached letters, `stem` also without its ending."""

    exact: str
    bare: tuple[str, ...]
    stem: str


@lru_cache(maxsize=65_536)
def forms(word: str) -> Forms:
    """What a folded word is tried as. `bare` is empty where nothing is attached."""
    if not is_arabic(word):
        return Forms(word, (), _english_stem(word))
    bare = _without_attached(word)
    return Forms(word, bare, _arabic_stem(_without_article(word)))


def is_arabic(word: str) -> bool:
    return "\u0621" <= word[:1] <= "\u06ff"


def _without_article(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= STEM_CHARS_MIN:
            return word[len(article) :]
    return word


def _without_attached(word: str) -> tuple[str, ...]:
    """The word without «ال», and without one of و ف ب ك ل; both where both can be."""
    shorter = [_without_article(word)]
    if word[0] in _ATTACHED and len(word) > STEM_CHARS_MIN:
        shorter.append(word[1:])
    return tuple(dict.fromkeys(form for form in shorter if form != word))


def _arabic_stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_CHARS_MIN:
            word = word[: -len(ending)]
    return word


def _english_stem(word: str) -> str:
    """Plurals only: more would join what invoices keep apart."""
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")) and len(word) > 5:
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
