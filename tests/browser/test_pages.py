"""Every page, Arabic and English, phone and desktop, light and dark: nothing over the edge, nothing clipped, axe content,
every text read against its ground; one view of each language also by keyboard, by ear and at twice the size.

With WASL_SCREENSHOTS set (`make screenshots`) each page also leaves its picture there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.ci]
VIEWS = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]
EVERY = pytest.mark.parametrize(("lang", "size"), VIEWS, ids=["-".join(view) for view in VIEWS])


def examine(page: Any, checks: Any, pictures: Path | None, name: str, *, weigh: bool = True) -> None:
    """The whole page as a person would scroll through it, then its picture."""
    page.wait_for_load_state("networkidle")
    reach = name.endswith(("ar-phone", "en-desktop"))
    found = checks.examine(page, reach=reach, weigh=weigh)
    if pictures is not None:
        take(page, pictures / f"{name}.png")
    assert found == [], f"{name}: " + "\n".join(found)


def take(page: Any, path: Path) -> None:
    """The full page in one picture; bars that stick to the window's end stand at the page's end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    page.screenshot(path=str(path))
    page.set_viewport_size(size)
    slim(path)


def slim(path: Path) -> None:
    """A third of the bytes: the 256 colours that the page is made of, its own flat ones exactly, the rest to the nearest."""
    from PIL import Image

    with Image.open(path) as picture:
        image = picture.convert("RGB")
    counted = image.getcolors(maxcolors=1 << 24)
    weighted = sorted(counted, key=lambda found: -found[0] * (1 + max(found[1]) - min(found[1])))
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for _count, colour in weighted[:256] for channel in colour])
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)


@EVERY
def test_payer_page(open_page: Any, sellers: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    row = scene.issue(sellers["sanad"], lang=lang)
    scene.send(row)
    scene.work()
    page = open_page(scene.shown(row).payer, lang=lang, size=size)
    examine(page, checks, pictures, f"payer-{lang}-{size}")


@EVERY
def test_printed_link_and_verify_page(open_page: Any, sellers: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    row = scene.issue(sellers["jabal"], lang=lang, days=-3)
    scene.work()
    examine(open_page(scene.shown(row).printed, lang=lang, size=size), checks, None, f"printed-{lang}-{size}")
    examine(open_page(scene.shown(row).verify, lang=lang, size=size), checks, pictures, f"verify-{lang}-{size}")


@EVERY
def test_console(open_page: Any, sellers: Any, signed_in: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    seller = sellers["sanad"]
    for days, lines, customer in ((30, 4, 0), (3, 1, 1), (-13, 2, 2), (21, 3, 3)):
        scene.send(scene.issue(seller, days=days, lines=lines, customer=customer))
    scene.work()
    pages = {
        "console-list": "/console/sanad/", "console-customers": "/console/sanad/customers", "console-customer": f"/console/sanad/customers/{seller.customers[0][1].pk}",
        "console-items": "/console/sanad/items", "console-item": f"/console/sanad/items/{seller.items[0][1].pk}", "console-drafts": "/console/sanad/drafts",
    }  # fmt: skip
    for name, path in pages.items():
        page = open_page(path, lang=lang, size=size, cookies=signed_in())
        examine(page, checks, pictures if name == "console-list" else None, f"{name}-{lang}-{size}")
    page.goto(page.url.rsplit("/", 1)[0] + "/")
    page.locator(".table__open").first.click()
    examine(page, checks, pictures, f"console-invoice-{lang}-{size}")
    page.goto(page.url + "/credit")
    examine(page, checks, None, f"console-credit-{lang}-{size}")


@EVERY
def test_composer_with_findings(open_page: Any, sellers: Any, signed_in: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    page = open_page("/console/sanad/new", lang=lang, size=size, cookies=signed_in())
    page.select_option("#customer", str(sellers["sanad"].customers[0][1].pk))
    names = [name for name, *_rest in scene.LINES] if lang == "ar" else scene.ENGLISH
    for n, (_name, quantity, unit, price, discount) in enumerate(scene.LINES[:3]):
        if n:
            page.locator('button[value="add"]').click()
            page.wait_for_selector(f"#line-{n}-name")
        page.fill(f"#line-{n}-name", names[n])
        page.fill(f"#line-{n}-quantity", quantity)
        page.select_option(f"#line-{n}-unit", unit)
        page.fill(f"#line-{n}-price", price)
        page.fill(f"#line-{n}-discount", discount)
    page.select_option("#line-2-tax", "E|0")
    page.wait_for_selector(".finding")
    page.wait_for_selector('#reason-E[aria-invalid="true"]')
    page.locator("h1").click()
    assert "3,705.00" in page.inner_text("#amount-2")
    examine(page, checks, pictures, f"composer-{lang}-{size}")


@EVERY
def test_sign_in_and_refusals(open_page: Any, sellers: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    for name, path in {"sign-in": "/accounts/login/", "code": "/accounts/login/code/", "reset": "/accounts/password/reset/", "missing": f"/i/{'x' * 43}"}.items():
        page = open_page(path, lang=lang, size=size)
        page.faults = [fault for fault in page.faults if "404" not in fault]
        examine(page, checks, pictures if name == "sign-in" else None, f"{name}-{lang}-{size}")


@EVERY
def test_mail(open_page: Any, sellers: Any, scene: Any, checks: Any, installation: Any, pictures: Path | None, lang: str, size: str) -> None:
    """The mail as it arrived, read in a window of its own."""
    scene.send(scene.issue(sellers["sanad"], lang=lang))
    scene.work()
    page = open_page(f"{installation.mailbox}/?mailbox=finance@bluehorizon.example", lang=lang, size=size)
    page.locator(".mails a").first.click()
    page.goto(f"{installation.mailbox}{page.locator('iframe').get_attribute('src')}")
    if pictures is not None:
        take(page, pictures / f"mail-{lang}-{size}.png")
    assert [fault for fault in page.evaluate(checks.LOOK, checks.TARGET_MIN) if not fault.startswith("target")] == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_pdf_picture(sellers: Any, scene: Any, pictures: Path | None, lang: str) -> None:
    """One page, not blank, with the picture of its first page for the documentation."""
    import pypdfium2

    from wasl.app.invoicing.pdf import pdf_for

    document = pypdfium2.PdfDocument(pdf_for(scene.issue(sellers["sanad"], lang=lang)))
    image = document[0].render(scale=1.6).to_pil()
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        image.save(pictures / f"pdf-{lang}.png")
        slim(pictures / f"pdf-{lang}.png")

    assert len(document) == 1
    assert len(image.convert("L").getcolors()) > 50


def test_the_checks_see_what_is_wrong(open_page: Any, checks: Any) -> None:
    """A canary for each check: contrast on Arabic letters, overflow, small targets, overlap, clipped text, empty picture."""
    page = open_page("", size="phone")
    page.set_content("""
        <html lang="ar" dir="rtl"><body><main><h1>عنوان</h1>
        <p style="color:#bbb;background:#fff;font-family:'Wasl Sans',sans-serif">نص باهت جدًا</p>
        <div style="width:900px">عريض</div><a href="#" style="display:block;width:20px;height:20px">س</a>
        <p style="position:relative;inset-block-start:-30px;margin:0">نص فوق نص</p>
        <p style="width:40px;overflow:hidden;white-space:nowrap">نص طويل مقصوص هنا</p><img src="/none.png" alt="">
        </main></body></html>""")

    found = "\n".join(checks.faults(page) + checks.axe_faults(page))

    for word in ("axe color-contrast", "page runs over", "target 20x20", "overlap", "clipped", "empty picture"):
        assert word in found, word


def test_what_a_frame_has_scrolled_away_lies_over_nothing(open_page: Any, checks: Any) -> None:
    """The earlier messages of a chat are above its frame and unseen; what the frame shows can still be written over."""
    page = open_page("", size="phone")
    page.set_content("""
        <html lang="ar" dir="rtl"><body><main><h1>عنوان</h1><div style="line-height:20px"><p style="margin:0">فوق الإطار</p>
        <div id="frame" style="block-size:40px;overflow-y:auto" tabindex="0"><p style="margin:0;block-size:40px">قديم</p><p style="margin:0">جديد</p></div>
        <p style="position:relative;inset-block-start:-22px;margin:0">فوق الجديد</p></div></main></body></html>""")
    page.evaluate("frame.scrollTop = frame.scrollHeight")

    overlaps = [fault for fault in checks.faults(page) if fault.startswith("overlap")]

    assert overlaps and all("جديد" in fault and "قديم" not in fault for fault in overlaps), overlaps
