"""A bank's statements as files: CAMT.053 of any version, MT940, OFX in both forms and a table. For tests, bench and the demo.

Written from the message definitions (ISO 20022 BankToCustomerStatement, SWIFT MT940, OFX 1.0.2 and 2.0), not from our
readers. Amounts are minor units; the files say them with the decimals of their currency.
"""

# The markup of a message reads best as it is sent.
# ruff: noqa: E501

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from wasl.invoice.money import from_minor, minor_units

LAST_NESTED_PARTY = 8  # from camt.053.001.08 on a party's name stands inside <Pty>


@dataclass(frozen=True)
class Movement:
    """What the bank booked."""

    booked: date
    amount: int  # above zero: it came in
    name: str = ""
    account: str = ""
    end_to_end: str = ""
    creditor_reference: str = ""
    text: str = ""
    bank_reference: str = ""
    value: date | None = None
    reversal: bool = False  # it takes an earlier movement back
    batch: tuple[Movement, ...] = field(default=())  # one booking for several payments


@dataclass(frozen=True)
class Period:
    """One statement to be written."""

    account: str
    currency: str
    opening: int
    movements: Sequence[Movement]
    number: str = "1"
    opened_on: date = date(2026, 11, 1)
    closed_on: date = date(2026, 11, 30)

    @property
    def closing(self) -> int:
        return self.opening + sum(each.amount for each in self.movements)


def amount(units: int, currency: str) -> str:
    """Without its sign, with all decimals: 1234.50"""
    return f"{from_minor(abs(units), currency):.{minor_units(currency)}f}"


# -- CAMT.053 -----------------------------------------------------------------------------------------------------------


def camt053(periods: Iterable[Period], *, version: int = 2) -> Iterator[bytes]:
    """The file in pieces."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02d}">\n<BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-12-01T06:00:00+03:00</CreDtTm></GrpHdr>\n"
    ).encode()
    for period in periods:
        yield _camt_head(period).encode()
        for each in period.movements:
            yield _camt_entry(each, period.currency, version).encode()
        yield b"</Stmt>\n"
    yield b"</BkToCstmrStmt></Document>\n"


def _camt_head(period: Period) -> str:
    has_iban = period.account[:2].isalpha()
    identifier = f"<IBAN>{escape(period.account)}</IBAN>" if has_iban else f"<Othr><Id>{escape(period.account)}</Id></Othr>"
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_camt_amount(units, period.currency)}<Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, units, day in (("OPBD", period.opening, period.opened_on), ("CLBD", period.closing, period.closed_on))
    )
    return (
        f"<Stmt><Id>{escape(period.number)}</Id><CreDtTm>2026-12-01T06:00:00+03:00</CreDtTm>"
        f"<Acct><Id>{identifier}</Id><Ccy>{period.currency}</Ccy></Acct>{balances}\n"
    )


def _camt_amount(units: int, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{amount(units, currency)}</Amt><CdtDbtInd>{"DBIT" if units < 0 else "CRDT"}</CdtDbtInd>'


def _camt_entry(each: Movement, currency: str, version: int) -> str:
    status = "<Sts>BOOK</Sts>" if version < LAST_NESTED_PARTY else "<Sts><Cd>BOOK</Cd></Sts>"
    bank = f"<AcctSvcrRef>{escape(each.bank_reference)}</AcctSvcrRef>" if each.bank_reference else ""
    details = "".join(_camt_details(part, currency, version) for part in each.batch or (each,))
    value = each.value or each.booked
    return (
        f"<Ntry>{_camt_amount(each.amount, currency)}{'<RvslInd>true</RvslInd>' if each.reversal else ''}{status}<BookgDt><Dt>{each.booked}</Dt></BookgDt><ValDt><Dt>{value}</Dt></ValDt>{bank}"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def _camt_details(each: Movement, currency: str, version: int) -> str:
    party, theirs = ("Dbtr", "DbtrAcct") if each.amount > 0 else ("Cdtr", "CdtrAcct")
    name = f"<Nm>{escape(each.name)}</Nm>"
    named = (f"<{party}><Pty>{name}</Pty></{party}>" if version >= LAST_NESTED_PARTY else f"<{party}>{name}</{party}>") if each.name else ""
    account = f"<{theirs}><Id><IBAN>{escape(each.account)}</IBAN></Id></{theirs}>" if each.account else ""
    parties = f"<RltdPties>{named}{account}</RltdPties>" if named or account else ""
    reference = f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{escape(each.creditor_reference)}</Ref></CdtrRefInf></Strd>"
    text = f"<Ustrd>{escape(each.text)}</Ustrd>" if each.text else ""
    remittance = f"<RmtInf>{text}{reference if each.creditor_reference else ''}</RmtInf>" if text or each.creditor_reference else ""
    money = f'<AmtDtls><TxAmt><Amt Ccy="{currency}">{amount(each.amount, currency)}</Amt></TxAmt></AmtDtls>'
    return f"<TxDtls><Refs><EndToEndId>{escape(each.end_to_end or 'NOTPROVIDED')}</EndToEndId></Refs>{money}{parties}{remittance}</TxDtls>"


# -- MT940 --------------------------------------------------------------------------------------------------------------


def mt940(periods: Iterable[Period], *, structured: bool = True, encoding: str = "utf-8", line_end: str = "\r\n") -> bytes:
    """One message a period. `structured` writes :86: with sub-fields and SEPA's words, else as plain text."""
    out: list[str] = []
    for period in periods:
        code = period.currency
        out += [f":20:{period.number[:16]}", f":25:{period.account}", f":28C:{period.number}"]
        out.append(f":60F:{_swift_sign(period.opening)}{period.opened_on:%y%m%d}{code}{_swift(period.opening, code)}")
        for each in period.movements:
            value = each.value or each.booked
            out.append(
                f":61:{value:%y%m%d}{each.booked:%m%d}{_swift_sign(each.amount, each.reversal)}{_swift(each.amount, code)}NTRF"
                f"{each.end_to_end[:16] or 'NONREF'}{'//' + each.bank_reference[:16] if each.bank_reference else ''}"
            )
            out += _wrapped(_purpose(each) if structured else f"{each.name} {each.creditor_reference} {each.text}".strip())
        out += [f":62F:{_swift_sign(period.closing)}{period.closed_on:%y%m%d}{code}{_swift(period.closing, code)}", "-"]
    return (line_end.join(out) + line_end).encode(encoding)


def _swift(units: int, currency: str) -> str:
    return amount(units, currency).replace(".", ",") if minor_units(currency) else f"{amount(units, currency)},"


def _swift_sign(units: int, is_reversal: bool = False) -> str:
    """A reversed credit goes out, a reversed debit comes in."""
    if is_reversal:
        return "RC" if units < 0 else "RD"
    return "D" if units < 0 else "C"


def _purpose(each: Movement) -> str:
    reference = f"EREF+{each.creditor_reference}" if each.creditor_reference else ""
    remitted = f"{reference}SVWZ+{each.text}"
    parts = [remitted[at : at + 27] for at in range(0, len(remitted), 27)]
    purpose = "".join(f"?{code}{part}" for code, part in zip([*range(20, 30), *range(60, 64)], parts, strict=False))
    return f"166?00GUTSCHRIFT{purpose}?31{each.account}?32{each.name[:27]}?33{each.name[27:54]}"


def _wrapped(text: str) -> list[str]:
    whole = f":86:{text}"
    return [whole[at : at + 65] for at in range(0, len(whole), 65)]


# -- OFX ----------------------------------------------------------------------------------------------------------------


def ofx(period: Period, *, as_xml: bool = False) -> bytes:
    """OFX 1.0.2 (SGML, values without closing tags) or 2.0 (XML)."""

    def leaf(name: str, value: str) -> str:
        return f"<{name}>{escape(value, quote=False)}" + (f"</{name}>" if as_xml else "\n") if value else ""

    rows = "".join(
        f"<STMTTRN>{leaf('TRNTYPE', 'CREDIT' if each.amount > 0 else 'DEBIT')}{leaf('DTPOSTED', f'{each.booked:%Y%m%d}120000[+3:AST]')}"
        f"{leaf('TRNAMT', ('-' if each.amount < 0 else '') + amount(each.amount, period.currency))}{leaf('FITID', each.bank_reference or f'F{at}')}"
        f"{leaf('REFNUM', each.creditor_reference or each.end_to_end)}{leaf('NAME', each.name)}{leaf('MEMO', each.text)}</STMTTRN>\n"
        for at, each in enumerate(period.movements)
    )
    sign = "-" if period.closing < 0 else ""
    body = (
        f"<OFX><SIGNONMSGSRSV1><SONRS><STATUS>{leaf('CODE', '0')}{leaf('SEVERITY', 'INFO')}</STATUS>{leaf('DTSERVER', '20261201')}{leaf('LANGUAGE', 'ENG')}"
        f"</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS>{leaf('TRNUID', '1')}<STATUS>{leaf('CODE', '0')}{leaf('SEVERITY', 'INFO')}</STATUS>"
        f"<STMTRS>{leaf('CURDEF', period.currency)}<BANKACCTFROM>{leaf('BANKID', '1')}{leaf('ACCTID', period.account)}{leaf('ACCTTYPE', 'CHECKING')}"
        f"</BANKACCTFROM><BANKTRANLIST>{leaf('DTSTART', f'{period.opened_on:%Y%m%d}')}{leaf('DTEND', f'{period.closed_on:%Y%m%d}')}\n{rows}</BANKTRANLIST>"
        f"<LEDGERBAL>{leaf('BALAMT', sign + amount(period.closing, period.currency))}{leaf('DTASOF', f'{period.closed_on:%Y%m%d}')}</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )
    if as_xml:
        head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<?OFX OFXHEADER="200" VERSION="200" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
        return (head + body).encode()
    head = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
    return (head + body).encode()


# -- a table ------------------------------------------------------------------------------------------------------------

ARABIC_HEADER = ("تاريخ العملية", "الوصف", "المرجع", "اسم المحول", "مدين", "دائن", "الرصيد")
ENGLISH_HEADER = ("Transaction Date", "Description", "Reference", "Payer Name", "Debit", "Credit", "Balance")


def table(period: Period, *, header: Sequence[str] = ARABIC_HEADER, encoding: str = "utf-8", newest_first: bool = False) -> bytes:
    """CSV as a bank's page exports it: title rows, day first, the running balance at the end."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([f"كشف حساب / Statement {period.account}", period.currency])
    writer.writerow(header)
    rows: list[list[str]] = []
    balance = period.opening
    for each in period.movements:
        balance += each.amount
        figure = f"{from_minor(abs(each.amount), period.currency):,.{minor_units(period.currency)}f}"
        sign = "-" if balance < 0 else ""
        rows.append(
            [f"{each.booked:%d/%m/%Y}", each.text, each.creditor_reference or each.end_to_end, each.name, "" if each.amount > 0 else figure,
             figure if each.amount > 0 else "", sign + amount(balance, period.currency)]
        )  # fmt: skip
    writer.writerows(reversed(rows) if newest_first else rows)
    return out.getvalue().encode(encoding)
