"""Proof files: one strict byte form."""

from __future__ import annotations

import base64

import pytest

from wasl.ledger import proof
from wasl.ledger.errors import ProofMalformed


@pytest.fixture(scope="module")
def file(home):
    return home.prove()


def with_extra(file, content):
    return b"\n".join(b"extra " + base64.b64encode(content) if line.startswith(b"extra ") else line for line in file.split(b"\n"))


def test_a_proof_file_reads_back_what_was_written(home, file):
    parsed = proof.parse(file)
    opening = parsed.opening()
    assert (parsed.index, parsed.checkpoint.size, parsed.checkpoint.origin) == (4, 9, home.log.origin)
    assert opening.event["type"] == "issued"
    assert proof.extra(opening.salt, proof.canonical(opening.event)) == parsed.extra


def test_a_proof_without_an_event_is_a_valid_file_that_opens_nothing(file):
    bare = b"\n".join(line for line in file.split(b"\n") if not line.startswith(b"extra "))
    with pytest.raises(ProofMalformed, match="opens no event"):
        proof.parse(bare).opening()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("empty", lambda f: b""),
        ("binary", lambda f: bytes(range(256))),
        ("other version", lambda f: f.replace(b"proof@v1", b"proof@v2")),
        ("carriage returns", lambda f: f.replace(b"\n", b"\r\n")),
        ("byte order mark", lambda f: b"\xef\xbb\xbf" + f),
        ("no index", lambda f: f.replace(b"index 4\n", b"")),
        ("index with zero", lambda f: f.replace(b"index 4", b"index 04")),
        ("index with plus", lambda f: f.replace(b"index 4", b"index +4")),
        ("index in Arabic digits", lambda f: f.replace(b"index 4", "index ٤".encode())),
        ("index 2^63", lambda f: f.replace(b"index 4", b"index 9223372036854775808")),
        ("two extra lines", lambda f: f.replace(b"index 4", b"extra AA==\nindex 4")),
        ("65 hashes", lambda f: f.replace(b"index 4\n", b"index 4\n" + (base64.b64encode(bytes(32)) + b"\n") * 65)),
        ("short hash", lambda f: f.replace(b"index 4\n", b"index 4\n" + base64.b64encode(bytes(31)) + b"\n")),
        ("stray base64 bits", lambda f: f.replace(b"index 4\n", b"index 4\n" + base64.b64encode(bytes(32))[:-2] + b"B=\n")),
        ("no checkpoint", lambda f: f.split(b"\n\n")[0] + b"\n\n"),
        ("no blank line", lambda f: f.replace(b"\n\n", b"\n")),
        ("extra not base64", lambda f: f.replace(b"extra ", b"extra !")),
        ("extra too long", lambda f: with_extra(f, b"x" * 20_000)),
        ("huge", lambda f: f + b"x" * 200_000),
    ],
)
def test_malformed_proofs_are_refused(file, name, change):
    with pytest.raises(ProofMalformed):
        proof.parse(change(file))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("not JSON", lambda e: b"{"),
        ("a list", lambda e: b"[]"),
        ("another field", lambda e: e.replace(b'{"v":1', b'{"u":2,"v":1')),
        ("duplicate key", lambda e: e.replace(b'{"v":1', b'{"v":1,"v":1')),
        ("duplicate key in the event", lambda e: e.replace(b'"event":{', b'"event":{"amount":1,')),
        ("another version", lambda e: e.replace(b'"v":1', b'"v":2', 1)),
        ("spaces", lambda e: e.replace(b'"v":1', b'"v": 1', 1)),
        ("upper-case salt", lambda e: e[:15] + e[15:79].upper() + e[79:]),
        ("short salt", lambda e: e[:15] + e[17:]),
        ("float amount", lambda e: e.replace(b"10000", b"1e4")),
    ],
)
def test_an_extra_line_in_any_other_form_is_refused(file, name, change):
    content = proof.parse(file).extra
    changed = change(content)
    assert changed != content
    with pytest.raises(ProofMalformed):
        proof.parse(with_extra(file, changed)).opening()
