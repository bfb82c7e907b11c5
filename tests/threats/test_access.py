"""T1, T53, T55, T61, T62, T63: who gets in, and what nobody can send along. Every address of the product is walked."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db
# What is meant for everybody, and what has another key than a session: a link's token, a webhook's signature. The inbox has a walk of its own.
PUBLIC = ("health/", "log/", "assets/", "ui/", "accounts/", "hooks/", "i/<", "v/<", "u/<", "console/enter/", "inbox/",
          "account-change/<", "events/<", "help/", "practice/", "notices-worker.js")  # fmt: skip
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"


def routes() -> list[str]:
    """Every pattern of the product, as Django has it."""

    def walk(resolver: Any, prefix: str = "") -> list[str]:
        found: list[str] = []
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                found += walk(entry, prefix + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                found.append(prefix + str(entry.pattern))
        return found

    return walk(get_resolver())


def console_routes() -> list[str]:
    return sorted(route for route in routes() if not route.startswith(PUBLIC))


def address(route: str, slug: str, ids: dict[str, Any]) -> str:
    values = {"slug:slug": slug, "uuid:invoice_id": ids["invoice"], "uuid:draft_id": ids["draft"], "uuid:customer_id": ids["customer"],
              "uuid:item_id": ids["item"], "slug:kind": "xml", "uuid:conversation_id": ids["conversation"], "uuid:file_id": ids["file"],
              "uuid:request_id": ids["request"], "uuid:attention_id": ids["attention"], "slug:driver": "stripe",
              "uuid:account_id": ids["account"], "uuid:change_id": ids["change"], "uuid:line_id": ids["line"], "uuid:answer_id": ids["answer"],
              "uuid:label_id": ids["label"], "uuid:call_id": ids["call"], "uuid:message_id": ids["mail"],
              "uuid:payment_id": ids["payment"], "uuid:refund_id": ids["refund"], "uuid:payout_id": ids["payout"], "uuid:payout_line": ids["payout_line"]}  # fmt: skip
    if "/unmatched/money/" in route:  # money that came without us
        values["uuid:payment_id"] = ids["receipt"]
    if "/bank/files/" in route:  # a file of the bank's, not of a conversation
        values["uuid:file_id"] = ids["statement"]
    for name, value in values.items():
        route = route.replace(f"<{name}>", str(value))
    assert "<" not in route, f"a new kind of address: teach this test {route}"
    return f"/{route}"


@pytest.fixture
def everything(org: Any, make_invoice: Any, actor: Any) -> dict[str, Any]:
    """One row of each kind that has an address."""
    from wasl.app.invoicing.customers import add_customer, add_item
    from wasl.app.invoicing.drafts import create_draft
    from wasl.app.invoicing.issue import issue

    invoice_id = issue(org, make_invoice(), actor=actor).invoice_id
    conversation_id, file_id = talked_about(org, invoice_id)
    customer = add_customer(org, actor=actor, name="Hidden", country="BE")
    return {
        "invoice": invoice_id, "conversation": conversation_id, "file": file_id, "draft": create_draft(org, invoice=make_invoice(), actor=actor).pk,
        "customer": customer.pk, "item": add_item(org, actor=actor, name_en="Hidden").pk, "request": asked(org, customer),
        "attention": came_back(org, invoice_id), **banked(org), **paid(org, invoice_id), **at_the_desk(org, invoice_id, conversation_id),
    }  # fmt: skip


def banked(org: Any) -> dict[str, Any]:
    """A bank account that is to change, and a statement with a movement."""
    from wasl.app import clock
    from wasl.app.invoicing.models import AccountChange, BankAccount
    from wasl.app.payments.statements.models import StatementFile, StatementLine
    from wasl.app.tenancy.models import Person

    account = BankAccount.objects.for_org(org).get()
    change = AccountChange.objects.create(
        organisation=org, account=account, iban="BE71096123456769", holder="Hidden", asked_by=Person.objects.create_user("asker@example.com"), stop_hash=b"h" * 32
    )
    file = StatementFile.objects.create(organisation=org, name="Hidden", sha256=b"s" * 32, kind="mt940", state=StatementFile.DONE)
    line = StatementLine.objects.create(
        organisation=org, file=file, currency="EUR", identity=b"i" * 16, kind="mt940", place=1, booked=clock.now().date(), amount=100, name="Hidden",
        state=StatementLine.UNMATCHED,
    )  # fmt: skip
    return {"account": account.pk, "change": change.pk, "statement": file.pk, "line": line.pk}


def paid(org: Any, invoice_id: Any) -> dict[str, Any]:
    """A payment with its refund, money that is nobody's, and a payout with a line that nothing explains."""
    from wasl.app import clock
    from wasl.app.payments.attempts import write_attempt
    from wasl.app.payments.drivers.port import Payout, PayoutItem
    from wasl.app.payments.models import PayoutItem as Line
    from wasl.app.payments.models import Refund, invoice_row
    from wasl.app.payments.payouts import post_payout
    from wasl.app.payments.receive import receive_transfer

    invoice, now = invoice_row(org.pk, invoice_id), clock.now()
    intent = write_attempt([(invoice, 100)], "stripe")
    refund = Refund.objects.create(organisation=org, intent=intent, invoice_id=invoice_id, amount=1, currency="EUR", reason="Hidden")
    receipt = receive_transfer(org, key="hidden", amount=7, currency="EUR", at=now, payer_name="Hidden", reference="Hidden", shares={}, source="transfer")
    booked = post_payout(org, "stripe", Payout("po_hidden", "EUR", 5, now, (PayoutItem("payment", "pi_hidden", 5, 0, 5),)))
    line = Line.objects.for_org(org).get(payout_id=booked.payout.pk)
    return {"payment": intent.pk, "refund": refund.pk, "receipt": receipt.pk, "payout": booked.payout.pk, "payout_line": line.pk}


def at_the_desk(org: Any, invoice_id: Any, conversation_id: Any) -> dict[str, Any]:
    """A prepared answer, a label, a call that is wanted, and a mail that came in."""
    from wasl.app import clock
    from wasl.app.support.models import Message
    from wasl.app.support.models_desk import CallBack, CannedAnswer, Label, MailIn

    now = clock.now()
    (message,) = Message.objects.for_org(org).filter(conversation_id=conversation_id)
    mail = MailIn.objects.create(
        organisation=org, id=message.pk, conversation_id=conversation_id, invoice_id=invoice_id, message=message, size=6, sha256=b"m" * 32, data=b"Hidden"
    )
    call = CallBack.objects.create(organisation=org, invoice_id=invoice_id, slot_from=now, slot_until=now, email="buyer@example.com", about="Hidden", key="k")
    answer = CannedAnswer.objects.create(organisation=org, title="Hidden", text_en="Hidden")
    return {"answer": answer.pk, "label": Label.objects.create(organisation=org, name="Hidden").pk, "call": call.pk, "mail": mail.pk}


def asked(org: Any, customer: Any) -> Any:
    """A reader asks the seller to correct what it keeps of them."""
    from wasl.app import clock
    from wasl.app.invoicing.models import CustomerRequest
    from wasl.app.tenancy.models import Payer, Person

    person = Person.objects.create_user("reader@example.com")
    body = {"name": "Hidden as asked", "city": "Ghent"}
    return CustomerRequest.objects.create(
        organisation=org, customer=customer, payer=Payer.objects.create(), person=person, kind="correction", body=body, at=clock.now()
    ).pk


def talked_about(org: Any, invoice_id: Any) -> tuple[Any, Any]:
    """A question about an invoice, with a photo: their ids."""
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.support.conversations import Payer, ask
    from wasl.app.support.models import Attachment
    from wasl.app.support.photos import Photo

    photos = [Photo(b"Hidden", 1, 1, False)]
    asked = ask(find_invoice(org, invoice_id), reason="question", text="Hidden", photos=photos, by=Payer("buyer@example.com"), key="k")
    return asked.pk, Attachment.objects.for_org(org).get().pk


def came_back(org: Any, invoice_id: Any) -> Any:
    """A row that needs attention."""
    from wasl.app import clock
    from wasl.app.support.models import Attention

    now = clock.now()
    return Attention.objects.create(organisation_id=org.pk, kind="bounced", invoice_id=invoice_id, subject=uuid4(), since=now, due_at=now).pk


def counts(org: Any) -> dict[str, int]:
    from django.apps import apps

    from wasl.app.tenancy.scope import TenantModel

    return {model._meta.label: model._base_manager.filter(organisation_id=org.pk).count() for model in apps.get_models() if issubclass(model, TenantModel)}


def test_the_walk_finds_every_page_of_the_console() -> None:
    found = console_routes()

    assert len(found) >= 60 and {"console/<slug:slug>/new", "console/<slug:slug>/invoices/<uuid:invoice_id>/credit"} <= set(found)


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_t1_a_stranger_is_sent_to_sign_in_from_every_address_and_nothing_is_done(org: Any, everything: dict[str, Any], verb: str) -> None:
    before = counts(org)
    form = {"act": "issue", "customer": str(everything["customer"]), "amount": "1", "reason": "x", "recipient": "thief@example.com", "name": "x", "country": "BE"}
    for route in console_routes():
        path = address(route, org.slug, everything)
        response = getattr(Client(), verb)(path, form)
        assert response.status_code in (302, 405), (verb, path, response.status_code)
        if response.status_code == 302 and route:
            assert response["Location"].startswith("/accounts/login/"), (path, response["Location"])
        assert b"Hidden" not in response.content
    assert counts(org) == before


@pytest.mark.parametrize("cookie", ["", "x" * 32, "../../etc/passwd", "%00" * 8])
def test_t1_a_made_up_session_is_no_session(org: Any, everything: dict[str, Any], cookie: str) -> None:
    before = counts(org)
    client = Client()
    client.cookies["wasl_session"] = cookie
    response = client.post(f"/console/{org.slug}/drafts/{everything['draft']}", {"act": "issue", "version": "1"})

    assert response.status_code == 302 and response["Location"].startswith("/accounts/login/") and counts(org) == before


@pytest.fixture
def outsider(make_org: Any, make_person: Any, actor: Any) -> Any:
    """Signed in, an owner, of another organisation."""
    from wasl.app.tenancy.organisations import add_member

    person = make_person(name="Otto Outsider")
    add_member(make_org(slug="elsewhere"), person, "owner", actor=actor)
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.mark.parametrize("verb", ["get", "post"])
def test_t53_on_every_address_another_sellers_rows_look_like_rows_that_never_were(org: Any, everything: dict[str, Any], outsider: Any, verb: str) -> None:
    """The same status, the same bytes and the same number of queries, under the other's name and under one's own."""
    before = counts(org)
    nobody = {name: uuid4() for name in everything}
    tried = 0
    for route in (route for route in console_routes() if "<slug:slug>" in route):
        pairs = [(address(route, org.slug, everything), address(route, "nothing-here", nobody))]
        if "<uuid:" in route:
            pairs.append((address(route, "elsewhere", everything), address(route, "elsewhere", nobody)))
        for real, made_up in pairs:
            answers = [observed(outsider, verb, path) for path in (real, made_up)]
            assert answers[0] == answers[1], real
            assert answers[0][0] in (302, 404, 405), (real, answers[0][0])
            tried += 1
    assert tried >= 25 and counts(org) == before


def observed(client: Any, verb: str, path: str) -> tuple[Any, ...]:
    from django.contrib.messages import get_messages
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        response = getattr(client, verb)(f"{path}?lang=en", {"name": "x", "country": "BE", "act": "save"})
    told = {str(message) for message in get_messages(response.wsgi_request)}
    body = re.sub(rb'nonce="[^"]*"', b"", response.content)  # new with every answer, whatever it is
    return response.status_code, body, response.headers.get("Location"), len(queries), told


def test_t53_t57_a_link_opens_its_own_invoice_and_no_other(org: Any, everything: dict[str, Any], make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    other = find_invoice(org, issue(org, make_invoice(price="77.00"), actor=actor).invoice_id)
    verify = make_link(other, Link.VERIFY)
    printed = make_link(other, Link.PDF)

    for closed in (f"/i/{verify}", f"/i/{verify}/xml", f"/i/{verify}/pdf", f"/i/{printed}/xml", f"/i/{printed}/pdf", f"/i/{printed}/proof", f"/v/{printed}"):
        assert Client().get(closed).status_code == 404, closed


@pytest.mark.parametrize("path", ["customers/{customer}", "items/{item}", "drafts/{draft}", "new"])
def test_t55_what_a_form_does_not_have_cannot_be_posted(org: Any, owner: Any, everything: dict[str, Any], make_org: Any, path: str) -> None:
    """Ids, owners, keys, numbers, states and totals are ignored wherever a form is taken."""
    from wasl.app.invoicing.models import Customer, Draft, Invoice, Item, Series

    other = make_org(slug="target")
    forged: dict[str, str] = {}
    for name in ("organisation", "organisation_id", "tenant_id", "org"):
        forged[name] = str(other.pk)
    forged |= {"id": str(uuid4()), "pk": str(uuid4()), "number": "INV-9", "status": "paid", "state": "paid", "payable_amount": "1", "total": "1", "totals": "1",
               "issued_invoice": str(everything["invoice"]), "issued_invoice_id": str(everything["invoice"]), "archived_at": "2020-01-01", "key_id": "x",
               "created_at": "2001-01-01", "created_by": str(uuid4()), "version": "1", "series_code": "other", "next_number": "900", "seller": "x",
               "issue_date": "2001-01-01", "line-0-net_amount": "1", "is_staff": "1", "role": "owner"}  # fmt: skip
    form = {"name": "Renamed", "country": "BE", "name_en": "Renamed", "language": "en", "payment_days": "30", "unit": "C62", "price": "5", "tax": "S|21", "act": "save",
            "customer": str(everything["customer"]), "due_date": "2030-01-31", "line-0-name": "Renamed", "line-0-quantity": "1", "line-0-unit": "C62",
            "line-0-price": "5", "line-0-tax": "S|21"}  # fmt: skip
    client = Client()
    client.force_login(owner, backend=BACKEND)
    before = counts(other)
    invoices = list(Invoice.objects.for_org(org).values())
    series = list(Series.objects.for_org(org).values())

    response = client.post(f"/console/{org.slug}/{path.format(**everything)}", forged | form)

    assert response.status_code == 302, response.content.decode()[:500]
    assert counts(other) == before and list(Invoice.objects.for_org(org).values()) == invoices and list(Series.objects.for_org(org).values()) == series
    for model in (Customer, Item, Draft):
        for row in model.objects.for_org(org):
            assert row.created_at.year >= 2026 and getattr(row, "archived_at", None) is None and getattr(row, "key_id", "") == ""
            assert getattr(row, "issued_invoice_id", None) is None and getattr(row, "series_code", "") == ""
    changed = {"customers/{customer}": (Customer, "name"), "items/{item}": (Item, "name_en")}.get(path)
    if changed:
        assert getattr(changed[0].objects.for_org(org).get(), changed[1]) == "Renamed", "what the form does have was taken"


def test_t62_every_form_of_the_console_refuses_a_post_without_its_token(org: Any, owner: Any, everything: dict[str, Any]) -> None:
    before = counts(org)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner, backend=BACKEND)
    codes = {path: strict.post(path, {"act": "issue"}).status_code for path in (address(route, org.slug, everything) for route in console_routes())}

    assert set(codes.values()) <= {403, 405} and list(codes.values()).count(403) >= 12, codes
    assert counts(org) == before


LINE = {"line-0-name": "Work", "line-0-quantity": "1", "line-0-unit": "C62", "line-0-price": "10", "line-0-tax": "S|21", "due_date": "2030-01-31", "language": "en"}
CUSTOMER = {"name": "Leuven Lab", "city": "Leuven", "country": "BE", "email": "buyer@example.com", "payment_days": "30", "language": "en"}
ITEM = {"name_en": "Work", "unit": "C62", "price": "5", "tax": "S|21"}
ACTS = [
    ("new", {"act": "issue", "customer": "{customer}", "purchase_order": "PO-1", **LINE}, {"draft.create", "invoice.issue"}),
    ("new", {"act": "save", "customer": "{customer}", **LINE}, {"draft.create"}),
    ("drafts/{draft}", {"act": "save", "version": "1", "customer": "{customer}", **LINE}, {"draft.save"}),
    ("drafts/{draft}/delete", {}, {"draft.discard"}),
    ("customers/new", CUSTOMER, {"customer.add"}),
    ("customers/{customer}", CUSTOMER, {"customer.change"}),
    ("customers/{customer}", {"act": "archive"}, {"customer.archive"}),
    ("items/new", ITEM, {"item.add"}),
    ("items/{item}", ITEM, {"item.change"}),
    ("items/{item}", {"act": "archive"}, {"item.archive"}),
    ("invoices/{invoice}/credit", {"amount": "10", "reason": "Returned"}, {"credit_note.issue"}),
    ("invoices/{invoice}/revoke", {"link": "{link}"}, {"link.revoke"}),
    ("requests/{request}", {"act": "accept"}, {"request.accepted", "customer.change"}),
    ("requests/{request}", {"act": "decline"}, {"request.declined"}),
    ("questions/{conversation}", {"act": "answer", "text": "x"}, {"conversation.answer"}),
    ("questions/{conversation}", {"act": "note", "text": "x"}, {"conversation.note"}),
    ("questions/{conversation}", {"act": "close", "outcome": "explained"}, {"conversation.resolve"}),
    ("attention/{attention}", {"act": "done"}, {"attention.done"}),
    ("attention/{attention}", {"act": "hide"}, {"attention.hide"}),
    ("gateways/stripe", {"key": "sk_test_{person}".replace("-", ""), "mode": "test"}, {"gateway.connect", "gateway.check"}),
    ("attention/settings", {"unopened_days": "2", "has_mail": "1"}, {"attention.settings"}),
    ("questions/{conversation}/assign", {"person": "{person}"}, {"conversation.assign"}),
    ("invoices/{invoice}/credit", {"amount": "10", "reason": "Returned", "question": "{conversation}"}, {"credit_note.issue", "conversation.resolve"}),
]


@pytest.mark.parametrize(("path", "form", "acts"), ACTS, ids=lambda value: value if isinstance(value, str) else None)
def test_t3_every_act_at_the_desk_is_in_the_audit_log_with_its_person(
    org: Any, owner: Any, everything: dict[str, Any], path: str, form: dict[str, str], acts: set[str]
) -> None:
    from wasl.app import fsck
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.links import make_link, resolve
    from wasl.app.invoicing.models import Link
    from wasl.app.tenancy.models import AuditEntry

    ids = everything | {"link": resolve(make_link(find_invoice(org, everything["invoice"]), Link.MAIL, "buyer@example.com")).id, "person": owner.pk}
    client = Client()
    client.force_login(owner, backend=BACKEND)
    known = set(AuditEntry.objects.for_org(org).values_list("pk", flat=True))

    response = client.post(f"/console/{org.slug}/{path.format(**ids)}", {name: value.format(**ids) for name, value in form.items()})

    assert response.status_code == 302, response.content.decode()[:800]
    written = [entry for entry in AuditEntry.objects.for_org(org) if entry.pk not in known]
    assert {entry.act for entry in written} == acts
    assert {(entry.person_id, entry.actor) for entry in written} == {(owner.pk, "person")}
    assert fsck.run(["audit"]) == []


def test_t3_sending_is_an_event_with_its_person(org: Any, owner: Any, everything: dict[str, Any]) -> None:
    from wasl.app.events.models import Event

    client = Client()
    client.force_login(owner, backend=BACKEND)
    client.post(f"/console/{org.slug}/invoices/{everything['invoice']}/send", {"recipient": "other@example.com"})

    (queued,) = Event.objects.for_org(org).filter(type="queued")
    assert queued.data["actor"] == f"person:{owner.pk}"


def test_t56_t63_guessing_of_any_kind_of_link_ends_in_429(org: Any) -> None:
    from wasl.app.ui.limits import forget_all

    for path in ("/v/{:043d}", "/i/{:043d}/xml", "/console/enter/{:043d}", "/account-change/{:043d}"):
        forget_all()
        codes = [Client().get(path.format(n), HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(40)]
        assert codes[-1] == 429 and set(codes) <= {404, 410, 429}, (path, codes)
