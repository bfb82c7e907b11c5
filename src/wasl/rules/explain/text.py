"""The grammar of explanations: one phrase in two languages, filled with terms, figures and the document's own words.

A phrase is a pair of templates. `{name}` is a parameter; `<name?he|she>` in Arabic agrees with the gender of that
parameter's label. Parameters that come from the document or from a standard (codes, numbers, element names) are
isolated in Arabic, so that left-to-right text keeps its order inside a right-to-left sentence.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from wasl.invoice.money import EXACT
from wasl.invoice.terms import TermInfo

FSI, PDI = "\u2068", "\u2069"
LIMIT = 60  # of a quoted value: enough to recognise it, short enough for one line


class Bi(NamedTuple):
    """The same words in English and Arabic."""

    en: str
    ar: str


class Raw(str):
    """Words of the document, of a standard or of a formula: shown as they are, isolated in Arabic."""

    __slots__ = ()


Param = Bi | Raw | TermInfo | Decimal | int

_GENDER = re.compile(r"<(\w+)\?([^|>]*)\|([^>]*)>")
_SLOT = re.compile(r"\{(\w+)\}")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def isolate(text: str) -> str:
    return f"{FSI}{text}{PDI}"


def quote(value: str | None) -> Raw:
    """A value of the document made safe to show: control and direction marks dropped, white space joined, cut."""
    text = " ".join(_UNPRINTABLE.sub(" ", value or "").split())
    return Raw(text if len(text) <= LIMIT else text[: LIMIT - 1] + "…")


def figure(value: Decimal, places: int = 2) -> str:
    """An amount with thousands separated and at least `places` decimals; never fewer than it has."""
    if not value.is_finite():
        return str(value)
    exponent = EXACT.normalize(value).as_tuple().exponent
    decimals = max(places, -exponent if isinstance(exponent, int) else 0)
    if abs(value.adjusted()) > 40 or decimals > 40:
        return f"{value:.4e}"
    return f"{value:,.{decimals}f}"


def plain(value: Decimal) -> str:
    """A rate or a quantity without needless zeros: 15, 7.5."""
    text = f"{EXACT.normalize(value):f}" if value.is_finite() and abs(value.adjusted()) < 40 else f"{value:.4e}"
    return "0" if text in ("-0", "") else text


def say(phrase: tuple[str, str], **params: Param) -> Bi:
    """Fill both templates of a phrase."""
    return Bi(_fill(phrase[0], params, 0), _fill(phrase[1], params, 1))


def join(*parts: Bi | None) -> Bi:
    """Sentences one after the other; an absent one leaves no trace."""
    kept = [part for part in parts if part is not None and part.en]
    return Bi(" ".join(part.en for part in kept), " ".join(part.ar for part in kept))


def listing(parts: list[Bi], word: str = "or") -> Bi:
    """ "a, b or c" / «أ أو ب أو ج»; with "and" «أ وب وج»: Arabic repeats the word where English puts commas."""
    if not parts:
        return Bi("", "")
    joint = " أو " if word == "or" else " و"
    english = f"{', '.join(p.en for p in parts[:-1])} {word} {parts[-1].en}" if len(parts) > 1 else parts[0].en
    return Bi(english, joint.join(p.ar for p in parts))


def label(term: TermInfo) -> Bi:
    return Bi(term.en, term.ar)


def _fill(template: str, params: dict[str, Param], lang: int) -> str:
    def agree(match: re.Match[str]) -> str:
        return match[3] if getattr(params[match[1]], "gender", "m") == "f" else match[2]

    return _SLOT.sub(lambda m: _show(params[m[1]], lang), _GENDER.sub(agree, template))


def _show(value: Param, lang: int) -> str:
    if isinstance(value, TermInfo):
        return value.ar if lang else value.en
    if isinstance(value, Bi):
        return value[lang]
    text = figure(value) if isinstance(value, Decimal) else _UNPRINTABLE.sub(" ", str(value))
    if not lang or isinstance(value, int):
        return text
    return isolate(text)


class Noun(NamedTuple):
    """A counted noun: English one/other; Arabic one, two, few (3-10), many (11-99), other (100...)."""

    en_one: str
    en_other: str
    one: str
    two: str
    few: str
    many: str
    other: str


NOUNS = {
    "time": Noun("once", "{n} times", "مرة واحدة", "مرتين", "{n} مرات", "{n} مرة", "{n} مرة"),
    "decimal": Noun("1 decimal", "{n} decimals", "خانة عشرية واحدة", "خانتان عشريتان", "{n} خانات عشرية", "{n} خانة عشرية", "{n} خانة عشرية"),
    "digit": Noun("1 digit", "{n} digits", "رقمًا واحدًا", "رقمين", "{n} أرقام", "{n} رقمًا", "{n} رقم"),
    "line": Noun("1 line", "{n} lines", "بند واحد", "بندان", "{n} بنود", "{n} بندًا", "{n} بند"),
    "row": Noun("1 row", "{n} rows", "سطرًا واحدًا", "سطرين", "{n} أسطر", "{n} سطرًا", "{n} سطر"),
}


def counted(n: int, noun: str) -> Bi:
    """The noun with its number in the right one of the six Arabic plural forms."""
    word = NOUNS[noun]
    if n == 1:
        return Bi(word.en_one, word.one)
    rest = n % 100
    form = word.two if n == 2 else word.few if 3 <= rest <= 10 else word.many if rest >= 11 else word.other
    return Bi(word.en_other.format(n=n), form.format(n=n))
