"""The installation's own certificate authority: one root, one certificate a seller, one revocation list.

It vouches inside one installation only: a certificate says "this installation sealed for this seller", which is what a
verifier who pinned the root can check offline. It is not a public or qualified authority and its names say so.
Profile: RFC 5280, ECDSA P-256 with SHA-256; the root may sign certificates and lists, a seller's key may sign documents.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypedDict

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from wasl.errors import Words
from wasl.seal import atomic
from wasl.seal.errors import CertificateSubject
from wasl.seal.keystore import FileKeystore

ROOT_KEY = "ca-root"
ROOT_YEARS = 20  # invoices are kept for 10 years and more; a seal must outlive them
SELLER_YEARS = 5
CRL_YEARS = 10  # a verifier without network keeps a pinned list for years; each revocation publishes a new one at once
NAME_CHARS_MAX = 64  # ub-organization-name, RFC 5280 appendix A
Reason = Literal["key_compromise", "superseded", "cessation_of_operation", "affiliation_changed"]


@dataclass(frozen=True, slots=True)
class SellerSubject:
    """Whom a seller's certificate names: legal name (BT-27), VAT number (BT-31) and country (BT-40)."""

    name: str
    vat: str | None = None
    country: str | None = None


class _Entry(TypedDict):
    at: str
    reason: str


class _State(TypedDict):
    number: int
    revoked: dict[str, _Entry]


class InstallationCA:
    """Root key in the keystore; root certificate and list of revocations as files in `folder`."""

    def __init__(self, folder: str | Path, keystore: FileKeystore, *, installation: str, now: datetime) -> None:
        self._folder = atomic.private_folder(Path(folder))
        self._key = keystore
        self._root_path = self._folder / "root.crt"
        self._revoked_path = self._folder / "revoked.json"
        keystore.create_seal_key(ROOT_KEY)
        if not self._root_path.exists():
            with contextlib.suppress(FileExistsError):  # another process was first: its root is the root
                atomic.create(self._root_path, self._make_root(installation, now))
        self.root = self._root_path.read_bytes()

    @property
    def root_pem(self) -> str:
        """The root certificate as PEM, for trust stores."""
        return pem(self.root, "CERTIFICATE")

    def issue(self, subject: SellerSubject, public_key: ec.EllipticCurvePublicKey, *, now: datetime) -> bytes:
        """A seller's certificate (DER), in force from `now` for five years."""
        root = x509.load_der_x509_certificate(self.root)
        start = now.astimezone(UTC).replace(microsecond=0)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_subject(subject))
            .issuer_name(root.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(min(_years(start, SELLER_YEARS), root.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(_authority(root), critical=False)
        )
        return builder.sign(self._key.seal_key(ROOT_KEY), hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def revoke(self, certificate: bytes, *, reason: Reason, now: datetime) -> bytes:
        """Put a certificate on the list as of `now` (never earlier: a list must not rewrite the past) and return the new list."""
        serial = x509.load_der_x509_certificate(certificate).serial_number
        with atomic.locked(self._folder):
            state = self._state()
            if f"{serial:x}" not in state["revoked"]:
                state["revoked"][f"{serial:x}"] = {"at": now.astimezone(UTC).replace(microsecond=0).isoformat(), "reason": reason}
                state["number"] += 1
                atomic.write(self._revoked_path, json.dumps(state, indent=1, sort_keys=True).encode())
        return self.crl(now=now)

    def crl(self, *, now: datetime) -> bytes:
        """The revocation list as of `now` (DER), signed by the root; an empty one is a statement too."""
        root = x509.load_der_x509_certificate(self.root)
        state = self._state()
        start = now.astimezone(UTC).replace(microsecond=0)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(root.subject)
            .last_update(start)
            .next_update(_years(start, CRL_YEARS))
            .add_extension(x509.CRLNumber(state["number"]), critical=False)
            .add_extension(_authority(root), critical=False)
        )
        for serial, entry in sorted(state["revoked"].items()):
            revoked = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(datetime.fromisoformat(entry["at"]))
            flag = x509.ReasonFlags[entry["reason"]]
            builder = builder.add_revoked_certificate(revoked.add_extension(x509.CRLReason(flag), critical=False).build())
        return builder.sign(self._key.seal_key(ROOT_KEY), hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _state(self) -> _State:
        if not self._revoked_path.exists():
            return {"number": 1, "revoked": {}}
        return json.loads(self._revoked_path.read_bytes())

    def _make_root(self, installation: str, now: datetime) -> bytes:
        key = self._key.seal_key(ROOT_KEY)
        start = now.astimezone(UTC).replace(microsecond=0)
        attributes = [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fit(installation)),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Wasl installation root {secrets.token_hex(4)}"),
        ]
        name = x509.Name(attributes)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(_years(start, ROOT_YEARS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def pem(der: bytes, label: str) -> str:
    """DER as PEM text; labels are CERTIFICATE and X509 CRL."""
    import base64

    body = base64.encodebytes(der).decode().replace("\n", "")
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _subject(subject: SellerSubject) -> x509.Name:
    """O = name, organizationIdentifier = VATSA-3001... (ETSI EN 319 412-1, 5.1.4), C = country."""
    attributes: list[x509.NameAttribute[str]] = []
    if subject.country:
        if len(subject.country) != 2 or not (subject.country.isascii() and subject.country.isalpha()):
            raise CertificateSubject(part=Words("country", "رمز الدولة"), reason=Words("it is not two Latin letters", "ليس حرفين لاتينيين"))
        attributes.append(x509.NameAttribute(NameOID.COUNTRY_NAME, subject.country.upper()))
    attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fit(subject.name)))
    if subject.vat:
        if len(subject.vat) > NAME_CHARS_MAX or not subject.vat.isprintable():
            why = Words(
                "it is too long or has control characters",
                "أطول مما يُقبل أو فيه أحرف تحكّم",
            )
            raise CertificateSubject(part=Words("VAT number", "الرقم الضريبي"), reason=why)
        number = subject.vat.removeprefix(subject.country or "")
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"VAT{subject.country or 'XX'}-{number}"))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, "Wasl seal"))
    return x509.Name(attributes)


def _fit(name: str) -> str:
    """A name of at most 64 characters; a longer one ends visibly in an ellipsis, the VAT number tells who it is."""
    text = name.strip()
    if not text or any(ch < " " or ch == "\x7f" for ch in text):
        raise CertificateSubject(part=Words("name", "الاسم"), reason=Words("it is empty or has control characters", "فارغ أو فيه أحرف تحكّم"))
    return text if len(text) <= NAME_CHARS_MAX else text[: NAME_CHARS_MAX - 1] + "…"


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(root: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _years(start: datetime, years: int) -> datetime:
    return start + timedelta(days=round(365.25 * years))
