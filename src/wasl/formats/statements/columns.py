"""Which column of a bank's table is what: told by its header in Arabic, English, German or French, else by what stands below it.

The guess is shown to a person, who may change every part of it; it is kept for the next file of the same bank.
"""

# A role is one fact and reads best on one line.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from wasl.formats.iban import ibans
from wasl.formats.table import dates, numbers
from wasl.formats.table._vocabulary import fold
from wasl.formats.table.numbers import CellWrong
from wasl.invoice.codes import CURRENCIES

HEADER_ROWS_MAX = 30  # name of the bank, account and period above the table
SAMPLE_ROWS = 60
TEXTS_MAX = 4
_CODE = re.compile(r"(?<![A-Z])([A-Z]{3})(?![A-Z])")
SINGLE = ("booked", "value", "amount", "debit", "credit", "sign", "balance", "currency", "name", "account", "bank_reference")
SEVERAL = ("references", "text")
ROLES = (*SINGLE, *SEVERAL)

_WORDS: dict[str, str] = {
    "booked": "التاريخ|تاريخ|تاريخ العملية|تاريخ الحركة|تاريخ القيد|تاريخ المعاملة|تاريخ الترحيل|date|transaction date|posting date|posted date|booking date|book date"
    "|entry date|trans date|txn date|process date|post date|buchungstag|buchungsdatum|datum|date comptable|date operation|date de l operation",
    "value": "تاريخ الحق|تاريخ القيمة|تاريخ الاستحقاق|value date|valuta|valutadatum|wertstellung|wert|date de valeur|date valeur|effective date",
    "amount": "المبلغ|مبلغ|القيمة|مبلغ العملية|قيمة العملية|amount|transaction amount|betrag|umsatz|montant|amt",
    "debit": "مدين|المدين|مدينة|سحب|السحب|مسحوبات|منصرف|صادر|خصم|debit|debits|debit amount|dr|withdrawal|withdrawals|paid out|money out|soll|lastschrift|debit eur",
    "credit": "دائن|الدائن|دائنة|إيداع|ايداع|الإيداع|إيداعات|وارد|credit|credits|credit amount|cr|deposit|deposits|paid in|money in|haben|gutschrift|credit eur",
    "sign": "نوع الحركة|مدين دائن|دائن مدين|نوع العملية|cr dr|dr cr|d c|c d|debit credit|credit debit|type|dc|soll haben|sens",
    "balance": "الرصيد|رصيد|الرصيد بعد العملية|الرصيد الجاري|الرصيد المتاح|balance|running balance|ledger balance|account balance|closing balance|saldo|kontostand|solde",
    "currency": "العملة|عملة|currency|ccy|cur|wahrung|waehrung|devise",
    "name": "اسم المحول|اسم المرسل|المرسل|المحول|اسم الدافع|الطرف الآخر|اسم الطرف الآخر|المستفيد|اسم المستفيد|الاسم|payer|payer name|sender|sender name|remitter|remitter name"
    "|counterparty|counterparty name|beneficiary|beneficiary name|name|ordering party|from|payee|auftraggeber|auftraggeber empfanger|zahlungspflichtiger|beguenstigter"
    "|name zahlungsbeteiligter|beguenstigter zahlungspflichtiger|tiers|nom|emetteur",
    "account": "حساب المحول|حساب المرسل|آيبان المرسل|حساب الطرف الآخر|sender account|payer account|counterparty account|counterparty iban|from account|remitter account|sender iban"
    "|iban zahlungsbeteiligter|kontonummer iban|compte tiers|iban tiers",
    "bank_reference": "رقم العملية|رقم الحركة|رقم المعاملة|رقم مرجع البنك|رقم القيد|transaction id|transaction no|transaction number|txn id|bank reference|bank ref|transaction reference"
    "|journal no|umsatz id|id operation",
    "references": "المرجع|مرجع|الرقم المرجعي|رقم المرجع|مرجع العميل|رقم الشيك|رقم المستند|reference|ref|ref no|reference no|reference number|customer reference|payment reference|end to end"
    "|end to end reference|cheque no|check number|kundenreferenz|kundenreferenz end to end|referenz|mandatsreferenz|reference client",
    "text": "الوصف|وصف|البيان|بيان|التفاصيل|تفاصيل|تفاصيل العملية|ملاحظات|الغرض|غرض التحويل|شرح|description|details|narrative|particulars|memo|remarks|transaction details|purpose|note|notes"
    "|remittance information|verwendungszweck|buchungstext|text|libelle|libelle operation|description 2|communication|motif|detail",
}  # fmt: skip
_ROLE_OF = {fold(word): role for role, words in _WORDS.items() for word in words.split("|")}
_IN_BRACKETS = re.compile(r"[(\[（].*?[)\]）]")


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """A role's column by its position, from 0; None where the table has no such column."""

    header: int = 0  # rows above the first movement
    booked: int | None = None
    value: int | None = None
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    sign: int | None = None
    balance: int | None = None
    currency: int | None = None
    name: int | None = None
    account: int | None = None
    bank_reference: int | None = None
    references: tuple[int, ...] = ()
    text: tuple[int, ...] = ()
    dates: str | None = None  # dmy, mdy or ymd; None: told from the dates themselves
    decimal: str | None = None  # "." or ","; None: told from the amounts
    own_account: str = ""  # whose statement it is, which a table seldom says
    own_currency: str = ""

    @property
    def is_enough(self) -> bool:
        """Whether a movement can be read: a day, and an amount that says which way."""
        return self.booked is not None and (self.amount is not None or self.credit is not None or self.debit is not None)


def guess(rows: Sequence[Sequence[str]]) -> Columns:
    """From the first rows of a table. What is not recognised is left None: a person says."""
    sample = [list(row) for row in rows[: HEADER_ROWS_MAX + SAMPLE_ROWS]]
    at = _header_row(sample)
    if at is None:
        found = _by_content(sample)
    else:
        found = _by_names(sample[at]) | {"header": at + 1}
    columns = msgspec.convert(found, Columns)
    above = " ".join(cell for row in sample[: columns.header] for cell in row)
    body = sample[columns.header :]
    return msgspec.structs.replace(
        columns, dates=_order(body, columns), decimal=_decimal(body, columns), own_account=_own_account(above), own_currency=_own_currency(above, body, columns)
    )  # fmt: skip


def role_of(header: str) -> str | None:
    """What a header means; brackets such as "(SAR)" say nothing of it."""
    return _ROLE_OF.get(fold(header)) or _ROLE_OF.get(fold(_IN_BRACKETS.sub(" ", header)))


def _header_row(sample: list[list[str]]) -> int | None:
    """The row that names a day and an amount and most other things."""
    best, best_count = None, 0
    for at, row in enumerate(sample[:HEADER_ROWS_MAX]):
        roles = {role for cell in row if cell and (role := role_of(cell))}
        if roles & {"booked", "value"} and roles & {"amount", "debit", "credit"} and len(roles) > best_count:
            best, best_count = at, len(roles)
    return best


def _by_names(header: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    several: dict[str, list[int]] = {role: [] for role in SEVERAL}
    for at, cell in enumerate(header):
        role = role_of(cell) if cell else None
        if role in several:
            several[role].append(at)
        elif role is not None and role not in found:
            found[role] = at
    if "booked" not in found and "value" in found:
        found["booked"] = found.pop("value")
    return found | {role: tuple(places[:TEXTS_MAX]) for role, places in several.items()}


def _by_content(sample: list[list[str]]) -> dict[str, object]:
    """A table without a header: the first column of days, the figures after it, the longest text."""
    width = max((len(row) for row in sample), default=0)
    cells = [[row[at] for row in sample if at < len(row) and row[at].strip()] for at in range(width)]
    days = [at for at in range(width) if _mostly(cells[at], _is_day)]
    figures = [
        at for at in range(width) if at not in days and _mostly(cells[at], _is_number) and any("." in each or "," in each for each in cells[at])
    ]
    texts = sorted((at for at in range(width) if at not in days and at not in figures and cells[at]), key=lambda at: -max(map(len, cells[at])))
    found: dict[str, object] = {"text": tuple(sorted(texts[:TEXTS_MAX])), "header": 0}
    if days:
        found["booked"] = days[0]
    if figures:
        found["amount"] = figures[0]
    if len(figures) > 1:
        found["balance"] = figures[-1]
    return found


def _mostly(cells: list[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(test, cells)) * 10 >= len(cells) * 9


def _is_day(cell: str) -> bool:
    return day(cell, "dmy") is not None or day(cell, "mdy") is not None


def _is_number(cell: str) -> bool:
    return number(cell, ".") is not None


def day(text: str, order: str | None) -> date | None:
    """The day in a cell, or None."""
    try:
        return dates.parse(text, order)[0]
    except CellWrong:
        return None


def number(text: str, decimal: str | None) -> Decimal | None:
    """The figure in a cell, or None."""
    try:
        return numbers.parse(text, decimal).value
    except CellWrong:
        return None


def _column(body: list[list[str]], at: int | None) -> list[str]:
    return [] if at is None else [row[at] for row in body if at < len(row) and row[at].strip()]


def _order(body: list[list[str]], columns: Columns) -> str | None:
    texts = _column(body, columns.booked) + _column(body, columns.value)
    return dates.day_order(texts) or _order_of_time(texts)


def _order_of_time(texts: list[str]) -> str | None:
    """Where each day could be two: the reading under which they all stand in the order of time, if the other does not."""
    fitting: list[str] = []
    for order in ("dmy", "mdy"):
        days = [found for each in texts if (found := day(each, order))]
        if len(days) > 2 and (days == sorted(days) or days == sorted(days, reverse=True)) and (max(days) - min(days)).days <= 92:
            fitting.append(order)
    return fitting[0] if len(fitting) == 1 else None


def _decimal(body: list[list[str]], columns: Columns) -> str | None:
    figures = [cell for at in (columns.amount, columns.debit, columns.credit, columns.balance) for cell in _column(body, at)]
    return numbers.decimal_sign(figures)


def _own_account(above: str) -> str:
    found = next(ibans(above), None)
    return found[0] if found else ""


def _own_currency(above: str, body: list[list[str]], columns: Columns) -> str:
    cells = {cell.strip().upper() for cell in _column(body, columns.currency)}
    if len(cells) == 1 and (only := cells.pop()) in CURRENCIES:
        return only
    codes = {code for code in _CODE.findall(above) if code in CURRENCIES}
    return codes.pop() if len(codes) == 1 else ""
