"""The page of an invoice in a browser: both languages, phone and desktop, light and dark, without a script; and its pictures.

With WASL_SCREENSHOTS set (`make screenshots`) the pictures of the page and of every PDF theme are left there.
"""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parents[1] / "render"
pytestmark = [pytest.mark.browser, pytest.mark.ci]
VIEWS = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]
EVERY = pytest.mark.parametrize(("lang", "size"), VIEWS, ids=["-".join(view) for view in VIEWS])
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
PDF_SCALE = 1.6


def module(name: str, folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, found)
    spec.loader.exec_module(found)
    return found


samples, marks, pages = (module(n, f) for n, f in (("pdf_samples", SAMPLES), ("marks", SAMPLES), ("test_pages", Path(__file__).parent)))


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Any:
    """`show(invoice, lang=, size=, scheme=)`: its page as a file, scripts off as for whoever keeps them off."""
    from wasl.render.html import render_html

    contexts: list[Any] = []

    def open_(invoice: Any, *, lang: str, size: str = "desktop", scheme: str = "light", **changes: Any) -> Any:
        file = tmp_path / f"{len(contexts)}.html"
        file.write_text(render_html(invoice, context=samples.context(language=lang, **changes)), "utf-8")
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: page.faults.append(f"request {request.url}") if not request.url.startswith(("file:", "data:")) else None)
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@EVERY
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_invoice(show: Any, checks: Any, pictures: Path | None, lang: str, size: str, scheme: str) -> None:
    invoice = samples.invoice(4) if lang == "ar" else samples.english(4)
    pages.examine(show(invoice, lang=lang, size=size, scheme=scheme), checks, pictures if scheme == "light" else None, f"invoice-view-{lang}-{size}", weigh=False)


@EVERY
def test_an_invoice_with_every_term(show: Any, checks: Any, lang: str, size: str) -> None:
    page = show(marks.filled(), lang=lang, size=size)
    page.check("#terms")

    pages.examine(page, checks, None, "every-term", weigh=False)
    assert page.locator(".bt").first.is_visible()


def test_the_numbers_of_the_fields_come_on_demand_and_without_a_script(show: Any) -> None:
    page = show(samples.english(1), lang="en")
    assert not page.locator(".bt").first.is_visible()

    page.get_by_label("Show the field numbers").check()

    assert page.locator(".bt", has_text="BT-115").first.is_visible()


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_figures_line_up_on_their_decimals(show: Any, lang: str) -> None:
    page = show(samples.jordanian(), lang=lang)

    ends = page.evaluate("[...document.querySelectorAll('td.c-amount bdi')].map(e => Math.round(e.getBoundingClientRect().right))")

    assert len(ends) == 3
    assert len(set(ends)) == 1


def test_on_paper_it_is_one_document_without_buttons(show: Any) -> None:
    page = show(samples.invoice(10), lang="ar", scheme="dark")
    page.emulate_media(media="print")

    assert not page.locator(".toggle").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("theme", ["classic", "modern", "plain", "receipt"])
def test_pictures_of_the_themes(pictures: Path | None, theme: str, lang: str) -> None:
    import pypdfium2

    from wasl.render import render_pdf

    invoice = samples.invoice(4) if lang == "ar" else samples.english(6)
    data = render_pdf(invoice, context=samples.context(theme=theme, language=lang, footer="Sanad Technology Co. · CR 1010123456")).data
    picture = pypdfium2.PdfDocument(io.BytesIO(data))[0].render(scale=PDF_SCALE).to_pil()

    assert picture.width > 300
    if pictures is not None:
        picture.save(pictures / f"pdf-{lang}-{theme}.png")
        pages.slim(pictures / f"pdf-{lang}-{theme}.png")
