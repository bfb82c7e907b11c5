"""C2SP tlog-checkpoint over signed-note with Ed25519: the log's one statement about itself.

Three lines (origin, size, root), an empty line, signature lines. Extension lines are refused: no auditor reads them.
A signature line of an unknown key is ignored, as the specification demands; one of a known key must verify.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from wasl.errors import Words
from wasl.ledger.errors import ProofMalformed
from wasl.ledger.merkle import HASH_BYTES, SIZE_MAX

CHECKPOINT_BYTES_MAX = 65_536  # 16 signatures of 4 KB (post-quantum witnesses) fit
SIGNATURES_MAX = 16  # signed-note: verifiers accept at least so many
ED25519 = 0x01  # signed-note signature type
KEY_ID_BYTES = 4
NAME_CHARS_MAX = 255
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log states: `size` leaves under `root`, with the signatures as they stood."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...]

    @property
    def text(self) -> bytes:
        """The signed bytes."""
        return body(self.origin, self.size, self.root)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A log's public key as signed-note writes it: `name+hash+base64(type || key)`."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes((ED25519,)) + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes((ED25519,)) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """From its text form; ProofMalformed if the hash does not fit or the key is not Ed25519."""
        name, hash_, key = [*text.split("+", 2), "", ""][:3]  # from the left: base64 has plus signs of its own, a name has none
        raw = _base64(key, "the log's key")
        if not _is_name(name) or len(raw) != 33 or raw[0] != ED25519:
            raise ProofMalformed(reason=Words("the log's key is not an Ed25519 verifier key", "مفتاح السجل ليس مفتاح تحقق Ed25519"))
        found = cls(name, raw[1:])
        if hash_ != found.key_id.hex():
            raise ProofMalformed(reason=Words("the log's key does not fit its own hash", "مفتاح السجل لا يطابق بصمته"))
        return found

    def signed(self, signature: bytes, text: bytes) -> bool:
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


class LogSigner:
    """The log's own key under its origin."""

    __slots__ = ("_key", "verifier")

    def __init__(self, origin: str, key: ed25519.Ed25519PrivateKey) -> None:
        if not _is_name(origin):
            raise ValueError("an origin has no spaces, no plus sign and no control characters")
        self._key = key
        self.verifier = VerifierKey(origin, key.public_key().public_bytes_raw())

    @property
    def origin(self) -> str:
        return self.verifier.name

    def sign(self, size: int, root: bytes) -> bytes:
        """A checkpoint file. Only `store.publish` may call this: it checks that the tree extends what was signed before."""
        text = body(self.origin, size, root)
        line = base64.b64encode(self.verifier.key_id + self._key.sign(text)).decode()
        return text + f"\n— {self.origin} {line}\n".encode()


def origin_for(address: str, shard: int = 1) -> str:
    """The origin of a log below a web address: no scheme, no trailing slash; shards after the first have a number."""
    host = address.partition("://")[2] or address
    return f"{host.rstrip('/')}/log" + (f"/{shard}" if shard > 1 else "")


def body(origin: str, size: int, root: bytes) -> bytes:
    """The signed text."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def sign(signer: LogSigner, size: int, root: bytes) -> bytes:
    """As `LogSigner.sign`."""
    return signer.sign(size, root)


def parse(data: bytes) -> Checkpoint:
    """The strict reading of a checkpoint file, signatures unchecked; ProofMalformed says what is wrong."""
    if len(data) > CHECKPOINT_BYTES_MAX:
        why = Words(
            f"the checkpoint has more than {CHECKPOINT_BYTES_MAX} bytes",
            f"حجم نقطة التحقق يزيد على {CHECKPOINT_BYTES_MAX} بايت",
        )
        raise ProofMalformed(reason=why)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ProofMalformed(reason=Words("the checkpoint is not UTF-8", "نقطة التحقق ليست بترميز UTF-8")) from None
    if any(ch < " " and ch != "\n" for ch in text):
        raise ProofMalformed(reason=Words("the checkpoint has control characters", "في نقطة التحقق أحرف تحكّم"))
    note, blank, lines = text.partition("\n\n")
    head = note.split("\n")
    if not blank or len(head) != 3 or not lines.endswith("\n"):
        why = Words(
            "a checkpoint has three lines, an empty line and signature lines",
            "نقطة التحقق ثلاثة أسطر فسطر فارغ فأسطر التوقيع",
        )
        raise ProofMalformed(reason=why)
    origin, size, root = head
    if not origin or len(origin) > NAME_CHARS_MAX:
        raise ProofMalformed(reason=Words("the checkpoint's origin is empty or too long", "اسم السجل في نقطة التحقق فارغ أو أطول مما يُقبل"))
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    if len(signatures) > SIGNATURES_MAX:
        why = Words(
            f"the checkpoint has more than {SIGNATURES_MAX} signatures",
            f"في نقطة التحقق أكثر من {SIGNATURES_MAX} توقيعًا",
        )
        raise ProofMalformed(reason=why)
    return Checkpoint(origin, decimal(size, "the tree size"), hash_of(root, "the root hash"), tuple(signatures))


def verify(data: bytes, keys: Iterable[VerifierKey]) -> Checkpoint | None:
    """The checkpoint if at least one of `keys` signed it and none of them signed it wrongly; None otherwise."""
    checkpoint = parse(data)
    return checkpoint if signed_by(checkpoint, keys) else None


def signed_by(checkpoint: Checkpoint, keys: Iterable[VerifierKey]) -> bool:
    """Whether a known key of this origin signed, and every line of a known key verifies."""
    known = {(key.name, key.key_id): key for key in keys if key.name == checkpoint.origin}
    text = checkpoint.text
    lines = [(known[line.name, line.key_id], line.value) for line in checkpoint.signatures if (line.name, line.key_id) in known]
    return bool(lines) and all(key.signed(value, text) for key, value in lines)


def decimal(text: str, what: str) -> int:
    """A number below 2^63 without sign or leading zeros, in ASCII digits."""
    if not _DECIMAL.fullmatch(text) or not text.isascii() or int(text) > SIZE_MAX:
        raise ProofMalformed(reason=Words(f"{what} is not a decimal number below 2^63", "في الإثبات عدد ليس عشريًا أقل من 2^63"))
    return int(text)


def hash_of(text: str, what: str) -> bytes:
    """32 bytes in canonical base64."""
    value = _base64(text, what)
    if len(value) != HASH_BYTES:
        raise ProofMalformed(reason=Words(f"{what} has not 32 bytes", "في الإثبات بصمة ليست 32 بايتًا"))
    return value


def _base64(text: str, what: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ProofMalformed(reason=Words(f"{what} is not base64", "في الإثبات قيمة ليست base64")) from None
    if base64.b64encode(value).decode() != text:
        raise ProofMalformed(reason=Words(f"{what} is not in canonical base64", "في الإثبات قيمة ليست base64 بصيغتها القياسية"))
    return value


def _signature(line: str) -> Signature:
    dash, name, value = [*line.split(" "), "", ""][:3]
    if dash != "—" or line.count(" ") != 2 or not _is_name(name):
        raise ProofMalformed(reason=Words("a signature line of the checkpoint is malformed", "سطر توقيع في نقطة التحقق غير سليم الصيغة"))
    raw = _base64(value, "a signature")
    if len(raw) <= KEY_ID_BYTES:
        raise ProofMalformed(reason=Words("a signature of the checkpoint is too short", "توقيع في نقطة التحقق أقصر مما يجب"))
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_CHARS_MAX and "+" not in name and not any(ch.isspace() or ch < " " or ch == "\x7f" for ch in name)
