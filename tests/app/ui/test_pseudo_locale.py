"""A third language that nobody speaks: each letter of a message gets a mark (Seal -> Šēāł), data is written in Greek.

Whatever else has plain Latin or Arabic letters on a page, in a mail or in the PDF was never given to a translator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import Any

import pytest

LETTERS = re.compile(r"[A-Za-z]{2,}|[\u0600-\u06ff]{2,}")
MARKED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "ĀÞĈĐĒĠĞĦĪĴĶŁÑŃŌÞØŘŠŢŪŴŴŽŶŹāßĉđēġğħīĵķłñńōþøřšţūŵŵžŷź")
# Placeholders, tags and entities of a message stay what they are
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&\w+;)")
# Names and codes that every language writes alike, and those of this test's own data
CODES = re.compile(
    r"\b(?:Stripe|Moyasar|PayTabs|Tap|XML|PDF|CSV|JSON|SHA-256|UBL|EN 16931|ISO 20022|EUR|BE|VAT\d*|IBAN|BE\d+|[A-Z]{2,4}-\d[\d-]*|[\w.+-]+@[\w.-]+|https?://\S+|[\w.-]*\.(?:xml|pdf|xades|tlog-proof)\b|[0-9a-f]{16,}|[0-9a-f]{4} [0-9a-f]{4} … [0-9a-f]{4})"
)


def marked(text: str) -> str:
    """The message as the pseudo-locale says it; Django asks for one with context as context, U+0004, message."""
    parts = KEPT.split(text.split(chr(4))[-1])
    return "".join(part if at % 2 else part.translate(MARKED) for at, part in enumerate(parts))


class Pseudo(NullTranslations):
    """The catalogue of the pseudo-locale, made while it is asked."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return marked(message)


def raw(text: str, values: frozenset[str] = frozenset()) -> list[str]:
    """Words of `text` in plain letters that are neither codes nor among the `values` that formats made."""
    return [word for word in LETTERS.findall(CODES.sub(" ", text)) if word not in values]


class RawText(HTMLParser):
    """Collects words that a reader sees or hears and that no message and no value brought.

    Left alone: codes to copy (class `code`), names in their own script (data-own-name) and explanations of rules and titles of articles, which come in
    both languages from where they are written (data-formatted, its own attributes too).
    """

    def __init__(self, values: frozenset[str]) -> None:
        super().__init__()
        self.values = values
        self.stack: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"meta", "link", "input", "img", "br", "path", "rect", "circle", "line", "polyline", "polygon", "ellipse"}:
            exempt = tag in {"script", "style"} or bool({"data-own-name", "data-formatted"} & given.keys()) or "code" in (given.get("class") or "").split()
            self.stack.append((tag, exempt))
        if "data-formatted" not in given:
            for name in ("title", "placeholder", "aria-label", "alt", "data-confirm"):
                self._look(given.get(name) or "")
        if tag == "meta" and given.get("name") == "description":
            self._look(given.get("content") or "")
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self._look(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(exempt for _tag, exempt in self.stack):
            self._look(data)

    def _look(self, text: str) -> None:
        self.found += raw(text, self.values)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English in the pseudo-locale, and both languages of the PDF."""
    from django.utils.translation import trans_real

    from wasl import i18n
    from wasl.render import labels
    from wasl.render.view import document

    english, said = trans_real.translation("en"), Pseudo()
    monkeypatch.setattr(english, "gettext", said.gettext)
    monkeypatch.setattr(english, "ngettext", said.ngettext)
    monkeypatch.setattr(i18n, "load", lambda _lang: said)
    caches = (labels.both, document._labels)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


def values() -> frozenset[str]:
    """English words that come in both languages from their own source: months, week-days, units, countries, cities of time zones, currencies, tax
    categories, reasons of discounts, amounts in words."""
    from babel import Locale
    from django.utils.translation import override

    from wasl.app.notices.words import zone_name
    from wasl.app.portal.preferences.form import ZONES
    from wasl.invoice.codes import ALLOWANCE_REASONS, CHARGE_REASONS, VAT_CATEGORIES, name_of
    from wasl.invoice.plurals import UNITS, unit_name
    from wasl.invoice.words import legal_amount_in_words

    english = Locale("en")
    names = [*english.months["format"]["wide"].values(), *english.months["format"]["abbreviated"].values(), *english.days["format"]["wide"].values()]
    names += [*english.territories.values(), *english.currencies.values(), *english.currencies]
    with override("en"):
        names += [zone_name(zone) for zone in ZONES]
    names += [name_of(codes, code, "en") or "" for codes in (VAT_CATEGORIES, ALLOWANCE_REASONS, CHARGE_REASONS) for code in codes]
    names += [unit_name(code, "en", count) for code in UNITS for count in (Decimal(1), Decimal(2))]
    names += [legal_amount_in_words(Decimal(n) + Decimal("0.11"), "EUR", "en") for n in (*range(1, 21), 1_000_000, 123_456, *range(20, 100, 10))]
    return frozenset(word for name in names for word in (*LETTERS.findall(name), *LETTERS.findall(name.lower()), *LETTERS.findall(name.title())))


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
    "/console/pseudo/", "/console/pseudo/search?q=ζζζ", "/console/pseudo/questions", "/console/pseudo/attention", "/console/pseudo/bank", "/console/pseudo/bank/import", "/console/pseudo/accounts",
    "/console/pseudo/desk/calls", "/console/pseudo/desk/canned", "/console/pseudo/desk/canned/new", "/console/pseudo/desk/labels",
    "/console/pseudo/desk/hours", "/console/pseudo/desk/pace",
    "/console/pseudo/payments", "/console/pseudo/payments/refunds", "/console/pseudo/payments/refunds/limit", "/console/pseudo/payments/unmatched",
    "/console/pseudo/payments/payouts", "/console/pseudo/payments/close",
    "/console/pseudo/gateways", "/console/pseudo/gateways/stripe", "/console/pseudo/gateways/paytabs",
    "/console/pseudo/ageing", "/console/pseudo/requests", "/console/pseudo/customers/{customer}/statement", "/console/pseudo/invoices/{row}/history",
    "/i/{mail}/ask", "/i/{mail}/pay", "/i/{mail}/preferences", "/i/{mail}/not-mine", "/i/{mail}/history",
    "/console/pseudo/new", "/console/pseudo/drafts", "/console/pseudo/drafts/{draft}", "/console/pseudo/customers",
    "/console/pseudo/customers/new", "/console/pseudo/customers/{customer}", "/console/pseudo/items", "/console/pseudo/items/new", "/console/pseudo/items/{item}",
    "/console/pseudo/invoices/{row}", "/console/pseudo/invoices/{row}/credit", "/console/enter/x", "/accounts/logout/", "/accounts/password/reset/done/",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_no_raw_text_on_any_page(client: Any, world: dict[str, Any], pseudo: None, path: str) -> None:
    if path.startswith(("/console/", "/accounts/logout")):
        client.force_login(world["owner"], backend="wasl.app.tenancy.signin.PasswordBackend")
    html = client.get(path.format(**world) + ("&" if "?" in path else "?") + "lang=en").content.decode()
    reader = RawText(values())
    reader.feed(html)

    assert marked("Wasl") in html
    assert reader.found == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_no_raw_text_on_a_refusal(rf: Any, pseudo: None, name: str) -> None:
    from django.template.loader import render_to_string
    from django.utils.translation import override

    with override("en"):
        html = render_to_string(name, {}, request=None if name == "500.html" else rf.get("/"))
    reader = RawText(values())
    reader.feed(html)

    assert marked("Wasl") in html
    assert reader.found == []


@pytest.fixture
def letter(world: dict[str, Any], pseudo: None) -> Any:
    from email import message_from_bytes, policy

    from wasl.app.delivery.compose import compose
    from wasl.app.delivery.send import deliver
    from wasl.app.invoicing.models import Invoice
    from wasl.app.tenancy.models import Organisation

    row = Invoice.objects.for_org(Organisation.objects.get(slug="pseudo")).get(pk=world["row"])
    return message_from_bytes(compose(deliver(row, language="en")), policy=policy.default)


@pytest.mark.django_db
def test_no_raw_text_in_a_mail(letter: Any) -> None:
    html = letter.get_body(("html",)).get_content()
    reader = RawText(values())
    reader.feed(re.split(r'<[^>]*lang="ar"', html)[0])
    text = letter.get_body(("plain",)).get_content()
    arabic = re.search("[\u0600-\u06ff]{2,}", text)

    assert marked("Attached") in text and marked("Attached") in html
    assert reader.found == []
    assert raw(text[: arabic.start()] if arabic else text, values()) == []
    assert raw(letter["Subject"], values()) == []


def greek() -> Any:
    """An invoice that uses every part of the page, all its own words in Greek."""
    import msgspec

    from wasl.invoice.model import (
        Address,
        AllowanceCharge,
        Contact,
        CreditTransfer,
        Delivery,
        Identifier,
        Invoice,
        Item,
        Line,
        Note,
        Party,
        Payee,
        PaymentInstructions,
        Period,
        Price,
    )  # fmt: skip
    from wasl.invoice.totals import totals

    where = Address(line_1="Οδος 1", city="Αθηνα", post_code="1000", country="GR")
    change = AllowanceCharge(amount=Decimal("1.25"), percentage=Decimal(5), base_amount=Decimal(25), reason="Λογος", tax_category="S", tax_rate=Decimal(15))
    item = Item(name="Ητα", description="Θητα", seller_identifier="1", buyer_identifier="2", country_of_origin="GR")
    line = Line(
        identifier="1", quantity=Decimal(3), unit="HUR", price=Price(net=Decimal(10)), tax_category="S", tax_rate=Decimal(15), item=item,
        allowances=(change,), charges=(change,), note="Νυ", order_line_reference="7",
    )  # fmt: skip
    exempt = msgspec.structs.replace(line, identifier="2", tax_category="Z", tax_rate=Decimal(0), allowances=(), charges=())
    party = Party(name="Αλφα", trading_name="Βητα", vat_identifier="1", legal_registration=Identifier(value="2"), address=where, contact=Contact(name="Γαμμα"))
    source = Invoice(
        number="1", issue_date=date(2026, 11, 23), due_date=date(2026, 12, 23), tax_point_date=date(2026, 11, 23), type_code="380", currency="SAR",
        seller=party, buyer=party, payee=Payee(name="Δελτα"), delivery=Delivery(name="Εψιλον", actual_date=date(2026, 11, 20), address=where),
        period=Period(start=date(2026, 11, 1), end=date(2026, 11, 30)), lines=(line, exempt), allowances=(change,), charges=(change,),
        buyer_reference="1", project_reference="2", contract_reference="3", purchase_order_reference="4", sales_order_reference="5",
        receiving_advice_reference="6", despatch_advice_reference="7", tender_reference="8", buyer_accounting_reference="9",
        payment=PaymentInstructions(means_code="30", remittance_information="1", credit_transfers=(CreditTransfer(account="12", account_name="Ζητα"),)),
        payment_terms="Κατι", notes=(Note(text="Λαμδα"),),
    )  # fmt: skip
    return totals(source)


def made_by_formats(invoice: Any) -> frozenset[str]:
    """Dates, counted units, countries and the amount in words, in both languages: they have their own tables and tests."""
    from babel import Locale

    from wasl.invoice.dates import format_date, format_hijri
    from wasl.invoice.display import currency_sign
    from wasl.invoice.plurals import unit_name
    from wasl.invoice.words import legal_amount_in_words

    days = [invoice.issue_date, invoice.due_date, invoice.delivery.actual_date, invoice.period.start, invoice.period.end]
    texts = [currency_sign(invoice.currency), invoice.currency, "ــ"]
    for lang in ("ar", "en"):
        texts += [format_date(day, lang, country="GR") for day in days] + [format_hijri(day, lang) for day in days]
        texts += [legal_amount_in_words(invoice.totals.payable_amount, invoice.currency, lang), unit_name("HUR", lang, Decimal(3)), Locale(lang).territories["GR"]]
    return frozenset(word for text in texts for word in LETTERS.findall(text))


@pytest.mark.parametrize("kind", ["invoice", "credit note"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_raw_text_in_the_pdf(pseudo: None, language: str, kind: str) -> None:
    import io

    import msgspec
    import pikepdf
    import pypdfium2

    from wasl.invoice.model import PrecedingInvoice
    from wasl.render import RenderContext, render_pdf

    invoice = greek()
    if kind == "credit note":
        invoice = msgspec.structs.replace(invoice, type_code="381", preceding_invoices=(PrecedingInvoice(number="7", issue_date=date(2026, 11, 23)),))
    context = RenderContext(
        issued_at=datetime(2026, 11, 23, tzinfo=UTC), language=language, document_xml=b"<a/>", xades=b"<b/>", profile_name="en16931",
        pay_url="https://a.example/i/1", verify_url="https://a.example/v/1", claim_code="1", tax_qr=b"1",
    )  # fmt: skip
    data = render_pdf(invoice, context=context).data
    shown = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    shown = shown.replace("a.example/", "https://a.example/")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        told = [str(pdf.docinfo.get("/Title", "")), *(str(each.obj.get("/Desc", "")) for each in (pdf.attachments[name] for name in pdf.attachments))]
        alternatives = [str(each["/Alt"]) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    known = made_by_formats(invoice) | {"SHA", "EN", "XML", "XAdES", "invoice", "xml", "xades", "https", "example"}  # codes, which right-to-left text turns round

    assert marked("Seller") in shown
    assert alternatives
    assert [word for word in raw(shown, known) if word.isascii()] == []  # Arabic ligatures do not come back letter by letter: see below
    assert raw("\n".join(told + alternatives), known) == []


def test_the_theme_of_the_pdf_says_nothing_itself() -> None:
    """Whatever a theme draws comes from the view: its sources hold no Arabic letter, the view only what formats made."""
    from wasl.render import find_theme, themes

    sources = [(name, source) for theme in themes() for name, source in find_theme(theme).sources.items()]

    assert len(sources) > len(themes())
    assert [name for name, source in sources if re.search("[\u0621-\u064a]", re.sub(r"//.*", "", source.decode()))] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_raw_text_in_the_view_of_the_pdf(pseudo: None, language: str) -> None:
    from wasl.render import RenderContext
    from wasl.render.text import Pen
    from wasl.render.typesetter import families
    from wasl.render.view import build_view

    invoice = greek()
    context = RenderContext(issued_at=datetime(2026, 11, 23, tzinfo=UTC), language=language, pay_url="https://a.example/i/1", claim_code="1")
    view = build_view(invoice, context, Pen(language), families())
    skipped = {"lang", "l", "second", "fonts", "accent", "qr", "widths"}

    def texts(node: Any) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            for key, value in node.items():
                if key not in skipped or (key == "second" and value not in ("ar", "en")):
                    yield from texts(value)
        elif isinstance(node, list):
            for value in node:
                yield from texts(value)

    said = list(texts(view))
    assert marked("Seller") in said
    assert raw("\n".join(said).replace("a.example", ""), made_by_formats(invoice)) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_raw_text_on_the_page_of_an_invoice(pseudo: None, language: str) -> None:
    from wasl.render import RenderContext
    from wasl.render.html import render_html

    invoice = greek()
    page = render_html(invoice, context=RenderContext(issued_at=datetime(2026, 11, 23, tzinfo=UTC), language=language, pay_url="https://a.example/i/1", claim_code="1"))
    reader = RawText(made_by_formats(invoice) | {"BT"})
    reader.feed(re.sub(r"<style>.*?</style>| title=\"[^\"]*\"", "", page, flags=re.DOTALL))  # the names of the terms have a table of their own

    assert marked("Seller") in page
    assert reader.found == []


def test_the_reader_finds_raw_text() -> None:
    reader = RawText(frozenset({"December"}))
    reader.feed(f'<p>{marked("Known <bdi>%(x)s</bdi> text")} raw</p><p title="spoken">{marked("ok")} 1 December</p><script>code</script><option>choice</option>')

    assert reader.found == ["raw", "spoken", "choice"]


def test_placeholders_survive_the_pseudo_locale() -> None:
    assert marked("%(num)d of {0} <bdi>x</bdi> &amp; 5%%") == f"%(num)d {marked('of')} {{0}} <bdi>{marked('x')}</bdi> &amp; 5%%"
    assert marked("event\x04Paid") == marked("Paid") != "Paid"
