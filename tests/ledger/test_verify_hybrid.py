"""A sealed original in a hybrid PDF: the CII beside it is a copy, and it must say the same."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace

from wasl.formats import cii, ubl, wasljson
from wasl.ledger.errors import NothingToVerify
from wasl.ledger.verify import verify
from wasl.render import RenderContext
from wasl.render.facturx import render_facturx

INVOICE = wasljson.read((Path(__file__).resolve().parents[1] / "golden" / "several-rates.json").read_bytes()).invoice


@pytest.mark.parametrize("profile", ["minimum", "en16931", "xrechnung"])
@pytest.mark.parametrize("original", [ubl.write(INVOICE), cii.write(INVOICE)], ids=["ubl", "cii"])
def test_the_sealed_original_in_a_hybrid_pdf_is_proven(home, original, profile):
    context = RenderContext(issued_at=datetime(2026, 11, 27, tzinfo=UTC), document_xml=original, xades=home.seal(document=original))
    pdf = render_facturx(INVOICE, context=context, profile=profile).data

    verdict = verify(pdf=pdf, proof=home.prove(original), trust=(home.installation(),))

    assert verdict.exit_code == 0
    assert verdict.document == original


def test_a_copy_that_says_something_else_than_the_sealed_original_is_not_verified(home):
    original = ubl.write(INVOICE)
    context = RenderContext(issued_at=datetime(2026, 11, 27, tzinfo=UTC), document_xml=original, xades=home.seal(document=original))
    forged = cii.write(replace(INVOICE, totals=replace(INVOICE.totals, payable_amount=INVOICE.totals.payable_amount + 1)))
    with pikepdf.open(io.BytesIO(render_facturx(INVOICE, context=context).data)) as document:
        spec = document.attachments["factur-x.xml"]
        for file in spec.obj.EF.values():
            file.write(forged)
        out = io.BytesIO()
        document.save(out)

    with pytest.raises(NothingToVerify, match="BT-115"):
        verify(pdf=out.getvalue(), proof=home.prove(original), trust=(home.installation(),))
