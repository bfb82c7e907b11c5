"""The validator's page and its reports in headless Chromium: no script, nothing over the edge, axe content, in both languages and sizes."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.ci]
ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "bench" / "data" / "rich-10.xml"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
VIEWS = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "wasl.cli.main", "validate-service", "--port", str(port), "--workers", "1"])
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@pytest.fixture(params=VIEWS, ids=["-".join(view) for view in VIEWS])
def visit(request: pytest.FixtureRequest, browser: Any) -> Iterator[tuple[Any, str, str]]:
    """A page without JavaScript, with what went wrong on it in `page.faults`; (page, language, size)."""
    lang, size = request.param
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=lang, reduced_motion="reduce", java_script_enabled=False)
    page = context.new_page()
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(("http://127.0.0.1:", "data:")) else page.faults.append(f"foreign request {asked.url}"))
    yield page, lang, size
    context.close()


def examine(page: Any, checks: Any, browser: Any, pictures: Path | None, name: str) -> None:
    """Looked at with scripts allowed for the examiner alone: the page's own policy stays."""
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
    width = page.viewport_size["width"]
    context = browser.new_context(viewport=page.viewport_size, reduced_motion="reduce")
    try:
        twin = context.new_page()
        twin.faults = page.faults
        base = f'<base href="{page.url}">'
        twin.goto(page.url.split("?")[0])
        twin.set_content(page.content().replace("<head>", f"<head>{base}", 1), wait_until="load")
        assert checks.faults(twin) + checks.axe_faults(twin) == [], f"{name} at {width}"
    finally:
        context.close()


def test_a_dropped_invoice_is_checked_without_any_script(
    visit: tuple[Any, str, str], address: str, browser: Any, checks: Any, pictures: Path | None, tmp_path: Path
) -> None:
    page, lang, size = visit
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == lang
    examine(page, checks, browser, pictures, f"validator-{lang}-{size}")

    broken = tmp_path / "فاتورة.xml"
    broken.write_bytes(GOOD.read_bytes().replace(b"762.65</cbc:LineExt", b"99.99</cbc:LineExt"))
    page.set_input_files("input[type=file]", [str(broken), str(GOOD)])
    page.click("button[type=submit]")
    page.wait_for_load_state()

    assert page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    assert page.locator("article").count() == 2 and page.locator("mark").first.inner_text() == "99.99"
    assert page.locator("article .ar").first.is_visible() is (lang == "ar")
    examine(page, checks, browser, pictures, f"validator-report-{lang}-{size}")

    page.click("label:has(#lang-en)" if lang == "ar" else "label:has(#lang-ar)")
    assert page.locator("article .ar").first.is_visible() is (lang != "ar"), "the other language without a script"
    page.click("label:has(#see-valid)")
    assert page.locator(".file--valid").is_visible() and not page.locator(".file--invalid").is_visible()
    assert page.faults == []
