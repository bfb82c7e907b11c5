"""CII comes and goes without loss: official files, generated models, and every single leaf accounted for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from leaves import alter, goes_unseen, places, remove
from strategies import any_invoices
from wasl.formats import cii, ubl, wasljson, xml
from wasl.formats.paths import Paths

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"
OFFICIAL = sorted(SHARED.glob("en16931/cii/examples/*.xml"))
XRECHNUNG = sorted(SHARED.glob("xrechnung/*_uncefact.xml"))
GOLDEN = sorted((Path(__file__).resolve().parents[1] / "golden").glob("*.json"))

# Taken away, these change nothing, because the model implies them; altered, they are losses like any other.
IMPLIED = (
    "/ram:ApplicableTradeTax/ram:TypeCode",
    "/ram:CategoryTradeTax/ram:TypeCode",
    "/@format",
    "/ram:TaxTotalAmount/@currencyID",
    "/ram:SpecifiedLineTradeSettlement/ram:AdditionalReferencedDocument/ram:TypeCode",
    "/ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge/ram:ChargeIndicator/udt:Indicator",
    "/ram:GrossPriceProductTradePrice/ram:BasisQuantity",  # that of the net price serves both
    "/ram:GrossPriceProductTradePrice/ram:BasisQuantity/@unitCode",
    "/ram:NetPriceProductTradePrice/ram:BasisQuantity",
    "/ram:SpecifiedProcuringProject/ram:Name",
)
# The model holds one means code and one text for all accounts; a supporting document may go without its type.
REPEATED = re.compile(
    r"/ram:SpecifiedTradeSettlementPaymentMeans\[(?!1\])\d+\]/ram:(TypeCode|Information)\Z"
    r"|/ram:ApplicableHeaderTradeAgreement/ram:AdditionalReferencedDocument(\[\d+\])?/ram:TypeCode\Z"
)


def ids(path: Path) -> str:
    return path.name


@pytest.mark.skipif(not OFFICIAL, reason="the corpus is not beside this repository (../shared/corpus)")
def test_all_official_examples_are_here():
    assert (len(OFFICIAL), len(XRECHNUNG)) == (15, 26)


@pytest.mark.parametrize("path", OFFICIAL + XRECHNUNG, ids=ids)
def test_a_file_round_trips_to_an_equal_model(path, cii_schema):
    first = cii.read(path.read_bytes())
    written = cii.write(first.invoice)
    second = cii.read(written)

    assert second.invoice == first.invoice
    assert second.losses == ()
    assert cii.write(second.invoice) == written
    assert cii_schema(written) == []
    assert cii_schema(written, "extended") == []


@pytest.mark.parametrize("path", OFFICIAL + XRECHNUNG, ids=ids)
def test_a_file_comes_back_from_ubl_as_the_same_invoice(path, schema):
    invoice = cii.read(path.read_bytes()).invoice

    document = ubl.write(invoice)

    assert ubl.read(document).invoice == ubl.canonical(invoice)
    assert cii.read(cii.write(ubl.read(document).invoice)).invoice == cii.canonical(ubl.canonical(invoice))
    assert schema(document) == []


def test_only_these_values_of_the_official_files_have_no_place():
    lost = {
        (each.xpath.rpartition("Transaction/")[2], each.value) for path in OFFICIAL + XRECHNUNG for each in cii.read(path.read_bytes()).losses
    }

    line = "ram:IncludedSupplyChainTradeLineItem"
    gross = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:BasisQuantity"
    assert lost <= {
        (f"{line}[1]/{gross}", "1498"),  # another base quantity than that of the net price beside it
        (f"{line}[1]/{gross}/@unitCode", "NAR"),
        (f"{line}[3]/{gross}", "2.75"),
        (f"{line}[3]/{gross}/@unitCode", "NAR"),
        (f"{line}[1]/{gross}", "1.1"),
        (f"{line}[1]/{gross}/@unitCode", "C62"),
        (f"{line}/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:ExemptionReason", "Umkehrung der Steuerschuldnerschaft"),
    }


@pytest.mark.parametrize("path", OFFICIAL[::2] + XRECHNUNG[::6], ids=ids)
def test_every_leaf_and_attribute_altered_changes_the_model_or_is_reported(path):
    root = xml.parse(path.read_bytes())
    before = cii.from_tree(root)

    silent = [place for place in places(root) if goes_unseen(cii.from_tree, before, root, place, alter)]

    assert silent == []


@pytest.mark.parametrize("path", OFFICIAL[::2] + XRECHNUNG[::6], ids=ids)
def test_every_leaf_and_attribute_removed_changes_the_model_or_is_implied(path):
    root = xml.parse(path.read_bytes())
    before = cii.from_tree(root)

    silent = [Paths().of(*place) for place in places(root) if goes_unseen(cii.from_tree, before, root, place, remove)]

    assert [each for each in silent if not re.sub(r"\[\d+\]", "", each).endswith(IMPLIED) and not REPEATED.search(each)] == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(any_invoices())
def test_any_model_round_trips_in_the_shape_that_cii_can_hold(invoice):
    written = cii.write(invoice)
    result = cii.read(written)

    assert result.losses == ()
    assert result.invoice == cii.canonical(invoice)
    assert cii.write(result.invoice) == written


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(any_invoices())
def test_any_model_goes_through_ubl_cii_and_json_and_comes_back(invoice):
    there = cii.read(cii.write(ubl.read(ubl.write(invoice)).invoice)).invoice
    back = wasljson.read(wasljson.write(there)).invoice

    assert back == cii.canonical(ubl.canonical(invoice))
    assert ubl.read(ubl.write(back)).invoice == back


@pytest.mark.parametrize("path", GOLDEN, ids=ids)
def test_the_golden_invoices_are_the_same_in_cii(path, cii_schema):
    invoice = wasljson.read(path.read_bytes()).invoice

    document = cii.write(invoice)

    assert cii.read(document).losses == ()
    assert cii.read(document).invoice == cii.canonical(invoice)
    assert cii_schema(document) == []
