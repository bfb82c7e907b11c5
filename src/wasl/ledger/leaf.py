"""From an event to its leaf: 33 bytes that say nothing without the salt.

`leaf = 0x01 || HMAC-SHA256(salt_e, "wasl/event/v1\\n" || canonical)`. Each document has 32 random bytes, each of its events
a salt derived from them: opening one event opens no sibling, and destroying the document's salt closes them all for ever.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import sha256

from wasl.ledger.canonical import Value, canonical

SALT_BYTES = 32
COMMITMENT_BYTES = 32
LEAF_VERSION = b"\x01"
LEAF_BYTES = len(LEAF_VERSION) + COMMITMENT_BYTES
DOMAIN = b"wasl/event/v1\n"


def new_salt() -> bytes:
    """The 32 random bytes of a document."""
    return secrets.token_bytes(SALT_BYTES)


# HMAC-SHA256 by hand (RFC 2104) for keys of at most one block: the sequencer makes three an event, and `hmac.digest` takes
# twice as long. Tests compare both and `masterkey.hkdf`.
_BLOCK = 64
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_ZERO_INNER, _ZERO_OUTER = sha256(_INNER[:1] * _BLOCK), sha256(_OUTER[:1] * _BLOCK)


def _hmac(key: bytes, message: bytes) -> bytes:
    block = key.ljust(_BLOCK, b"\0")
    return sha256(block.translate(_OUTER) + sha256(block.translate(_INNER) + message).digest()).digest()


def event_salt(salt_doc: bytes, seq: int) -> bytes:
    """The salt of a document's event number `seq` (0 <= seq < 2^63): HKDF-SHA256 (RFC 5869), no salt, one block."""
    inner, outer = _ZERO_INNER.copy(), _ZERO_OUTER.copy()
    inner.update(salt_doc)
    outer.update(inner.digest())
    return _hmac(outer.digest(), b"wasl/event-salt/v1\n" + seq.to_bytes(8) + b"\x01")


def commitment(salt_e: bytes, canonical_event: bytes) -> bytes:
    """What binds the log to one event: 32 bytes; also the `prev` of the document's next event, in hex."""
    if len(salt_e) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return _hmac(salt_e, DOMAIN + canonical_event)


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
