"""Saudi Arabia: what the profile leaves out fires on a right Saudi invoice; what takes its place finds wrong ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal as D

import pytest
from msgspec.structs import replace
from samples import riyadh, riyadh_out_of_scope

from wasl.formats import ubl, wasljson
from wasl.invoice.model import Identifier, Invoice
from wasl.regimes import regime, regime_of
from wasl.regimes.sa.qr import QrNeedsTerm, tags
from wasl.regimes.sa.validate import OWN_RULES, PROFILE, checks, is_vat_number
from wasl.rules import validate

SAUDI = regime("sa")


def test_right_saudi_invoices_break_exactly_what_the_profile_leaves_out() -> None:
    reports = [validate(ubl.write(invoice), profile="en16931") for invoice in (riyadh(), riyadh_out_of_scope())]
    assert {f.rule for report in reports for f in report.findings} == PROFILE.skipped


@pytest.mark.parametrize("invoice", [riyadh(), riyadh_out_of_scope()], ids=["taxed", "out of scope"])
def test_they_are_valid_under_their_own_profile(invoice: Invoice) -> None:
    report = validate(ubl.write(invoice), profile="sa")
    assert report.valid is True and report.findings == ()
    assert checks(invoice) == []


def test_each_exclusion_has_reasons_and_a_source() -> None:
    for each in PROFILE.excluded:
        assert each.reason_en.endswith(".") and each.reason_ar.endswith("."), each.rule
        assert "measured" in each.source, each.rule


@pytest.mark.parametrize("name", ["Simplified_Invoice", "Standard_Invoice", "Simplified_Credit_Note", "Standard_Credit_Note"])
def test_the_official_samples_break_the_excluded_rules(corpus, name: str) -> None:
    fired = {f.rule for f in validate((corpus / "zatca" / f"{name}.xml").read_bytes()).findings}
    assert {"BR-CO-09", "BR-CL-10"} <= fired
    if name == "Simplified_Credit_Note":
        assert {"BR-Z-10", "BR-CL-22"} <= fired


def with_seller(**changes: object) -> Invoice:
    invoice = riyadh()
    assert invoice.seller is not None
    return replace(invoice, seller=replace(invoice.seller, **changes))


@pytest.mark.parametrize("number", ["SA310000000000003", "31000000000000", "110000000000003", "310000000000001", "٣١٠٠٠٠٠٠٠٠٠٠٠٠٣", " 310000000000003"])
def test_a_wrong_vat_number_is_found(number: str) -> None:
    found = checks(with_seller(vat_identifier=number))
    assert [f.rule for f in found] == ["WASL-SA-01"]
    assert found[0].severity == "fatal" and found[0].field == "seller.vat_identifier"
    words = found[0].explanation
    assert "15 digits" in words.message_en and "15 رقمًا" in words.message_ar and words.term == "BT-31"


def test_a_missing_vat_number_is_found() -> None:
    found = checks(with_seller(vat_identifier=None))
    assert [f.rule for f in found] == ["WASL-SA-01"] and "missing" in found[0].explanation.message_en


def test_a_buyer_abroad_keeps_the_number_of_his_country() -> None:
    invoice = riyadh()
    buyer = invoice.buyer
    assert buyer is not None and buyer.address is not None
    foreign = replace(buyer, vat_identifier="BE0123456789", address=replace(buyer.address, country="BE"))
    assert checks(replace(invoice, buyer=foreign)) == []
    domestic = replace(buyer, vat_identifier="BE0123456789")
    assert [f.rule for f in checks(replace(invoice, buyer=domestic))] == ["WASL-SA-02"]


def test_an_unknown_kind_of_identification_is_found() -> None:
    identifiers = (Identifier(value="1", scheme="CRN"), Identifier(value="2", scheme="0088"), Identifier(value="3", scheme="XYZ"), Identifier(value="4"))
    found = checks(with_seller(identifiers=identifiers))
    assert [(f.rule, f.field) for f in found] == [("WASL-SA-03", "seller.identifiers[2].scheme")]
    assert "CRN" in found[0].explanation.fix_ar


def test_the_zero_rate_wants_its_reason_as_code_and_text() -> None:
    invoice = riyadh()

    def found(**changes: str | None) -> list[tuple[str, str, str]]:
        rows = tuple(replace(row, **changes) if row.category == "Z" else row for row in invoice.tax_breakdown)
        return [(f.rule, f.severity, f.explanation.term) for f in checks(replace(invoice, tax_breakdown=rows))]

    assert found(exemption_reason_code=None) == [("WASL-SA-04", "warning", "BT-121")]
    assert found(exemption_reason=None) == [("WASL-SA-04", "warning", "BT-120")]


def test_the_rules_of_this_law_are_listed() -> None:
    assert [rule.id for rule in OWN_RULES] == [f"WASL-SA-0{n}" for n in (1, 2, 3, 4)]
    assert all(rule.source and rule.ar and rule.en for rule in OWN_RULES)


def test_vat_numbers() -> None:
    assert is_vat_number("310000000000003") and not is_vat_number("3" * 16) and not is_vat_number("")


NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=3)))


def test_the_qr_holds_five_tags() -> None:
    assert tags(riyadh(), NOON) == [
        (1, "شركة الرياض للاستشارات".encode()),
        (2, b"310000000000003"),
        (3, b"2026-11-23T09:00:00Z"),
        (4, b"1135.00"),
        (5, b"135.00"),
    ]


def test_the_qr_gives_the_tax_in_riyals_where_the_invoice_is_in_another_currency() -> None:
    invoice = riyadh()
    assert invoice.totals is not None
    foreign = replace(invoice, currency="USD", tax_currency="SAR", totals=replace(invoice.totals, tax_amount_accounting=D("506.25")))
    assert dict(tags(foreign, NOON))[5] == b"506.25"


def test_a_long_name_is_cut_between_characters() -> None:
    value = dict(tags(with_seller(name="ر" * 200), NOON))[1]
    assert len(value) == 254 and value.decode() == "ر" * 127


def test_the_qr_says_what_it_lacks() -> None:
    with pytest.raises(QrNeedsTerm) as refused:
        tags(with_seller(vat_identifier=None), NOON)
    assert "seller VAT number" in refused.value.message("en") and "الرقم الضريبي للبائع" in refused.value.message("ar")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        tags(riyadh(), datetime(2026, 1, 1))
    assert dict(tags(riyadh(), datetime(2026, 1, 1, tzinfo=UTC)))[3] == b"2026-01-01T00:00:00Z"


def test_a_country_becomes_a_law_in_one_place() -> None:
    assert regime_of("SA") is SAUDI and SAUDI.qr is tags and regime_of("BE") is None and regime_of(None) is None


def test_the_sample_seller_keeps_its_law() -> None:
    from wasl.samples import sample

    invoice = wasljson.read(sample("riyadh_services_sar")).invoice
    assert validate(ubl.write(invoice), profile="sa").valid is True and checks(invoice) == []
