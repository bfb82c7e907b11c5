"""Help and practice in a real browser: nothing over the edge, axe content, contrast; the journey by hand; the tour covers nothing."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
VIEWS = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]
EVERY = pytest.mark.parametrize(("lang", "size"), VIEWS, ids=["-".join(view) for view in VIEWS])
PAGES = ("/help/", "/help/?q=IBAN", "/help/?q=zzzz", "/help/terms", "/help/terms?print=1", "/help/glossary", "/help/paper", "/help/news", "/help/lessons/", "/help/lessons/trust")


def examined(page: Any, checks: Any, name: str) -> None:
    page.wait_for_load_state("networkidle")
    found = checks.examine(page, reach=name.endswith(("ar-phone", "en-desktop")))
    assert found == [], f"{name}: " + "\n".join(found)


@EVERY
def test_pages_of_help(open_page: Any, checks: Any, lang: str, size: str) -> None:
    for path in PAGES:
        examined(open_page(path, lang=lang, size=size), checks, f"{path}-{lang}-{size}")


@EVERY
@pytest.mark.ci
def test_practice_from_beginning_to_end(open_page: Any, checks: Any, lang: str, size: str) -> None:
    """Each page of it is examined on the way; at the end every exercise is done."""
    name = f"practice-{lang}-{size}"
    page = open_page("/practice/", lang=lang, size=size)
    examined(page, checks, name)
    page.locator("main form button").click()
    examined(page, checks, name)
    home = page.url

    page.locator("table a").first.click()
    examined(page, checks, name)
    page.select_option("#reason", "price")
    page.fill("#text", "لماذا؟ Why?")
    page.locator("main form button").first.click()
    page.goto(home + "/verify")
    examined(page, checks, name)
    page.locator("main form button").click()
    examined(page, checks, name)

    page.goto(home)
    page.locator(".dock a" if size == "phone" else ".card--pay a").click()
    examined(page, checks, name)
    page.locator('button[value="approve"]').click()
    examined(page, checks, name)
    page.locator('.outcome__acts a[href*="back=paid"]').click()
    examined(page, checks, name)
    assert page.locator(".tasks__mark--done").count() == 4


@EVERY
def test_a_lesson_by_keyboard(open_page: Any, checks: Any, lang: str, size: str) -> None:
    page = open_page("/help/lessons/first", lang=lang, size=size)
    page.locator(".quiz__button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#why")
    page.goto(page.url.partition("#")[0])  # where the keyboard begins is the page's own beginning
    examined(page, checks, f"lesson-{lang}-{size}")


@EVERY
def test_the_tour_covers_nothing_and_never_comes_again(open_page: Any, sellers: Any, scene: Any, checks: Any, lang: str, size: str) -> None:
    row = scene.issue(sellers["sanad"], lang=lang)
    scene.work()
    page = open_page(scene.shown(row).payer, lang=lang, size=size)
    tour, pay = page.locator("[data-tour]"), page.locator(".dock button" if size == "phone" else ".payer__pay button")
    assert page.locator(".tour__step:visible").count() == 1
    pay.last.click(trial=True)  # playwright refuses where something lies over it

    page.locator("[data-tour-next]").click()
    page.locator("[data-tour-next]").click()
    assert not page.locator("[data-tour-next]").is_visible() and page.locator(".tour__step:visible").count() == 1
    tour.locator("form button[type=submit]").click()
    page.wait_for_selector("[data-tour]", state="detached")
    page.reload()
    assert page.locator("[data-tour]").count() == 0


@EVERY
def test_what_paper_would_have_taken(open_page: Any, sellers: Any, scene: Any, checks: Any, lang: str, size: str) -> None:
    row = scene.issue(sellers["sanad"], lang=lang)
    scene.work()
    page = open_page(scene.shown(row).payer + "/footprint", lang=lang, size=size)
    examined(page, checks, f"footprint-{lang}-{size}")
    page.locator('button[value="print"]').click()
    page.locator('button[value="undo"]').wait_for()
    page.goto(page.url.partition("#")[0])
    examined(page, checks, f"footprint-printed-{lang}-{size}")
