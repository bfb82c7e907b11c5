"""BT-20: what a machine may read out of it, and what stays text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from wasl.invoice.model import DocumentTotals, Invoice
from wasl.invoice.payment_terms import Discount, LateFee, payment_terms


def terms(text: str | None, total: str = "242.00", currency: str = "EUR") -> object:
    return payment_terms(Invoice(issue_date=date(2026, 11, 27), currency=currency, payment_terms=text, totals=DocumentTotals(payable_amount=Decimal(total))))


def test_a_discount_and_a_late_fee_are_read_and_the_rest_is_text() -> None:
    found = terms("Thank you.\n#SKONTO#TAGE=14#PROZENT=2.00#\n#VERZUG#TAGE=30#PROZENT=8.50#\nBy transfer only.")

    assert found.discounts == (Discount(date(2026, 12, 11), Decimal("2.00"), Decimal("4.84"), Decimal("237.16")),)
    assert found.late_fees == (LateFee(date(2026, 12, 27), Decimal("8.50")),)
    assert found.text == "Thank you.\nBy transfer only."


def test_a_discount_holds_on_its_last_day_and_not_on_the_next() -> None:
    (discount,) = terms("#SKONTO#TAGE=14#PROZENT=2.00#").discounts

    assert discount.applies(date(2026, 12, 11)) and not discount.applies(date(2026, 12, 12))


def test_a_base_of_its_own_and_three_decimals() -> None:
    assert terms("#SKONTO#TAGE=7#PROZENT=3.00#BASISBETRAG=100.00#").discounts[0].amount == Decimal("3.00")
    assert terms("#SKONTO#TAGE=7#PROZENT=1.00#", "10.050", "JOD").discounts[0].amount == Decimal("0.101")


@pytest.mark.parametrize(
    "text",
    ["2% off within 14 days", "#SKONTO#TAGE=14#PROZENT=2#", "#SKONTO#TAGE=9999#PROZENT=2.00#", "#SKONTO#TAGE=14#PROZENT=0.00#", "#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=-5.00#",
     "#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=999999.00#", "#SKONTO#TAGE=14#PROZENT=2.00# soon", "#" * 5000],
)  # fmt: skip
def test_what_only_looks_like_it_stays_text_and_promises_nothing(text: str) -> None:
    found = terms(text)

    assert found.text == text and found.discounts == () and found.late_fees == ()


def test_no_terms_are_no_terms() -> None:
    assert terms(None) == terms("  ") and terms(None).text == ""
