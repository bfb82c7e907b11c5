"""Jordan: three decimals are right, sums are still checked to the fils."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from msgspec.structs import replace
from samples import amman

from wasl.formats import ubl, wasljson
from wasl.invoice.model import DocumentTotals, Invoice
from wasl.invoice.totals import totals
from wasl.regimes import UnknownRegime, regime
from wasl.regimes.jo.validate import PROFILE, checks
from wasl.rules import validate


def without_rounding() -> Invoice:
    return totals(replace(amman(), totals=DocumentTotals(prepaid_amount=D("10.002"))))


def test_right_invoices_in_dinars_break_exactly_what_the_profile_leaves_out() -> None:
    fired = {f.rule for invoice in (amman(), without_rounding()) for f in validate(ubl.write(invoice), profile="en16931").findings}
    assert fired == PROFILE.skipped


@pytest.mark.parametrize("invoice", [amman(), without_rounding()], ids=["rounding", "no rounding"])
def test_they_are_valid_under_their_own_profile(invoice: Invoice) -> None:
    report = validate(ubl.write(invoice), profile="jo")
    assert report.valid is True and report.findings == ()
    assert checks(invoice) == []


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("line_extension_amount", "WASL-JO-CO-10"),
        ("allowance_total_amount", "WASL-JO-CO-11"),
        ("charge_total_amount", "WASL-JO-CO-12"),
        ("tax_exclusive_amount", "WASL-JO-CO-13"),
        ("tax_amount", "WASL-JO-CO-14"),
        ("tax_inclusive_amount", "WASL-JO-CO-15"),
        ("payable_amount", "WASL-JO-CO-16"),
    ],
)
def test_one_fils_too_much_is_found(field: str, rule: str) -> None:
    invoice = amman()
    assert invoice.totals is not None
    wrong = replace(invoice, totals=replace(invoice.totals, **{field: getattr(invoice.totals, field) + D("0.001")}))
    found = {f.rule: f for f in checks(wrong)}
    assert rule in found
    assert found[rule].field == f"totals.{field}"
    assert f"{getattr(invoice.totals, field):,.3f}" in found[rule].explanation.fix_en
    assert found[rule].explanation.message_ar and found[rule].severity == "fatal"


def test_a_total_of_discounts_that_is_missing_is_found() -> None:
    invoice = amman()
    assert invoice.totals is not None
    found = checks(replace(invoice, totals=replace(invoice.totals, allowance_total_amount=None)))
    assert "WASL-JO-CO-11" in {f.rule for f in found}


def test_a_fourth_decimal_is_found_and_placed() -> None:
    invoice = amman()
    lines = (invoice.lines[0], replace(invoice.lines[1], net_amount=D("0.7721")))
    found = [f for f in checks(replace(invoice, lines=lines)) if f.rule == "WASL-JO-DEC"]
    assert [f.field for f in found] == ["lines[1].net_amount"]
    assert found[0].explanation.where_en == "line 2, line net amount" and "4 decimals" in found[0].explanation.message_en
    assert "4 خانات عشرية" in found[0].explanation.message_ar


def test_an_invoice_in_dollars_has_two_decimals_here_too() -> None:
    found = checks(replace(amman(), currency="USD"))
    assert found and {f.rule for f in found} >= {"WASL-JO-DEC"}


def test_a_draft_without_totals_is_no_error() -> None:
    assert checks(Invoice(currency="JOD")) == []
    assert [f.rule for f in checks(Invoice(currency="JOD", totals=DocumentTotals()))] == []


def test_each_exclusion_is_explained() -> None:
    assert len(PROFILE.excluded) == len(PROFILE.skipped) == 27
    assert all(e.reason_en and e.reason_ar and "ISO 4217" in e.source for e in PROFILE.excluded)


def test_an_unknown_law_is_named() -> None:
    with pytest.raises(UnknownRegime, match="jo, sa"):
        regime("xx")


def test_the_sample_seller_keeps_its_law() -> None:
    from wasl.samples import sample

    invoice = wasljson.read(sample("amman_jod")).invoice
    assert validate(ubl.write(invoice), profile="jo").valid is True and checks(invoice) == []
