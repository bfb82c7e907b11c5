"""What the bank takes back is marked in each format that can say it: MT940 by RC and RD, CAMT by its flag, its code or its reason."""

from __future__ import annotations

from datetime import date

import pytest

from wasl.formats import statements
from wasl.standins import statements as bank
from wasl.standins.statements import Movement, Period

IBAN = "BE68539007547034"


def marks(data: bytes) -> list[tuple[int, bool]]:
    """(amount, whether it is a reversal) of each line."""
    (statement,) = statements.read(data)
    return [(line.amount, line.is_reversal) for line in statement.lines]


@pytest.mark.parametrize("form", ["mt940", "camt.053.001.02", "camt.053.001.08"])
def test_a_reversed_credit_goes_out_and_a_reversed_debit_comes_in(form: str) -> None:
    moves = [
        Movement(date(2026, 11, 3 + at), amount, text=f"text {at}", reversal=reversal)
        for at, (amount, reversal) in enumerate([(12100, False), (-12100, True), (-500, False), (500, True)])
    ]
    period = Period(IBAN, "EUR", 0, moves)
    data = bank.mt940([period]) if form == "mt940" else b"".join(bank.camt053([period], version=int(form[-2:])))

    assert marks(data) == [(12100, False), (-12100, True), (-500, False), (500, True)]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("D121,00NRTINONREF", "came back"),
        ("D121,00NTRFNONREF", "/TRTP/SEPA OVERBOEKING/RTRN/MS03/IBAN/BE68539007547034/"),
        ("D121,00NTRFNONREF", "109?00RUECKLASTSCHRIFT?20SVWZ+RETURN"),
    ],
    ids=["returned item", "reason for return", "German code of a return"],
)
def test_an_mt940_says_it_in_other_ways_too(line: str, note: str) -> None:
    data = f":20:1\r\n:25:{IBAN}\r\n:28C:1\r\n:60F:C261101EUR200,00\r\n:61:2611031103{line}\r\n:86:{note}\r\n:62F:C261103EUR79,00\r\n-\r\n"

    assert marks(data.encode()) == [(-12100, True)]


@pytest.mark.parametrize(
    "said",
    [
        ("<SubFmlyCd>ESCT</SubFmlyCd>", "<SubFmlyCd>RRTN</SubFmlyCd>"),
        ("</TxDtls>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"),
        ("<Sts><Cd>", "<RvslInd>1</RvslInd><Sts><Cd>"),
    ],
    ids=["code of the entry", "reason of the transaction", "flag as a figure"],
)
def test_a_camt_says_it_in_other_ways_too(said: tuple[str, str]) -> None:
    data = b"".join(bank.camt053([Period(IBAN, "EUR", 12100, [Movement(date(2026, 11, 3), -12100, text="back")])], version=8))

    assert marks(data) == [(-12100, False)]
    assert marks(data.replace(said[0].encode(), said[1].encode())) == [(-12100, True)]
    assert marks(data.replace(b"<Sts><Cd>", b"<RvslInd>false</RvslInd><Sts><Cd>")) == [(-12100, False)]


def test_the_mark_does_not_change_which_movement_it_is() -> None:
    """Statements that were imported before it was read hold the same movements."""
    plain, marked = (
        bank.mt940([Period(IBAN, "EUR", 12100, [Movement(date(2026, 11, 3), -12100, text="back", reversal=reversal)])]) for reversal in (False, True)
    )

    assert statements.read(plain)[0].lines[0].identity == statements.read(marked)[0].lines[0].identity
