"""What a reader chose is what every figure, date and page obeys, and the cookie can hold nothing else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from wasl.app.ui import counting, format, macros, reader
from wasl.app.ui.reader import Reader

D = Decimal
DAY = date(2026, 12, 23)
AT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
FIGURES = {
    "money": (lambda: format.money(D("31583.93"), "SAR"), "31,583.93 ر.س", "٣١٬٥٨٣٫٩٣ ر.س"),
    "number": (lambda: format.number(D("-0.5"), "KWD"), "-0.500", "-٠٫٥٠٠"),
    "price": (lambda: format.price(D("0.0125"), "SAR"), "0.0125", "٠٫٠١٢٥"),
    "quantity": (lambda: format.quantity(D(11), "HUR"), "11 ساعة", "١١ ساعة"),
    "unknown unit": (lambda: format.quantity(D(5), "X5"), "5 X5", "٥ X5"),
    "percent": (lambda: format.percent(D("15.00")), "15٪", "١٥٪"),
    "day": (lambda: format.day(DAY), "23 ديسمبر 2026", "٢٣ ديسمبر ٢٠٢٦"),
    "hijri": (lambda: format.hijri(DAY), "14 رجب 1448هـ", "١٤ رجب ١٤٤٨هـ"),
    "clock": (lambda: format.clock(AT, "Asia/Riyadh"), "01:30", "٠١:٣٠"),
    "count": (lambda: format.count(1200), "1,200", "١٬٢٠٠"),
    "due": (lambda: format.due_in(date(2026, 12, 26), DAY), "باقٍ 3 أيام", "باقٍ ٣ أيام"),
    "size": (lambda: format.file_size(1536 * 1024), "1.5 م.ب", "١٫٥ م.ب"),
    "counted": (lambda: counting.ngettext("%(num)d line", "%(num)d lines", 12), "12 بندًا", "١٢ بندًا"),
}
CODES = [(lambda: format.iban("SA0380000000608010167519"), "SA03 8000 0000 6080 1016 7519"), (lambda: format.short_hash("9f3c41aa77d2"), "9f3c 41aa … 77d2"),
         (lambda: str(macros.code("INV-2026-004217")), "INV-2026-004217")]  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_figures_take_the_digits_that_the_reader_chose(name: str) -> None:
    shown, western, eastern = FIGURES[name]

    with override("ar"):
        assert shown() == western
        with reader.use(Reader(digits="arab")):
            assert shown() == eastern


@pytest.mark.parametrize(("shown", "text"), CODES)
def test_codes_stay_as_they_are(shown: Any, text: str) -> None:
    with override("ar"), reader.use(Reader(digits="arab")):
        assert text in shown()


def test_english_has_no_other_digits() -> None:
    with override("en"), reader.use(Reader(digits="arab")):
        assert (format.money(D("1.50"), "SAR"), format.day(DAY), format.due_in(DAY, DAY)) == ("SAR 1.50", "23 December 2026", "due today")


def test_machines_read_the_same_date_whatever_the_reader_sees() -> None:
    with override("ar"), reader.use(Reader(digits="arab", hijri=True)):
        assert 'datetime="2026-12-23"' in macros.day(DAY) and "(<bdi>١٤ رجب ١٤٤٨هـ</bdi>)" in macros.day(DAY)


@pytest.mark.parametrize(("lang", "text"), [("ar", "23 ديسمبر 2026 (14 رجب 1448هـ)"), ("en", "23 December 2026 (14 Rajab 1448 AH)")])
def test_hijri_beside_gregorian_in_plain_text(lang: str, text: str) -> None:
    with override(lang), reader.use(Reader(hijri=True)):
        assert format.day(DAY) == text
        assert format.day(date(1900, 1, 1)) == format.gregorian(date(1900, 1, 1))  # outside the tables: nothing is invented


def test_a_moment_is_told_on_the_reader_s_own_wall() -> None:
    with override("en"):
        assert "24 November 2026" in macros.moment(AT, "Asia/Riyadh") and ">01:30<" in macros.moment(AT, "Asia/Riyadh")
        with reader.use(Reader(time_zone="America/New_York")):
            assert "23 November 2026" in macros.moment(AT, "Asia/Riyadh") and ">17:30<" in macros.moment(AT, "Asia/Riyadh")


@pytest.mark.parametrize("chosen", [Reader(), Reader("arab"), Reader(hijri=True, theme="dark"), Reader("arab", True, "light", "America/Argentina/Buenos_Aires")])
def test_the_cookie_brings_back_what_was_remembered(chosen: Reader) -> None:
    response = HttpResponse()
    reader.remember(response, chosen)
    morsel = response.cookies[reader.COOKIE]

    assert reader.unpacked(morsel.value) == chosen
    assert (morsel["samesite"], morsel["path"], morsel["httponly"]) == ("Lax", "/", True)


@pytest.mark.parametrize("text", [
    "", "d=x&h=2&t=pink&z=Nowhere/Land", "z=../../etc/passwd", "z=Asia/Riyadh/../../x", "t=<script>", "d=arab&" * 40, "=&=&%ff", "z=" + "A" * 90, "z=Asia", "z=posixrules/x"
])  # fmt: skip
def test_a_cookie_that_was_not_ours_is_everybody_s_default(text: str) -> None:
    assert reader.unpacked(text) == Reader()


def test_the_reader_ends_with_the_request() -> None:
    seen: list[Reader] = []

    def view(_request: object) -> HttpResponse:
        seen.append(reader.current())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.COOKIES[reader.COOKIE] = "d=arab&t=dark"
    response = reader.ReaderMiddleware(view)(request)

    assert seen == [Reader("arab", theme="dark")] and reader.current() == Reader()
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize(("cookie", "theme", "schemes"), [("", "auto", "light dark"), ("t=dark", "dark", "dark"), ("t=light", "light", "light")])
def test_a_page_names_its_theme(client: Any, cookie: str, theme: str, schemes: str) -> None:
    client.cookies[reader.COOKIE] = cookie
    html = client.get("/no/such/page").content.decode()

    assert f'data-theme="{theme}"' in html and f'name="color-scheme" content="{schemes}"' in html
    assert len(re.findall('name="theme-color"', html)) == (2 if theme == "auto" else 1)
