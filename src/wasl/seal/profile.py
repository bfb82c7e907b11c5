"""The one shape of our seals: XAdES baseline B, detached, as bytes.

Everything but eight fields is constant, so writing a seal is filling a template, the canonical forms that are hashed and
signed are templates too, and reading one is matching the same template: what does not match byte for byte is not ours.
That leaves no room for signature wrapping, a second Id, an added transform or another algorithm.

Canonicalisation is exclusive C14N 1.0 (https://www.w3.org/TR/xml-exc-c14n/): namespaces are declared where a prefix is
first visible in the subtree that is hashed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
SEAL_BYTES_MAX = 16_384  # ours have about 3,000; a certificate of 4 KB still fits


class Fields(NamedTuple):
    """The variable parts, each already in its text form."""

    name: str  # percent-encoded file name
    document_digest: str  # base64, 44 characters
    properties_digest: str
    signature: str  # base64 of r || s, 88 characters
    certificate: str  # base64 of the DER
    signing_time: str  # 2026-11-23T17:00:00Z
    certificate_digest: str
    media_type: str


def _signed_info(ns: str) -> str:
    return (
        f"<ds:SignedInfo{ns}>"
        f'<ds:CanonicalizationMethod Algorithm="{EXC_C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{ECDSA_SHA256}"></ds:SignatureMethod>'
        '<ds:Reference Id="wasl-document" URI="{name}">'
        f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
        "<ds:DigestValue>{document_digest}</ds:DigestValue>"
        "</ds:Reference>"
        f'<ds:Reference Type="{SIGNED_PROPERTIES}" URI="#wasl-properties">'
        f'<ds:Transforms><ds:Transform Algorithm="{EXC_C14N}"></ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
        "<ds:DigestValue>{properties_digest}</ds:DigestValue>"
        "</ds:Reference>"
        "</ds:SignedInfo>"
    )


def _signed_properties(xades: str, ds: str) -> str:
    return (
        f'<xades:SignedProperties{xades} Id="wasl-properties">'
        "<xades:SignedSignatureProperties>"
        "<xades:SigningTime>{signing_time}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod{ds} Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue{ds}>{{certificate_digest}}</ds:DigestValue>"
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties>"
        "<xades:SignedDataObjectProperties>"
        '<xades:DataObjectFormat ObjectReference="#wasl-document">'
        "<xades:MimeType>{media_type}</xades:MimeType>"
        "</xades:DataObjectFormat>"
        "</xades:SignedDataObjectProperties>"
        "</xades:SignedProperties>"
    )


_DS_NS, _XADES_NS = f' xmlns:ds="{DS}"', f' xmlns:xades="{XADES}"'
SIGNED_INFO_C14N = _signed_info(_DS_NS)
SIGNED_PROPERTIES_C14N = _signed_properties(_XADES_NS, _DS_NS)
FILE = (
    f'<ds:Signature{_DS_NS} Id="wasl-seal">'
    + _signed_info("")
    + "<ds:SignatureValue>{signature}</ds:SignatureValue>"
    + "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    + f'<ds:Object><xades:QualifyingProperties{_XADES_NS} Target="#wasl-seal">'
    + _signed_properties("", "")
    + "</xades:QualifyingProperties></ds:Object></ds:Signature>\n"
)

_FIELD = {
    "name": r"[A-Za-z0-9._~%-]{1,600}",
    "document_digest": r"[A-Za-z0-9+/]{43}=",
    "properties_digest": r"[A-Za-z0-9+/]{43}=",
    "signature": r"[A-Za-z0-9+/]{86}==",
    "certificate": r"[A-Za-z0-9+/]{300,12000}={0,2}",
    "signing_time": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    "certificate_digest": r"[A-Za-z0-9+/]{43}=",
    "media_type": r"[a-z]+/[a-z0-9.+-]{1,60}",
}
_PATTERN = re.compile(
    re.sub(r"\\\{(\w+)\\\}", lambda field: f"(?P<{field[1]}>{_FIELD[field[1]]})", re.escape(FILE)).encode(),
)


def fill(template: str, fields: Fields) -> bytes:
    """A template with its fields; every field is of a safe alphabet, so nothing needs escaping."""
    return template.format_map(fields._asdict()).encode("ascii")


def match(seal: bytes) -> Fields | None:
    """The fields if the bytes are exactly our profile."""
    if len(seal) > SEAL_BYTES_MAX:
        return None
    found = _PATTERN.fullmatch(seal)
    if found is None:
        return None
    return Fields(**{key: value.decode("ascii") for key, value in found.groupdict().items()})
