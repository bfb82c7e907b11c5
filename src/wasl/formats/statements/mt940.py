"""MT940 (SWIFT customer statement message), with or without its envelope, one message or many, pages included.

Each message from :60F: or :60M: to :62F: or :62M: is a statement of its own with its own sums. :61: is read by its fixed
form; what banks put into :86: is the business of `remittance`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from wasl.errors import Words
from wasl.formats.statements import remittance
from wasl.formats.statements.amounts import line_place, minor
from wasl.formats.statements.errors import LineUnreadable, NotAStatement
from wasl.formats.statements.model import Balance, Foot, Head, Line, Part
from wasl.formats.statements.source import Source
from wasl.formats.statements.text import encoding_of, lines

TEXT_CHARS_MAX = 2_000
LINE_CHARS = 65
FIELD_LINES_MAX = 60  # the standard allows 6 of :86:, some banks send 20
_FIELD = re.compile(r":([0-9]{2}[A-Z]?):(.*)\Z", re.DOTALL)
_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9]{1,15},[0-9]{0,5})\Z")
_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4}|[ ]{4})?(?P<sign>R?[CD])(?P<funds>[A-Z])?(?P<amount>[0-9]{1,15},[0-9]{0,5})[ ]?"
    r"(?P<type>[A-Z][A-Z0-9]{3}|[A-Z]{3})?(?P<rest>.*)\Z"
)
_NOTHING = frozenset({"NONREF", "KREF+", "NOTPROVIDED", ""})
RETURNED_ITEM = "RTI"  # type of a movement, after S, N or F
CENTURY_SPLIT = 80  # years 80 to 99 are of the last century


def read(source: Source) -> Iterator[Part]:
    """Heads, lines and feet in the order of the file. Raises `StatementRefused` and `TableRefused`."""
    state = _Message()
    for tag, body in _fields(lines(source, encoding_of(source), keep_blanks=True)):
        yield from state.take(tag, body)
    yield from state.end()
    if not state.seen:
        raise NotAStatement(reason=Words("it holds no field :60F: or :60M: with an opening balance", "لا حقل :60F: أو :60M: للرصيد الافتتاحي فيه"))


def _fields(texts: Iterator[str]) -> Iterator[tuple[str, str]]:
    """(tag, body) of each field, its further lines joined by line feeds; ("-", "") where a message ends.

    A line is cut at 65 characters wherever that is, so a blank at its end is text: the gap before the next line's word.
    """
    tag, parts = "", list[str]()
    for text in texts:
        begun = text.lstrip(" ") if text.startswith(" :") else text
        if begun.startswith("{"):
            begun = begun.rpartition("{4:")[2].lstrip() if "{4:" in begun else ""
        match = _FIELD.match(begun)
        if match is not None or begun.rstrip() in ("-", "-}") or begun.startswith("-}"):
            if tag:
                yield tag, "\n".join(parts)
            tag, parts = (match[1], [_ended(match[2])]) if match is not None else ("", [])
            if match is None:
                yield "-", ""
        elif tag and text.strip() and len(parts) < FIELD_LINES_MAX:
            parts.append(_ended(text))
    if tag:
        yield tag, "\n".join(parts)


def _ended(text: str) -> str:
    """As it is where it has the width of the standard; blanks that reach beyond that fill a record up and are no text."""
    return text if len(text) <= LINE_CHARS else text.rstrip()


class _Message:
    """One message while its fields come."""

    def __init__(self) -> None:
        self.account = self.number = self.currency = ""
        self.seen = self.is_open = False
        self.at = 0
        self.raw: str | None = None
        self.notes: list[str] = []

    def take(self, tag: str, body: str) -> Iterator[Part]:
        if tag == "25" or tag == "25P":
            self.account = body.split("\n")[0].replace(" ", "").upper()[:64]
        elif tag in ("28C", "28"):
            self.number = body.split("\n")[0].strip()[:60]
        elif tag in ("60F", "60M"):
            yield from self._opened(body)
        elif tag == "61":
            yield from self._flush()
            self.raw, self.notes = body, []
        elif tag == "86" and self.raw is not None:
            self.notes.append(body)
        elif tag in ("62F", "62M"):
            yield from self._flush()
            yield from self._closed(body)
        elif tag == "-":
            yield from self._flush()

    def end(self) -> Iterator[Part]:
        yield from self._flush()
        if self.is_open:
            reason = Words("the statement breaks off after it: there is no closing balance (:62F:)", "ينقطع الكشف بعدها: لا رصيد ختاميًا فيه (:62F:)")
            raise LineUnreadable(place=line_place(self.at), reason=reason)

    def _opened(self, body: str) -> Iterator[Part]:
        yield from self.end()
        place = Words(f"Statement {self.number}", f"الكشف {self.number}")
        self.currency, balance = _balance(body, place)
        self.seen = self.is_open = True
        yield Head(account=self.account, currency=self.currency, number=self.number, opening=balance)

    def _closed(self, body: str) -> Iterator[Part]:
        if not self.is_open:
            return
        place = Words(f"Statement {self.number}", f"الكشف {self.number}")
        currency, balance = _balance(body, place)
        if currency != self.currency:
            reason = Words(f"it opens in {self.currency} and closes in {currency}", f"يُفتتح بعملة {self.currency} ويُختم بعملة {currency}")
            raise LineUnreadable(place=place, reason=reason)
        self.is_open = False
        yield Foot(closing=balance)

    def _flush(self) -> Iterator[Part]:
        """The line whose fields are all there now."""
        if self.raw is None:
            return
        raw, self.raw = self.raw, None
        self.at += 1
        if not self.is_open:
            raise LineUnreadable(place=line_place(self.at), reason=Words("it stands before any opening balance", "تسبق أي رصيد افتتاحي"))
        yield _movement(raw, self.notes, self.currency, self.at)


def _balance(body: str, place: Words) -> tuple[str, Balance]:
    match = _BALANCE.match(body.split("\n")[0].strip())
    if match is None:
        raise LineUnreadable(place=place, reason=Words(f"“{body[:40]}” is not a balance", f"«{body[:40]}» ليس رصيدًا"))
    units = minor(match[4], match[3], place, comma=True)
    return match[3], Balance(-units if match[1] == "D" else units, _date(match[2], place))


def _movement(raw: str, notes: list[str], currency: str, at: int) -> Line:
    place = line_place(at)
    first, _, supplementary = raw.partition("\n")
    match = _LINE.match(first.strip())
    if match is None:
        raise LineUnreadable(place=place, reason=Words(f"“{first[:60]}” is not a movement (:61:)", f"«{first[:60]}» ليست حركة (:61:)"))
    value = _date(match["value"], place)
    units = minor(match["amount"], currency, place, comma=True)
    is_out = match["sign"] in ("D", "RC")  # a reversed credit goes out
    is_returned = (match["type"] or "").endswith(RETURNED_ITEM)
    theirs, _, bank = match["rest"].partition("//")
    said = remittance.read("\n".join(notes))
    references = [each for each in (*said.references, theirs.strip()) if each.upper() not in _NOTHING]
    texts = [each for each in (said.text, " ".join(supplementary.split())) if each]
    return Line(
        place=at, booked=_entry_date(match["entry"], value), value=value, amount=-units if is_out else units, name=said.name, account=said.account,
        references=tuple(dict.fromkeys(references)), text=" ".join(texts)[:TEXT_CHARS_MAX],
        bank_reference="" if bank.strip().upper() in _NOTHING else bank.strip()[:64],
        is_reversal=match["sign"].startswith("R") or is_returned or said.is_return,
    )  # fmt: skip


def _date(text: str, place: Words) -> date:
    year = int(text[:2])
    try:
        return date(year + (1900 if year >= CENTURY_SPLIT else 2000), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise LineUnreadable(place=place, reason=Words(f"“{text}” is no day of the calendar", f"«{text}» ليس يومًا في التقويم")) from None


def _entry_date(text: str | None, value: date) -> date:
    """The booking day, given without its year: the one nearest to the value date. A day that is none is the value date."""
    if not text or not text.strip():
        return value
    found: list[date] = []
    for year in (value.year - 1, value.year, value.year + 1):
        try:
            found.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    return min(found, key=lambda day: abs((day - value).days), default=value)
