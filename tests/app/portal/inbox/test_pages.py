"""What can be done from the list: files, tables, marks, views, a calendar; and what a thief cannot."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from wasl.app import clock
from wasl.app.portal.inbox.models import Item, View

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def item(payer: Any, row: Any) -> Item:
    return Item.objects.for_payer(payer).get(payer_id=payer.pk, invoice_id=row.pk)


def handle(of: Item) -> str:
    return of.organisation_id.hex + of.pk.hex


def names_in(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return package.namelist()


def test_ticked_invoices_come_as_a_zip_of_their_files(payer: Any, browser: Client, make_issued: Any) -> None:
    row, other = make_issued(payer), make_issued(payer)

    response = browser.post("/inbox/selected", {"do": "zip", "pick": [handle(item(payer, row))]})

    assert response["Content-Disposition"].startswith("attachment") and response["X-Content-Type-Options"] == "nosniff"
    names = names_in(body(response))
    assert names == [f"Brussels-Books/{row.number}.{suffix}" for suffix in ("pdf", "xml", "xades")] + ["list.csv"]
    assert other.number not in str(names)


def test_a_file_that_is_not_ready_is_named_with_its_reason(payer: Any, browser: Client, make_issued: Any) -> None:
    """The proof of a young invoice waits for the next checkpoint."""
    make_issued(payer)

    with zipfile.ZipFile(io.BytesIO(body(browser.post("/inbox/files.zip")))) as package:
        rows = list(csv.reader(io.StringIO(package.read("list.csv").decode("utf-8-sig"))))

    assert [row[3] for row in rows[1:]].count("") == 1 and "proof" in rows[-1][4]


def test_t42_names_in_the_zip_are_safe_whatever_sellers_are_called(payer: Any, browser: Client, make_org: Any, make_issued: Any) -> None:
    """T42: no path, no control or direction mark, no reserved name, two of one name apart."""
    for name in ("../../etc", "..\\con", "a\u202egpj.exe", "Same", "same", "CON", "شركة/سند"):
        make_issued(payer, seller=make_org(name_en=name, name_ar=name))

    names = [name for name in names_in(body(browser.post("/inbox/files.zip"))) if name != "list.csv"]

    folders = {name.split("/")[0] for name in names}
    assert all(name.count("/") == 1 and ".." not in name and "\\" not in name and name.isprintable() for name in names)
    assert len({name.casefold() for name in names}) == len(names) and "CON" not in folders


def test_t54_t65_ticks_of_another_inbox_are_as_if_they_were_not_there(payer: Any, other_payer: Any, browser: Client, make_issued: Any) -> None:
    """T54, T65: every act, with another payer's handle, with one that never was, and with text that is none."""
    mine, theirs = make_issued(payer), make_issued(other_payer)
    foreign = handle(item(other_payer, theirs))
    never = "0" * 64
    answers = set()
    for do in ("zip", "csv", "xlsx", "star", "archive", "restore", "unstar"):
        for pick in (foreign, never, "x", "' OR 1=1", "\x00" * 64):
            response = browser.post("/inbox/selected", {"do": do, "pick": [pick]})
            answers.add((response.status_code, response["Location"]))

    assert answers == {(302, "/inbox/")}
    assert not item(other_payer, theirs).is_starred and item(other_payer, theirs).archived_at is None
    mixed = names_in(body(browser.post("/inbox/selected", {"do": "zip", "pick": [foreign, handle(item(payer, mine))]})))
    assert any(mine.number in name for name in mixed) and len(mixed) == 4, "mine comes, the other one does not"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "'=", "=cmd|' /C calc'!A0"])
def test_t37_no_cell_of_an_export_runs_and_every_one_comes_back(payer: Any, browser: Client, make_org: Any, make_issued: Any, start: str) -> None:
    """T37: CSV and XLSX, read again with our reader and with openpyxl."""
    import openpyxl

    name = f"{start}1+1".replace("\r", "").replace("\t", "") if start in "\t\r" else f"{start}1+1"
    org = make_org(name_en="x", name_ar="x")
    type(org).objects.filter(pk=org.pk).update(name_en=f"{start}1+1", name_ar=f"{start}1+1")
    make_issued(payer, seller=org)

    rows = list(csv.reader(io.StringIO(body(browser.get("/inbox/export.csv")).decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(body(browser.get("/inbox/export.xlsx")))).active
    cell = sheet["A2"]

    assert rows[1][0][0] == "'" and rows[1][0].removeprefix("'") in (name, f"{start}1+1")
    assert cell.data_type == "s" and cell.value.replace("_x000D_", "\r").strip() == f"{start}1+1".strip()


def test_an_export_holds_what_the_list_shows_and_figures_are_figures(payer: Any, browser: Client, make_issued: Any, pay: Any) -> None:
    import openpyxl

    late = make_issued(payer, due_date=date(2020, 1, 1))
    pay(make_issued(payer), 24200)

    sheet = openpyxl.load_workbook(io.BytesIO(body(browser.get("/inbox/export.xlsx?state=overdue&lang=en")))).active
    head, *rows = list(sheet.iter_rows(values_only=True))

    found = dict(zip(head, rows[0], strict=True))
    assert len(rows) == 1 and found["Number"] == late.number and found["Still to pay"] == 242 and found["Due date"].date() == date(2020, 1, 1)
    assert found["Link"].endswith(f"/inbox/i/{late.organisation_id}/{late.pk}")


def test_an_export_is_made_in_chunks(payer: Any, browser: Client, make_issued: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wasl.app.portal.inbox.queries.CHUNK_ROWS", 2)
    rows = [make_issued(payer) for _ in range(5)]

    text = body(browser.get("/inbox/export.csv")).decode()

    assert all(text.count(row.number) == 1 for row in rows)


def test_a_zip_of_too_many_says_so_and_how_to_go_on(payer: Any, browser: Client, make_issued: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wasl.app.portal.inbox.files.INVOICES_MAX", 1)
    make_issued(payer)
    make_issued(payer)

    response = browser.post("/inbox/files.zip?lang=en")

    assert response.status_code == 422 and "Narrow the list" in response.content.decode()


def test_stars_and_the_archive_can_be_undone_and_owe_the_same(payer: Any, browser: Client, make_issued: Any) -> None:
    from wasl.app.portal.inbox import sums

    row = make_issued(payer)
    pick = handle(item(payer, row))

    browser.post("/inbox/selected", {"do": "archive", "pick": [pick]})
    assert item(payer, row).archived_at is not None and row.number not in browser.get("/inbox/?state=open").content.decode()
    assert sums.totals(payer, clock.now().date())[0].open.number == 1, "what is owed stays in the sums"
    browser.post("/inbox/undo", {"do": "restore", "pick": [pick]})
    assert item(payer, row).archived_at is None

    browser.post("/inbox/selected", {"do": "star", "pick": [pick]})
    assert row.number in browser.get("/inbox/?state=starred").content.decode()


def test_who_may_only_look_marks_nothing(payer: Any, browser: Client, make_issued: Any) -> None:
    from wasl.app.tenancy.models_payers import PayerSeat

    row = make_issued(payer)
    PayerSeat.objects.filter(payer=payer).update(role="view")

    browser.post("/inbox/selected", {"do": "star", "pick": [handle(item(payer, row))]})

    assert not item(payer, row).is_starred and 'value="archive"' not in browser.get("/inbox/").content.decode()
    assert browser.post("/inbox/undo", {"do": "star", "pick": [handle(item(payer, row))]}).status_code == 403


def test_a_view_is_saved_renamed_removed_and_brought_back(browser: Client) -> None:
    browser.post("/inbox/views/save", {"name": "Late ones", "filters": "state=overdue&sort=x&evil=1"})
    view = View.objects.get()
    assert (view.name, view.query) == ("Late ones", "state=overdue")

    browser.post(f"/inbox/views/{view.pk}", {"do": "rename", "name": " متأخرة "})
    browser.post(f"/inbox/views/{view.pk}", {"do": "remove"})
    page = browser.get("/inbox/?lang=en").content.decode()
    assert "was removed" not in page or "متأخرة" in page
    browser.post(f"/inbox/views/{view.pk}", {"do": "restore"})

    view.refresh_from_db()
    assert (view.name, view.removed_at) == ("متأخرة", None)


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\x00b"])
def test_a_view_needs_a_name_that_can_be_read(browser: Client, name: str) -> None:
    browser.post("/inbox/views/save", {"name": name, "filters": "state=overdue"})

    assert not View.objects.exists()


def test_t54_another_persons_view_is_not_there(browser: Client, other_browser: Client) -> None:
    browser.post("/inbox/views/save", {"name": "Mine", "filters": "state=overdue"})
    view = View.objects.get()

    codes = [other_browser.post(f"/inbox/views/{view.pk}", {"do": do, "name": "x"}).status_code for do in ("rename", "remove", "restore", "x")]

    assert codes == [404] * 4 and View.objects.get().name == "Mine"
    assert "Mine" not in other_browser.get("/inbox/").content.decode()


# -- calendar ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def feed(browser: Client) -> str:
    from wasl.app.portal.inbox.feed import token_of
    from wasl.app.portal.inbox.models import Feed

    browser.post("/inbox/calendar/change", {"do": "make"})
    return reverse("inbox-feed", args=[token_of(Feed.objects.get().pk)])


def events(data: bytes) -> list[Any]:
    from icalendar import Calendar

    calendar = Calendar.from_ical(data)
    assert not calendar.errors
    return list(calendar.walk("VEVENT"))


def test_the_feed_is_a_calendar_of_what_is_due_with_alarms(payer: Any, feed: str, make_issued: Any, make_org: Any) -> None:
    due = clock.now().date() + timedelta(days=20)
    long_name = "مؤسسة الأفق الأزرق للتجارة والمقاولات العامة والنقليات المحدودة، فرع المنطقة الشرقية"
    row = make_issued(payer, due_date=due, seller=make_org(name_en=long_name, name_ar=long_name))
    make_issued(payer, due_date=None, payment_terms="on receipt")

    response = Client().get(feed)

    assert response["Content-Type"] == "text/calendar; charset=utf-8" and "Set-Cookie" not in response.headers
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n")), "RFC 5545: lines are folded at 75 octets"
    (event,) = events(response.content)
    assert str(event["uid"]).startswith(str(row.pk)) and event["dtstart"].dt == due and long_name in event["summary"]
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-2, hours=-15), timedelta(hours=9)]
    assert "/i/" not in response.content.decode().replace("/inbox/i/", ""), "no link that opens anything by itself"


def test_the_feed_has_the_alarms_that_its_owner_chose(payer: Any, feed: str, make_issued: Any) -> None:
    from dataclasses import replace

    from wasl.app.notices import kinds
    from wasl.app.notices.preferences import preferences_of, save
    from wasl.app.portal.inbox.models import Feed

    make_issued(payer, due_date=clock.now().date() + timedelta(days=20))
    owner = Feed.objects.get().person.email
    chosen = preferences_of(owner)
    save(owner, replace(chosen, channels={**chosen.channels, kinds.DUE_SOON: frozenset({kinds.EMAIL})}))

    (event,) = events(Client().get(feed).content)
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [timedelta(hours=9)]


def test_what_is_paid_is_cancelled_in_the_feed_under_the_same_uid(payer: Any, feed: str, make_issued: Any, pay: Any) -> None:
    row = make_issued(payer, due_date=clock.now().date() + timedelta(days=3))
    (before,) = events(Client().get(feed).content)

    with clock.frozen(clock.now() + timedelta(hours=2)):
        pay(row, 24200)
        (after,) = events(Client().get(feed).content)

    assert after["uid"] == before["uid"] and str(after["status"]) == "CANCELLED" and after["sequence"] > before["sequence"]
    assert not after.walk("VALARM")


def test_t57_t61_a_feed_ends_with_its_revocation_a_new_one_and_the_seat(payer: Any, browser: Client, feed: str) -> None:
    from wasl.app.portal.inbox.feed import address_of
    from wasl.app.tenancy.models_payers import PayerSeat
    from wasl.app.tenancy.payers import own_inbox

    assert Client().get(feed).status_code == 200
    browser.post("/inbox/calendar/change", {"do": "make"})
    seat = PayerSeat.objects.get(payer=payer)
    second = address_of(own_inbox(seat.person)).path
    assert second != feed and [Client().get(path).status_code for path in (feed, second)] == [404, 200]

    PayerSeat.objects.filter(pk=seat.pk).delete()
    assert Client().get(second).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 42 + "é", "../../etc", "%00"])
def test_t56_other_texts_open_no_feed(db: None, token: str) -> None:
    assert Client().get(f"/inbox/feed/{token}.ics").status_code == 404


def test_t58_t60_the_token_of_a_feed_is_kept_nowhere_and_logged_nowhere(feed: str) -> None:
    from wasl.app.logs import redact
    from wasl.app.portal.inbox.models import Feed

    token = feed.rpartition("/")[2].removesuffix(".ics")
    row = Feed.objects.values().get()

    assert len(token) == 43 and not any(token in str(value) for value in row.values())
    assert token not in redact(f"GET {feed}")


# -- statements --------------------------------------------------------------------------------------------------------


def test_statements_list_the_sellers_and_open_each_account(payer: Any, browser: Client, org: Any, make_issued: Any) -> None:
    row = make_issued(payer)

    listed = browser.get("/inbox/statements/?lang=en").content.decode()
    page = browser.get(f"/inbox/statements/{org.pk}?lang=en&period=year").content.decode()
    documents = browser.get(f"/inbox/statements/{org.pk}?lang=en&period=year&view=documents").content.decode()

    assert "Brussels Books" in listed and row.number in page and "242.00" in page and row.number in documents


@pytest.mark.parametrize("kind", ["pdf", "csv", "xlsx"])
def test_a_statement_is_taken_along_as_a_file(payer: Any, browser: Client, org: Any, make_issued: Any, kind: str) -> None:
    make_issued(payer)

    response = browser.get(f"/inbox/statements/{org.pk}.{kind}?period=year&lang=en")

    assert response.status_code == 200 and body(response)[:4] in (b"%PDF", b"\xef\xbb\xbfD", b"PK\x03\x04")
    assert f".{kind}" in response["Content-Disposition"]


def test_t53_a_seller_that_never_billed_this_inbox_is_no_seller(payer: Any, browser: Client, make_org: Any, make_issued: Any, other_payer: Any) -> None:
    from uuid import uuid4

    stranger = make_org()
    make_issued(other_payer, seller=stranger)
    for tail in ("", ".pdf", ".csv", ".xlsx"):
        real, never = (browser.get(f"/inbox/statements/{org_id}{tail}?lang=en") for org_id in (stranger.pk, uuid4()))
        assert real.status_code == never.status_code == 404
        assert real.content.replace(str(stranger.pk).encode(), b"") != b"" and stranger.name_en.encode() not in real.content


def test_every_page_of_the_inbox_sends_a_stranger_to_the_door(db: None) -> None:
    from uuid import uuid4

    some = uuid4()
    paths = ["", "totals", "export.csv", "export.xlsx", "views", "calendar", "statements/", f"statements/{some}", f"statements/{some}.pdf"]
    posts = ["files.zip", "selected", "undo", "views/save", f"views/{some}", "calendar/change"]

    answers = [Client().get(f"/inbox/{path}") for path in paths] + [Client().post(f"/inbox/{path}") for path in posts]

    assert {answer.status_code for answer in answers} == {302} and {answer["Location"].partition("?")[0] for answer in answers} == {"/inbox/enter"}


def test_t62_every_form_of_the_inbox_refuses_a_post_without_its_token(person: Any, payer: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")

    codes = {strict.post(f"/inbox/{path}").status_code for path in ("files.zip", "selected", "undo", "views/save", "calendar/change")}

    assert codes == {403}
