"""T53, T55, T61, T62: whose pages these are."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def foreign(make_org: Any, make_invoice: Any, actor: Any) -> dict[str, Any]:
    """Another seller's rows of every kind that has an address."""
    from wasl.app.invoicing.customers import add_customer, add_item
    from wasl.app.invoicing.drafts import create_draft
    from wasl.app.invoicing.issue import issue

    org = make_org(slug="other")
    return {
        "invoice": issue(org, make_invoice(), actor=actor).invoice_id, "draft": create_draft(org, actor=actor).pk,
        "customer": add_customer(org, actor=actor, name="Hidden", country="BE").pk, "item": add_item(org, actor=actor, name_en="Hidden").pk,
    }  # fmt: skip


PATHS = [
    ("get", "invoices/{invoice}"), ("get", "invoices/{invoice}/file/pdf"), ("get", "invoices/{invoice}/file/xml"),
    ("post", "invoices/{invoice}/send"), ("get", "invoices/{invoice}/credit"), ("post", "invoices/{invoice}/credit"),
    ("post", "invoices/{invoice}/revoke"), ("post", "drafts/{draft}/delete"), ("get", "customers/{customer}"),
    ("post", "customers/{customer}"), ("get", "items/{item}"), ("post", "items/{item}"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "path"), PATHS)
def test_t53_another_sellers_rows_do_not_exist_here(desk: Any, foreign: dict[str, Any], verb: str, path: str) -> None:
    nobody = {name: uuid4() for name in foreign}
    answers = [getattr(desk, verb)(f"/console/sanad/{path.format(**ids)}?lang=en", {"name": "x", "country": "BE"}) for ids in (foreign, nobody)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_t53_another_sellers_draft_is_not_opened(desk: Any, foreign: dict[str, Any]) -> None:
    response = desk.get(f"/console/sanad/drafts/{foreign['draft']}")

    assert response.status_code == 302 and response["Location"] == "/console/sanad/drafts"


@pytest.mark.parametrize("path", ["", "new", "drafts", "customers", "items"])
def test_t53_a_foreign_organisation_does_not_exist(desk: Any, foreign: dict[str, Any], path: str) -> None:
    assert desk.get(f"/console/other/{path}").status_code == desk.get(f"/console/nothing/{path}").status_code == 404


def test_a_stranger_is_asked_to_sign_in(client: Any, org: Any) -> None:
    response = client.get("/console/sanad/")

    assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")


def test_a_clerk_composes_but_withdraws_no_link(clerk_desk: Any, issued: Any) -> None:
    assert clerk_desk.get("/console/sanad/new").status_code == 200
    assert clerk_desk.post(f"/console/sanad/invoices/{issued.pk}/revoke", {"link": str(uuid4())}).status_code == 403


def test_t62_forms_need_their_token(owner: Any, typed: dict[str, str]) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner, backend="wasl.app.tenancy.signin.PasswordBackend")

    assert strict.post("/console/sanad/new", typed | {"act": "issue"}).status_code == 403


def test_t61_a_session_ends_with_the_role(desk: Any, owner: Any, org: Any, actor: Any, make_person: Any) -> None:
    from wasl.app.tenancy.organisations import add_member, change_role

    add_member(org, make_person(), "owner", actor=actor)
    assert desk.get("/console/sanad/").status_code == 200
    change_role(org, owner.pk, "clerk", actor=actor)

    assert desk.get("/console/sanad/").status_code == 302


def test_a_person_of_two_sellers_changes_between_them(desk: Any, owner: Any, make_org: Any, actor: Any) -> None:
    from wasl.app.tenancy.organisations import add_member

    second = make_org(slug="second", name_en="Second Seller")
    add_member(second, owner, "clerk", actor=actor)
    html = desk.get("/console/sanad/?lang=en").content.decode()

    assert 'href="/console/second/"' in html and "Second Seller" in html
    assert desk.get("/console/second/").status_code == 200
