"""Whether two names are one payer's: Arabic and English spellings compared by their consonants, rare words weighing more.

«مؤسسة الأفق الأزرق للتجارة» and "Al Ofuq Al Azraq Trading Est." share the words `fk` and `zrk`; what kind of company each is says nothing.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Hashable, Iterable
from functools import lru_cache

from wasl.invoice.numerals import ascii_digits

LIKENESS_MIN = 60  # out of 100; below it two names only share a common word
FOUND_MAX = 3
POSTINGS_MAX = 3_000  # a word that more payers bear tells none of them
KEY_CHARS_MAX = 200

_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile("[\u0621-\u06ff]")
_DIGRAPHS = (("kh", "k"), ("gh", "g"), ("sh", "s"), ("th", "t"), ("dh", "d"), ("ch", "s"), ("ph", "f"), ("ck", "k"))
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("aeiouwy", None), "q": "k", "c": "k", "x": "ks", "v": "f", "p": "b", "j": "g",
        **dict.fromkeys("اويىئؤءعةآأإٱ", None), "ب": "b", "پ": "b", "ت": "t", "ث": "t", "ج": "g", "ح": "h", "خ": "k", "د": "d", "ذ": "d", "ر": "r",
        "ز": "z", "س": "s", "ش": "s", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "g", "ف": "f", "ڤ": "f", "ق": "k", "ك": "k", "ک": "k", "گ": "g",
        "چ": "s", "ل": "l", "م": "m", "ن": "n", "ه": "h",
    }
)  # fmt: skip
_KINDS = (
    "شركه مؤسسه موسسه مجموعه مكتب مصنع معرض محل محلات دار بيت تجاره التجاره للتجاره التجاريه تجاريه العامه عامه المحدوده محدوده ذات مسؤوليه مسووليه"
    " شخص واحد مقاولات للمقاولات خدمات للخدمات مساهمه مقفله و في من ال ذمم co company ltd limited llc wll"
    " est establishment trading trade general group corp corporation inc plc gmbh ag sa sarl bv nv spa kg ohg ug the for and of al el"
    " bin ibn ben contracting services service holding int"
    " international mr mrs ms dr"
)
_KIND = frozenset(_KINDS.split())


def fold(text: str) -> str:
    """A name as it is compared and learned: words in one spelling, without marks, signs and capital letters."""
    plain = unicodedata.normalize("NFKD", ascii_digits(text)).casefold()
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(_WORD.findall(plain.replace("ى", "ي").replace("ة", "ه").replace("ـ", "")))[:KEY_CHARS_MAX]


def words(name: str) -> frozenset[str]:
    """The consonants of each word that tells one payer from another; of all words where none does."""
    every = fold(name).split()
    telling = [word for word in every if word not in _KIND and not (word.startswith(("ال", "لل")) and word[2:] in _KIND)]
    return frozenset(_skeleton(word) for word in telling or every)


@lru_cache(maxsize=65_536)
def _skeleton(word: str) -> str:
    """The consonants of a folded word; the word itself where too few are left, or where it is a number."""
    if word.isdecimal():
        return word
    bare = word
    if _ARABIC.match(word):
        bare = next((word[len(each) :] for each in ("وال", "بال", "ال", "لل") if word.startswith(each) and len(word) - len(each) > 2), word)
    else:
        bare = re.sub(r"\A(?:al|el)(?=[^aeiou]{1}[aeiou])", "", word) if len(word) > 5 else word
        for pair, one in _DIGRAPHS:
            bare = bare.replace(pair, one)
    kept = bare.translate(_LETTERS)
    single = re.sub(r"(.)\1+", r"\1", kept)
    single = single[:-1] if single.endswith("h") and len(single) > 2 else single
    return single if len(single) > 1 else word


class Payers:
    """Everybody who may pay this seller, to be asked by name. Keys are whatever tells payers apart."""

    def __init__(self, names: Iterable[tuple[Hashable, str]]) -> None:
        self._words: list[frozenset[str]] = []
        self._keys: list[Hashable] = []
        self._bearers: dict[str, list[int]] = {}
        for key, name in names:
            found = words(name)
            if found:
                for word in found:
                    self._bearers.setdefault(word, []).append(len(self._keys))
                self._keys.append(key)
                self._words.append(found)

    def find(self, name: str) -> list[tuple[Hashable, int]]:
        """(key, likeness out of 100) of the likeliest payers, best first; none below LIKENESS_MIN."""
        wanted = words(name)
        rare = [word for word in wanted if 0 < len(self._bearers.get(word, ())) <= POSTINGS_MAX]
        candidates = {at for word in rare for at in self._bearers[word]}
        weight = {word: self._weight(word) for word in wanted}
        best: dict[Hashable, int] = {}
        for at in candidates:
            theirs = self._words[at]
            both = sum(weight[word] for word in wanted & theirs)
            all_of_both = sum(weight.values()) + sum(self._weight(word) for word in theirs)
            likeness = round(200 * both / all_of_both) if all_of_both else 0
            if likeness >= LIKENESS_MIN:
                best[self._keys[at]] = max(best.get(self._keys[at], 0), likeness)
        return sorted(best.items(), key=lambda pair: -pair[1])[:FOUND_MAX]

    def _weight(self, word: str) -> float:
        rarity = math.log(1 + len(self._keys) / len(self._bearers.get(word, " ")))
        return rarity / 2 if word.isdecimal() else rarity  # two branches with one number are not one payer
