"""Names across scripts, and numbers as people write them."""

from __future__ import annotations

import pytest

from wasl.app.payments.matching.names import Payers
from wasl.app.payments.matching.numbers import numbers_in, shapes
from wasl.invoice import creditor_reference

NAMES = [
    "مؤسسة الأفق الأزرق للتجارة", "شركة سند للتقنية المحدودة", "دار الأثاث", "Ghent Printers NV", "مطابع الميناء", "Al Rashid & Sons Co. Ltd",
    "شركة محمد عبدالله القحطاني", "Blue Horizon Est.", "مكتب خالد للمحاماة", "Noor Pharmacy 12",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("AL OFUQ AL AZRAQ TRADING EST", 0),
        ("الافق الازرق", 0),
        ("SANAD TECHNOLOGY CO", None),  # translated, not spelt: only a person knows
        ("sanad al taqnia", 1),
        ("GHENT PRINTERS", 3),
        ("Mohammed Abdullah Al Qahtani", 6),
        ("AL-RASHID AND SONS", 5),
        ("Rainbow Trading Company Ltd", None),
        ("Branch 12", None),
        ("", None),
    ],
)
def test_a_payer_is_known_by_the_consonants_of_rare_words(written: str, meant: int | None) -> None:
    found = Payers(enumerate(NAMES)).find(written)

    assert (found[0][0] if found else None) == meant


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("INV-2026-004217", ["INV2026004217"]),
        ("inv 2026 4217", ["INV2026004217"]),
        ("فاتورة رقم INV/٢٠٢٦/٠٠٤٢١٧ شكرا", ["INV2026004217"]),
        ("INV-2026-0\n04217", ["~INV2026000000", "~INV2026004217"]),  # cut by a line end: both readings are looked up, neither is sure
        ("INV-2026-00 42\n17", ["~INV2026000000", "~INV2026004217"]),
        ("IN\nV-2026-004217", ["~INV2026004217"]),
        ("INV-2026-4217 15.11.2026", ["~INV2026004217", "~INV2026421715"]),  # its zeros left out, and what follows could belong to it
        ("INV-2026-004217 15.11.2026", ["INV2026004217", "~INV202600421715"]),  # all its digits are there
        ("INV-2026-4217, 15.11.2026", ["INV2026004217"]),
        ("F-1 2", ["~F1", "~F12"]),
        ("XINV-2026-004217", []),
        ("INV-2026-00421799", ["INV202600421799"]),
        ("order 4217", []),
        ("F-1 and F-2", ["F1", "F2"]),
    ],
)
def test_numbers_are_found_by_the_pattern_of_their_series(text: str, numbers: list[str]) -> None:
    assert numbers_in([text], shapes(["INV-{YYYY}-{000000}", "F-{0}"])) == numbers


def test_a_creditor_reference_is_checked_while_it_is_read() -> None:
    reference = creditor_reference.make("539007547034")

    assert reference == "RF18539007547034" and creditor_reference.is_valid(reference)
    assert list(creditor_reference.bodies("ref: rf18 5390-0754 7034.")) == ["539007547034"]
    assert list(creditor_reference.bodies("RF19 5390 0754 7034")) == []
