"""T12-T20: hostile XML at every door that takes a file, seen from outside: what is said, what is opened, what is fetched."""

from __future__ import annotations

import contextlib
import io
import os
import re
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pikepdf
import pytest
from lxml import etree

from wasl.cli.main import run
from wasl.errors import UnreadableInput, WaslError
from wasl.formats import ubl
from wasl.formats.read import read
from wasl.invoice.model import Address, Invoice, Item, Line, Party, Price
from wasl.invoice.totals import totals

CANARY = "the-content-of-a-file-that-nobody-asked-for"


class Listener:
    """A web server that answers nobody and remembers who came."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.socket.accept()[0].close()
                self.visits += 1


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    time.sleep(0.02)
    made.socket.close()
    assert made.visits == 0, "something was fetched"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.txt"
    path.write_text(CANARY)
    return path


def body() -> str:
    """A whole invoice without its XML declaration."""
    line = Line(identifier="1", quantity=Decimal(1), unit="C62", price=Price(net=Decimal(50)), tax_category="S", tax_rate=Decimal(21), item=Item(name="Work"))
    party = Party(name="A", vat_identifier="BE0123456749", address=Address(country="BE"))
    whole = totals(Invoice(number="T-1", issue_date=date(2026, 11, 23), due_date=date(2030, 1, 1), type_code="380", currency="EUR", seller=party, buyer=party, lines=(line,)))
    return re.sub(r"^<\?xml.*?\?>\s*", "", ubl.write(whole).decode())


def attacks(port: int, canary: Path) -> dict[str, str]:
    """T12-T18 as the beginning of a file; where there is an entity, the invoice uses it."""
    web = f"http://127.0.0.1:{port}/x.dtd"
    laughs = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12))
    return {
        "t12-file": f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file://{canary}">]>',
        "t13-http": f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{web}">]>',
        "t13-external-subset": f'<!DOCTYPE Invoice SYSTEM "{web}">',
        "t14-parameter": f'<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "{web}"> %p; <!ENTITY % q "<!ENTITY x SYSTEM \'file://{canary}\'>"> %q;]>',
        "t15-laughs": f"<!DOCTYPE Invoice [<!ENTITY a 'ha'>{laughs}<!ENTITY x '&m;'>]>",
        "t16-quadratic": "<!DOCTYPE Invoice [<!ENTITY x '" + "x" * 20_000 + "'>]>",
        "t18-plain": "<!DOCTYPE Invoice>",
        "t18-public": f'<!DOCTYPE Invoice PUBLIC "-//X//Y" "{web}">',
    }


def evil(doctype: str) -> str:
    use = "&x;" * (1000 if "xxxx" in doctype else 1) if "ENTITY x" in doctype else ""
    return doctype + body().replace("<cbc:ID>T-1</cbc:ID>", f"<cbc:ID>T-1{use}</cbc:ID>", 1)


# Name -> bytes of a text in it. The first three must be refused for the DOCTYPE, the others may be for the encoding.
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: b'<?xml version="1.0" encoding="UTF-8"?>' + text.encode(),
    "utf-8-bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16"),
    "utf-16-le-no-bom": lambda text: ('<?xml version="1.0" encoding="UTF-16LE"?>' + text).encode("utf-16-le"),
    "utf-16-be-no-bom": lambda text: ('<?xml version="1.0" encoding="UTF-16BE"?>' + text).encode("utf-16-be"),
    "latin-1": lambda text: b'<?xml version="1.0" encoding="ISO-8859-1"?>' + text.encode("latin-1"),
    "windows-1256": lambda text: b'<?xml version="1.0" encoding="windows-1256"?>' + text.encode("cp1256"),
    "utf-7": lambda text: b'<?xml version="1.0" encoding="UTF-7"?>' + text.encode("utf-7"),
    "utf-7-hidden": lambda text: b'<?xml version="1.0" encoding="UTF-7"?>' + text.replace("<!DOCTYPE", "+ADwAIQ-DOCTYPE").encode(),
    "ebcdic-037": lambda text: ('<?xml version="1.0" encoding="cp037"?>' + text).encode("cp037"),
    "ebcdic-500": lambda text: ('<?xml version="1.0" encoding="cp500"?>' + text).encode("cp500"),
    "utf-32": lambda text: ('<?xml version="1.0" encoding="UTF-32"?>' + text).encode("utf-32"),
    "iso-2022-jp": lambda text: b'<?xml version="1.0" encoding="ISO-2022-JP"?>' + text.encode("iso-2022-jp"),
}


def in_pdf(data: bytes) -> bytes:
    """A PDF whose embedded invoice is the attack."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(pdf, data, mime_type="text/xml")
    pdf.attachments["invoice.xml"] = pikepdf.AttachedFileSpec(pdf, data, mime_type="text/xml")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


COMMANDS = {
    "validate": ["validate", "{in}"],
    "convert": ["convert", "{in}", "--to", "json", "-o", "{out}", "--force"],
    "issue": ["issue", "{in}", "--dir", "{out}.d"],
    "render": ["render", "{in}", "-o", "{out}"],
    "verify": ["verify", "{in}", "--trust", "{out}.t"],
    "verify-seal": ["verify", "{good}", "--seal", "{in}", "--trust", "{out}.t"],
}


@pytest.fixture
def no_parser(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every other way into an XML parser is watched: none may see the attack."""
    seen: list[str] = []

    def watch(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def watched(first: Any = b"", *args: Any, **kwargs: Any) -> Any:
            if b"DOCTYPE" in (first if isinstance(first, bytes) else str(first).encode()):
                seen.append(name)
            return original(first, *args, **kwargs)

        monkeypatch.setattr(owner, name, watched)

    for name in ("fromstring", "XML", "parse", "iterparse", "HTML"):
        watch(etree, name)
    created = expat.ParserCreate
    monkeypatch.setattr(expat, "ParserCreate", lambda *args, **kwargs: seen.append("expat") or created(*args, **kwargs))
    return seen


def call(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(arguments)
    printed = capsys.readouterr()
    return code, printed.out + printed.err


@pytest.mark.parametrize("door", COMMANDS)
@pytest.mark.parametrize("wrapped", ["xml", "pdf"])
def test_t12_t13_t14_t15_t16_t18_t19_every_command_refuses_every_doctype_in_every_encoding(
    door: str, wrapped: str, listener: Listener, canary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], no_parser: list[str]
) -> None:
    if wrapped == "pdf" and door == "verify-seal":
        pytest.skip("a seal is never a PDF")
    good = tmp_path / "good.xml"
    good.write_text(body())
    places = {"{in}": str(tmp_path / "in"), "{out}": str(tmp_path / "out"), "{good}": str(good)}
    arguments = [re.sub(r"\{\w+\}", lambda found: places[found[0]], part) for part in COMMANDS[door]]
    tried = 0
    for name, doctype in attacks(listener.port, canary).items():
        for encoding, write in ENCODINGS.items():
            data = write(evil(doctype))
            (tmp_path / "in").write_bytes(in_pdf(data) if wrapped == "pdf" else data)
            began = time.monotonic()
            code, printed = call(arguments, capsys)
            assert code == (1 if door == "verify-seal" else 2) or (door.startswith("verify") and code in (1, 2, 3)), (name, encoding, code, printed)
            assert code != 0 and CANARY not in printed and "Traceback" not in printed and "fault in Wasl" not in printed, (name, encoding, printed)
            assert time.monotonic() - began < 5, (name, encoding)
            tried += 1
    assert tried == 104 and no_parser == [] and not (tmp_path / "out").exists() and not (tmp_path / "out.d").exists()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_t13_t18_t19_no_file_is_opened_and_no_socket_made_by_any_reader(encoding: str, listener: Listener, canary: Path) -> None:
    """In process, with an audit hook: reading, validating, verifying and the logo's door."""
    from wasl.ledger.verify import verify
    from wasl.render.logo import prepare_logo
    from wasl.rules import validate
    from wasl.seal import xades

    validate(body().encode())  # everything that is loaded lazily is loaded now
    doors: list[Callable[[bytes], Any]] = [
        read, ubl.read, validate, lambda data: read(in_pdf(data)), prepare_logo,
        lambda data: xades.verify(body().encode(), data, roots=[], crls=[], at=datetime(2026, 1, 1, tzinfo=UTC)),
        lambda data: verify(data, xades=data, proof=data, trust=[]), lambda data: verify(None, pdf=in_pdf(data), xades=None, proof=None, trust=[]),
    ]  # fmt: skip
    for door in doors:  # once before, for the same reason
        with contextlib.suppress(WaslError):
            door(ENCODINGS[encoding](evil("<!DOCTYPE Invoice>")))
    seen: list[str] = []
    active = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if active[0] and (event.startswith("socket.") or event in ("open", "subprocess.Popen", "os.system")):
            seen.append(f"{event} {arguments[0]}")

    documents = [ENCODINGS[encoding](evil(doctype)) for doctype in attacks(listener.port, canary).values()]
    sys.addaudithook(hook)
    try:
        for data in documents:
            for at, door in enumerate(doors):
                try:
                    result = door(data)
                except UnreadableInput as error:
                    assert error.exit_code == 2
                except WaslError:
                    assert at >= 4
                else:
                    assert at >= 5 and not getattr(result, "ok", False) and CANARY not in repr(result)
    finally:
        active[0] = False
    assert [event for event in seen if "canary" in event or event.startswith(("socket", "subprocess", "os."))] == []
    assert [event for event in seen if not event.startswith("open <")] == []


def test_t17_an_xinclude_stays_what_it_is(listener: Listener, canary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{canary}" parse="text"/>'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="http://127.0.0.1:{listener.port}/x"/>'
    )
    path, out = tmp_path / "in.xml", tmp_path / "out.json"
    path.write_text(body().replace("<cbc:ID>T-1</cbc:ID>", f"<cbc:ID>T-1{include}</cbc:ID>", 1))

    for arguments in (["validate", str(path)], ["convert", str(path), "--to", "json", "-o", str(out), "--force"], ["convert", str(path), "--to", "json", "-o", str(out)]):
        code, printed = call(arguments, capsys)
        assert code in (0, 1, 2) and CANARY not in printed
    assert not out.exists() or CANARY not in out.read_text()


NESTED = b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</Invoice>"
MEGABYTES = 1_200


@pytest.mark.parametrize("bomb", ["nested", "attributes", "namespaces", "siblings"])
@pytest.mark.parametrize("command", ["validate", "convert"])
def test_t20_depth_and_attributes_are_bounded_in_time_and_memory(bomb: str, command: str, tmp_path: Path) -> None:
    data = {
        "nested": NESTED,
        "attributes": b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'><a " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/></Invoice>",
        "namespaces": b"<Invoice " + b" ".join(b'xmlns:a%d="u:%d"' % (n, n) for n in range(200_000)) + b"/>",
        "siblings": b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>" + b"<x/>" * 500_000 + b"</Invoice>",
    }[bomb]
    path = tmp_path / "bomb.xml"
    path.write_bytes(data)
    arguments = [str(path)] if command == "validate" else [str(path), "--to", "json", "-o", str(tmp_path / "out")]

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 1_000_000, MEGABYTES * 1_000_000))
        resource.setrlimit(resource.RLIMIT_CPU, (25, 30))

    done = subprocess.run([sys.executable, "-m", "wasl.cli.main", command, *arguments], preexec_fn=bounded, capture_output=True, text=True, timeout=120, env=os.environ, check=False)

    assert done.returncode in ((1, 2) if bomb == "siblings" else (2,)), (done.returncode, done.stdout[-300:], done.stderr[-300:])
    assert "Traceback" not in done.stderr and "MemoryError" not in done.stderr and "fault in Wasl" not in done.stderr
    assert len(done.stderr) + len(done.stdout) < 200_000 and not (tmp_path / "out").exists()
