"""From an event to its leaf: 33 bytes that say nothing without the salt.

`leaf = 0x01 || HMAC-SHA256(salt_e, "wasl/event/v1\\n" || canonical)`. Each document has 32 random bytes, each of its events
a salt derived from them: opening one event opens no sibling, and destroying the document's salt closes them all for ever.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

from wasl.ledger.canonical import Value, canonical
from wasl.seal.masterkey import hkdf

SALT_BYTES = 32
COMMITMENT_BYTES = 32
LEAF_VERSION = b"\x01"
LEAF_BYTES = len(LEAF_VERSION) + COMMITMENT_BYTES
DOMAIN = b"wasl/event/v1\n"


def new_salt() -> bytes:
    """The 32 random bytes of a document."""
    return secrets.token_bytes(SALT_BYTES)


def event_salt(salt_doc: bytes, seq: int) -> bytes:
    """The salt of a document's event number `seq` (0 <= seq < 2^63)."""
    return hkdf(salt_doc, b"wasl/event-salt/v1\n" + seq.to_bytes(8))


def commitment(salt_e: bytes, canonical_event: bytes) -> bytes:
    """What binds the log to one event: 32 bytes; also the `prev` of the document's next event, in hex."""
    return hmac.digest(salt_e, DOMAIN + canonical_event, "sha256")


def leaf_data(commitment_: bytes) -> bytes:
    """The log entry of a commitment, 33 bytes."""
    if len(commitment_) != COMMITMENT_BYTES:
        raise ValueError(f"a commitment has {COMMITMENT_BYTES} bytes")
    return LEAF_VERSION + commitment_


def entry(salt_doc: bytes, event: Mapping[str, Value]) -> tuple[bytes, bytes]:
    """(canonical bytes, leaf data) of an event that has its `seq`."""
    seq = event["seq"]
    if not isinstance(seq, int) or seq < 0:
        raise ValueError("an event is logged with its own sequence number")
    body = canonical(event)
    return body, leaf_data(commitment(event_salt(salt_doc, seq), body))
