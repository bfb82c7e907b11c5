"""C2SP tlog-proof files: one event, its place in the log, and the signed checkpoint, in a file of its own.

The `extra` line opens the event: base64 of `{"v":1,"salt":"<hex>","event":{...}}`. It is untrusted until the commitment
over it equals the leaf that the proof includes. Strict: one byte form only, so a changed byte never reads as the same proof.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import orjson

from wasl.errors import WaslError, Words
from wasl.ledger import checkpoint as checkpoints
from wasl.ledger.canonical import CANONICAL_BYTES_MAX, Value, canonical
from wasl.ledger.checkpoint import Checkpoint
from wasl.ledger.errors import ProofMalformed
from wasl.ledger.leaf import SALT_BYTES, commitment, leaf_data
from wasl.ledger.merkle import PROOF_HASHES_MAX, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
PROOF_BYTES_MAX = 131_072  # a checkpoint with 16 large signatures, 64 hashes and an event of 8 KB fit
EXTRA_CHARS_MAX = 16_384
SUFFIX = ".tlog-proof"


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a leaf: the event's salt and the event."""

    salt: bytes
    event: Mapping[str, Value]

    @property
    def leaf_hash(self) -> bytes:
        return leaf_hash(leaf_data(commitment(self.salt, canonical(self.event))))


@dataclass(frozen=True, slots=True)
class Proof:
    """A parsed proof file. `opening` is None when the file has no extra line; `extra` is its raw content."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes | None

    def opening(self) -> Opening:
        """The event and salt; ProofMalformed if the extra line is absent or not in its one form."""
        if self.extra is None:
            raise ProofMalformed(reason=Words("the proof opens no event: the extra line is absent", "لا حدث وراء هذا الإثبات: السطر الإضافي مفقود"))
        return parse_extra(self.extra)


def write(*, index: int, hashes: Sequence[bytes], checkpoint: bytes, salt: bytes, event: bytes) -> bytes:
    """A proof file. `event` is the canonical form that was logged, `checkpoint` the signed file as published."""
    lines = [HEADER, "extra " + _encode(extra(salt, event)), f"index {index}", *map(_encode, hashes), "", ""]
    return "\n".join(lines).encode() + checkpoint


def extra(salt: bytes, event: bytes) -> bytes:
    """The content of the extra line."""
    return b'{"v":1,"salt":"' + salt.hex().encode() + b'","event":' + event + b"}"


def parse(data: bytes) -> Proof:
    """The strict reading of a proof file; ProofMalformed says what is wrong."""
    if len(data) > PROOF_BYTES_MAX:
        raise ProofMalformed(reason=Words(f"it has more than {PROOF_BYTES_MAX} bytes", f"حجمه يزيد على {PROOF_BYTES_MAX} بايت"))
    head, blank, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise ProofMalformed(reason=Words("it is not a proof file", "ليس ملف إثبات")) from None
    if not blank or lines[0] != HEADER:
        raise ProofMalformed(reason=Words(f"it does not begin with {HEADER}", f"لا يبدأ بـ {HEADER}"))
    at, content = 1, None
    if len(lines) > at and lines[at].startswith("extra "):
        content = _decode_extra(lines[at].removeprefix("extra "))
        at += 1
    if len(lines) <= at or not lines[at].startswith("index "):
        raise ProofMalformed(reason=Words("the index line is absent", "سطر الموضع مفقود"))
    index = checkpoints.decimal(lines[at].removeprefix("index "), "the index")
    if len(lines) - at - 1 > PROOF_HASHES_MAX:
        raise ProofMalformed(reason=Words(f"it has more than {PROOF_HASHES_MAX} hashes", f"فيه أكثر من {PROOF_HASHES_MAX} بصمة"))
    hashes = tuple(checkpoints.hash_of(line, "a hash of the path") for line in lines[at + 1 :])
    return Proof(index, hashes, checkpoints.parse(note), content)


def parse_extra(content: bytes) -> Opening:
    """Event and salt from the content of the extra line, in its one byte form."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise ProofMalformed(reason=Words("the extra line is not JSON", "السطر الإضافي ليس JSON")) from None
    if not isinstance(value, dict) or set(cast("dict[str, object]", value)) != {"v", "salt", "event"}:
        raise ProofMalformed(reason=Words("the extra line holds other fields than v, salt and event", "في السطر الإضافي حقول غير v وsalt وevent"))
    fields = cast("dict[str, object]", value)
    salt, event = fields["salt"], fields["event"]
    if fields["v"] != 1 or not isinstance(salt, str) or not isinstance(event, dict):
        raise ProofMalformed(reason=Words("the extra line is of another version", "السطر الإضافي من إصدار آخر"))
    try:
        raw = bytes.fromhex(salt)
        body = canonical(cast("Mapping[str, Value]", event))
    except (ValueError, WaslError):
        raise ProofMalformed(reason=Words("the event or its salt is not in canonical form", "الحدث أو ملحه ليس بالصيغة القياسية")) from None
    if len(raw) != SALT_BYTES or extra(raw, body) != content:
        raise ProofMalformed(reason=Words("the event or its salt is not in canonical form", "الحدث أو ملحه ليس بالصيغة القياسية"))
    return Opening(raw, cast("Mapping[str, Value]", event))


def _decode_extra(text: str) -> bytes:
    if len(text) > EXTRA_CHARS_MAX or len(text) > 2 * CANONICAL_BYTES_MAX:
        raise ProofMalformed(reason=Words("the extra line is too long", "السطر الإضافي أطول مما يُقبل"))
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise ProofMalformed(reason=Words("the extra line is not base64", "السطر الإضافي ليس base64")) from None
    if _encode(content) != text:
        raise ProofMalformed(reason=Words("the extra line is not in canonical base64", "السطر الإضافي ليس base64 بصيغته القياسية"))
    return content


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()
