"""What a payer takes along: all files as one ZIP, the due date, a link to pass on; and what a preview of that link shows."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.django_db


def whole(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_zip_holds_every_file_and_how_to_check_them(client: Any, token: str, logged: Any) -> None:
    response = client.get(f"/i/{token}/all", HTTP_SEC_FETCH_USER="?1")
    with zipfile.ZipFile(io.BytesIO(whole(response))) as archive:
        names, text = archive.namelist(), archive.read("README.txt").decode()
        assert archive.testzip() is None

    number = logged.number
    assert names == [f"{number}.pdf", f"{number}.xml", f"{number}.xades", f"{number}.tlog-proof", "trust.json", "README.txt"]
    assert bytes(logged.document_sha256).hex() in text and f"wasl verify {number}.xml --offline" in text and "تحقّق" in text
    assert response["Content-Disposition"] == f'attachment; filename="{number}.zip"' and "sandbox" in response["Content-Security-Policy"]


def test_what_the_readme_says_works(client: Any, token: str, logged: Any, tmp_path: Path) -> None:
    """Its own commands, in a folder of their own, without us."""
    with zipfile.ZipFile(io.BytesIO(whole(client.get(f"/i/{token}/all")))) as archive:
        archive.extractall(tmp_path)
        said = re.findall(r"  (wasl [^\n]+)", archive.read("README.txt").decode())

    assert len(said) == 4 and said[:2] == said[2:], "the same two in both languages"
    for command in said[:2]:
        words = [sys.executable, "-m", "wasl.cli.main", *command.split()[1:], "--trust", str(tmp_path / "store")]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stdout, done.stderr)


def test_a_zip_before_the_proof_says_where_it_will_be(client: Any, token: str, issued: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(whole(client.get(f"/i/{token}/all")))) as archive:
        assert f"{issued.number}.tlog-proof" not in archive.namelist()
        assert "The proof was not ready yet" in archive.read("README.txt").decode()


def test_the_printed_link_takes_no_files(client: Any, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    printed = make_link(issued, Link.PDF)

    assert {client.get(f"/i/{printed}/{tail}").status_code for tail in ("all", "pdf", "xml", "not-mine")} == {404}


def test_a_zip_streams_one_file_at_a_time_and_names_are_free(tmp_path: Path) -> None:
    from wasl.app.portal.zip_stream import Entry, stream

    at, read = datetime(1970, 1, 1, tzinfo=UTC), []

    def big(n: int) -> bytes:
        read.append(n)
        return bytes(100_000)

    pieces = stream(Entry(name, at, lambda n=n: big(n)) for n, name in enumerate(["A.pdf", "a.PDF", "a.pdf"]))
    first = next(pieces)
    assert read == [0] and len(first) > 100_000
    with zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))) as archive:
        assert archive.namelist() == ["A.pdf", "a (2).PDF", "a (3).pdf"] and archive.infolist()[0].date_time[0] == 1980


def test_the_due_date_goes_into_a_calendar_with_an_alarm(client: Any, token: str, issued: Any) -> None:
    from icalendar import Calendar

    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    response = client.get(f"/i/{token}/calendar?lang=en")
    (entry,) = Calendar.from_ical(response.content).walk("VEVENT")
    (alarm,) = entry.walk("VALARM")

    assert response["Content-Type"].startswith("text/calendar") and entry.decoded("dtstart").isoformat() == "2030-01-31"
    assert str(entry["summary"]) == "Pay Brussels Books 242.00 EUR".replace("242.00 EUR", "EUR 242.00")
    assert alarm.decoded("trigger").total_seconds() == -(2 * 24 + 15) * 3600
    text = response.content.decode().replace("\r\n ", "")
    assert make_link(issued, Link.PDF) in text and token not in text, "calendars are shared: the pay link, never one's own"
    assert client.get(f"/i/{token}/calendar?lang=en").content == response.content, "the same entry, so adding it twice keeps one"


def test_nothing_is_due_on_a_day_that_is_past_or_paid_off(client: Any, token: str, issued: Any, org: Any, actor: Any) -> None:
    from wasl.app import clock
    from wasl.app.invoicing.credit import credit

    with clock.frozen(datetime(2030, 2, 3, 12, tzinfo=UTC)):
        assert client.get(f"/i/{token}/calendar").status_code == 404
    credit(org, issued, reason="Agreed", actor=actor)
    assert client.get(f"/i/{token}/calendar").status_code == 404


def test_what_is_shared_is_the_pay_link_and_names_neither_amount_nor_number(client: Any, token: str, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    html = client.get(f"/i/{token}?lang=en").content.decode()
    sheet = html[html.index('<dialog class="dialog" id="share"') :]
    printed = make_link(issued, Link.PDF)

    for address in (re.search(r'href="(https://wa\.me/[^"]+)"', sheet)[1], re.search(r'href="(mailto:\?[^"]+)"', sheet)[1]):
        text = unquote(address.replace("&amp;", "&"))
        assert f"/i/{printed}" in text and token not in text
        assert issued.number not in text and "242" not in text and "Leuven" not in text
    assert token not in sheet[: sheet.index("</dialog>")]


@pytest.mark.parametrize("kind", ["mail", "pdf"])
def test_t58_a_preview_of_the_link_shows_nothing_of_anybody(client: Any, token: str, issued: Any, kind: str, org: Any) -> None:
    from wasl.app.invoicing.links import make_link

    html = client.get(f"/i/{token if kind == 'mail' else make_link(issued, 'pdf')}?lang=en").content.decode()
    shown = re.findall(r'<meta (?:property|name)="(?:og:[a-z:]+|twitter:[a-z]+|description)" content="([^"]*)"', html)

    assert "An invoice is waiting for you" in shown and len(shown) >= 7
    for private in (issued.number, "242", org.name_en, org.name_ar, "Leuven", "buyer@example.com", token):
        assert not any(private in text for text in shown), private


def test_the_picture_of_the_preview_is_there(client: Any, token: str) -> None:
    html = client.get(f"/i/{token}").content.decode()
    address = re.search(r'og:image" content="https?://[^/]+([^"]+)"', html)[1]
    response = client.get(address)

    assert response["Content-Type"] == "image/png" and response.content.startswith(b"\x89PNG\r\n")


def test_nobody_indexes_caches_or_frames_it(client: Any, token: str, logged: Any) -> None:
    """T100"""
    for path in (f"/i/{token}", f"/i/{token}/not-mine", f"/i/{token}/all", f"/i/{token}/calendar"):
        response = client.get(path)
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive" and response["Cache-Control"] == "private, no-store", path
        assert response["X-Frame-Options"] == "DENY" and response["Referrer-Policy"] == "no-referrer", path
