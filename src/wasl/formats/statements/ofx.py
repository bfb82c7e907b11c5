"""OFX and QFX: the SGML of 1.x, in which a value needs no closing tag, and the XML of 2.x. Banking and card statements.

OFX gives no opening balance, and a closing one that may be of another day than the last movement: its sums cannot be
checked, and we say so instead of guessing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import date

from wasl.errors import Words
from wasl.formats.statements.amounts import line_place, minor
from wasl.formats.statements.errors import LineUnreadable, NotAStatement, StatementTooLarge
from wasl.formats.statements.model import Balance, Foot, Head, Line, Part
from wasl.formats.statements.source import BYTES_MAX, Source, head_of
from wasl.formats.statements.text import encoding_of, lines
from wasl.formats.xml import Element, text_of
from wasl.formats.xml_stream import elements

VALUE_CHARS_MAX = 2_000
FIELDS_MAX = 60  # STMTTRN knows 25
_TAG = re.compile(r"<(/?)([A-Za-z0-9._]{1,40})>([^<]*)")
_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6}(?:\.[0-9]{1,3})?)?(?:\[[^\]]{0,20}\])?\Z")
_AGGREGATES = ("PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY")
_HEADER = re.compile(rb"OFXHEADER|<OFX>|<OFX\b", re.IGNORECASE)


def looks_like_one(head: bytes) -> bool:
    return _HEADER.search(head.replace(b"\x00", b"")) is not None


def read(source: Source) -> Iterator[Part]:
    """Heads, lines and feet in the order of the file. Raises `StatementRefused`, `XmlRefused` and `TableRefused`."""
    is_xml = head_of(source, 200).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")
    found = False
    state = _Reader()
    for name, fields in _records_of_xml(source) if is_xml else _records_of_sgml(source):
        found = found or name in _STATEMENTS
        yield from state.take(name, fields)
    if not found:
        raise NotAStatement(reason=Words("there is no bank statement (STMTRS) in this OFX file", "لا كشف حساب (STMTRS) في ملف OFX هذا"))


class _Reader:
    """One file while its records come: STMTRS opened, STMTTRN, LEDGERBAL, STMTRS closed ("/STMTRS")."""

    def __init__(self) -> None:
        self.currency = ""
        self.at = 0
        self.head: dict[str, str] = {}
        self.is_open = self.is_told = False
        self.closing: Balance | None = None

    def take(self, name: str, fields: dict[str, str]) -> Iterator[Part]:
        if name in _STATEMENTS:
            self.is_open, self.is_told, self.head, self.closing = True, False, fields, None
        elif name == "/STMTRS" and self.is_open:
            yield from self._tell(fields)
            self.is_open = False
            yield Foot(closing=self.closing)
        elif name == "LEDGERBAL" and self.is_open:
            yield from self._tell(fields)
            if fields.get("BALAMT"):
                place = Words("Closing balance", "الرصيد الختامي")
                self.closing = Balance(_amount(fields["BALAMT"], self.currency, place), _day(fields.get("DTASOF", ""), place, required=False))
        elif name == "STMTTRN" and self.is_open:
            yield from self._tell(fields)
            self.at += 1
            yield _movement(fields, self.currency, self.at)

    def _tell(self, fields: dict[str, str]) -> Iterator[Part]:
        """The head, once, as soon as something needs its currency; `fields` of XML carry it along."""
        if self.is_told:
            return
        self.is_told = True
        known = self.head | {key: value for key, value in fields.items() if key in ("CURDEF", "BANKID", "ACCTID")}
        self.currency = known.get("CURDEF", "")[:3]
        account = known.get("ACCTID", "").replace(" ", "").upper()[:64]
        yield Head(account=account, currency=self.currency, number=known.get("DTEND", "")[:8], opening=None)


def _movement(fields: dict[str, str], currency: str, at: int) -> Line:
    place = line_place(at)
    posted = _day(fields.get("DTPOSTED", ""), place)
    assert posted is not None
    if fields.get("CURRENCY.CURSYM", currency) != currency:
        other = fields["CURRENCY.CURSYM"][:3]
        raise LineUnreadable(place=place, reason=Words(f"it is in {other}, the account in {currency}", f"هي بعملة {other} والحساب بعملة {currency}"))
    texts = [fields.get("MEMO", ""), fields.get("NAME", "") if fields.get("PAYEE.NAME") else ""]
    references = [fields.get(key, "") for key in ("REFNUM", "CHECKNUM", "SRVRTID")]
    return Line(
        place=at, booked=posted, value=_day(fields.get("DTUSER", ""), place, required=False),
        amount=_amount(fields.get("TRNAMT", ""), currency, place),
        name=(fields.get("PAYEE.NAME") or fields.get("NAME", ""))[:200],
        account=(fields.get("BANKACCTTO.ACCTID") or "").replace(" ", "").upper()[:64],
        references=tuple(dict.fromkeys(each[:140] for each in references if each)),
        text=" ".join(" ".join(each for each in texts if each).split()), bank_reference=fields.get("FITID", "")[:64],
    )  # fmt: skip


def _amount(text: str, currency: str, place: Words) -> int:
    """A point or a comma before the decimals, as OFX allows; no other sign."""
    plain = text.strip()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return minor(plain, currency, place)


def _day(text: str, place: Words, *, required: bool = True) -> date | None:
    match = _DATE.match(text.strip())
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    if text.strip() or required:
        raise LineUnreadable(place=place, reason=Words(f"“{text[:30]}” is not a date", f"«{text[:30]}» ليس تاريخًا"))
    return None


# -- SGML ---------------------------------------------------------------------------------------------------------------


def _tokens(texts: Iterable[str]) -> Iterator[tuple[bool, str, str]]:
    """(closes, name, value) of each tag; a tag and its value stand in one line."""
    for text in texts:
        for match in _TAG.finditer(text):
            yield bool(match[1]), match[2].upper(), html.unescape(match[3].strip())[:VALUE_CHARS_MAX].replace("\u00a0", " ")


def _records_of_sgml(source: Source) -> Iterator[tuple[str, dict[str, str]]]:
    """The records that matter, each when it is whole."""
    record, outer, inner = "", dict[str, str](), ""
    fields: dict[str, str] = outer
    is_begun = is_said = False
    for closes, name, value in _tokens(lines(source, encoding_of(source))):
        if name in _STATEMENTS:
            if closes:
                yield "/STMTRS", outer
            else:
                outer = fields = {}
                record, is_begun, is_said = "", True, False
        elif not is_begun:
            continue
        elif name in ("STMTTRN", "LEDGERBAL"):
            if closes:
                if not is_said:
                    yield "STMTRS", outer
                    is_said = True
                yield record or name, fields
                record, fields, inner = "", outer, ""
            else:
                record, fields, inner = name, {}, ""
        elif name in _AGGREGATES and not value:
            inner = "" if closes else name + "."
        elif not closes and value:
            if len(fields) >= FIELDS_MAX:
                raise StatementTooLarge(reason=Words("a movement has too many fields", "في إحدى الحركات حقول أكثر مما يُقبل"))
            fields.setdefault(inner + name, value)
        elif name == "BANKTRANLIST" and not closes and not is_said:
            yield "STMTRS", outer
            is_said = True


# -- XML ----------------------------------------------------------------------------------------------------------------


def _records_of_xml(source: Source) -> Iterator[tuple[str, dict[str, str]]]:
    ends = frozenset({"STMTTRN", "LEDGERBAL", "CURDEF", "BANKACCTFROM", "CCACCTFROM", *_STATEMENTS})
    outer: dict[str, str] = {}
    for event, name, node in elements(source.chunks(), starts=_STATEMENTS, ends=ends, bytes_max=BYTES_MAX):
        if event == "start":
            outer = {}
            yield "STMTRS", outer
        elif name in _STATEMENTS:
            yield "/STMTRS", outer
        elif name in ("STMTTRN", "LEDGERBAL"):
            yield name, _leaves(node) | outer
        else:
            outer.update(_leaves(node) if len(node) else {name: text_of(node).strip()})


def _leaves(node: Element) -> dict[str, str]:
    """Each value by its name; those of the aggregates we know by both names."""
    found: dict[str, str] = {}
    for each in node:
        name = str(each.tag).rpartition("}")[2].upper()
        if len(each):
            found.update((f"{name}.{key}", value) for key, value in _leaves(each).items() if name in _AGGREGATES)
        else:
            found[name] = " ".join(text_of(each).split())[:VALUE_CHARS_MAX]
    return found
