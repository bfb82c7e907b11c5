"""CAMT.053 (ISO 20022 BankToCustomerStatement), versions 001.02 to 001.13: read by names, for the parts we need never moved.

Only booked entries count. A batch booking whose transactions each carry an amount, and add up to the entry, becomes one
line a transaction; otherwise the entry is one line with all references of its transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from wasl.errors import Words
from wasl.formats.lexical import to_date
from wasl.formats.statements.amounts import line_place, minor
from wasl.formats.statements.errors import LineUnreadable, NotAStatement
from wasl.formats.statements.model import Balance, Foot, Head, Line, Part
from wasl.formats.statements.source import BYTES_MAX, Source
from wasl.formats.xml import Element, text_of
from wasl.formats.xml_stream import elements

TEXT_CHARS_MAX = 2_000
NAME_CHARS_MAX = 200
REFERENCES_MAX = 20
_NOTHING = frozenset({"NOTPROVIDED", "NONREF", "NOTAVAILABLE", "NONE", "/"})
# Sub-families of bank transaction codes: a transfer, a direct debit, a cheque or a card payment that was returned, recalled or reversed
_RETURNS = frozenset({"RRTN", "RPCR", "UPDD", "PRDD", "UPCT", "UPCQ", "CQRV"})
_STARTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_ENDS = frozenset({"Ntry", "Stmt"})
_OTHERS = {"Rpt": "camt.052", "Ntfctn": "camt.054"}


class _Account(NamedTuple):
    number: str
    currency: str


def read(source: Source) -> Iterator[Part]:
    """Heads, lines and feet in the order of the file. Raises `StatementRefused` and `XmlRefused`."""
    account: _Account | None = None
    closing: Balance | None = None
    at, found = 0, False
    for event, name, node in elements(source.chunks(), starts=_STARTS, ends=_ENDS, bytes_max=BYTES_MAX):
        if name in _OTHERS:
            raise _wrong_message(_OTHERS[name])
        if event == "start":
            account, found = None, True
            continue
        if account is None and (name == "Stmt" or node.getparent() is not None):
            head, closing = _head(node if name == "Stmt" else _parent(node))
            account = _Account(head.account, head.currency)
            yield head
        if name == "Stmt":
            yield Foot(closing=closing)
        elif account is not None:
            lines = list(_entry(node, account, at))
            at += len(lines)
            yield from lines
    if not found:
        raise NotAStatement(reason=Words("there is no statement (Stmt) in this XML", "لا كشف (Stmt) في ملف XML هذا"))


def _wrong_message(kind: str) -> NotAStatement:
    return NotAStatement(
        reason=Words(f"it is a {kind}, which is no final statement; ask the bank for camt.053", f"هو {kind} وليس كشفًا نهائيًا؛ اطلب من البنك camt.053")
    )


def _parent(node: Element) -> Element:
    parent = node.getparent()
    return node if parent is None else parent


def _head(stmt: Element) -> tuple[Head, Balance | None]:
    """What stands before the entries, and the closing balance, which stands there too."""
    number = _text(stmt, "Acct", "Id", "IBAN") or _text(stmt, "Acct", "Id", "Othr", "Id")
    balances = [each for each in stmt if _local(each) == "Bal"]
    currency = _text(stmt, "Acct", "Ccy") or next((_currency(each) for each in balances), "")
    if not currency:
        entry = _find(stmt, "Ntry")
        currency = _currency(entry) if entry is not None else ""
    kinds = [(_text(each, "Tp", "CdOrPrtry", "Cd"), each) for each in balances]
    interim = [each for kind, each in kinds if kind == "ITBD"]
    first = [each for kind, each in kinds if kind == "OPBD"] or [each for kind, each in kinds if kind == "PRCD"] or interim[:1]
    last = [each for kind, each in kinds if kind == "CLBD"] or interim[1:][-1:]
    title = _text(stmt, "ElctrncSeqNb") or _text(stmt, "LglSeqNb") or _text(stmt, "Id")
    place = Words(f"Statement {title[:40]}", f"الكشف {title[:40]}")
    head = Head(
        account=number.replace(" ", "").upper()[:64], currency=currency, number=_text(stmt, "Id")[:60] or title[:60],
        opening=_balance(first[0], currency, place) if first else None,
    )  # fmt: skip
    return head, _balance(last[-1], currency, place) if last else None


def _balance(bal: Element, currency: str, place: Words) -> Balance:
    if _currency(bal) != currency:
        other = _currency(bal)[:3]
        raise LineUnreadable(
            place=place, reason=Words(f"a balance is in {other}, the account in {currency}", f"رصيد بعملة {other} والحساب بعملة {currency}")
        )
    return Balance(_signed(bal, currency, place), _date(bal, "Dt", place, required=False))


def _entry(entry: Element, account: _Account, before: int) -> Iterator[Line]:
    """The lines of one entry; none where it is not booked."""
    place = line_place(before + 1)
    status = _find(entry, "Sts")
    if status is not None and (_text(status, "Cd") or text_of(status).strip()) not in ("BOOK", ""):
        return
    if _currency(entry) != account.currency:
        other, own = _currency(entry)[:3], account.currency
        raise LineUnreadable(place=place, reason=Words(f"it is in {other}, the account in {own}", f"هي بعملة {other} والحساب بعملة {own}"))
    amount = _signed(entry, account.currency, place)
    booked = _date(entry, "BookgDt", place, required=False) or _date(entry, "ValDt", place, required=False)
    if booked is None:
        raise LineUnreadable(place=place, reason=Words("it has no booking date", "لا تاريخ قيد لها"))
    value = _date(entry, "ValDt", place, required=False)
    details = [tx for part in entry if _local(part) == "NtryDtls" for tx in part if _local(tx) == "TxDtls"]
    bank = _text(entry, "AcctSvcrRef")
    more = _text(entry, "AddtlNtryInf")
    is_reversal = _text(entry, "RvslInd") in ("true", "1") or _is_return(entry)
    parts = _split(details, amount, account.currency, place)
    groups = [([tx], each) for tx, each in zip(details, parts, strict=True)] if parts else [(details, amount)]
    for step, (transactions, units) in enumerate(groups, 1):
        own = _text(transactions[0], "Refs", "AcctSvcrRef") if len(transactions) == 1 else ""
        yield Line(
            place=before + step, booked=booked, value=value, amount=units, name=_name(transactions, units), account=_theirs(transactions, units),
            references=_references(transactions), text=_remittance(transactions, more), bank_reference=_said(own or bank)[:64],
            is_reversal=is_reversal or any(_is_return(tx) for tx in transactions),
        )  # fmt: skip


def _is_return(node: Element) -> bool:
    """Whether an entry, or one of its transactions, says that an earlier payment came back: by its code or by the reason for it."""
    return _find(node, "RtrInf") is not None or _text(node, "BkTxCd", "Domn", "Fmly", "SubFmlyCd") in _RETURNS


def _split(details: list[Element], amount: int, currency: str, place: Words) -> list[int]:
    """The amounts of the transactions, if there are several and they add up to the entry."""
    if len(details) < 2:
        return []
    units: list[int] = []
    for tx in details:
        found = _find(tx, "Amt")
        if found is None:
            found = _find(tx, "AmtDtls", "TxAmt", "Amt")
        if found is None or found.get("Ccy") != currency:
            return []
        sign = _text(tx, "CdtDbtInd") or ("CRDT" if amount > 0 else "DBIT")
        units.append(minor(text_of(found).strip(), currency, place) * (-1 if sign == "DBIT" else 1))
    return units if sum(units) == amount else []


def _name(transactions: list[Element], amount: int) -> str:
    """The other side: who paid where money came in, who was paid where it went out."""
    names: dict[str, None] = {}
    for tx in transactions:
        for role in ("Dbtr", "UltmtDbtr") if amount > 0 else ("Cdtr", "UltmtCdtr"):
            name = _text(tx, "RltdPties", role, "Nm") or _text(tx, "RltdPties", role, "Pty", "Nm")
            if name:
                names[name] = None
                break
    return (next(iter(names)) if len(names) == 1 else "")[:NAME_CHARS_MAX]


def _theirs(transactions: list[Element], amount: int) -> str:
    if len(transactions) != 1:
        return ""
    role = "DbtrAcct" if amount > 0 else "CdtrAcct"
    number = _text(transactions[0], "RltdPties", role, "Id", "IBAN") or _text(transactions[0], "RltdPties", role, "Id", "Othr", "Id")
    return number.replace(" ", "").upper()[:64]


def _references(transactions: list[Element]) -> tuple[str, ...]:
    """Creditor references and numbers of invoices first: they were made to be matched."""
    found: dict[str, None] = {}
    for tx in transactions:
        for strd in (part for each in tx if _local(each) == "RmtInf" for part in each if _local(part) == "Strd"):
            for part in strd:
                if _local(part) == "CdtrRefInf":
                    found[_said(_text(part, "Ref"))] = None
                elif _local(part) == "RfrdDocInf":
                    found[_said(_text(part, "Nb"))] = None
    for tx in transactions:
        for name in ("EndToEndId", "InstrId", "TxId", "PmtInfId", "MsgId", "ChqNb"):
            found[_said(_text(tx, "Refs", name))] = None
    found.pop("", None)
    return tuple(each[:140] for each in list(found)[:REFERENCES_MAX])


def _remittance(transactions: list[Element], more: str) -> str:
    texts: dict[str, None] = {}
    for tx in transactions:
        for part in tx:
            if _local(part) == "RmtInf":
                texts.update(
                    (text, None)
                    for each in part.iter("{*}Ustrd", "{*}AddtlRmtInf")
                    if (text := text_of(each).strip())
                )  # fmt: skip
            elif _local(part) == "AddtlTxInf":
                texts[text_of(part).strip()] = None
    if more:
        texts[more] = None
    texts.pop("", None)
    return " ".join(" ".join(texts).split())[:TEXT_CHARS_MAX]


def _said(reference: str) -> str:
    return "" if reference.upper().replace(" ", "") in _NOTHING else reference


def _signed(owner: Element, currency: str, place: Words) -> int:
    units = minor(_text(owner, "Amt"), currency, place)
    sign = _text(owner, "CdtDbtInd")
    if sign not in ("CRDT", "DBIT") or units < 0:
        raise LineUnreadable(place=place, reason=Words("it does not say whether money came or went", "لا يُعرف منها أوارد المبلغ أم صادر"))
    return -units if sign == "DBIT" else units


def _currency(owner: Element) -> str:
    amount = _find(owner, "Amt")
    return "" if amount is None else amount.get("Ccy") or ""


def _date(owner: Element, name: str, place: Words, *, required: bool = True) -> date | None:
    text = _text(owner, name, "Dt") or _text(owner, name, "DtTm")
    found = to_date(text[:10])
    if found is None and (text or required):
        raise LineUnreadable(place=place, reason=Words(f"“{text[:30]}” is not a date", f"«{text[:30]}» ليس تاريخًا"))
    return found


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _find(node: Element, *path: str) -> Element | None:
    for name in path:
        found = next(node.iterchildren(f"{{*}}{name}"), None)  # of any namespace: compared in C, twenty times a movement
        if found is None:
            return None
        node = found
    return node


def _text(node: Element, *path: str) -> str:
    found = _find(node, *path)
    return "" if found is None else text_of(found).strip()
