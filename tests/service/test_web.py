"""The validator's application without a server: what it answers to what, in which shape, and what it refuses."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from wasl.service import web
from wasl.service.answer import HTML, JSON, SARIF, preferred_language, wanted
from wasl.service.body import Upload, form
from wasl.service.limits import FormDamaged, Limits

ROOT = Path(__file__).resolve().parents[2]
GOOD = (ROOT / "bench" / "data" / "rich-10.xml").read_bytes()
BROKEN = GOOD.replace(b"762.65</cbc:LineExt", b"99.99</cbc:LineExt")


class Scope:
    proto, http_version, scheme, authority = "http", "1.1", "http", "127.0.0.1:8010"

    def __init__(self, method: str, target: str, headers: dict[str, str]) -> None:
        self.method = method
        self.path, _, self.query_string = target.partition("?")
        self.headers = {name.lower(): value for name, value in headers.items()}


class Protocol:
    """What granian gives an application: a body in pieces, and one answer."""

    def __init__(self, pieces: list[bytes], pause: float = 0) -> None:
        self.pieces, self.pause = pieces, pause
        self.status, self.headers, self.body = 0, {}, b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.response_bytes(status, headers, b"")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(method: str, target: str, body: bytes = b"", *, limits: Limits | None = None, pause: float = 0, app: web.App | None = None, **headers: str) -> Protocol:
    protocol = Protocol([body[at : at + 65536] for at in range(0, len(body), 65536)], pause)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    asyncio.run((app or web.App(limits or Limits()))(Scope(method, target, given), protocol))
    return protocol


def test_a_document_gives_the_json_of_the_command_line() -> None:
    found = ask("POST", "/?file=in.xml", BROKEN)

    assert (found.status, found.headers["content-type"], found.headers["cache-control"]) == (200, JSON, "no-store")
    (result,) = found.json
    assert (result["file"], result["valid"], {each["rule"] for each in result["findings"]}) == ("in.xml", False, {"BR-CO-10", "BR-CO-13"})
    assert result["findings"][0]["line"] == 250


def test_languages_profiles_and_shapes() -> None:
    assert set(ask("POST", "/?lang=both", BROKEN).json[0]["findings"][0]["message"]) == {"ar", "en"}
    assert ask("POST", "/?profile=sa", GOOD).json[0]["profile"] == "sa"
    assert ask("POST", "/", BROKEN, accept="application/sarif+json").json["version"] == "2.1.0"
    page = ask("POST", "/", BROKEN, accept="text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", accept_language="ar-SA,ar;q=0.9,en;q=0.8")
    assert html.fromstring(page.body).get("lang") == "ar" and page.headers["content-type"].startswith(HTML)
    assert ask("POST", "/?format=html", BROKEN, accept=JSON).headers["content-type"].startswith(HTML)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("", JSON), ("*/*", JSON), ("text/html", HTML), ("text/html;q=0.1, application/json;q=0.9", JSON), (SARIF, SARIF), ("image/png", JSON), ("text/html;q=0", JSON), ("x" * 9999, JSON)],
)  # fmt: skip
def test_what_a_client_accepts(accept: str, kind: str) -> None:
    assert wanted(accept) == kind


@pytest.mark.parametrize(("header", "lang"), [("", "en"), ("ar", "ar"), ("de, ar;q=0.5", "ar"), ("en-GB,ar", "en"), ("*", "en")])
def test_the_language_of_a_page(header: str, lang: str) -> None:
    assert preferred_language(header) == lang


def multipart(*parts: tuple[str, str, bytes]) -> tuple[bytes, str]:
    body = b""
    for name, file, data in parts:
        disposition = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
        body += f"--b0undary\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + data + b"\r\n"
    return body + b"--b0undary--\r\n", "multipart/form-data; boundary=b0undary"


def test_a_form_with_several_files_and_a_zip() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/b.xml", GOOD)
        archive.writestr("readme", "no invoice")
    body, kind = multipart(("file", "C:\\x\\فاتورة.xml", BROKEN), ("file", "all.zip", out.getvalue()), ("profile", "", b"en16931"))
    found = ask("POST", "/", body, content_type=kind)

    assert [(each["file"], each["valid"]) for each in found.json] == [("فاتورة.xml", False), ("all.zip/a/b.xml", True)]


def test_a_form_without_a_file_says_so_on_a_page() -> None:
    body, kind = multipart(("file", "", b""), ("profile", "", b"auto"))
    found = ask("POST", "/?format=html&lang=ar", body, content_type=kind)

    assert found.status == 400 and "لم يصل مع الطلب أي مستند" in found.body.decode()


@pytest.mark.parametrize(
    "body", [b"", b"--b", b"--b0undary", b"--b0undary\r\n\r\n", b"--b0undary--" * 2, b"--b0undary\r\nContent-Disposition: form-data\r\n\r\nx", b"x" * 100]
)
def test_a_damaged_form_is_one_clear_line(body: bytes) -> None:
    found = ask("POST", "/", body, content_type="multipart/form-data; boundary=b0undary")

    assert found.status == 400 and found.json["error"]["code"] in ("WASL-SERVICE-06", "WASL-SERVICE-07")


def test_a_form_of_many_parts_is_refused() -> None:
    body, kind = multipart(*[("x", "", b"1")] * 200)
    with pytest.raises(FormDamaged):
        form(body, kind)


def test_names_are_shown_without_paths_or_tricks() -> None:
    body, kind = multipart(("file", "../../\u202egpj\x00.exe", b"x"))

    assert form(body, kind)[0] == [Upload("gpj.exe", b"x")]


def test_what_cannot_be_read_is_422_in_both_languages() -> None:
    found = ask("POST", "/?lang=both", b"hello")

    assert found.status == 422 and set(found.json[0]["error"]) == {"ar", "en"}
    assert ask("POST", "/", b"<!DOCTYPE a><a/>").status == 422


def test_t96_a_gzip_bomb_is_unpacked_only_as_far_as_the_limit() -> None:
    bomb = zlib.compress(bytes(300_000_000), 9)
    assert len(bomb) < 400_000
    found = ask("POST", "/", bomb, content_encoding="deflate")

    assert found.status == 413 and "20 MB" in found.json["error"]["en"]
    assert ask("POST", "/", gzip.compress(GOOD), content_encoding="gzip").json[0]["valid"] is True


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [("br", GOOD, 415), ("gzip, gzip", GOOD, 415), ("gzip", GOOD, 400), ("gzip", gzip.compress(GOOD)[:-5], 400), ("gzip", gzip.compress(GOOD) + b"x", 400), ("identity", GOOD, 200)],
)  # fmt: skip
def test_how_a_body_may_be_packed(encoding: str, body: bytes, status: int) -> None:
    assert ask("POST", "/", body, content_encoding=encoding).status == status


def test_a_body_beyond_the_limit_is_not_read_to_its_end() -> None:
    limits = Limits(bytes_max=1_000_000)

    assert ask("POST", "/", b"x" * 1_000_001, limits=limits).status == 413
    early = ask("POST", "/", b"x", limits=limits, content_length="1000001")
    assert early.status == 413


def test_t102_a_body_that_drips_is_given_up() -> None:
    found = ask("POST", "/", GOOD * 40, limits=Limits(body_seconds=1), pause=0.3)

    assert found.status == 408 and found.json["error"]["code"] == "WASL-SERVICE-02"


def test_t101_two_lengths_are_refused() -> None:
    found = ask("POST", "/", GOOD, content_length="5", transfer_encoding="chunked")

    assert found.status == 400 and found.json["error"]["code"] == "WASL-SERVICE-08"


def test_more_than_it_can_do_is_said_with_a_time_to_come_back() -> None:
    app = web.App(Limits(waiting_max=0))
    found = ask("POST", "/", GOOD, app=app)

    assert (found.status, found.headers["retry-after"]) == (503, "2")


def test_bodies_of_all_requests_share_one_budget() -> None:
    app = web.App(Limits(held_bytes_max=100_000))
    assert ask("POST", "/", b"x" * 200_000, app=app).status == 503
    assert app.held == 0 and app.waiting == 0
    assert ask("POST", "/", GOOD, app=app).status == 200
    assert app.held == 0 and app.waiting == 0


def test_documents_of_one_request_are_counted_and_timed() -> None:
    body, kind = multipart(*[("file", f"{n}.xml", GOOD) for n in range(4)])

    assert ask("POST", "/", body, limits=Limits(documents_max=3), content_type=kind).status == 413
    late = ask("POST", "/", body, limits=Limits(check_seconds=-1), content_type=kind)
    assert late.status == 422 and all("Not checked" in each["error"] for each in late.json)


def test_a_fault_of_ours_tells_nothing_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    app = web.App(Limits())

    def fail(*_: object) -> None:
        raise RuntimeError("secret 4711")

    app.check = fail  # type: ignore[assignment]
    found = ask("POST", "/", GOOD, app=app)
    assert found.status == 500 and b"4711" not in found.body and found.json["error"]["code"] == "WASL-SERVICE-99"


@pytest.mark.parametrize("target", ["/?profile=mars", "/?lang=fr", "/?format=xml"])
def test_an_unknown_choice_names_those_that_are_known(target: str) -> None:
    found = ask("POST", target, GOOD)

    assert found.status == 400 and "Use one of" in found.json["error"]["en"]


def test_addresses_and_methods() -> None:
    assert ask("GET", "/health").json == {"status": "ready"}
    assert ask("GET", "/nothing").status == 404
    wrong = ask("DELETE", "/health")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, HEAD")
    head = ask("HEAD", "/")
    assert head.status == 200 and head.body == b"" and int(head.headers["content-length"]) > 1000
    assert ask("GET", "/font-400.ttf").body[:4] == b"\x00\x01\x00\x00"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_page_needs_no_script_and_asks_nobody_else(lang: str) -> None:
    found = ask("GET", f"/?lang={lang}")
    tree = html.fromstring(found.body)

    assert tree.get("lang") == lang and tree.get("dir") == ("rtl" if lang == "ar" else "ltr")
    assert not tree.xpath("//script | //@onclick | //@style | //@onload") and b"http://" not in found.body.replace(b"http://127.0.0.1:8010/", b"").replace(b"http://www.w3.org", b"")
    assert tree.xpath("//form[@method='post'][@enctype='multipart/form-data']//input[@type='file'][@multiple]")
    policy = found.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "script-src" not in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


def test_t38_a_host_header_cannot_write_into_the_page() -> None:
    scope = Scope("GET", "/?lang=en", {})
    scope.authority = '"><script>alert(1)</script>'
    protocol = Protocol([])
    asyncio.run(web.App(Limits())(scope, protocol))

    assert b"<script" not in protocol.body


def test_the_description_names_every_address_and_every_field() -> None:
    text = ask("GET", "/openapi.json").json
    (result,) = ask("POST", "/", BROKEN).json

    assert text["openapi"].startswith("3.1") and set(text["paths"]) == {"/", "/health"}
    schemas = text["components"]["schemas"]
    assert set(result) <= set(schemas["File"]["properties"]) and set(result["findings"][0]) <= set(schemas["Finding"]["properties"])
    assert set(schemas["Finding"]["required"]) <= set(result["findings"][0])
    refs = set(__import__("re").findall(r"#/components/schemas/(\w+)", json.dumps(text)))
    assert refs == set(schemas)
