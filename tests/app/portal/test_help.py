"""The help centre as a reader meets it: no account, both languages, no script."""

from __future__ import annotations

from typing import Any

import pytest

from wasl.app.support.help import articles, lessons, votes
from wasl.app.support.help.marks import COOKIE, Marks, packed, unpacked

SLUGS = [article.slug for article in articles.articles("en")]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_index_leads_to_every_article(client: Any, lang: str) -> None:
    page = client.get(f"/help/?lang={lang}").content.decode()

    assert [slug for slug in SLUGS if f'href="/help/{slug}"' not in page] == []


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("path", ["", "pay", "glossary", "paper", "news", "lessons/", "lessons/first", "pay?print=1", "?q=pay", "?q=zzzz"])
def test_every_page_of_help_is_light_and_speaks_the_readers_language(client: Any, path: str, lang: str) -> None:
    client.cookies["wasl_lang"] = lang
    response = client.get(f"/help/{path}")
    page = response.content.decode()

    assert response.status_code == 200 and f'<html lang="{lang}"' in page and "noindex" in page
    assert len(response.content) <= 40 * 1024


@pytest.mark.parametrize("path", ["/help/nothing-here", "/help/lessons/nothing-here"])
def test_what_is_no_article_is_not_found(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_vote_is_counted_once_a_browser_and_without_the_voter(client: Any) -> None:
    for _try in range(2):
        assert client.post("/help/pay/vote?lang=ar", {"helped": "1"}).status_code == 302
    client.cookies.clear()
    client.post("/help/pay/vote?lang=ar", {"helped": "0"})

    assert votes.totals() == {("pay", "ar"): (1, 1)}
    assert client.post("/help/nothing-here/vote", {"helped": "1"}).status_code == 404


def test_t63_t98_votes_are_bounded(client: Any) -> None:
    codes = set()
    for _try in range(40):
        client.cookies.clear()
        codes.add(client.post("/help/pay/vote?lang=ar", {"helped": "1"}).status_code)

    assert codes == {302, 429} and votes.totals()["pay", "ar"][0] == 30


def right(slug: str, number: int) -> int:
    return next(place for place, a in enumerate(lessons.lesson(slug, "en").steps[number - 1].answers, 1) if a.is_right)


def wrong(slug: str, number: int) -> int:
    return next(place for place, a in enumerate(lessons.lesson(slug, "en").steps[number - 1].answers, 1) if not a.is_right)


def test_a_lesson_goes_on_where_it_was_left_without_script_or_account(client: Any) -> None:
    client.cookies["wasl_lang"] = "en"
    first = client.post("/help/lessons/first?step=1", {"answer": wrong("first", 1)}, follow=True).content.decode()
    assert "Not quite." in first and "Next step" not in first

    told = client.post("/help/lessons/first?step=1", {"answer": right("first", 1)}, follow=True).content.decode()
    assert "Right." in told and "Next step" in told

    assert lessons.lesson("first", "en").steps[1].title in client.get("/help/lessons/first").content.decode()
    assert "1 step done of 4" in client.get("/help/lessons/").content.decode()


def test_the_last_step_ends_the_lesson_and_leads_on(client: Any) -> None:
    client.cookies["wasl_lang"] = "en"
    for number in range(1, 5):
        page = client.post(f"/help/lessons/first?step={number}", {"answer": right("first", number)}, follow=True).content.decode()

    assert "That was the lesson." in page and lessons.lesson("trust", "en").title in page
    assert unpacked(client.cookies[COOKIE].value).lessons == {"first": 4}


def test_steps_cannot_be_skipped_into_being_done(client: Any) -> None:
    client.post("/help/lessons/first?step=4", {"answer": right("first", 4)})

    assert COOKIE not in client.cookies


def test_progress_of_a_signed_in_person_is_there_on_another_device(client: Any, make_person: Any) -> None:
    from django.test import Client

    person = make_person()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    client.post("/help/lessons/first?step=1", {"answer": right("first", 1)})
    other = Client()
    other.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")

    assert "1 step done of 4" in other.get("/help/lessons/?lang=en").content.decode()


def test_progress_goes_with_the_person(make_person: Any) -> None:
    from django.db import connection

    from wasl.app.support.help.models import Progress

    person = make_person()
    Progress.objects.create(person_id=person.pk, marks="l=first:1")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM account_emailaddress WHERE user_id = %s", [person.pk])
        cursor.execute("DELETE FROM tenancy_person WHERE id = %s", [person.pk])

    assert not Progress.objects.exists()


def test_news_are_marked_until_they_are_read(client: Any) -> None:
    assert "parts__new" in client.get("/help/").content.decode()
    client.get("/help/news")
    assert "parts__new" not in client.get("/help/").content.decode()


def test_the_tour_is_closed_once_and_goes_back_to_our_own_pages_only(client: Any) -> None:
    """T99."""
    back = {given: client.post("/help/tour", {"back": given})["Location"] for given in ("/i/abc", "https://evil.example/", "//evil.example", "/\\evil.example", "")}

    assert unpacked(client.cookies[COOKIE].value).tour
    assert back == {"/i/abc": "/i/abc"} | dict.fromkeys(["https://evil.example/", "//evil.example", "/\\evil.example", ""], "/help/")
    assert client.post("/help/tour", {"quiet": "1"}).status_code == 204


@pytest.mark.parametrize("text", ["", "l=..:9&n=x&v=..%2f", "l=first:999", "x" * 5000, "l=first:1.evil<script>:2", "l=first:١"])
def test_a_made_up_cookie_is_read_as_far_as_it_makes_sense(text: str) -> None:
    found = unpacked(text)

    assert not found.votes and set(found.lessons) <= {"first"} and all(0 <= steps < 100 for steps in found.lessons.values())


def test_marks_survive_packing_and_fit_the_cookie() -> None:
    full = Marks(dict.fromkeys(lessons.ORDER, 6), "2026-11-27", True, frozenset(SLUGS))

    assert unpacked(packed(full)) == full
