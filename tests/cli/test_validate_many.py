"""`wasl validate` over folders and ZIP files: found by content, in order, on several processes, bounded whatever is inside."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wasl.cli.main import run
from wasl.service import intake, many
from wasl.service.intake import Intake, Item

ROOT = Path(__file__).resolve().parents[2]
GOOD = (ROOT / "bench" / "data" / "rich-10.xml").read_bytes()
BROKEN = GOOD.replace(b"<cbc:DocumentCurrencyCode>EUR", b"<cbc:DocumentCurrencyCode>EURO").replace(b"<cbc:IssueDate>", b"<cbc:IssueDate>x")
SIGNATURE = b'<?xml version="1.0"?><ds:Signature xmlns:ds="urn:x">Invoice</ds:Signature>'


def results(capsysbinary: Any, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code = run(["validate", "--json", *arguments])
    return code, json.loads(capsysbinary.readouterr().out)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "outbox"
    (place / "b").mkdir(parents=True)
    (place / "b" / "2.bin").write_bytes(GOOD)
    (place / "a.txt").write_bytes(BROKEN)
    (place / "c.xml").write_bytes(b"\xef\xbb\xbf<!-- <Invoice> --><notes>no invoice</notes>")
    (place / "d.xades").write_bytes(SIGNATURE)
    (place / "e").write_bytes(GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    (place / "f.json").write_bytes(b'{"name": "package"}')
    os.mkfifo(place / "g.xml")
    (place / "loop").symlink_to(place, target_is_directory=True)
    return place


def test_a_folder_is_searched_by_content_and_in_one_order(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    code, found = results(capsysbinary, str(folder))

    assert code == 1
    assert [(Path(each["file"]).name, each["valid"]) for each in found] == [("a.txt", False), ("2.bin", True), ("e", True)]


def test_what_was_passed_over_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(folder), "--lang", "en", "--all"]) == 1
    text = capsys.readouterr().out

    assert "5 other files were passed over" in text and "d.xades" in text and "3 files: 2 valid, 1 not valid" in text


def test_a_folder_without_an_invoice_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.txt").write_text("hello")

    assert run(["validate", str(tmp_path)]) == 2
    assert "There is no invoice in" in capsys.readouterr().out


def packed(entries: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def items(tmp_path: Path, data: bytes) -> list[Item]:
    path = tmp_path / "x"
    path.write_bytes(data)
    return list(Intake([str(path)]))


def refusals(found: list[Item]) -> list[str]:
    return [each.error.message("en") for each in found if each.error is not None]


def test_a_zip_is_read_like_a_folder(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "in.dat"
    path.write_bytes(packed([("b/bad.xml", BROKEN), ("readme", b"hello"), ("good", GOOD)]))
    code, found = results(capsysbinary, str(path))

    assert code == 1 and [each["file"] for each in found] == [f"{path}/b/bad.xml", f"{path}/good"]


def test_a_zip_inside_a_folder_is_opened(folder: Path) -> None:
    (folder / "z").write_bytes(packed([("good", GOOD)]))

    assert [Path(each.name).name for each in Intake([str(folder)])][-1] == "good"


def test_t95_an_entry_that_swells_is_not_unpacked(tmp_path: Path) -> None:
    found = items(tmp_path, packed([("bomb.xml", b"<Invoice>" + bytes(20_000_000)), ("good.xml", GOOD)]))

    assert len(found) == 2 and "decompression bomb" in refusals(found)[0] and found[1].data == GOOD


def test_t95_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    data = packed([("a.xml", b"<Invoice>" + bytes(3_000_000))])
    small = struct.pack("<L", 100)
    lying = data.replace(struct.pack("<L", 3_000_009), small)
    found = items(tmp_path, lying)

    assert len(found) == 1 and (found[0].error is not None or len(found[0].data or b"") <= 100)


def test_t95_many_small_bombs_are_one_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "ZIP_BYTES_MAX", 3 * len(GOOD))
    found = items(tmp_path, packed([(f"{n}.xml", GOOD) for n in range(10)]))

    assert sum(each.data is not None for each in found) <= 3 and "larger than" in refusals(found)[-1]


def test_t95_nested_archives_links_and_names_that_lead_out_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        for name in ("../out.xml", "/abs.xml", "a/../../b.xml", "C:\\x.xml", "..\\x.xml"):
            archive.writestr(name, GOOD)
        archive.writestr("inner.zip", packed([("deep.xml", GOOD)]))
        archive.writestr("ok..xml", GOOD)
    found = items(tmp_path, out.getvalue())

    said = refusals(found)
    assert [bool(each.data) for each in found] == [False] * 7 + [True]
    assert "it is a link" in said[0] and all("leads out" in each for each in said[1:6]) and "archive inside the archive" in said[6]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x"], "nothing is ever written"


def test_t95_a_million_entries_are_refused_before_the_directory_is_loaded(tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), 4, 0)
    started = time.perf_counter()
    found = items(tmp_path, b"PK\x03\x04" + directory + end)

    assert len(found) == 1 and "list of contents is too large" in refusals(found)[0]
    assert time.perf_counter() - started < 3


def test_t95_an_end_record_that_lies_about_the_entries_is_found_out(tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 4, 0)
    found = items(tmp_path, b"PK\x03\x04" + directory + end)

    assert len(found) == 1 and "list of contents is too large" in refusals(found)[0]


@pytest.mark.parametrize("cut", [3, 30, 200, -1, -10, -30])
def test_a_damaged_zip_is_a_clear_line(tmp_path: Path, cut: int) -> None:
    found = items(tmp_path, packed([("good.xml", GOOD)])[:cut])

    assert len(found) == 1 and (found[0].error is None or "is not" in refusals(found)[0])


def test_an_entry_with_a_wrong_sum_is_refused(tmp_path: Path) -> None:
    data = packed([("good.xml", GOOD)])
    wrong = data.replace(struct.pack("<L", zlib.crc32(GOOD)), b"\1\2\3\4")

    assert "damaged" in refusals(items(tmp_path, wrong))[0]


# -- many processes ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    place = tmp_path / "crowd"
    place.mkdir()
    for number in range(60):
        (place / f"{number:03}.xml").write_bytes(BROKEN if number % 7 == 3 else b"<Invoice" if number % 11 == 5 else GOOD)
    return place


def test_processes_give_the_same_answer_in_the_same_order(crowd: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    alone = run(["validate", "--json", "--jobs", "1", str(crowd)]), capsysbinary.readouterr().out
    spread = run(["validate", "--json", "--jobs", "2", str(crowd)]), capsysbinary.readouterr().out

    assert spread == alone and alone[0] == 2
    files = [each["file"] for each in json.loads(alone[1])]
    assert len(files) == 60 and files == sorted(files)


def test_only_a_few_batches_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is flat: what is read ahead does not grow with the number of files."""
    taken = 0

    def endless() -> Iterator[Item]:
        nonlocal taken
        while True:
            taken += 1
            yield Item(str(taken), data=b"")

    outcomes = many.run(endless(), many.Order("en16931", "en", many.as_it_is), jobs=2)
    first = [next(outcomes) for _ in range(100)]
    outcomes.close()

    assert [each.name for each in first] == [str(n) for n in range(1, 101)]
    assert taken <= 100 + many.BATCH_ITEMS * many.WAITING_BATCHES * 3


def test_ctrl_c_ends_cleanly_and_leaves_no_process(tmp_path: Path) -> None:
    place = tmp_path / "in"
    place.mkdir()
    (place / "0.xml").write_bytes(GOOD)
    for number in range(1, 3000):
        os.link(place / "0.xml", place / f"{number}.xml")
    command = [sys.executable, "-m", "wasl.cli.main", "validate", "--json", "--jobs", "2", str(place)]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    assert started.stdout is not None and started.stdout.read(2000)
    os.killpg(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=20)

    assert started.returncode == 130 and err.decode().strip() == "wasl: stopped.", err
    with pytest.raises(ProcessLookupError):
        for _ in range(50):
            os.killpg(started.pid, 0)
            time.sleep(0.1)
    del out


def test_a_list_that_nobody_reads_to_the_end_is_no_error(crowd: Path) -> None:
    command = f"{sys.executable} -m wasl.cli.main validate --json --jobs 2 {crowd} | head -c 10"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)

    assert b"Traceback" not in done.stderr, done.stderr


def test_reports_are_one_document_each(crowd: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["validate", "--sarif", str(crowd)]) == 2
    log = json.loads(capsysbinary.readouterr().out)
    assert log["runs"][0]["results"] and len(log["runs"][0]["invocations"][0]["toolExecutionNotifications"]) == 4

    assert run(["validate", "--html", str(crowd)]) == 2
    page = capsysbinary.readouterr().out.decode()
    assert page.startswith("<!DOCTYPE html>") and page.count("<mark>") >= 9 and page.rstrip().endswith("</html>")


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "٢", "999"])
def test_a_number_of_jobs_that_is_none(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "x.xml", "--jobs", jobs]) == 2
    assert "from 1 to 256" in capsys.readouterr().err


# -- the terminal ------------------------------------------------------------------------------------------------------------------


def on_a_terminal(path: Path, *arguments: str, **environment: str) -> str:
    """What a terminal gets: through a pseudo terminal of 60 columns."""
    import pty
    import termios

    parent, child = pty.openpty()
    termios.tcsetwinsize(child, (24, 60))
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LC_ALL", "LC_MESSAGES")} | {"TERM": "xterm", "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "wasl.cli.main", "validate", str(path), *arguments]
    with subprocess.Popen(command, stdout=child, stderr=child, env=env | environment):
        os.close(child)
        pieces = []
        while True:
            try:
                piece = os.read(parent, 65536)
            except OSError:
                break
            if not piece:
                break
            pieces.append(piece)
    os.close(parent)
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "b.xml"
    path.write_bytes(BROKEN)
    return path


def test_a_terminal_gets_colour_and_the_value_underlined(broken: Path) -> None:
    text = on_a_terminal(broken)

    assert "\x1b[4;31mEURO\x1b[0m" in text and "\x1b[?2501h" not in text


def test_no_colour_where_it_is_not_wanted(broken: Path) -> None:
    text = on_a_terminal(broken, NO_COLOR="1")

    assert "\x1b" not in text and "^^^^" in text


def test_lines_fit_a_narrow_terminal(broken: Path) -> None:
    import unicodedata

    text = on_a_terminal(broken, "--lang", "both", NO_COLOR="1").replace("\x1b[?2501h", "").replace("\x1b[?2501l", "")
    widths = [sum(not unicodedata.combining(c) and unicodedata.category(c) != "Cf" for c in line) for line in text.splitlines() if line.startswith("    ")]

    assert widths and max(widths) <= 60


def test_the_language_follows_the_locale_and_arabic_lines_are_marked(broken: Path) -> None:
    text = on_a_terminal(broken, LANG="ar_SA.UTF-8")

    assert text.startswith("\x1b[?2501h") and text.endswith("\x1b[?2501l")
    words = [line for line in text.splitlines() if "الحل:" in line]
    assert words and all(line.lstrip().startswith("\u200f") for line in words)
