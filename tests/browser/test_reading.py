"""Canaries of contrast, keyboard, names and size: what is planted must be found; and components that need a browser to be believed."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
TEXTS = ["نص باهت جدًا", "فاتورة INV-12 باهتة", "Faint text"]
FRAME = """<html lang="ar" dir="rtl"><head><title>عنوان</title><style>body{background:#fff;color:#111} a{color:#222;display:block} a:active{color:#222}
input{border:1px solid #555;color:#111} input::placeholder{color:#444} %(css)s</style></head><body><main><h1>%(text)s</h1><div><p>%(text)s</p></div>
<a href="#">%(text)s</a><input aria-label="س" value="%(text)s"><input aria-label="ص" placeholder="%(text)s"></main></body></html>"""
FAINT = {
    "p{color:#999}": "contrast 2.85", "p{opacity:.45}": "contrast", "div{background:#777}": "contrast 4.2", "a:hover{color:#aaa}": ":hover contrast 2.32",
    "a:focus{color:#aaa}": ":focus contrast 2.32", "input{color:#888}": "(value)", "input::placeholder{color:#aaa}": "(placeholder)",
    "p::before{content:'أ';color:#ccc}": "::before", "p{background:linear-gradient(#fff,#999)}": "over a picture", "input{border-color:#ddd}": "edge of a field",
    "div{position:relative} div::after{content:''} p{position:relative;inset-block-start:0} h1{color:rgb(0 0 0 / 40%)}": "contrast",
}  # fmt: skip


@pytest.mark.ci
@pytest.mark.parametrize("text", TEXTS)
def test_faint_text_is_found_in_every_script_and_state(open_page: Any, checks: Any, text: str) -> None:
    import sys

    count = sys.modules["browser_contrast"].contrast_faults
    page = open_page("", size="phone")
    page.set_content(FRAME % {"css": "", "text": text})
    clean = count(page)
    missed = []
    for css, word in FAINT.items():
        page.set_content(FRAME % {"css": css, "text": text})
        if not any(word in fault for fault in count(page)):
            missed.append(css)

    assert clean == [] and missed == []


@pytest.mark.ci
def test_what_the_keyboard_cannot_do_is_found(open_page: Any, checks: Any) -> None:
    import sys

    ways = sys.modules["browser_reach"]
    page = open_page("", size="phone")
    page.set_content("""<html lang="ar"><body><main><h1>ع</h1><h3>ع</h3><a href="#">أول</a><style>.bare:focus{outline:0}</style><button class="bare">بلا حلقة</button>
        <button tabindex="2">قفز</button><button></button><a href="#" aria-label="غير ما كُتب">مكتوب</a>
        <div style="position:relative"><a href="#">تحت</a><div style="position:absolute;inset:0;background:#fff">فوق</div></div>
        <input aria-label="مصيدة" onkeydown="if(event.key=='Tab'){event.preventDefault()}"></main></body></html>""")
    found = "\n".join(ways.keyboard_faults(page) + ways.name_faults(page))

    for word in ("tabindex above 0", "focus is not seen", "focus is covered", "caught at", "button without a name", "is said", "level 3 follows"):
        assert word in found, word


def test_text_that_does_not_grow_or_is_cut_when_it_grows_is_found(open_page: Any, checks: Any) -> None:
    import sys

    enlarged = sys.modules["browser_reach"].enlarged_faults
    page = open_page("", size="phone")
    page.set_content('<html lang="ar" style="font-size:16px"><body><main>نص</main></body></html>')
    assert enlarged(page, checks.faults) == ["200 %: text does not grow with the browser's setting"]

    page.set_content('<html lang="ar"><body><main><p style="inline-size:100px;block-size:24px;overflow:hidden;white-space:nowrap">فاتورة ضريبية</p></main></body></html>')
    assert checks.faults(page) == [] and any("clipped" in fault for fault in enlarged(page, checks.faults))


@pytest.fixture
def style_page(settings: Any, open_page: Any) -> Any:
    settings.DEBUG = True
    return lambda name, **options: open_page(f"/ui/{name}", **options)


def test_components_in_both_languages_and_themes(style_page: Any, checks: Any) -> None:
    """The style page part by part: all four variants of a component stand on its page, twice the same head among them."""
    from wasl.app.ui import gallery

    page = style_page(gallery.names()[0], size="phone")
    found = {}
    for name in gallery.names():
        page.goto(page.url.rsplit("/", 1)[0] + f"/{name}")
        page.faults.clear()
        found[name] = [fault for fault in checks.faults(page) + checks.reading_faults(page, "light") if "landmark-unique" not in fault]
        page.set_viewport_size({"width": 1280, "height": 900})
        found[name] += checks.faults(page)
        page.set_viewport_size({"width": 390, "height": 844})

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.ci
def test_a_dialog_opens_by_address_without_script_and_keeps_the_focus_with_it(style_page: Any, browser: Any) -> None:
    page = style_page("dialog")
    opener, dialog = "#dialog-dialog-ar-light-opener", "#dialog-dialog-ar-light"
    page.focus(opener)
    page.keyboard.press("Enter")
    inside = page.evaluate("document.activeElement.closest('dialog')?.id")
    page.keyboard.press("Escape")

    assert inside == dialog.removeprefix("#")
    assert page.evaluate("document.activeElement.id") == opener.removeprefix("#") and not page.locator(dialog).is_visible()

    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(page.url.split("#")[0])
    plain.click(opener)
    assert plain.locator(dialog).is_visible()
    plain.click(f"{dialog} .dialog__close")
    assert not plain.locator(dialog).is_visible()
    plain.context.close()


def test_a_menu_closes_by_escape_and_gives_the_focus_back(style_page: Any) -> None:
    page = style_page("menu")
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert page.locator("details[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_text_does_not_wait_for_its_font_and_hardly_moves_when_it_comes(site: Any, browser: Any, lang: str) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.route("**/*.woff2", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.add_init_script("new PerformanceObserver((l) => l.getEntries().forEach((e) => { window.moved = (window.moved || 0) + e.value; })).observe({ type: 'layout-shift', buffered: true });")
    page.goto(f"{site.url}/accounts/login/?lang={lang}", wait_until="commit")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))")
    painted, arrived = page.evaluate("[performance.getEntriesByName('first-contentful-paint')[0].startTime, Math.max(...performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.woff2')).map((r) => r.responseEnd))]")

    assert painted < arrived
    assert page.evaluate("window.moved || 0") < 0.01
    page.context.close()


KEYS = """<html lang="ar" data-digits="arab"><body><form id="picked"><span data-none="لا شيء" data-some="{n}"></span><label hidden><input type="checkbox" data-all></label></form>
<ul><li data-row><a href="#1">1</a><input type="checkbox" name="pick"></li><li data-row><a href="#2">2</a><input type="checkbox" name="pick"></li></ul>
<div data-keys hidden><details><summary>?</summary><input type="checkbox" data-keys-on></details></div><script>%s</script></body></html>"""


@pytest.mark.ci
def test_keys_that_act_alone_can_be_switched_off_and_stay_off(site: Any, browser: Any) -> None:
    from pathlib import Path

    from wasl.app.ui import assets

    script = (Path(assets.__file__).parent / "scripts" / "inbox.js").read_text()
    page = browser.new_context().new_page()
    page.route("**/keys", lambda route: route.fulfill(body=KEYS % script, content_type="text/html; charset=utf-8"))

    def after(*keys: str) -> tuple[str, str]:
        page.goto(f"{site.url}/keys")
        for key in keys:
            page.keyboard.press(key)
        return page.evaluate("document.activeElement.hash || ''"), page.inner_text("[data-none]")

    assert after("j", "j", "x") == ("#2", "١")
    page.evaluate("const box = document.querySelector('[data-keys-on]'); box.checked = false; box.dispatchEvent(new Event('change'))")
    assert after("j", "x") == ("", "لا شيء")
    page.context.close()
