"""A PDF is checked with its pages: what they show and the invoice inside must not be two truths (T30, T32, T33, T35)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from wasl.formats import ubl, wasljson
from wasl.render import RenderContext, render_pdf
from wasl.service.examine import examine

GOLDEN = Path(__file__).parents[1] / "golden"
OTHER = b"DE89370400440532013000"


def hybrid(*, account: bytes | None = None) -> bytes:
    """Pages of an invoice, and inside the same invoice, or one that is paid to another account."""
    invoice = wasljson.read((GOLDEN / "several-rates.json").read_bytes()).invoice
    inside = ubl.write(invoice)
    if account is not None:
        inside = inside.replace(invoice.payment.credit_transfers[0].account.encode(), account)
    return render_pdf(invoice, context=RenderContext(issued_at=datetime(2026, 11, 1, tzinfo=UTC), document_xml=inside)).data


def test_pages_that_agree_with_the_invoice_raise_nothing():
    report = examine(hybrid(), "a.pdf", "auto")

    assert (report.valid, report.inside, report.findings) == (True, "invoice.xml", ())


def test_t35_another_account_on_the_pages_makes_the_pdf_invalid():
    report = examine(hybrid(account=OTHER), "a.pdf", "auto")
    found = [each for each in report.findings if each.rule == "PDF-IBAN"]

    assert report.valid is False and [each.severity for each in found] == ["fatal"]
    assert (found[0].term, found[0].where.en, found[0].where.ar) == ("BT-84", "page 1", "الصفحة 1")
    assert found[0].fix.en.startswith("Do not pay") and found[0].fix.ar.startswith("لا تدفع")
