"""UBL comes and goes without loss: official files, generated models, and every single leaf accounted for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from leaves import alter, goes_unseen, places, remove
from strategies import any_invoices
from wasl.formats import ubl, xml
from wasl.formats.paths import Paths

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"
OFFICIAL = sorted(SHARED.glob("en16931/ubl/examples/*.xml"))
OTHERS = sorted([*SHARED.glob("xrechnung/*_ubl.xml"), *SHARED.glob("peppol/examples/*.xml"), *SHARED.glob("zatca/*.xml")])

# Taken away, these change nothing, because the model implies them; altered, they are losses like any other.
IMPLIED = (
    "/cac:TaxScheme/cbc:ID",
    "/cbc:UBLVersionID",
    "/@currencyID",
    "/cac:DocumentReference/cbc:DocumentTypeCode",
    "/cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator",
    "/cac:CardAccount/cbc:NetworkID",
    "/cac:OrderReference/cbc:ID",
)
# The model holds one means code and one reference for all accounts; UBL repeats them with each.
REPEATED = re.compile(r"/cac:PaymentMeans\[(?!1\])\d+\]/cbc:Payment(MeansCode|ID)(/@name)?\Z")


def ids(path: Path) -> str:
    return path.name


@pytest.mark.skipif(not OFFICIAL, reason="the corpus is not beside this repository (../shared/corpus)")
def test_all_sixteen_official_examples_are_here():
    assert len(OFFICIAL) == 16


@pytest.mark.parametrize("path", OFFICIAL + OTHERS, ids=ids)
def test_a_file_round_trips_to_an_equal_model(path, schema):
    first = ubl.read(path.read_bytes())
    written = ubl.write(first.invoice)
    second = ubl.read(written)

    assert second.invoice == first.invoice
    assert second.losses == ()
    assert ubl.write(second.invoice) == written
    assert schema(written) == []


@pytest.mark.parametrize("path", OFFICIAL, ids=ids)
def test_only_these_values_of_the_official_examples_have_no_place(path):
    lost = {(each.xpath.rpartition("/")[2], each.value) for each in ubl.read(path.read_bytes()).losses}

    assert lost <= {("cbc:ID", "LOC"), ("ext:ExtensionURI", "urn:oasis:names:specification:ubl:dsig:enveloped:xades")}


@pytest.mark.parametrize("path", OFFICIAL + OTHERS[::6], ids=ids)
def test_every_leaf_and_attribute_altered_changes_the_model_or_is_reported(path):
    root = xml.parse(path.read_bytes())
    before = ubl.from_tree(root)

    silent = [place for place in places(root) if goes_unseen(ubl.from_tree, before, root, place, alter)]

    assert silent == []


@pytest.mark.parametrize("path", OFFICIAL + OTHERS[::6], ids=ids)
def test_every_leaf_and_attribute_removed_changes_the_model_or_is_implied(path):
    root = xml.parse(path.read_bytes())
    before = ubl.from_tree(root)

    silent = [Paths().of(*place) for place in places(root) if goes_unseen(ubl.from_tree, before, root, place, remove)]

    assert [each for each in silent if not each.endswith(IMPLIED) and not REPEATED.search(each)] == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(any_invoices())
def test_any_model_round_trips(invoice):
    written = ubl.write(invoice)
    result = ubl.read(written)

    assert result.losses == ()
    assert result.invoice == ubl.canonical(invoice)
    assert ubl.write(result.invoice) == written
