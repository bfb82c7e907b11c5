"""Leaves, salts and events."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from wasl.ledger import checkpoint, events, leaf
from wasl.ledger.errors import EventNotCanonical
from wasl.seal.masterkey import hkdf

AT = datetime(2026, 11, 23, 12, 0, 1, 234567, tzinfo=UTC)


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=40), st.binary(max_size=40), st.integers(1, 200))
def test_our_hkdf_is_rfc_5869(key, info, salt, length):
    assert hkdf(key, info, salt=salt, length=length) == HKDF(hashes.SHA256(), length, salt or None, info).derive(key)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**63 - 1), st.binary(max_size=900))
def test_the_hashes_made_by_hand_are_hkdf_and_hmac(salt, seq, body):
    assert leaf.event_salt(salt, seq) == hkdf(salt, b"wasl/event-salt/v1\n" + seq.to_bytes(8))
    assert leaf.commitment(salt, body) == hmac.digest(salt, b"wasl/event/v1\n" + body, "sha256")


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33), bytes(65)])
def test_a_salt_of_another_length_commits_to_nothing(salt):
    with pytest.raises(ValueError, match="32 bytes"):
        leaf.commitment(salt, b"{}")


def test_a_leaf_is_one_byte_and_the_hmac_of_the_event():
    salt = bytes(range(32))
    body, data = leaf.entry(salt, {"seq": 3, "type": "issued"})
    event_salt = leaf.event_salt(salt, 3)
    assert body == b'{"seq":3,"type":"issued"}'
    assert data == b"\x01" + hmac.new(event_salt, b"wasl/event/v1\n" + body, hashlib.sha256).digest()
    assert len(data) == leaf.LEAF_BYTES == 33


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_events_of_one_document_have_unrelated_salts(one, other):
    salt = bytes(range(32))
    assert (leaf.event_salt(salt, one) == leaf.event_salt(salt, other)) is (one == other)
    assert leaf.event_salt(salt, one) != salt


def test_the_sequencer_completes_a_business_part():
    part = events.business_part("issued", at=AT, sha256="ab" * 32, amount=12345, currency="JOD")
    event = events.complete(part, log="x/log", org="o", doc="d", seq=0, tseq=8, prev="")
    assert event == {
        "type": "issued",
        "time": "2026-11-23T12:00:01.234Z",
        "sha256": "ab" * 32,
        "amount": 12345,
        "currency": "JOD",
        "v": 1,
        "log": "x/log",
        "org": "o",
        "doc": "d",
        "seq": 0,
        "tseq": 8,
        "prev": "",
    }


@pytest.mark.parametrize(
    "make",
    [
        lambda: events.business_part("viewed", at=AT),
        lambda: events.business_part("issued", at=AT, colour="red"),
        lambda: events.business_part("issued", at=AT, sha256="AB" * 32),
        lambda: events.complete({"seq": 1}, log="l", org="o", doc="d", seq=0, tseq=0, prev=""),
        lambda: events.complete({}, log="l", org="o", doc="d", seq=1, tseq=0, prev=""),
        lambda: events.complete({}, log="l", org="o", doc="d", seq=0, tseq=0, prev="00"),
    ],
    ids=["a view is not logged", "unknown field", "upper-case hash", "business sets seq", "no prev", "first with prev"],
)
def test_events_out_of_shape_are_refused(make):
    with pytest.raises(EventNotCanonical):
        make()


def test_a_new_shard_names_the_checkpoint_before_it():
    old = checkpoint.Checkpoint("x/log", 41, bytes(32), ())
    opened = events.shard_opened(old, at=AT)
    assert opened["type"] == "shard-opened"
    assert opened["shard"] == {"origin": "x/log", "size": 41, "root": "00" * 32}
    assert events.shard_closed("x/log/2", at=AT)["shard"] == {"origin": "x/log/2"}
