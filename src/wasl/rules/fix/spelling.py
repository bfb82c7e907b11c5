"""Spelling: white space around values, the case of codes, names and other codes of a country or currency, digits and dates written otherwise.

Only elements that a finding stands at are looked at, and only where one reading is possible: "Germany", "DEU" and "de" are DE, but "$" is
many currencies, and 01/02/2026 is two dates. The same misspelling in many places is one proposal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from wasl.formats.xml import Element, text_of
from wasl.invoice.money import minor_units, round_half_up
from wasl.invoice.numerals import NotANumber, ascii_digits, parse_decimal
from wasl.rules.explain.facts import number
from wasl.rules.fix.proposal import Doubt, Edit, Proposal
from wasl.rules.fix.view import View, local
from wasl.rules.report.shown import Both

_CURRENCY = frozenset({"DocumentCurrencyCode", "TaxCurrencyCode", "InvoiceCurrencyCode"})
_COUNTRY = frozenset({"IdentificationCode", "CountryID"})
_FIGURE = re.compile(r"(Amount|Quantity|Percent|Rate|MultiplierFactorNumeric)$")
_CODE = re.compile(r"(Code|CategoryCode|TypeCode|ReasonCode)$")
_CODE_ATTRIBUTES = ("unitCode", "schemeID", "listID", "mimeCode")
_SPACES = " \t\r\n\u00a0\u200b\u200e\u200f\ufeff\u202f"
_SHARED_NAMES = ("congo", "kongo", "الكونغو", "korea", "كوريا", "corea", "corée")  # two states each, whichever a list prefers
_MANY_NAMES = Both(
    "«{value}» يُطلق على أكثر من رمز أو لا رمز له في القائمة، فلا نختار واحدًا.",
    "“{value}” names more than one code, or none, so we choose none.",
)
_TWO_DATES = Both("«{value}» تاريخان محتملان: {one} أو {two}.", "“{value}” may be two dates: {one} or {two}.")


def propose(view: View) -> Iterator[Proposal | Doubt]:
    """Proposals for every misspelled value, equal ones together."""
    groups: dict[tuple[str, str, str], list[Edit]] = {}
    reasons: dict[tuple[str, str, str], Both] = {}
    for leaf in view.suspicious():
        for kind, attribute, old, new, reason in _leaf(view, leaf):
            key = (kind, old, new)
            groups.setdefault(key, []).append(Edit(view.path(leaf), new, attribute))
            reasons.setdefault(key, reason)
        doubt = _doubtful(view, leaf)
        if doubt is not None:
            yield doubt
    for (kind, old, new), edits in groups.items():
        if kind == "currency":
            edits = _with_amounts(view, edits, old, new)
        yield Proposal("code" if kind == "currency" else kind, tuple(edits), reasons[kind, old, new])


Change = tuple[str, str, str, str, Both]
"""(kind, attribute or "", old, new, reason)."""


def _leaf(view: View, leaf: Element) -> Iterator[Change]:
    text, name = text_of(leaf), local(leaf)
    bare = text.strip(_SPACES)
    for attribute in ("currencyID", *_CODE_ATTRIBUTES):
        value = leaf.get(attribute)
        if value is not None:
            yield from _attribute(view, attribute, value)
    if not bare:
        return
    if name.endswith("Date") or name == "DateTimeString":
        yield from _date(text, bare, compact=name == "DateTimeString")
    elif _FIGURE.search(name):
        yield from _figure(view, text, bare, is_amount=name.endswith("Amount"))
    elif name in _CURRENCY:
        yield from _named("currency", text, bare, currency_of(bare))
    elif name in _COUNTRY:
        yield from _named("code", text, bare, country_of(bare))
    elif _CODE.search(name) or _is_category(leaf, name):
        yield from _code(text, bare)
    elif text != bare:
        yield _spaces(text, bare)


def _is_category(leaf: Element, name: str) -> bool:
    """cbc:ID is a code where it stands in a tax category or scheme."""
    parent = leaf.getparent()
    return name == "ID" and parent is not None and local(parent) in ("TaxCategory", "ClassifiedTaxCategory", "TaxScheme")


def _spaces(text: str, bare: str) -> Change:
    return "space", "", text, bare, Both("حول القيمة فراغات لا يقبلها هذا الحقل", "white space around the value, which this field does not allow")


def _code(text: str, bare: str) -> Iterator[Change]:
    if text != bare:
        yield _spaces(text, bare)
    if bare.upper() != bare:
        right = bare.upper()
        yield "code", "", text, right, Both(f"رمز القائمة هو {right} بحروف كبيرة", f"the code of the list is {right}, in capitals")


def _named(kind: str, text: str, bare: str, code: str | None) -> Iterator[Change]:
    """A code, or a name or another code that means exactly one."""
    if code is not None and code != text:
        if code == bare:
            yield (kind, *_spaces(text, bare)[1:])
        else:
            yield kind, "", text, code, Both(f"{code} هو الرمز الوحيد لما كُتب «{bare}»", f"{code} is the only code for “{bare}”")


def _attribute(view: View, attribute: str, value: str) -> Iterator[Change]:
    bare = value.strip(_SPACES)
    if attribute == "currencyID":
        currency = view.currency
        right = currency if bare.upper() == currency.upper() else currency_of(bare)
    elif attribute == "mimeCode":
        right = bare.lower()
    else:
        right = bare.upper() if bare.upper() != bare else bare
    if right and right != value:
        yield "code", attribute, value, right, Both(f"الرمز في القائمة {right}", f"the code of the list is {right}")


def _with_amounts(view: View, edits: list[Edit], old: str, new: str) -> list[Edit]:
    """The currency of the invoice and of the amounts that repeat its misspelling change together, or the totals no longer find their VAT."""
    bare = old.strip(_SPACES).casefold()
    found = list(edits)
    for element in view.root.iter("*"):
        value = element.get("currencyID")
        if value is not None and value != new and value.strip(_SPACES).casefold() == bare:
            found.append(Edit(view.path(element), new, "currencyID"))
    return found


# -- figures ------------------------------------------------------------------------------------------------------------------------


def _figure(view: View, text: str, bare: str, *, is_amount: bool) -> Iterator[Change]:
    value = number(bare)
    if value is None:
        plain = ascii_digits(bare)
        if plain == bare or "," in plain:  # only digits of another script; a comma could be a decimal sign
            return
        try:
            value = parse_decimal(bare)
        except NotANumber:
            return
        yield "figure", "", text, format(value, "f"), Both("الأرقام في الملف تُكتب 0-9", "figures in the file are written with the digits 0-9")
        return
    if text != bare:
        yield _spaces(text, bare)
    if is_amount:
        for places in dict.fromkeys((minor_units(view.currency), 2)):
            exact = round_half_up(value, places)
            shown = format(exact, "f")
            if exact == value and len(shown) < len(bare.lstrip("+")):
                reason = Both(f"القيمة نفسها بخانات عملتها: {shown}", f"the same value with the decimals of its currency: {shown}")
                yield "figure", "", text, shown, reason
                return


# -- dates --------------------------------------------------------------------------------------------------------------------------

_YMD = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})(?:T00:00:00(?:\.0+)?(?:Z|[+-]\d\d:\d\d)?)?\Z", re.ASCII)
_DMY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\Z", re.ASCII)


def _date(text: str, bare: str, *, compact: bool) -> Iterator[Change]:
    plain = ascii_digits(bare)
    found = readings(plain)
    if len(found) == 1:
        right = found[0].strftime("%Y%m%d") if compact else found[0].isoformat()
        if right != text:
            yield "date", "", text, right, Both(f"يُكتب هذا التاريخ في الملف {right}", f"this date is written {right} in the file")


def readings(text: str) -> list[date]:
    """The dates that a text can mean: none, one, or two where day and month could be exchanged."""
    match = _YMD.match(text)
    if match and ((len(match[2]) == 2 and len(match[3]) == 2) or re.search(r"\D", text[4:])):
        return _dates([(match[1], match[2], match[3])])
    match = _DMY.match(text)
    if match:
        return _dates([(match[4], match[3], match[1]), (match[4], match[1], match[3])])
    return []


def _dates(candidates: list[tuple[str, str, str]]) -> list[date]:
    found: list[date] = []
    for year, month, day in candidates:
        try:
            each = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if each not in found:
            found.append(each)
    return found


# -- what means more than one thing -----------------------------------------------------------------------------------------------


def _doubtful(view: View, leaf: Element) -> Doubt | None:
    text, name = text_of(leaf).strip(_SPACES), local(leaf)
    if name.endswith("Date"):
        found = readings(ascii_digits(text))
        if len(found) == 2:
            params = {"value": text, "one": found[0].isoformat(), "two": found[1].isoformat()}
            return Doubt(view.path(leaf), _filled(_TWO_DATES, **params))
    elif (name in _CURRENCY and currency_of(text) is None) or (name in _COUNTRY and country_of(text) is None):
        return Doubt(view.path(leaf), _filled(_MANY_NAMES, value=text[:60]))
    return None


def _filled(words: Both, **params: str) -> Both:
    return Both(words.ar.format(**params), words.en.format(**params))


# -- names of countries and currencies ----------------------------------------------------------------------------------------------


def country_of(text: str) -> str | None:
    """The ISO 3166 code that a name (Arabic, English, its own language) or another code means; None for none or several."""
    from wasl.invoice.codes import COUNTRIES

    if text.upper() in COUNTRIES:
        return text.upper()
    found = _country_names().get(text.casefold(), frozenset())
    return next(iter(found)) if len(found) == 1 else None


@cache
def _country_names() -> dict[str, frozenset[str]]:
    from babel import Locale
    from babel.core import UnknownLocaleError, get_global

    from wasl.invoice.codes import COUNTRIES

    names: dict[str, set[str]] = {}
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1:  # DEU and 276 are one country each, YUG has become several
            names.setdefault(alias.casefold(), set()).add(codes[0])
    for language in ("en", "ar", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "nb", "fi", "pt", "ro", "cs", "el", "hu"):
        try:
            territories = Locale.parse(language).territories
        except UnknownLocaleError:
            continue
        for code in COUNTRIES:
            if code in territories:
                names.setdefault(territories[code].casefold(), set()).add(code)
    for name in _SHARED_NAMES:
        names[name] = set()
    return {name: frozenset(codes & COUNTRIES) for name, codes in names.items()}


def currency_of(text: str) -> str | None:
    """The ISO 4217 code that a code in any case, a name, or a sign means; None for none or several ("$", "kr")."""
    from wasl.invoice.codes import CURRENCIES

    if text.upper() in CURRENCIES:
        return text.upper()
    found = _currency_names().get(text.casefold(), frozenset())
    return next(iter(found)) if len(found) == 1 else None


@cache
def _currency_names() -> dict[str, frozenset[str]]:
    from babel.numbers import get_currency_name, get_currency_symbol

    from wasl.invoice.codes import CURRENCIES

    names: dict[str, set[str]] = {}
    for code in CURRENCIES:
        for language in ("en", "ar", "de", "fr"):
            for name in (get_currency_name(code, locale=language), get_currency_name(code, count=1, locale=language)):
                names.setdefault(name.casefold(), set()).add(code)
        names.setdefault(get_currency_symbol(code, locale="en").casefold(), set()).add(code)
    for sign in ("$", "kr", "£", "¥", "₤", "rs", "sr", "fr"):  # signs of several currencies, whatever a list prefers
        names[sign] = set()
    return {name: frozenset(codes) for name, codes in names.items()}

