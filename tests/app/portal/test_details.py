"""Every term of the document stands somewhere on the page: a payer need not open the XML to find one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from wasl.formats import wasljson
from wasl.invoice.model import Invoice

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
# Said in words, or part of how something else is said: codes whose names are shown, schemes, and what the totals repeat
NOT_AS_SUCH = re.compile(
    r"(^|\.)(type_code|means_code|means_text|subject_code|reason_code|tax_point_date_code|unit|base_quantity_unit|country|country_of_origin|scheme|scheme_version|content|mime_code"
    r"|base_amount|tax_category|tax_rate|category|identifier|percentage|rate)$"
)


def leaves(node: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(node, msgspec.Struct):
        return [leaf for name in node.__struct_fields__ for leaf in leaves(getattr(node, name), f"{path}.{name}".strip("."))]
    if isinstance(node, tuple):
        return [leaf for item in node for leaf in leaves(item, path)]
    return [(path, node)] if node is not None and not isinstance(node, bool) else []


def page_text(invoice: Invoice, request: Any) -> str:
    """The page of this document as a reader of English sees it, every disclosure open."""
    from django.shortcuts import render

    from wasl.app.portal.details import sections
    from wasl.app.portal.page import Facts, PayerPage

    request.csp_nonce, request.LANGUAGE_CODE, request.user = "x", "en", AnonymousUser()
    page = PayerPage(invoice, Facts(date(2026, 1, 1), is_private=True, country="BE"), "en", "Seller", "en", details=sections(invoice, "BE"))
    html = render(request, "portal/invoice.html", {"page": page, "notice": None, "refresh": False}).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def shown(value: Any) -> list[str]:
    """The ways in which a value may stand on the page."""
    from wasl.app.ui import format

    if isinstance(value, date):
        return [format.gregorian(value, "BE")]
    if isinstance(value, Decimal):
        return list({f"{value:,.2f}", f"{value:,f}", f"{value.normalize():,f}", f"{-value:,.2f}", f"{value:,.3f}"})
    text = " ".join(str(value).split())
    return [text, format.iban(text)]


@pytest.mark.parametrize("name", ["every-term", "several-rates", "exempt", "direct-debit", "card", "allowances-and-charges", "attachments", "credit-note-by-line"])
def test_every_term_stands_on_the_page(rf: Any, name: str) -> None:
    invoice = wasljson.read((GOLDEN / f"{name}.json").read_bytes()).invoice
    with override("en"):
        text = page_text(invoice, rf.get("/"))
        missing = [(path, value) for path, value in leaves(invoice) if not NOT_AS_SUCH.search(path) and not any(way in text for way in shown(value))]

    assert missing == []
