"""Who sealed, and for whom the document speaks."""

from __future__ import annotations

import pytest

from wasl.formats import ubl
from wasl.invoice.model import Invoice, Party
from wasl.ledger import seller


def document(vat):
    return ubl.write(Invoice(number="1", seller=Party(name="x", vat_identifier=vat)))


@pytest.mark.parametrize("vat", ["SA300000000000003", "300000000000003", "SA 3000 0000 0000 003", None])
def test_the_same_number_in_any_spelling_is_no_caution(vat):
    assert seller.warning(document(vat), "VATSA-300000000000003") is None


def test_another_number_is_a_caution_in_both_languages():
    english, arabic = seller.warning(document("SA399999999999993"), "VATSA-300000000000003")
    assert "SA399999999999993" in english
    assert "VATSA-300000000000003" in arabic


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"<!DOCTYPE a><a/>", b"<a>", b"%PDF-1.7", b"{}"])
def test_a_document_that_cannot_be_read_raises_nothing(data):
    assert seller.warning(data, "VATSA-300000000000003") is None


def test_a_certificate_without_a_number_compares_nothing():
    assert seller.warning(document("SA399999999999993"), None) is None


@pytest.mark.parametrize("sealed", ["x", " X ", None])
def test_without_a_number_the_same_name_is_no_caution(sealed):
    assert seller.warning(document(None), "VATSA-300000000000003", sealed) is None


def test_leaving_the_number_out_does_not_silence_the_caution():
    english, arabic = seller.warning(document(None), "VATSA-300000000000003", "Another\u202e Company")
    assert english == "Caution: the document names the seller “x”, but the seal belongs to “Another\ufffd Company”."
    assert "«x»" in arabic


def test_a_long_name_is_compared_as_far_as_the_certificate_holds_it():
    data = ubl.write(Invoice(number="1", seller=Party(name="شركة " * 30)))
    assert seller.warning(data, None, ("شركة " * 30)[:63] + "…") is None
