"""T38, T39: markup, templates and scripts in every text field are text, on every page, in the mail, in its mailbox and in the PDF.

The same seller, customer, item, draft and invoice are made twice: once with plain words, once with hostile ones. Every page
of the one must have exactly the elements and attributes of the other: whatever a text could add would show as a difference.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.test import Client

from wasl.invoice.model import (
    Address,
    AllowanceCharge,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Note,
    Party,
    PaymentInstructions,
    Price,
)

pytestmark = pytest.mark.django_db
LONG = (
    "\"'></title></style></textarea></option></bdi><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"
    "<a href=javascript:alert(1)>{{7*7}}${7*7}#{7*7}{%x%}&lt;"
)
SHORT = "\"'><b onx=1>{{7*7}}"  # for fields of twenty characters
LINK = "javascript:alert(1)//"
ENGINES = '#read("/etc/passwd") \\input{/etc/passwd} {{7*7}} ${7*7} <%= 7*7 %> $x^2$'
Text = Callable[[str, str], str]


def plain(_name: str, kind: str) -> str:
    return "w" * 8 if kind != "email" else "buyer@example.com"


def hostile(name: str, kind: str) -> str:
    return {"long": LONG, "short": SHORT, "link": LINK, "engine": ENGINES, "email": "o'neil+<b>@example.com".replace("<b>", "b")}[kind]


def seller_fields(t: Text) -> dict[str, Any]:
    return {
        "name_en": t("name", "long"), "name_ar": t("name_ar", "long"), "line_1": t("line_1", "long"), "line_2": t("line_2", "link"),
        "city": t("city", "short"), "post_code": t("post", "short"), "subdivision": t("sub", "short"), "phone": t("phone", "short"),
        "legal_registration": t("reg", "short"), "electronic_address": t("endpoint", "short"), "electronic_address_scheme": "0208",
    }  # fmt: skip


def party(t: Text) -> Party:
    address = Address(line_1=t("b1", "long"), line_2=t("b2", "link"), line_3=t("b3", "engine"), city=t("bc", "long"), post_code=t("bp", "short"), country="BE")
    return Party(
        name=t("buyer", "long"), trading_name=t("trade", "long"), identifiers=(Identifier(value=t("id", "short")),),
        legal_registration=Identifier(value=t("br", "short")), vat_identifier="BE0987654321", address=address,
        contact=Contact(name=t("contact", "long"), telephone=t("tel", "short"), email="nadir@y.example"),
    )  # fmt: skip


def document(t: Text) -> Invoice:
    """Every text of the model that is free text and that an invoice under plain EN 16931 may carry."""
    item = Item(
        name=t("item", "long"), description=t("description", "engine"), seller_identifier=t("sku", "short"), buyer_identifier=t("bsku", "link"),
        attributes=(ItemAttribute(name=t("an", "long"), value=t("av", "link")),),
    )  # fmt: skip
    discount = AllowanceCharge(amount=Decimal("5.00"), reason=t("why", "long"))
    line = Line(
        identifier="1", quantity=Decimal(2), unit="C62", price=Price(net=Decimal(100)), tax_category="S", tax_rate=Decimal(21), item=item,
        note=t("note", "link"), allowances=(discount,), buyer_accounting_reference=t("acc", "short"), order_line_reference=t("ol", "short"),
    )  # fmt: skip
    whole = AllowanceCharge(amount=Decimal("1.00"), reason=t("whole", "engine"), tax_category="S", tax_rate=Decimal(21))
    place = Address(line_1=t("d1", "long"), city=t("dc", "link"), post_code="1000", country="BE")
    return Invoice(
        currency="EUR", buyer=party(t), lines=(line,), due_date=date(2030, 1, 31), notes=(Note(text=t("n", "long")), Note(text=t("n2", "engine"))),
        buyer_reference=t("ref", "link"), project_reference=t("project", "short"), contract_reference=t("contract", "long"),
        purchase_order_reference=t("po", "short"), sales_order_reference=t("so", "short"), payment_terms=t("terms", "long"),
        allowances=(whole,), delivery=Delivery(name=t("dn", "long"), address=place),
        payment=PaymentInstructions(means_code="30", means_text=t("means", "long"), remittance_information=t("remit", "link")),
    )  # fmt: skip


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, and what must never be among them."""

    RUNS = ("javascript:", "vbscript:", "data:text", "data:application", "data:image/svg")
    ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset", "ping", "manifest", "background"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.bad: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(sorted(name for name, _ in attrs))))
        values = dict(attrs)
        if tag in {"iframe", "object", "embed", "base", "applet", "frame"} or (tag == "script" and not (values.get("src") or "").startswith("/assets/")):
            self.bad.append(f"<{tag}>")
        for name, value in attrs:
            self.words.append(value or "")
            runs = name in self.ADDRESSES and re.sub(r"[\x00-\x20]", "", value or "").lower().startswith(self.RUNS)
            if name.startswith("on") or name == "srcdoc" or runs:
                self.bad.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@dataclass
class World:
    """A seller and everything it has, made of one kind of text."""

    org: Any
    invoice: Any
    tokens: dict[str, str]
    desk: Client
    customer: Any
    item: Any
    draft: Any
    pages: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def world(make_org: Any, make_person: Any, actor: Any) -> Callable[[Text], World]:
    def make(t: Text) -> World:
        from wasl.app.invoicing.accounts import add_account
        from wasl.app.invoicing.customers import add_customer, add_item
        from wasl.app.invoicing.drafts import create_draft
        from wasl.app.invoicing.find import find_invoice
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.links import make_link
        from wasl.app.invoicing.models import Link
        from wasl.app.tenancy.organisations import add_member

        org = make_org(iban="", **seller_fields(t))
        add_account(org, iban="BE68539007547034", currency="EUR", holder=t("holder", "long")[:140], actor=actor)
        person = make_person(name=t("person", "long")[:200])
        add_member(org, person, "owner", actor=actor)
        names = {"name": t("customer", "long")[:200], "contact_name": t("cc", "long")[:200], "line_1": t("cl", "long")[:200], "city": t("city", "short"),
                 "email": t("email", "email"), "phone": t("phone", "short")}  # fmt: skip
        customer = add_customer(org, actor=actor, country="BE", **names)
        item = add_item(org, actor=actor, name_en=t("in", "long")[:200], name_ar=t("ia", "engine"), description=t("id", "link"), seller_identifier=t("is", "short"))
        draft = create_draft(org, invoice=document(t), customer=customer, actor=actor)
        invoice = find_invoice(org, issue(org, document(t), actor=actor).invoice_id)
        tokens = {purpose: make_link(invoice, purpose, "nadir@y.example" if purpose == Link.MAIL else "") for purpose in (Link.MAIL, Link.PDF, Link.VERIFY)}
        desk = Client()
        desk.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
        return World(org, invoice, tokens, desk, customer, item, draft)

    return make


def paths(made: World) -> dict[str, str]:
    """Every page on which something that somebody typed is shown."""
    from wasl.app.invoicing.models import Link

    console = f"/console/{made.org.slug}"
    return {
        "payer": f"/i/{made.tokens[Link.MAIL]}", "printed": f"/i/{made.tokens[Link.PDF]}", "verify": f"/v/{made.tokens[Link.VERIFY]}",
        "list": f"{console}/", "invoice": f"{console}/invoices/{made.invoice.pk}", "credit": f"{console}/invoices/{made.invoice.pk}/credit",
        "drafts": f"{console}/drafts", "composer": f"{console}/drafts/{made.draft.pk}", "new": f"{console}/new",
        "customers": f"{console}/customers", "customer": f"{console}/customers/{made.customer.pk}", "items": f"{console}/items",
        "item": f"{console}/items/{made.item.pk}",
    }  # fmt: skip


def page(made: World, path: str, lang: str) -> str:
    response = made.desk.get(path, {"lang": lang})
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def test_the_eye_that_looks_at_pages_sees_each_attack() -> None:
    for attack in ("<script>x</script>", "<img src=x onerror=x>", "<a href='java\tscript:x'>", "<base href=//x>", "<iframe srcdoc=x>", "<svg/onload=x>", LONG):
        assert Shape(f"<p>{attack}</p>").bad, attack


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_t38_t39_no_text_adds_an_element_or_an_attribute_to_any_page(world: Any, lang: str) -> None:
    good, bad = world(plain), world(hostile)
    shown = 0
    for (name, path), other in zip(paths(bad).items(), paths(good).values(), strict=True):
        ours, theirs = Shape(page(bad, path, lang)), Shape(page(good, other, lang))
        assert ours.bad == [], name
        assert ours.elements == theirs.elements, f"{name}: {difference(ours, theirs)}"
        shown += any(LONG in word for word in ours.words)
    assert shown >= 9, "the hostile text was there, whole and as itself"


def difference(ours: Shape, theirs: Shape) -> Any:
    return next(((n, a, b) for n, (a, b) in enumerate(zip(ours.elements, theirs.elements, strict=False)) if a != b), "one page is longer")


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_t38_what_is_typed_comes_back_as_text(world: Any, lang: str) -> None:
    """Searches, refused forms and the composer's fragments repeat what was sent."""
    made = world(plain)
    console = f"/console/{made.org.slug}"
    line = {"line-0-name": LONG, "line-0-quantity": SHORT, "line-0-unit": LONG, "line-0-price": LONG, "line-0-discount": SHORT, "line-0-tax": LONG, "line-0-note": LONG}
    head = {"customer": LONG, "due_date": SHORT, "purchase_order": LONG, "notes": LONG, "discount_amount": LONG, "discount_reason": LONG, "language": LONG}
    customer = {"name": LONG, "country": SHORT, "email": LONG, "payment_days": SHORT, "city": LONG, "language": LONG}
    answers = [
        made.desk.get(f"{console}/search", {"lang": lang, "q": LONG, "status": LONG, "page": LONG}),
        *(made.desk.post(f"{console}/{path}?lang={lang}", line | head | {"act": act}) for path in ("new", "check", "row") for act in ("save", "issue", "add", LONG)),
        made.desk.post(f"{console}/customers/new?lang={lang}", customer),
        made.desk.post(f"{console}/items/new?lang={lang}", {"name_ar": "", "name_en": "", "unit": LONG, "price": LONG, "tax": LONG}),
        made.desk.post(f"{console}/invoices/{made.invoice.pk}/credit?lang={lang}", {"amount": LONG, "reason": LONG}),
        made.desk.post(f"{console}/invoices/{made.invoice.pk}/send?lang={lang}", {"recipient": LONG}, follow=True),
        Client().post(f"/accounts/login/?lang={lang}&next={LINK}", {"login": LONG, "password": LONG, "next": LINK}),
        Client().get("/accounts/login/", {"lang": lang, "next": LINK}),
        Client().get(f"/i/{LONG.replace('/', '')}"),
        Client().get(f"/{html.escape('<script>')}", {"lang": LONG}),
    ]
    for answer in answers:
        assert answer.status_code in (200, 404, 409, 422), answer.status_code
        assert Shape(answer.content.decode()).bad == []
        assert "<script>alert" not in answer.content.decode() and "<img src=x" not in answer.content.decode()


def test_t38_t39_the_mail_and_the_page_that_shows_it_hold_the_text_and_nothing_of_its_markup(world: Any, mail: Any, proven: Any) -> None:
    from wasl.app.delivery.send import deliver, send_now

    shapes, pages = [], []
    for text in (plain, hostile):
        mail.web.post("/control/clear")
        made = world(text)
        proven()
        delivery = send_now(deliver(made.invoice, recipient="nadir@y.example"))
        assert delivery.state == "handed_over", delivery.reply
        (arrived,) = mail.messages("nadir@y.example")
        shapes.append(Shape(mail.read(arrived["uid"]).get_body(("html",)).get_content()))
        pages.append([Shape(mail.web.get(path).text) for path in ("/", f"/m/{arrived['uid']}", f"/m/{arrived['uid']}/html")])
    assert shapes[1].elements == shapes[0].elements and shapes[1].bad == []
    assert any(LONG in word for word in shapes[1].words)
    for good, bad in zip(*pages, strict=True):
        assert [element for element, _ in bad.elements if element in ("img", "svg", "b")] == [e for e, _ in good.elements if e in ("img", "svg", "b")]
        assert not [x for x in bad.bad if "alert" in x or "onx" in x] and not [e for e in bad.elements if "onerror" in e[1] or "onload" in e[1] or "onx" in e[1]]


FORBIDDEN = ("/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/RichMedia", "/XFA", "/Movie", "/Sound")


def test_t38_t39_the_pdf_prints_the_text_and_has_nothing_that_acts(world: Any) -> None:
    from wasl.app.invoicing.pdf import pdf_for

    made = world(hostile)
    data = pdf_for(made.invoice)

    with pikepdf.open(io.BytesIO(data)) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                assert not [key for key in FORBIDDEN if key in found]
                assert found.get("/S") not in [pikepdf.Name(name) for name in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR")]
                if (address := found.get("/URI")) is not None and isinstance(address, pikepdf.String):
                    assert str(address).startswith(("http://127.0.0.1:8000/", "https://")), str(address)
        names = set(pdf.attachments)
    text = flat("".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(data))))
    for printed in ("<script>alert(1)</script>", "<imgsrc=xonerror=alert(1)>", "{{7*7}}${7*7}#{7*7}{%x%}", "javascript:alert(1)//", '#read("/etc/passwd")', "$x^2$"):
        assert flat(printed) in text, printed
    assert "root:" not in text and names == {"invoice.xml", "invoice.xml.xades"}


def flat(text: str) -> str:
    """Extracted text without what line breaks and break opportunities put in."""
    return "".join(c for c in text if not c.isspace() and c not in "\u200b\ufffe\u00ad\u2066\u2067\u2068\u2069\u0002")


def test_t38_the_sealed_xml_holds_the_text_as_text(world: Any) -> None:
    """Downloads are attachments that no browser runs in our origin; inside, markup is escaped."""
    from wasl.app.invoicing.models import Link
    from wasl.formats import ubl

    made = world(hostile)
    answer = Client().get(f"/i/{made.tokens[Link.MAIL]}/xml")

    assert answer["Content-Disposition"].startswith("attachment;") and answer["X-Content-Type-Options"] == "nosniff"
    assert b"<script" not in answer.content and b"<img" not in answer.content
    assert ubl.read(answer.content).invoice.notes[0].text == LONG


def test_t38_t39_the_banks_page_shows_names_as_text(world: Any, tmp_path: Any, settings: Any) -> None:
    import dataclasses

    import httpx

    from wasl.app.payments.pay import start_payment
    from wasl.standins.process import running

    with running("wasl.standins.bank", "--port", "0", "--dir", str(tmp_path / "bank"), BANK_KEY="key-1", BANK_WEBHOOK_SECRET="secret") as ports:
        settings.CONFIG = dataclasses.replace(settings.CONFIG, bank_url=f"http://127.0.0.1:{ports['http']}", bank_key="key-1", bank_webhook_secret="secret")
        for lang in ("ar", "en"):
            shapes = []
            for text in (plain, hostile):
                started = start_payment(world(text).invoice, return_url="http://127.0.0.1:8000/i/t")
                shapes.append(Shape(httpx.get(f"{started.url}?lang={lang}").raise_for_status().text))
            assert shapes[0].elements == shapes[1].elements
            assert not [found for found in shapes[1].bad if "alert" in found or "onx" in found]
            assert any("<script>alert(1)</script>" in word for word in shapes[1].words)
