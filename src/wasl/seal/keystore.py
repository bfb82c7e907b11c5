"""The file keystore: one 0600 file a secret, each closed with the master key and bound to its name."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from wasl.seal import atomic
from wasl.seal.errors import SecretExists, SecretMissing, SecretName, SecretUnreadable
from wasl.seal.masterkey import MasterKey
from wasl.seal.signer import KeySigner

PURPOSE = "keystore"
SUFFIX = ".key"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class FileKeystore:
    """Secrets under `folder` (0700). A secret is created once and never overwritten: what it sealed must stay provable."""

    def __init__(self, folder: str | Path, master: MasterKey) -> None:
        self.folder = atomic.private_folder(Path(folder))
        self._master = master

    def names(self) -> list[str]:
        """The names of all secrets, sorted."""
        return sorted(path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def put(self, name: str, secret: bytes) -> None:
        """Store a new secret; SecretExists if the name is taken."""
        envelope = self._master.wrap(secret, aad=_aad(name), purpose=PURPOSE)
        try:
            atomic.create(self._path(name), envelope)
        except FileExistsError:
            raise SecretExists(name=name) from None

    def get(self, name: str) -> bytes:
        """The secret; refuses a file that other accounts can read."""
        path = self._path(name)
        try:
            atomic.require_private(path)
            envelope = path.read_bytes()
        except FileNotFoundError:
            raise SecretMissing(name=name) from None
        return self._master.unwrap(envelope, aad=_aad(name), purpose=PURPOSE, name=name)

    def remove(self, name: str) -> None:
        """Destroy a secret (erasure of a seller's key after its last use)."""
        self._path(name).unlink(missing_ok=True)
        atomic.sync_folder(self.folder)

    def create_seal_key(self, name: str) -> ec.EllipticCurvePublicKey:
        """Make a P-256 key under `name` and return its public part; an existing one is returned as it is."""
        if not self.has(name):
            key = ec.generate_private_key(ec.SECP256R1())
            with contextlib.suppress(SecretExists):  # another process was first: its key is the key
                self.put(name, _pkcs8(key))
        return self.seal_key(name).public_key()

    def seal_key(self, name: str) -> ec.EllipticCurvePrivateKey:
        """The private P-256 key under `name`: for the CA and the signer only."""
        key = _load(name, self.get(name))
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise SecretUnreadable(name=name)
        return key

    def signer(self, name: str, certificate: bytes) -> KeySigner:
        """The Signer of a seller: the key under `name` with its certificate (DER)."""
        return KeySigner(self.seal_key(name), certificate)

    def log_key(self, name: str) -> ed25519.Ed25519PrivateKey:
        """The log's Ed25519 key under `name`, made on first use."""
        if not self.has(name):
            with contextlib.suppress(SecretExists):
                self.put(name, _pkcs8(ed25519.Ed25519PrivateKey.generate()))
        key = _load(name, self.get(name))
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise SecretUnreadable(name=name)
        return key

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise SecretName(name=name)
        return self.folder / f"{name}{SUFFIX}"


def _aad(name: str) -> bytes:
    return b"keystore|" + name.encode()


def _pkcs8(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _load(name: str, der: bytes) -> object:
    try:
        return serialization.load_der_private_key(der, password=None)
    except ValueError:
        raise SecretUnreadable(name=name) from None
