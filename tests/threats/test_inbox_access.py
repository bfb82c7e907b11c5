"""T1, T53, T54, T55, T56, T61, T62, T63, T66 under `/inbox/`: every address of the account is walked, with nobody, with a stranger, and
with somebody else's things."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from wasl.app.tenancy.models import Payer, PayerAddress, PayerInvite, PayerSeat, Person

pytestmark = pytest.mark.django_db
# Open to everybody, because they are the door itself; what they do without a session is tested below and in app/portal/account
OPEN = {"enter", "enter/code", "enter/again", "enter/passkey", "enter/passkey/begin", "leave", "join", "join/<str:token>"}
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"


def routes() -> list[str]:
    """The addresses of the account part, as Django has them."""
    from wasl.app.portal.account import urls

    def walk(patterns: Any) -> list[str]:
        return [str(entry.pattern) for entry in patterns if isinstance(entry, URLPattern)]

    return walk(urls.urlpatterns)


def every_inbox_route() -> list[str]:
    """All of `/inbox/`, of whatever part, without the invoice page, which has its own matrix."""

    def walk(resolver: Any, prefix: str = "") -> list[str]:
        found: list[str] = []
        for entry in resolver.url_patterns:
            found += walk(entry, prefix + str(entry.pattern)) if isinstance(entry, URLResolver) else [prefix + str(entry.pattern)]
        return found

    return [route.removeprefix("inbox/") for route in walk(get_resolver()) if route.startswith("inbox/")]


def filled(route: str, ids: dict[str, Any]) -> str:
    """An address with things put in: of `ids` where it names one of the account's, of nobody's otherwise."""
    values = {"address_id": ids["address"], "person_id": ids["person"], "invite_id": ids["invite"], "key_id": ids["key"], "session_id": ids["session"]}
    return "/inbox/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: str(values.get(found[2]) or (uuid4() if found[1] == "uuid" else 7)), route)


@pytest.fixture
def lies(issued: Any) -> dict[str, Any]:
    """A reader with one of everything: an address, a shared inbox, an invitation, a passkey, a device."""
    from allauth.mfa.models import Authenticator

    from wasl.app.tenancy.payers_prove import person_of
    from wasl.app.tenancy.payers_share import create_company, invite

    person, address = person_of("buyer@example.com", "en")
    inbox = create_company(person, "Leuven Lab")
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key"})
    client = Client()
    enter(client, person)
    session = person.usersession_set.get()
    made = invite(inbox, "mo@example.com", "view")
    return {"who": person, "client": client, "address": address.pk, "person": person.pk, "invite": made.pk, "key": key.pk, "session": session.pk, "inbox": inbox.payer}


def enter(client: Client, person: Any) -> None:
    """Signed in just now, as `begin` leaves it."""
    from wasl.app import clock
    from wasl.app.tenancy.payers_devices import seen

    client.force_login(person, backend=BACKEND)
    session = client.session
    session["wasl_signed_in_at"] = clock.now().timestamp()
    session.save()

    class Request:
        META: dict[str, str] = {}
        user = person

    Request.session = session  # type: ignore[attr-defined]
    seen(Request)


def world() -> dict[str, Any]:
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    tables = {"seats": PayerSeat, "addresses": PayerAddress, "invites": PayerInvite, "payers": Payer, "mail": EmailAddress, "keys": Authenticator}
    found = {name: sorted(map(str, model.objects.values_list())) for name, model in tables.items()}
    return found | {"people": sorted(Person.objects.values_list("pk", "email", "name", "is_active", "session_epoch"))}


FORM = {"email": "thief@example.com", "role": "owner", "name": "Taken", "company": "Taken", "inbox": str(UUID(int=5)), "answer": "{}", "code": "12345678"}


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_t1_a_stranger_is_sent_to_sign_in_from_every_address_of_the_inbox(lies: dict[str, Any], verb: str) -> None:
    before, walked = world(), 0
    for route in every_inbox_route():
        if route in OPEN:
            continue
        response = getattr(Client(), verb)(filled(route, lies), FORM)
        assert response.status_code in (302, 404, 405), (route, response.status_code)
        if response.status_code == 302:
            assert response["Location"].startswith("/inbox/enter"), (route, response["Location"])
        assert b"buyer@example.com" not in response.content and b"Leuven" not in response.content
        walked += 1
    assert walked >= 25 and world() == before


@pytest.mark.parametrize("cookie", ["", "x" * 32, "../../etc/passwd"])
def test_t1_a_made_up_session_opens_no_inbox(lies: dict[str, Any], cookie: str) -> None:
    client = Client()
    client.cookies["wasl_session"] = cookie
    assert client.get("/inbox/account/")["Location"].startswith("/inbox/enter")


def test_t53_t54_on_every_address_another_readers_things_look_like_things_that_never_were(lies: dict[str, Any]) -> None:
    from wasl.app.tenancy.payers_prove import person_of
    from wasl.app.tenancy.payers_share import create_company

    otto, _address = person_of("otto@example.com", "en")
    mine = create_company(otto, "Elsewhere").payer
    before, tried = world(), 0
    nobody = {"address": uuid4(), "person": uuid4(), "invite": uuid4(), "key": 10**8, "session": 10**8}
    for route in (route for route in routes() if "<" in route and route not in OPEN):
        answers = []
        for ids in (lies, nobody):
            client = Client()
            enter(client, otto)
            session = client.session
            session["wasl_inbox"] = str(mine.pk)
            session.save()
            response = client.post(filled(route, ids), FORM | {"inbox": str(lies["inbox"].pk)})
            answers.append((response.status_code, re.sub(rb'(value|nonce)="[^"]*"', b"", response.content)))
        assert answers[0][0] == 404 and answers[0] == answers[1], route
        tried += 1
    assert tried >= 10
    assert world() == before


def test_t53_an_inbox_that_is_not_mine_cannot_be_opened_by_naming_it(lies: dict[str, Any]) -> None:
    from wasl.app.tenancy.payers_prove import person_of

    otto, _address = person_of("otto@example.com", "en")
    client = Client()
    enter(client, otto)
    client.post("/inbox/switch", {"inbox": str(lies["inbox"].pk)})
    session = client.session
    session["wasl_inbox"] = str(lies["inbox"].pk)  # even a session that somebody wrote by hand
    session.save()
    page = client.get("/inbox/account/").content.decode()
    assert "Leuven" not in page and "buyer@example.com" not in page


def test_t55_no_form_takes_more_than_it_shows(lies: dict[str, Any]) -> None:
    forged = {"id": str(uuid4()), "kind": "own", "role": "owner", "person": str(uuid4()), "payer": str(uuid4()), "email": "thief@example.com", "session_epoch": "9", "is_active": "0",
              "created_at": "2001-01-01", "proven_at": "2001-01-01"}  # fmt: skip
    lies["client"].post("/inbox/switch", {"inbox": str(lies["inbox"].pk)})
    before = list(PayerSeat.objects.values_list())
    assert lies["client"].post("/inbox/account/details", forged | {"name": "Renamed", "language": "en"}).status_code == 302
    payer, person = Payer.objects.get(pk=lies["inbox"].pk), Person.objects.get(pk=lies["person"])
    assert (payer.name, payer.kind, person.email, person.session_epoch, person.is_active) == ("Renamed", "company", "buyer@example.com", 0, True)
    assert payer.created_at.year >= 2026 and list(PayerSeat.objects.values_list()) == before


def test_t62_every_form_of_the_inbox_refuses_a_post_without_its_token(lies: dict[str, Any]) -> None:
    before = world()
    strict = Client(enforce_csrf_checks=True)
    enter(strict, lies["who"])
    codes = {route: strict.post(filled(route, lies), FORM).status_code for route in routes()}
    assert set(codes.values()) <= {403, 405} and list(codes.values()).count(403) >= 25, codes
    assert world() == before


def test_t56_t63_guessing_invitations_codes_and_addresses_ends_in_429(lies: dict[str, Any]) -> None:
    from wasl.app.ui.limits import forget_all

    for path, form in (("/inbox/join/{:043d}", None), ("/inbox/enter", {"email": "n{}@example.com"}), ("/inbox/enter/code", {"code": "{:08d}"}), ("/inbox/enter/passkey", {"answer": "{{}}{}"})):
        forget_all()
        client = Client()
        client.post("/inbox/enter", {"email": "buyer@example.com"})
        codes = []
        for n in range(64):
            body = {key: value.format(n) for key, value in form.items()} if form else None
            extra = {"HTTP_X_FORWARDED_FOR": f"10.0.0.{n}"}
            codes.append((client.post(path, body, **extra) if body else client.get(path.format(n), **extra)).status_code)
        assert codes[-1] == 429 and set(codes) <= {302, 410, 422, 429}, (path, codes)


def test_t60_the_database_holds_nothing_that_could_be_typed(lies: dict[str, Any]) -> None:
    """Neither a code nor an invitation's token stands anywhere: both are computed under the master key."""
    from django.db import connection

    from wasl.app.tenancy import payers_codes as codes
    from wasl.app.tenancy.payers_share import token_of

    code_id = codes.ask("buyer@example.com", codes.ENTER, "en")
    secrets = [codes.code_of(code_id), token_of(lies["invite"])]
    with connection.cursor() as cursor:
        for table in ("tenancy_payercode", "tenancy_payerinvite", "procrastinate_jobs"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = " ".join(row[0] for row in cursor.fetchall())
            assert not [secret for secret in secrets if secret in text], table


def test_t66_counts_and_pages_tell_nothing_of_other_inboxes(lies: dict[str, Any]) -> None:
    """An address that nobody has and one that somebody has: adding either is answered alike, before and after."""
    from wasl.app.tenancy.payers_prove import person_of

    otto, _address = person_of("otto@example.com", "en")
    answers = []
    for email in ("buyer@example.com", "nobody@example.com"):
        client = Client()
        enter(client, otto)
        first = client.post("/inbox/account/addresses", {"email": email})
        second = client.get("/inbox/account/addresses/code?lang=en").content.decode().replace(email, "*")
        wrong = client.post("/inbox/account/addresses/code?lang=en", {"code": "00000000"}).content.decode().replace(email, "*")
        answers.append((first.status_code, first["Location"], *(re.sub(r'(value|nonce)="[^"]*"', "", text) for text in (second, wrong))))
    assert answers[0] == answers[1]


def asked(client: Client, email: str) -> Any:
    from wasl.app.ui.limits import forget_all

    forget_all()
    return client.post("/inbox/enter", {"email": email})


def test_t59_the_door_answers_every_address_alike_and_does_the_same_work(lies: dict[str, Any]) -> None:
    """The same status, address, bytes and statements, whoever is asked about; what is mailed is the worker's decision, later."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answers = []
    for email in ("buyer@example.com", "nobody@example.com"):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            first = asked(client, email)
        page = client.get("/inbox/enter/code?lang=en").content.decode().replace(email, "*")
        wrong = client.post("/inbox/enter/code?lang=en", {"code": "00000000"})
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
        texts = [re.sub(r'(value|nonce)="[^"]*"', "", text) for text in (page, wrong.content.decode().replace(email, "*"))]
        answers.append((first.status_code, first["Location"], wrong.status_code, *texts, statements))
    assert answers[0] == answers[1]


def test_t59_the_time_at_the_door_does_not_tell_either(lies: dict[str, Any], record_property: Any) -> None:
    """Medians of many alternating requests, in time of this process, so that a busy machine disturbs both alike; in turns, so
    that growing tables do too. Repeated where a burst of noise came between: a real difference shows every time."""
    import statistics
    import time

    clients = {email: Client() for email in ("buyer@example.com", "nobody@example.com")}
    for _ in range(3):
        taken: dict[str, list[float]] = {email: [] for email in clients}
        for turn in range(150):
            for email in sorted(clients, reverse=bool(turn % 2)):
                began = time.process_time()
                assert asked(clients[email], email).status_code == 302
                taken[email].append(time.process_time() - began)
        known, unknown = (statistics.median(values) for values in taken.values())
        difference = abs(known - unknown) / known
        if difference < 0.05:
            break
    record_property("count", f"T59 /inbox/enter: medians {known * 1000:.2f} and {unknown * 1000:.2f} ms, {difference:.1%} apart")
    assert difference < 0.05
