"""What the verifier of a seal found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Reason = Literal[
    "ok",
    "not-ours",  # not the bytes of our one profile
    "doctype",  # a document type declaration, refused before anything else is read
    "algorithm",  # another digest, signature or canonicalisation than the profile's
    "duplicate-id",
    "wrapped",  # more or other elements than the profile has: a signed part was moved or another added
    "other-document",  # the digest is of other bytes
    "properties",  # SigningTime, certificate digest or format were altered
    "signature",
    "certificate",  # the certificate is malformed or may not sign
    "certificate-digest",  # SigningCertificateV2 names another certificate
    "foreign",  # not under a trusted root
    "expired",  # not in force at the signing time
    "revoked",
    "no-revocation-list",  # everything holds, but no list of this root is pinned: not fully checked
]


@dataclass(frozen=True, slots=True)
class SealResult:
    """`reason` is "ok" only when everything was checked; the rest says who sealed what, as far as it was read."""

    reason: Reason
    name: str | None = None  # file name the seal refers to
    signed_at: datetime | None = None  # claimed by the signer
    organisation: str | None = None
    organisation_id: str | None = None  # VATSA-3001...
    certificate: bytes | None = None
    root_sha256: str | None = None
    crl_date: datetime | None = None

    @property
    def ok(self) -> bool:
        return self.reason == "ok"
