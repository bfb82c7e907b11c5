"""The installation's own key towards push services (VAPID, RFC 8292), out of the master key: nothing more to keep or to lose."""

from __future__ import annotations

import base64
import time
from functools import lru_cache
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from wasl.app.tenancy import keys

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
LIFE_SECONDS = 12 * 3600  # RFC 8292, 2: at most 24 hours


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@lru_cache(maxsize=1)
def private_key() -> ec.EllipticCurvePrivateKey:
    seed = keys.master().derive("vapid") + keys.master().derive("vapid/2")
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """For `pushManager.subscribe({applicationServerKey})`: base64url of the 65 bytes of the uncompressed point."""
    return b64(private_key().public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))


def authorization(endpoint: str) -> str:
    """The header for one push service: a token for its origin alone, signed with ES256."""
    parts = urlsplit(endpoint)
    contact = settings.CONFIG.mail_from if settings.CONFIG.is_public else "wasl@wasl.example"
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + LIFE_SECONDS, "sub": f"mailto:{contact}"}
    signed = f"{b64(orjson.dumps({'typ': 'JWT', 'alg': 'ES256'}))}.{b64(orjson.dumps(claims))}"
    r, s = decode_dss_signature(private_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{b64(r.to_bytes(32) + s.to_bytes(32))}, k={public_key()}"
