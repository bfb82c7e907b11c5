"""Broken, foreign and hostile files: one clear sentence in both languages, bounded memory, nothing half-read (T12-T20, T95, T97)."""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile
import zlib
from datetime import date, timedelta

import pytest

from wasl.errors import UnreadableInput
from wasl.formats import statements
from wasl.formats.statements import (
    BalanceBroken,
    LineUnreadable,
    NotAStatement,
    PackageRefused,
    Plain,
    Squeezed,
    StatementTooLarge,
    SumsDiffer,
    squeeze,
    unpack,
)
from wasl.formats.xml import DoctypeRefused, XmlRefused
from wasl.standins import statements as bank
from wasl.standins.statements import Movement, Period

LINES = [Movement(date(2026, 11, 1 + at), 100 * (at + 1), name="مؤسسة الأفق", text=f"INV-2026-{at:06d}") for at in range(5)]
PERIOD = Period("SA0380000000608010167519", "SAR", 5000, LINES)
CAMT = b"".join(bank.camt053([PERIOD]))
MT940 = bank.mt940([PERIOD])
TABLE = bank.table(PERIOD)


def sentences(error: UnreadableInput) -> tuple[str, str]:
    return error.message("en"), error.message("ar")


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", NotAStatement, "empty"),
        (b"%PDF-1.7 statement", NotAStatement, "PDF"),
        (CAMT.replace(b'<Amt Ccy="SAR">3.00', b'<Amt Ccy="SAR">4.00'), SumsDiffer, "1.00 SAR"),
        (CAMT.replace(b'Ccy="SAR">3.00', b'Ccy="SAR">3.005'), LineUnreadable, "Line 3"),
        (CAMT.replace(b'Ccy="SAR">3.00', b'Ccy="EUR">3.00'), LineUnreadable, "Line 3: it is in EUR"),
        (CAMT.replace(b'Ccy="SAR">3.00', b'Ccy="SAR">1e3'), LineUnreadable, "1e3"),
        (CAMT.replace(b"<Dt>2026-11-03</Dt>", b"<Dt>2026-02-30</Dt>"), LineUnreadable, "2026-02-30"),
        (CAMT[: len(CAMT) // 2], XmlRefused, "damaged"),
        (CAMT.replace(b"Stmt>", b"Rpt>"), NotAStatement, "camt.052"),
        (CAMT.replace(b"<Document", b"<!DOCTYPE a [<!ENTITY b 'c'>]><Document"), DoctypeRefused, "DOCTYPE"),
        (CAMT.replace(b"<Document", b"<?a b?><!-- x --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><Document"), DoctypeRefused, "DOCTYPE"),
        (MT940.replace(b":61:2611031103C3,00", b":61:2611031103C3,01"), SumsDiffer, "0.01 SAR"),
        (MT940.replace(b":61:2611031103C3,00", b":61:2613031103C3,00"), LineUnreadable, "Line 3"),
        (MT940[: MT940.index(b":62F:")], LineUnreadable, "closing balance"),
        (TABLE.replace(b"53.00", b"54.00"), BalanceBroken, "Row 4"),
        (b"".join(line for at, line in enumerate(TABLE.splitlines(True)) if at != 3), BalanceBroken, "Row 4"),
    ],
    ids=[
        "empty", "pdf", "sum", "half-halala", "other-currency", "exponent", "no-such-day", "cut-off", "camt.052", "doctype", "doctype-behind-comments",
        "swift-sum", "swift-day", "swift-cut-off", "balance-edited", "row-cut-out",
    ],
)  # fmt: skip
def test_each_breakage_is_named_in_both_languages(data: bytes, error: type[UnreadableInput], words: str) -> None:
    with pytest.raises(error) as refused:
        statements.read(data)

    english, arabic = sentences(refused.value)
    assert words in english and any("\u0600" <= letter <= "\u06ff" for letter in arabic)


def test_a_file_that_hides_its_doctype_in_utf_16_is_refused() -> None:
    evil = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b SYSTEM "http://x.example/">]><Document/>'

    with pytest.raises(DoctypeRefused):
        statements.read(evil.encode("utf-16"))


def test_t95_a_bomb_is_refused_by_what_comes_out_of_it() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package, package.open("statement.xml", "w") as entry:
        for _ in range(210):
            entry.write(bytes(1_000_000))

    tracemalloc.start()
    with pytest.raises(PackageRefused) as refused:
        unpack(Plain(bomb.getvalue()), "s.zip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "200,000,000" in str(refused.value) and peak < 20_000_000


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def test_t95_packages_in_packages_too_many_files_and_damaged_ones_are_refused() -> None:
    many = packed(**{f"../../{at}.xml": CAMT for at in range(51)})
    cases = [
        packed(a=packed(b=CAMT)),
        packed(a=zlib.compress(b"x", wbits=31)),
        many,
        packed(),
        packed(a=CAMT)[:-30],
        packed(**{str(n): b"" for n in range(2000)}),
    ]

    for data in cases:
        with pytest.raises(PackageRefused):
            unpack(Plain(data), "s.zip")


def test_a_zip_of_daily_statements_gives_each_by_its_harmless_name() -> None:
    found = unpack(Plain(packed(**{"../../etc/monday.xml": CAMT, "tuesday.sta": MT940})), "week.zip")

    assert [name for name, _ in found] == ["monday.xml", "tuesday.sta"]
    assert all(isinstance(part, statements.Head | statements.Line | statements.Foot) for _, source in found for part in statements.stream(source))


def test_an_unpacked_stream_longer_than_any_statement_stops() -> None:
    with pytest.raises(StatementTooLarge):
        squeeze(bytes(1_000_000) for _ in range(201))


def test_nesting_and_piles_of_unasked_elements_are_bounded() -> None:
    deep = b"<Document>" + b"<a>" * 100_000
    pile = b"<Document><BkToCstmrStmt><Stmt>" + b"<a/>" * 500_000

    for data in (deep, pile, b"<Document " + b"a='1' " * 400_000 + b"/>"):
        with pytest.raises(XmlRefused):
            statements.read(data)


def test_a_hundred_thousand_lines_are_read_in_the_memory_of_one() -> None:
    movements = [
        Movement(date(2026, 1, 1) + timedelta(at % 300), 100 + at % 900, name="Name", text=f"INV {at}", bank_reference=str(at))
        for at in range(20_000)
    ]
    data = squeeze(bank.camt053([Period("DE02120300000000202051", "EUR", 0, movements)], version=8))

    tracemalloc.start()
    lines = sum(isinstance(part, statements.Line) for part in statements.stream(Squeezed(data)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert lines == 20_000 and peak < 12_000_000  # the counters of identities, and one entry at a time


@pytest.mark.parametrize("data", [CAMT, MT940, bank.ofx(PERIOD), bank.ofx(PERIOD, as_xml=True), TABLE], ids=["camt", "mt940", "sgml", "xml", "table"])
def test_mutants_are_read_or_refused_never_a_fault(data: bytes) -> None:
    dice = random.Random(20261127)
    for _ in range(300):
        mutant = bytearray(data)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(mutant))
            act = dice.randrange(4)
            if act == 0:
                mutant[at] = dice.randrange(256)
            elif act == 1:
                del mutant[at : at + dice.randint(1, 40)]
            elif act == 2:
                mutant[at:at] = mutant[dice.randrange(len(mutant)) :][:40]
            else:
                mutant[at:at] = dice.choice([b"<", b"\x00", b"\n:61:", b"</STMTTRN>", b"'", b'"', "٣".encode(), b"\xff\xfe", b"?20", b","])
            if not mutant:
                break
        try:
            read = statements.read(bytes(mutant))
        except UnreadableInput as refused:
            assert all(sentences(refused))
        else:
            assert all(isinstance(line.amount, int) for each in read for line in each.lines)
