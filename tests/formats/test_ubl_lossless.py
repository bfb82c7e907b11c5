"""UBL comes and goes without loss: official files, generated models, and every single leaf accounted for."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from strategies import any_invoices
from wasl.formats import ubl, xml
from wasl.formats.ubl.cursor import Paths

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"
OFFICIAL = sorted(SHARED.glob("en16931/ubl/examples/*.xml"))
OTHERS = sorted([*SHARED.glob("xrechnung/*_ubl.xml"), *SHARED.glob("peppol/examples/*.xml"), *SHARED.glob("zatca/*.xml")])
XSI_HINT = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

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

    silent = [place for place in _places(root) if _same(before, root, place, _alter)]

    assert silent == []


@pytest.mark.parametrize("path", OFFICIAL + OTHERS[::6], ids=ids)
def test_every_leaf_and_attribute_removed_changes_the_model_or_is_implied(path):
    root = xml.parse(path.read_bytes())
    before = ubl.from_tree(root)

    silent = [Paths().of(*place) for place in _places(root) if _same(before, root, place, _remove)]

    assert [each for each in silent if not each.endswith(IMPLIED) and not REPEATED.search(each)] == []


def _places(root):
    """Every leaf (element, None) and attribute (element, name), but for hints to a validator."""
    for element in list(root.iter(etree.Element)):
        if next(element.iterchildren(etree.Element), None) is None and (element.text or "").strip():
            yield element, None
        for name in element.attrib:
            if name != XSI_HINT:
                yield element, name


def _same(before, root, place, change) -> bool:
    """Whether a change at one place goes unseen; the tree is put back afterwards."""
    undo = change(*place)
    try:
        after = ubl.from_tree(root)
    except ubl.NotUbl:
        return False
    finally:
        undo()
    return (after.invoice, after.losses) == (before.invoice, before.losses)


def _alter(element, name):
    old = element.text if name is None else element.get(name)
    new = _other(old)
    _set(element, name, new)
    return lambda: _set(element, name, old)


def _other(value: str) -> str:
    """Another value of the same kind, so that nothing is caught merely for its form."""
    text = value.strip()
    if text in ("true", "false"):
        return "false" if text == "true" else "true"
    digits = [at for at, each in enumerate(value) if each in "0123456789"]
    if digits and text.replace("-", "").replace(".", "").isdigit():
        at = digits[-1]
        return value[:at] + ("2" if value[at] != "2" else "1") + value[at + 1 :]
    return "A" + value if text else value + "A"


def _set(element, name, value):
    if name is None:
        element.text = value
    else:
        element.set(name, value)


def _remove(element, name):
    if name is not None:
        old = element.attrib.pop(name)
        return lambda: element.set(name, old)
    parent, at = element.getparent(), element.getparent().index(element)
    spare = copy.deepcopy(element)
    parent.remove(element)

    def undo():
        element.tail = spare.tail
        parent.insert(at, element)

    return undo


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(any_invoices())
def test_any_model_round_trips(invoice):
    written = ubl.write(invoice)
    result = ubl.read(written)

    assert result.losses == ()
    assert result.invoice == invoice
    assert ubl.write(result.invoice) == written
