"""The trust store: which logs, roots and revocation lists this verifier believes. Pinned here, never taken from a bundle.

An installation is trusted as one whole: its log keys, its certificate roots and its revocation lists. A seal of one
installation beside a log entry of another proves nothing, so the verifier asks both of the same entry.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

import orjson
from cryptography import x509

from wasl.errors import Words
from wasl.ledger.checkpoint import VerifierKey
from wasl.ledger.errors import ProofMalformed, TrustConflict, TrustUnreadable
from wasl.seal import atomic

TRUST_BYTES_MAX = 4_000_000  # some thousand revoked certificates
FILE = "trust.json"
BUNDLE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Installation:
    """One operator's keys. `roots` and `crls` are DER; `logs` holds every shard and every key still believed."""

    name: str
    logs: tuple[VerifierKey, ...]
    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What two people compare over the telephone: keys and roots, not the lists, which change."""
        parts = sorted(str(key) for key in self.logs) + sorted(sha256(root).hexdigest() for root in self.roots)
        digest = sha256("\n".join(parts).encode()).hexdigest()
        return " ".join(digest[i : i + 4] for i in range(0, 32, 4))

    def encode(self) -> bytes:
        """The trust file that an installation publishes."""
        return orjson.dumps({"wasl-trust": BUNDLE_VERSION, **self.to_json()}, option=orjson.OPT_INDENT_2) + b"\n"

    def to_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "logs": [str(key) for key in self.logs],
            "roots": [base64.b64encode(root).decode() for root in self.roots],
            "crls": [base64.b64encode(crl).decode() for crl in self.crls],
        }


def decode(data: bytes) -> Installation:
    """An installation from its trust file; TrustUnreadable says what is wrong."""
    value = _object(data)
    if value.get("wasl-trust") != BUNDLE_VERSION:
        raise TrustUnreadable(reason=Words("it is not a Wasl trust file of version 1", "ليس ملف ثقة من وصل بالإصدار 1"))
    return _installation(value)


class TrustStore:
    """The trusted installations in `folder`/trust.json; the folder is private to its owner."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def list(self) -> tuple[Installation, ...]:
        """What is trusted now; nothing when the store was never written."""
        path = self.folder / FILE
        try:
            if path.stat().st_size > TRUST_BYTES_MAX:
                raise TrustUnreadable(reason=Words(f"{path} is too large", f"الملف {path} أكبر مما يُقبل"))
            data = path.read_bytes()
        except FileNotFoundError:
            return ()
        if path.stat().st_mode & 0o022:  # someone else could have added a key
            why = Words(
                f"other accounts may write {path}; chmod 600 it and compare the fingerprints",
                f"تستطيع حسابات أخرى الكتابة في {path}؛ اجعل صلاحيته 600 وقارن البصمات",
            )
            raise TrustUnreadable(reason=why)
        entries = _object(data).get("installations")
        if not isinstance(entries, list):
            raise TrustUnreadable(reason=Words(f"{path} is damaged", f"الملف {path} تالف"))
        return tuple(_installation(entry) for entry in cast("list[Mapping[str, object]]", entries))

    def add(self, new: Installation, *, replace: bool = False) -> bool:
        """Trust `new`; False if nothing changed. Newer revocation lists of known keys are merged; other keys need `replace`."""
        atomic.private_folder(self.folder)
        with atomic.locked(self.folder):
            return self._add(new, replace=replace)

    def _add(self, new: Installation, *, replace: bool) -> bool:
        known = self.list()
        others = [entry for entry in known if not _same(entry, new)]
        old = [entry for entry in known if _same(entry, new)]
        if old and not replace:
            if len(old) > 1 or old[0].fingerprint != new.fingerprint or old[0].name != new.name:
                raise TrustConflict(origin=new.name)
            new = Installation(new.name, old[0].logs, old[0].roots, _merged(old[0].crls, new.crls))
            if new == old[0]:
                return False
        self._write([*others, new])
        return True

    def _write(self, entries: Iterable[Installation]) -> None:
        ordered = sorted(entries, key=lambda entry: entry.name)
        body = {"installations": [entry.to_json() for entry in ordered]}
        atomic.write(self.folder / FILE, orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n")


def default_folder(environ: Mapping[str, str] | None = None) -> Path:
    """WASL_TRUST_DIR, else `trust` in the data directory (WASL_DATA_DIR or ~/.wasl)."""
    env = os.environ if environ is None else environ
    if env.get("WASL_TRUST_DIR"):
        return Path(env["WASL_TRUST_DIR"])
    return Path(env.get("WASL_DATA_DIR") or "~/.wasl").expanduser() / "trust"


def for_origin(trusted: Iterable[Installation], origin: str) -> Installation | None:
    """The installation whose log has this origin."""
    return next((entry for entry in trusted if any(key.name == origin for key in entry.logs)), None)


def _merged(old: tuple[bytes, ...], new: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The newest list, and any other that names a certificate which the newest does not: a revocation is never forgotten."""
    parsed = {der: x509.load_der_x509_crl(der) for der in (*old, *new)}
    ordered = sorted(parsed, key=lambda der: parsed[der].last_update_utc, reverse=True)
    kept: list[bytes] = []
    named: set[tuple[bytes, int]] = set()
    for der in ordered:
        issuer = parsed[der].issuer.public_bytes()
        serials = {(issuer, entry.serial_number) for entry in parsed[der]} | {(issuer, 0)}  # 0: a list of this issuer is kept
        if not serials <= named:
            kept.append(der)
            named |= serials
    return tuple(kept)


def _same(one: Installation, other: Installation) -> bool:
    names = {key.name for key in one.logs}
    return one.name == other.name or any(key.name in names for key in other.logs)


def _object(data: bytes) -> Mapping[str, object]:
    if len(data) > TRUST_BYTES_MAX:
        raise TrustUnreadable(reason=Words("it is too large", "أكبر مما يُقبل"))
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise TrustUnreadable(reason=Words("it is not JSON", "ليس JSON")) from None
    if not isinstance(value, dict):
        raise TrustUnreadable(reason=Words("it is not a Wasl trust file", "ليس ملف ثقة من وصل"))
    return cast("Mapping[str, object]", value)


def _installation(value: Mapping[str, object]) -> Installation:
    if not isinstance(value, dict):  # pyright: ignore[reportUnnecessaryIsInstance]  read from a file
        raise TrustUnreadable(reason=Words("an entry of it is damaged", "فيه قيد تالف"))
    name = value.get("name")
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= 200:
        raise TrustUnreadable(reason=Words("the installation has no proper name", "الجهة المشغّلة بلا اسم صالح"))
    try:
        logs = tuple(VerifierKey.parse(text) for text in _texts(value, "logs"))
        roots = tuple(base64.b64decode(text, validate=True) for text in _texts(value, "roots"))
        crls = tuple(base64.b64decode(text, validate=True) for text in _texts(value, "crls"))
        for root in roots:
            _require_root(x509.load_der_x509_certificate(root))
        for crl in crls:
            x509.load_der_x509_crl(crl)
    except ProofMalformed as error:
        raise TrustUnreadable(reason=error.params["reason"]) from None
    except ValueError:
        raise TrustUnreadable(reason=Words("a root or a revocation list in it is damaged", "فيه شهادة جذر أو قائمة إلغاء تالفة")) from None
    if not logs or not roots:
        raise TrustUnreadable(reason=Words("it names no log or no root", "لا يسمّي سجلًا أو شهادة جذر"))
    return Installation(name, logs, roots, crls)


def _require_root(root: x509.Certificate) -> None:
    try:
        ca = root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        ca = False
    if not ca or root.issuer != root.subject:
        raise TrustUnreadable(reason=Words("a certificate in it is not a root", "فيه شهادة ليست شهادة جذر"))


def _texts(value: Mapping[str, object], key: str) -> list[str]:
    items = value.get(key)
    if not isinstance(items, list) or not all(isinstance(item, str) for item in cast("list[object]", items)):
        raise TrustUnreadable(reason=Words(f"its field {key} is not a list of texts", f"الحقل {key} فيه ليس قائمة نصوص"))
    return cast("list[str]", items)
