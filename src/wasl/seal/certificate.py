"""A seller's certificate as found in a seal: first its key, and its names only once a pinned root has signed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

# The library reads lazily and reports damage by several types; a damaged certificate must end as one answer.
_DAMAGE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class SealCertificate:
    """What a pinned root vouches for."""

    root: bytes
    serial: int
    not_before: datetime
    not_after: datetime
    organisation: str | None
    organisation_id: str | None


def sealing_key(der: bytes) -> ec.EllipticCurvePublicKey | None:
    """The P-256 key of an end-entity certificate that may sign documents; None if it is damaged or another kind."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except _DAMAGE:
        return None
    if constraints.ca or not (usage.digital_signature and usage.content_commitment):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None


def under(der: bytes, root: bytes) -> SealCertificate | None:
    """The certificate if `root` signed it with ECDSA and SHA-256; its validity is also bounded by the root's."""
    parent = load_root(root)
    certificate = x509.load_der_x509_certificate(der)
    key = parent.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return None
    try:
        if certificate.signature_algorithm_oid != SignatureAlgorithmOID.ECDSA_WITH_SHA256:
            return None
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))
        if certificate.issuer != parent.subject:
            return None
        return SealCertificate(
            root=root,
            serial=certificate.serial_number,
            not_before=max(certificate.not_valid_before_utc, parent.not_valid_before_utc),
            not_after=min(certificate.not_valid_after_utc, parent.not_valid_after_utc),
            organisation=_attribute(certificate.subject, NameOID.ORGANIZATION_NAME),
            organisation_id=_attribute(certificate.subject, NameOID.ORGANIZATION_IDENTIFIER),
        )
    except (InvalidSignature, *_DAMAGE):
        return None


@lru_cache(maxsize=64)
def load_root(der: bytes) -> x509.Certificate:
    """A pinned root, parsed once."""
    return x509.load_der_x509_certificate(der)


@lru_cache(maxsize=64)
def load_crl(der: bytes, root: bytes) -> x509.CertificateRevocationList | None:
    """A revocation list that this root signed, else None."""
    try:
        crl = x509.load_der_x509_crl(der)
    except ValueError:
        return None
    parent = load_root(root)
    key = parent.public_key()
    if crl.issuer != parent.subject or not isinstance(key, ec.EllipticCurvePublicKey) or not crl.is_signature_valid(key):
        return None
    return crl


def _attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else None
