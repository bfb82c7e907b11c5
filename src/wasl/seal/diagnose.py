"""Why bytes are not one of our seals. Every answer means refused; the words only help a person to see what was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wasl.errors import WaslError
from wasl.seal import profile
from wasl.seal.result import Reason

if TYPE_CHECKING:
    from lxml.etree import _Element  # pyright: ignore[reportPrivateUsage]

_ALGORITHMS = {
    "CanonicalizationMethod": {profile.EXC_C14N},
    "SignatureMethod": {profile.ECDSA_SHA256},
    "DigestMethod": {profile.SHA256},
    "Transform": {profile.EXC_C14N},
}
_ELEMENTS = profile.FILE.count("</")  # every element of the profile has an end tag


def diagnose(seal: bytes) -> Reason:
    """The most telling reason, the dangerous ones first."""
    if len(seal) > profile.SEAL_BYTES_MAX:
        return "not-ours"
    from wasl.formats import xml

    try:
        root = xml.parse(seal)
    except xml.DoctypeRefused:
        return "doctype"
    except WaslError:
        return "not-ours"
    elements: list[_Element] = list(root.iter("*"))
    if any(_algorithm_refused(element) for element in elements):
        return "algorithm"
    ids = [value for element in elements for key, value in element.attrib.items() if str(key).lower().endswith("id")]
    if len(ids) != len(set(ids)):
        return "duplicate-id"
    if root.tag != f"{{{profile.DS}}}Signature" or len(elements) != _ELEMENTS:
        return "wrapped"
    return "not-ours"


def _algorithm_refused(element: _Element) -> bool:
    allowed = _ALGORITHMS.get(str(element.tag).rpartition("}")[2])
    return allowed is not None and element.get("Algorithm") not in allowed
