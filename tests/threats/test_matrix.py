"""T53-T57, T65-T67: routes x actors x objects. Each address of the product has its door in matrix.toml, and every door is tried by
everybody who has no key to it, at somebody else's things: nothing is shown, nothing is done, and a stranger's thing is told like one
that never was."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db
DOORS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"
SECRETS = (b"Hidden", b"buyer@example.com", b"-000001")  # a name, an address, the invoice's number
FORM = {"act": "save", "text": "x", "reason": "question", "name": "Taken", "email": "thief@example.com", "role": "owner", "recipient": "thief@example.com",
        "company": "Taken", "code": "12345678", "answer": "{}", "amount": "1", "country": "BE", "kind": "xml"}  # fmt: skip


def all_routes() -> dict[str, str]:
    """Name -> pattern of everything that Django routes."""

    def walk(resolver: Any, prefix: str = "") -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                found += walk(entry, prefix + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                found.append((entry.name or prefix + str(entry.pattern), prefix + str(entry.pattern)))
        return found

    return dict(walk(get_resolver()))


ROUTES = all_routes()
BY_GRANT = ["inbox-" + name for name in DOORS["link"] + DOORS["printed"] if "inbox-" + name in ROUTES]
CONSOLE = [name for name in ROUTES if name.startswith("console-") and name not in DOORS["token"]]


def test_every_route_of_the_product_has_its_door() -> None:
    named = {name for door in ("public", "token", "printed", "link", "seat") for name in DOORS[door]} | set(BY_GRANT) | set(CONSOLE)
    unknown = {name for name in ROUTES if name not in named and not name.startswith(tuple(DOORS["library"]))}

    assert unknown == set(), f"name the door of these in matrix.toml: {sorted(unknown)}"
    assert named - set(ROUTES) == set(), "these are no routes (any more)"
    assert len(CONSOLE) >= 30 and len(BY_GRANT) >= 15 and len(DOORS["seat"]) >= 40


@pytest.fixture
def made(org: Any, owner: Any, make_invoice: Any, make_org: Any, make_person: Any, actor: Any) -> dict[str, Any]:
    """One of everything that has an address, and the people around it."""
    from wasl.app import clock
    from wasl.app.invoicing.customers import add_customer, add_item
    from wasl.app.invoicing.drafts import create_draft
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.payments.drivers.port import Payout
    from wasl.app.payments.drivers.port import PayoutItem as Item
    from wasl.app.payments.models import PayoutItem, Refund
    from wasl.app.payments.payouts import post_payout
    from wasl.app.payments.receive import receive_transfer
    from wasl.app.payments.refunds import request_refund
    from wasl.app.support.conversations import Payer as Asker
    from wasl.app.support.conversations import ask
    from wasl.app.support.models import Attachment
    from wasl.app.support.photos import Photo
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.models import PayerGrant
    from wasl.app.tenancy.organisations import add_member
    from wasl.app.tenancy.payers_prove import person_of
    from wasl.app.tenancy.payers_share import create_company, invite

    row = find_invoice(org, issue(org, make_invoice(), actor=actor).invoice_id)
    asked = ask(row, reason="question", text="Hidden", photos=[Photo(b"Hidden", 1, 1, False)], by=Asker("buyer@example.com"), key="k")
    reader, address = person_of("buyer@example.com", "en")
    shared = create_company(reader, "Hidden Ltd")
    PayerGrant.objects.create(payer=shared.payer, organisation_id=org.pk, invoice_id=row.pk)
    paid = receive_transfer(org, key="k", amount=100, currency=row.currency, at=clock.now(), payer_name="Hidden", reference="R", shares={row.pk: 100})
    request_refund(row, amount=50, actor=Actor.of(owner), reason="Hidden")
    told = Payout("po", row.currency, 90, clock.now(), (Item("payment", "Hidden", 100, 10, 90),))
    payout = post_payout(org, "bank", told).payout
    outsider = make_person(name="Otto")
    add_member(make_org(slug="elsewhere"), outsider, "owner", actor=actor)
    other, _address = person_of("other@example.com", "en")
    return {
        "org": org, "row": row, "owner": owner, "reader": reader, "outsider": outsider, "other": other, "inbox": shared.payer,
        "links": {kind: make_link(row, kind, "buyer@example.com" if kind == Link.MAIL else "") for kind in (Link.MAIL, Link.PDF, Link.VERIFY)},
        "ids": {
            "slug": org.slug, "org_id": org.pk, "invoice_id": row.pk, "conversation_id": asked.pk, "file_id": Attachment.objects.for_org(org).get().pk,
            "draft_id": create_draft(org, invoice=make_invoice(), actor=actor).pk, "customer_id": add_customer(org, actor=actor, name="Hidden", country="BE").pk,
            "item_id": add_item(org, actor=actor, name_en="Hidden").pk, "address_id": address.pk, "person_id": reader.pk,
            "refund_id": Refund.objects.for_org(org).get().pk, "payout_id": payout.pk, "payout_line": PayoutItem.objects.for_org(org).get().pk,
            "invite_id": invite(shared, "mo@example.com", "view").pk, "payment_id": paid.pk,
        },
    }  # fmt: skip


def filled(name: str, ids: dict[str, Any]) -> str:
    """The address of a route with `ids` put in; what they do not hold is something that never was."""

    def one(found: re.Match[str]) -> str:
        kind, key = found[1] or "", found[2]
        if key in ids:
            return str(ids[key])
        fallback = {"uuid:": str(UUID(int=7)), "int:": "7", "slug:": "csv" if key == "kind" else "nothing"}
        return fallback.get(kind, "x" * 43)

    return "/" + re.sub(r"<(\w+:)?(\w+)>", one, ROUTES[name])


def signed_in(person: Any, inbox: Any = None) -> Client:
    from wasl.app import clock

    client = Client()
    client.force_login(person, backend=BACKEND)
    session = client.session
    session["wasl_signed_in_at"] = clock.now().timestamp()
    if inbox is not None:
        session["wasl_inbox"] = str(inbox.pk)
    session.save()
    return client


def state() -> dict[str, int]:
    """How many rows every table has, but for sessions and what a walk itself leaves (limits live in memory)."""
    from django.apps import apps

    passing = {"sessions.Session", "usersessions.UserSession", "axes.AccessAttempt", "axes.AccessLog", "axes.AccessFailureLog"}
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed and model._meta.label not in passing}


def tried(client: Client, names: list[str], ids: dict[str, Any], *, verbs: tuple[str, ...] = ("get", "post")) -> list[tuple[str, str, Any]]:
    from wasl.app.ui.limits import forget_all

    found = []
    for name in names:
        for verb in verbs:
            forget_all()
            found.append((name, verb, getattr(client, verb)(filled(name, ids), FORM if verb == "post" else None)))
    return found


def silent(answers: list[tuple[str, str, Any]], allowed: set[int], leads_to: str = "") -> None:
    for name, verb, response in answers:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code in allowed, (name, verb, response.status_code)
        assert not [secret for secret in SECRETS if secret in content], (name, verb)
        if response.status_code == 302:
            assert response["Location"].startswith(leads_to or "/accounts/login/"), (name, verb, response["Location"])


def test_t53_nobody_and_another_sellers_owner_and_a_payer_get_nothing_at_the_desk(made: dict[str, Any]) -> None:
    before = state()
    silent(tried(Client(), CONSOLE, made["ids"]), {302, 405})
    for person in (made["outsider"], made["other"], made["reader"]):
        names = [name for name in CONSOLE if "<slug:slug>" in ROUTES[name]]
        silent(tried(signed_in(person), names, made["ids"]), {404, 405})
    assert state() == before


def test_t53_a_seller_reaches_nothing_of_another_seller_by_naming_it_under_its_own_address(made: dict[str, Any], make_org: Any, actor: Any) -> None:
    from wasl.app.tenancy.organisations import add_member

    mine = make_org(slug="mine")
    add_member(mine, made["outsider"], "owner", actor=actor)
    before = state()
    names = [name for name in CONSOLE if "<uuid:" in ROUTES[name]]
    client = signed_in(made["outsider"])
    for name, verb, response in tried(client, names, made["ids"] | {"slug": "mine"}):
        # a draft that is gone leads back to one's own drafts, whoever's it was
        assert response.status_code in (404, 405) or response.get("Location") == "/console/mine/drafts", (name, verb, response.status_code)
        assert b"Hidden" not in response.content
    assert len(names) >= 15 and state() == before


def test_t54_an_invoice_page_behind_a_seat_opens_for_that_inbox_alone(made: dict[str, Any]) -> None:
    before = state()
    silent(tried(Client(), BY_GRANT, made["ids"]), {302, 405}, "/inbox/enter")
    theirs = tried(signed_in(made["other"]), BY_GRANT, made["ids"])
    silent(theirs, {404, 405})
    never = tried(signed_in(made["other"]), BY_GRANT, made["ids"] | {"invoice_id": uuid4(), "org_id": uuid4()})
    assert [response.status_code for *_name, response in theirs] == [response.status_code for *_name, response in never]
    assert state() == before


def test_t54_the_inbox_itself_does_open_them(made: dict[str, Any]) -> None:
    """The canary of the walk above: with the right key the same addresses answer."""
    answers = tried(signed_in(made["reader"], made["inbox"]), BY_GRANT, made["ids"], verbs=("get",))

    assert {response.status_code for *_name, response in answers} <= {200, 302, 405, 425}
    assert [response.status_code for *_name, response in answers].count(200) >= 10


def test_t56_t57_every_page_of_a_link_opens_for_its_own_link_alone(made: dict[str, Any]) -> None:
    names = DOORS["link"]
    before = state()
    for token in (made["links"]["pdf"], made["links"]["verify"], "A" * 43, "x", "a" * 5000):
        silent(tried(Client(), names, made["ids"] | {"token": token}), {404, 405})
    for token in (made["links"]["verify"], "A" * 43):
        silent(tried(Client(), DOORS["printed"], made["ids"] | {"token": token}), {404, 405})
    assert state() == before
    opened = tried(Client(), names, made["ids"] | {"token": made["links"]["mail"]}, verbs=("get",))
    assert [response.status_code for *_name, response in opened].count(200) >= 10


def test_t67_a_link_reaches_no_conversation_and_no_file_of_another_invoice(made: dict[str, Any], make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    second = find_invoice(made["org"], issue(made["org"], make_invoice(), actor=actor).invoice_id)
    token = make_link(second, Link.MAIL, "other@example.com")
    names = [name for name in DOORS["link"] if "<uuid:" in ROUTES[name]]
    before = state()
    for name, verb, response in tried(Client(), names, made["ids"] | {"token": token}):
        assert response.status_code in (404, 405) and b"Hidden" not in response.content, (name, verb, response.status_code)
    assert len(names) >= 3 and state() == before


def test_t57_a_revoked_link_opens_nothing_and_says_where_to_ask(made: dict[str, Any], actor: Any) -> None:
    from wasl.app.invoicing.links import resolve, revoke

    token = made["links"]["mail"]
    revoke(made["org"].pk, resolve(token).id, actor=actor)
    again = {"payer-again"}  # what a link that ended is still good for
    for name, verb, response in tried(Client(), [name for name in DOORS["link"] + DOORS["printed"] if name not in again], made["ids"] | {"token": token}):
        assert response.status_code in (404, 405, 410), (name, verb, response.status_code)
        assert b"Hidden" not in response.content and b"-000001" not in response.content, (name, verb)


def test_t54_t66_the_pages_of_an_inbox_show_a_stranger_the_door_and_another_payer_nothing_of_it(made: dict[str, Any]) -> None:
    before = state()
    silent(tried(Client(), DOORS["seat"], made["ids"]), {302, 404, 405}, "/inbox/enter")
    assert state() == before
    named = [name for name in DOORS["seat"] if "<" in ROUTES[name]]
    for name, verb, response in tried(signed_in(made["other"]), named, made["ids"]):
        assert response.status_code in (404, 405), (name, verb, response.status_code)
    for name, verb, response in tried(signed_in(made["other"]), [n for n in DOORS["seat"] if "<" not in ROUTES[n]], made["ids"], verbs=("get",)):
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code in (200, 302, 405), (name, verb, response.status_code)
        assert not [secret for secret in SECRETS if secret in content], name


def test_t56_a_wrong_token_is_told_like_one_that_never_was(made: dict[str, Any]) -> None:
    before = state()
    for token in ("A" * 43, made["links"]["mail"], "../../etc/passwd", "'; --"):
        answers = tried(Client(), [name for name in DOORS["token"] if "<str:token>" in ROUTES[name]], made["ids"] | {"token": token.replace("/", "")})
        for name, verb, response in answers:
            assert response.status_code in (302, 400, 403, 404, 405, 410), (name, verb, response.status_code)
            assert not [secret for secret in SECRETS if secret in response.content], (name, verb)
    assert state() == before
