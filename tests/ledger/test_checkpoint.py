"""Signed notes and checkpoints, as strict as their specification."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from wasl.ledger import checkpoint
from wasl.ledger.checkpoint import LogSigner, VerifierKey
from wasl.ledger.errors import ProofMalformed

KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LOG = LogSigner("wasl.example/log", KEY)
ROOT = bytes(range(100, 132))
FILE = LOG.sign(7, ROOT)
# The example of the signed-note package documentation (golang.org/x/mod/sumdb/note, BSD-3-Clause).
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_LINE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def test_the_published_example_of_a_signed_note_verifies():
    key = VerifierKey.parse(NEUMANN)
    raw = base64.b64decode(NEUMANN_LINE)
    assert raw[:4] == key.key_id
    assert key.signed(raw[4:], NEUMANN_TEXT)
    assert not key.signed(raw[4:], NEUMANN_TEXT + b"!")
    assert str(key) == NEUMANN


def test_a_checkpoint_has_three_lines_a_blank_one_and_a_signature():
    lines = FILE.decode().split("\n")
    assert lines[:4] == ["wasl.example/log", "7", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("— wasl.example/log ")
    assert checkpoint.verify(FILE, [LOG.verifier]) == checkpoint.parse(FILE)


def test_another_key_or_no_key_does_not_verify():
    other = LogSigner("wasl.example/log", ed25519.Ed25519PrivateKey.generate())
    assert checkpoint.verify(FILE, [other.verifier]) is None
    assert checkpoint.verify(FILE, []) is None


def test_a_key_of_another_origin_may_not_sign_for_this_one():
    other = LogSigner("other.example/log", KEY)
    line = base64.b64encode(other.verifier.key_id + KEY.sign(checkpoint.body("wasl.example/log", 7, ROOT))).decode()
    note = checkpoint.body("wasl.example/log", 7, ROOT) + f"\n— other.example/log {line}\n".encode()
    assert checkpoint.verify(note, [other.verifier]) is None


def test_lines_of_unknown_keys_are_ignored_and_bad_lines_of_known_keys_are_not():
    stranger = "— witness.example " + base64.b64encode(b"\x01\x02\x03\x04" + bytes(72)).decode() + "\n"
    assert checkpoint.verify(FILE + stranger.encode(), [LOG.verifier]) is not None
    wrong = "— wasl.example/log " + base64.b64encode(LOG.verifier.key_id + bytes(64)).decode() + "\n"
    assert checkpoint.verify(FILE + wrong.encode(), [LOG.verifier]) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("no signature", lambda f: f.split(b"\n\n")[0] + b"\n\n"),
        ("extension line", lambda f: f.replace(b"\n\n", b"\nextension\n\n")),
        ("leading zero", lambda f: f.replace(b"\n7\n", b"\n07\n")),
        ("plus sign", lambda f: f.replace(b"\n7\n", b"\n+7\n")),
        ("Arabic digit", lambda f: f.replace(b"\n7\n", "\n٧\n".encode())),
        ("size 2^63", lambda f: f.replace(b"\n7\n", b"\n9223372036854775808\n")),
        ("carriage returns", lambda f: f.replace(b"\n", b"\r\n")),
        ("hyphen for dash", lambda f: f.replace("—".encode(), b"-")),
        ("no final newline", lambda f: f[:-1]),
        ("two spaces", lambda f: f.replace("— ".encode(), "—  ".encode())),
        ("short root", lambda f: f.replace(base64.b64encode(ROOT), base64.b64encode(ROOT[:31]))),
        ("base64 with stray bits", lambda f: f.replace(base64.b64encode(ROOT), base64.b64encode(ROOT)[:-2] + b"N=")),
        ("not UTF-8", lambda f: b"\xff" + f),
        ("empty", lambda f: b""),
        ("too many signatures", lambda f: f + f.split(b"\n\n")[1] * 16),
        ("too long", lambda f: f + b"x" * 70_000),
    ],
)
def test_malformed_checkpoints_are_refused(name, change):
    with pytest.raises(ProofMalformed):
        checkpoint.parse(change(FILE))


@pytest.mark.parametrize(
    "text",
    ["", "a+b", NEUMANN.replace("c74f20a3", "c74f20a4"), NEUMANN.replace("ARpc", "Arpc"), "with space" + NEUMANN, "x+00000000+AA=="],
)
def test_malformed_verifier_keys_are_refused(text):
    with pytest.raises(ProofMalformed):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    ("address", "shard", "origin"),
    [
        ("https://pay.example/", 1, "pay.example/log"),
        ("http://127.0.0.1:8000", 1, "127.0.0.1:8000/log"),
        ("https://a.example/x", 3, "a.example/x/log/3"),
    ],
)
def test_the_origin_is_the_address_without_its_scheme(address, shard, origin):
    assert checkpoint.origin_for(address, shard) == origin
