"""The master key and the envelopes it closes.

One 32-byte key comes from the environment or from a 0600 file. It never encrypts data itself: HKDF-SHA256 makes one key
a purpose, and AES-256-GCM wraps secrets with the place they belong to as additional data, so a wrapped key that is moved
to another row, column or file does not open. An envelope is `W1 || key id (8) || nonce (12) || ciphertext and tag`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wasl.seal import atomic
from wasl.seal.errors import MasterKeyMalformed, MasterKeyMissing, SecretUnreadable

KEY_BYTES = 32
KEY_ID_BYTES = 8
NONCE_BYTES = 12  # GCM's own size; random nonces are safe far beyond the number of secrets one key wraps
TAG_BYTES = 16
MAGIC = b"W1"
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES + NONCE_BYTES
KEY_FILE_BYTES_MAX = 4096  # a key file holds 44 characters; anything larger is another file


def hkdf(key: bytes, info: bytes, *, salt: bytes = b"", length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) for up to 8160 bytes; `hmac.digest` makes it some ten times faster than an object."""
    pseudorandom = hmac.digest(salt or bytes(32), key, "sha256")
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(pseudorandom, block + info + bytes((counter,)), "sha256")
        out += block
        counter += 1
    return out[:length]


def key_id(key: bytes) -> bytes:
    """Eight bytes that name a key and tell nothing about it."""
    return hkdf(key, b"wasl/key-id/v1", length=KEY_ID_BYTES)


def wrap(key: bytes, plaintext: bytes, *, aad: bytes) -> bytes:
    """Close `plaintext` under a 32-byte key; `aad` says where it belongs and is needed again to open it."""
    header = MAGIC + key_id(key)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, plaintext, header + aad)


def unwrap(key: bytes, envelope: bytes, *, aad: bytes, name: str = "envelope") -> bytes:
    """Open what `wrap` closed; SecretUnreadable for another key, another place or changed bytes."""
    header = MAGIC + key_id(key)
    if len(envelope) < HEADER_BYTES + TAG_BYTES or not hmac.compare_digest(envelope[: len(header)], header):
        raise SecretUnreadable(name=name)
    nonce, ciphertext = envelope[len(header) : HEADER_BYTES], envelope[HEADER_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, header + aad)
    except InvalidTag:
        raise SecretUnreadable(name=name) from None


def wrapped_by(envelope: bytes) -> bytes:
    """The id of the key that closed `envelope` (for rotation); empty when it is no envelope."""
    return envelope[len(MAGIC) : len(MAGIC) + KEY_ID_BYTES] if envelope.startswith(MAGIC) else b""


class MasterKey:
    """32 secret bytes that cannot be printed, pickled or compared; used only through `derive`, `wrap` and `unwrap`."""

    __slots__ = ("_key", "id")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise MasterKeyMalformed
        self._key = key
        self.id = key_id(key).hex()

    def derive(self, purpose: str, *, length: int = KEY_BYTES) -> bytes:
        """The key of one purpose, such as "keystore" or "organisation|<id>"; purposes cannot tell each other's keys."""
        return hkdf(self._key, b"wasl/purpose/v1\n" + purpose.encode(), length=length)

    def wrap(self, plaintext: bytes, *, aad: bytes, purpose: str = "wrap") -> bytes:
        """Close a secret under the key of `purpose`."""
        return wrap(self.derive(purpose), plaintext, aad=aad)

    def unwrap(self, envelope: bytes, *, aad: bytes, purpose: str = "wrap", name: str = "envelope") -> bytes:
        """Open a secret closed with the same purpose and place."""
        return unwrap(self.derive(purpose), envelope, aad=aad, name=name)

    def __repr__(self) -> str:
        return f"<MasterKey {self.id}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a master key is never pickled")


def load(value: str | None = None, *, file: str | Path | None = None, environ: Mapping[str, str] | None = None) -> MasterKey:
    """The master key from `value` (base64), from `file`, or else from WASL_MASTER_KEY or WASL_MASTER_KEY_FILE."""
    if value is None and file is None:
        env = os.environ if environ is None else environ
        value, file = env.get("WASL_MASTER_KEY"), env.get("WASL_MASTER_KEY_FILE")
    if value:
        return MasterKey(_decode(value))
    if file:
        return MasterKey(_decode(_read_file(Path(file))))
    raise MasterKeyMissing


def generate(path: Path) -> MasterKey:
    """Write a new random key to `path` (0600) unless it exists; either way return the key that is there."""
    with contextlib.suppress(FileExistsError):
        atomic.create(path, base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
    return load(file=path)


def fingerprint(master: MasterKey) -> str:
    """What a person can compare on two machines: eight groups of four hex digits."""
    digest = hashlib.sha256(b"wasl/fingerprint\n" + master.derive("fingerprint")).hexdigest()
    return " ".join(digest[i : i + 4] for i in range(0, 32, 4))


def _read_file(path: Path) -> str:
    try:
        atomic.require_private(path)
        with path.open("rb") as handle:
            return handle.read(KEY_FILE_BYTES_MAX).decode("ascii", "replace")
    except FileNotFoundError:
        raise MasterKeyMissing from None
    except OSError:
        raise MasterKeyMalformed from None


def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise MasterKeyMalformed from None
    if len(key) != KEY_BYTES:
        raise MasterKeyMalformed
    return key
