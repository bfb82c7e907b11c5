"""What a seal needs of a key: its certificate and a signature. A file, a PKCS#11 module or a KMS can give both."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from wasl.seal.errors import SignatureUnusable

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2, 2.4.2)
COORDINATE_BYTES = 32
_ECDSA = ec.ECDSA(hashes.SHA256())


@runtime_checkable
class Signer(Protocol):
    """An ECDSA P-256 key that stays where it is."""

    @property
    def certificate(self) -> bytes:
        """The X.509 certificate of the key, DER."""
        ...

    def sign(self, data: bytes) -> bytes:
        """ECDSA P-256 over SHA-256 of `data`: r and s, 32 bytes each (the form of XML signatures)."""
        ...


class KeySigner:
    """A signer over a private key in memory."""

    __slots__ = ("_key", "certificate")

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: bytes) -> None:
        self._key = key
        self.certificate = certificate

    def sign(self, data: bytes) -> bytes:
        """r and s with the smaller of the two possible s."""
        return low_s(*decode_dss_signature(self._key.sign(data, _ECDSA)))

    def __repr__(self) -> str:
        return f"<KeySigner {x509.load_der_x509_certificate(self.certificate).serial_number:x}>"


def low_s(r: int, s: int) -> bytes:
    """r || s with s at most half the order: (r, n - s) is valid too, and one seal must have one form."""
    if s > ORDER // 2:
        s = ORDER - s
    return r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)


def normalised(signature: bytes) -> bytes:
    """A signer's answer in the one accepted form; SignatureUnusable if it is not two numbers of P-256."""
    if len(signature) != 2 * COORDINATE_BYTES:
        raise SignatureUnusable
    r, s = int.from_bytes(signature[:COORDINATE_BYTES]), int.from_bytes(signature[COORDINATE_BYTES:])
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise SignatureUnusable
    return low_s(r, s)


def verify(public_key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    """Whether `signature` (r || s, low s only) is the key's over SHA-256 of `data`."""
    from cryptography.exceptions import InvalidSignature

    if len(signature) != 2 * COORDINATE_BYTES:
        return False
    r, s = int.from_bytes(signature[:COORDINATE_BYTES]), int.from_bytes(signature[COORDINATE_BYTES:])
    if not (0 < r < ORDER and 0 < s <= ORDER // 2):
        return False
    try:
        public_key.verify(encode_dss_signature(r, s), data, _ECDSA)
    except InvalidSignature:
        return False
    return True
