"""Detached XAdES-B seals: sign the exact bytes of a document, and verify them against pinned roots.

ETSI EN 319 132-1 baseline B over ECDSA P-256 and SHA-256; `profile.py` has the shape. The verifier trusts no certificate
in the file beyond what a pinned root has signed, and reads nothing from a file that is not byte for byte our profile.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from cryptography import x509

from wasl.seal import profile
from wasl.seal.certificate import load_crl, sealing_key, under
from wasl.seal.diagnose import diagnose
from wasl.seal.errors import DocumentName
from wasl.seal.profile import Fields
from wasl.seal.result import Reason, SealResult
from wasl.seal.signer import Signer, normalised
from wasl.seal.signer import verify as verify_signature

NAME_BYTES_MAX = 200  # 600 characters percent-encoded, the profile's limit
_MEDIA_TYPES = {".xml": "text/xml", ".json": "application/json", ".pdf": "application/pdf"}
# A key that others may have used proves nothing about any time; a key that merely went out of use proves the time before.
_REVOKED_FROM_DATE = {x509.ReasonFlags.superseded, x509.ReasonFlags.cessation_of_operation, x509.ReasonFlags.affiliation_changed}


def sign(document: bytes, signer: Signer, *, at: datetime, name: str) -> bytes:
    """The `.xades` file over the exact bytes of `document`; `name` is the document's file name, `at` the signing time."""
    if not 0 < len(name.encode()) <= NAME_BYTES_MAX or "/" in name or "\\" in name or not name.isprintable() or name in {".", ".."}:
        raise DocumentName(name=name[:80])
    der = signer.certificate
    fields = Fields(
        name=quote(name, safe=""),
        document_digest=_sha256(document),
        properties_digest="",
        signature="",
        certificate=base64.b64encode(der).decode(),
        signing_time=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        certificate_digest=_sha256(der),
        media_type=_MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream"),
    )
    fields = fields._replace(properties_digest=_sha256(profile.fill(profile.SIGNED_PROPERTIES_C14N, fields)))
    signature = normalised(signer.sign(profile.fill(profile.SIGNED_INFO_C14N, fields)))
    return profile.fill(profile.FILE, fields._replace(signature=base64.b64encode(signature).decode()))


def verify(
    document: bytes,
    xades: bytes,
    *,
    roots: Sequence[bytes],
    crls: Sequence[bytes],
    at: datetime | None = None,
) -> SealResult:
    """Check a seal over the exact bytes of `document`. `roots` and `crls` are the verifier's own (DER).

    The certificate must be in force at the signing time, and at `at` too where the caller knows a better time.
    """
    fields = profile.match(xades)
    if fields is None or not _canonical(fields):
        return SealResult(reason=diagnose(xades))
    der = base64.b64decode(fields.certificate)
    signed_at = _time(fields.signing_time)
    seen = SealResult(reason="ok", name=unquote(fields.name), signed_at=signed_at, certificate=der)
    if signed_at is None:
        return replace(seen, reason="properties")
    reason = _bindings(document, fields, der)
    if reason != "ok":
        return replace(seen, reason=reason)
    return _trusted(seen, der, [signed_at] if at is None else [signed_at, at], roots, crls)


def _bindings(document: bytes, fields: Fields, der: bytes) -> Reason:
    """Hashes first: a certificate is parsed only when it is the one that the seal names."""
    if _sha256(profile.fill(profile.SIGNED_PROPERTIES_C14N, fields)) != fields.properties_digest:
        return "properties"
    if _sha256(der) != fields.certificate_digest:
        return "certificate-digest"
    key = sealing_key(der)
    if key is None:
        return "certificate"
    if not verify_signature(key, base64.b64decode(fields.signature), profile.fill(profile.SIGNED_INFO_C14N, fields)):
        return "signature"
    return "ok" if _sha256(document) == fields.document_digest else "other-document"


def _trusted(seen: SealResult, der: bytes, moments: Sequence[datetime], roots: Sequence[bytes], crls: Sequence[bytes]) -> SealResult:
    """The certificate under a pinned root, in force at all `moments` (the signing time first), not on that root's list."""
    sealed_by = next((found for root in roots if (found := under(der, root)) is not None), None)
    if sealed_by is None:
        return replace(seen, reason="foreign")
    seen = replace(
        seen,
        root_sha256=hashlib.sha256(sealed_by.root).hexdigest(),
        organisation=sealed_by.organisation,
        organisation_id=sealed_by.organisation_id,
    )
    if any(not sealed_by.not_before <= moment <= sealed_by.not_after for moment in moments):
        return replace(seen, reason="expired")
    lists = [parsed for crl in crls if (parsed := load_crl(crl, sealed_by.root)) is not None]
    if not lists:
        return replace(seen, reason="no-revocation-list")
    latest = max(lists, key=lambda crl: crl.last_update_utc)
    seen = replace(seen, crl_date=latest.last_update_utc)
    # A certificate that any pinned list names stays revoked: a newer list that forgot it would be a rollback.
    if any(_revoked(crl, sealed_by.serial, max(moments)) for crl in lists):  # the signing time is the signer's own claim
        return replace(seen, reason="revoked")
    return seen


def _revoked(crl: x509.CertificateRevocationList, serial: int, at: datetime) -> bool:
    entry = crl.get_revoked_certificate_by_serial_number(serial)
    if entry is None:
        return False
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        reason = x509.ReasonFlags.unspecified
    return reason not in _REVOKED_FROM_DATE or entry.revocation_date_utc <= at


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _canonical(fields: Fields) -> bool:
    """Base64 without stray bits and percent-encoding in its one form: two files never mean the same seal."""
    encoded = (fields.document_digest, fields.properties_digest, fields.signature, fields.certificate, fields.certificate_digest)
    try:
        return all(base64.b64encode(base64.b64decode(text)).decode() == text for text in encoded) and (
            quote(unquote(fields.name, errors="strict"), safe="") == fields.name
        )
    except (binascii.Error, UnicodeDecodeError):
        return False


def _sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
