"""A pseudo-locale over every page: each message becomes ⟦message⟧, data is written in Greek; whatever else has letters is raw text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
# Elements that hold values made by the formats (dates, figures, names, codes), not sentences
VALUES = {"bdi", "time", "output", "script", "style", "option", "textarea", "title"}
# Isolated plain text inside a message, a name in its own script, units and words that the library counts
LETTERS = re.compile(r"[A-Za-z\u0600-\u06ff]{2,}")


class RawText(HTMLParser):
    """Collects text with Latin or Arabic letters that neither a message nor a value brought."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"meta", "link", "input", "img", "br", "path", "rect", "circle", "line", "polyline", "polygon", "ellipse"}:
            self.stack.append((tag, tag in VALUES or "data-own-name" in given or "data-formatted" in given))
        for name in ("title", "placeholder", "aria-label", "alt"):
            self._look(given.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        before = self.depth
        self.depth += data.count("⟦") - data.count("⟧")
        if before or any(is_value for _tag, is_value in self.stack):
            return
        self._look(data)

    def _look(self, text: str) -> None:
        if LETTERS.search(re.sub(r"⟦.*?(⟧|$)", "", text, flags=re.S)):
            self.found.append(text.strip())


@pytest.fixture
def pseudo() -> Iterator[None]:
    """English, every message in brackets; parameters stay parameters."""
    from django.utils.translation import trans_real

    english = trans_real.translation("en")
    plain, plural = english.gettext, english.ngettext
    english.gettext = lambda text: bracketed(text)  # type: ignore[method-assign]
    english.ngettext = lambda one, many, n: f"⟦{one if n == 1 else many}⟧"  # type: ignore[method-assign]
    yield
    english.gettext, english.ngettext = plain, plural  # type: ignore[method-assign]


def bracketed(text: str) -> str:
    """Django asks for a message with context as context, U+0004, message."""
    return f"⟦{text.split(chr(4))[-1]}⟧" if text else text


@pytest.fixture
def world(make_org: Any, make_person: Any, actor: Any) -> dict[str, Any]:
    """A seller, its rows and an invoice, all named in Greek."""
    import msgspec

    from wasl.app.invoicing.customers import add_customer, add_item
    from wasl.app.invoicing.drafts import create_draft
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice as Row
    from wasl.app.invoicing.models import Link
    from wasl.app.tenancy.organisations import add_member
    from wasl.invoice.model import AllowanceCharge, Invoice, Item, Line, Price

    org = make_org(slug="pseudo", name_en="Αλφα", name_ar="Αλφα", city="Βητα", line_1="Γαμμα 1")
    owner = make_person()
    add_member(org, owner, "owner", actor=actor)
    customer = add_customer(org, actor=actor, name="Δελτα", city="Εψιλον", country="BE", email="a@example.com")
    item = add_item(org, actor=actor, name_en="Ζητα", name_ar="Ζητα", price=Decimal(5), tax_rate=Decimal(21))
    line = Line(identifier="1", quantity=Decimal(3), unit="HUR", price=Price(net=Decimal(10)), tax_category="S", tax_rate=Decimal(21), item=Item(name="Ητα"))
    line = msgspec.structs.replace(line, allowances=(AllowanceCharge(percentage=Decimal(5), reason_code="95"),))
    source = Invoice(currency="EUR", buyer=customer.party(), lines=(line,), payment_terms="30")
    row = Row.objects.for_org(org).get(pk=issue(org, source, actor=actor, customer_id=customer.pk).invoice_id)
    draft = create_draft(org, actor=actor, customer=customer)
    return {
        "owner": owner, "row": row.pk, "customer": customer.pk, "item": item.pk, "draft": draft.pk,
        "mail": make_link(row, Link.MAIL, "a@example.com"), "pdf": make_link(row, Link.PDF), "verify": make_link(row, Link.VERIFY),
    }  # fmt: skip


PAGES = [
    "/i/{mail}", "/i/{pdf}", "/i/unknown", "/v/{verify}", "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/accounts/signup/",
    "/console/pseudo/", "/console/pseudo/?q=zzz", "/console/pseudo/new", "/console/pseudo/drafts", "/console/pseudo/drafts/{draft}", "/console/pseudo/customers",
    "/console/pseudo/customers/new", "/console/pseudo/customers/{customer}", "/console/pseudo/items", "/console/pseudo/items/new", "/console/pseudo/items/{item}",
    "/console/pseudo/invoices/{row}", "/console/pseudo/invoices/{row}/credit", "/console/enter/x",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_raw_text_on_any_page(client: Any, world: dict[str, Any], pseudo: None, path: str) -> None:
    if path.startswith("/console/pseudo"):
        client.force_login(world["owner"], backend="wasl.app.tenancy.signin.PasswordBackend")
    reader = RawText()
    html = client.get(path.format(**world) + ("&" if "?" in path else "?") + "lang=en").content.decode()
    reader.feed(html)

    assert "⟦" in html
    assert reader.found == []


def test_no_raw_text_in_a_mail(world: dict[str, Any], pseudo: None) -> None:
    from email import message_from_bytes, policy

    from wasl.app.delivery.compose import compose
    from wasl.app.delivery.send import deliver
    from wasl.app.invoicing.models import Invoice
    from wasl.app.tenancy.models import Organisation

    org = Organisation.objects.get(slug="pseudo")
    row = Invoice.objects.for_org(org).get(pk=world["row"])
    message = message_from_bytes(compose(deliver(row, language="en")), policy=policy.default)
    html = message.get_body(("html",)).get_content()
    english = html.split('lang="ar"')[0]
    reader = RawText()
    reader.feed(english)

    assert [text for text in reader.found if "@" not in text and not text.startswith("Αλφα")] == []


def test_the_reader_finds_raw_text() -> None:
    reader = RawText()
    reader.feed('<p>⟦Known <bdi>X</bdi> text⟧ raw</p><p title="raw too">⟦ok⟧</p>')

    assert reader.found == ["raw too", "⟧ raw"] or "raw too" in reader.found
