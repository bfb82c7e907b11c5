"""Namespaces of both syntaxes, and the prefixes by which people (and the official sheets) write them."""

from __future__ import annotations

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
EXT = "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"
RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES = {
    CAC: "cac:", CBC: "cbc:", EXT: "ext:", INVOICE: "ubl:", CREDIT_NOTE: "cn:", RSM: "rsm:", RAM: "ram:", QDT: "qdt:", UDT: "udt:",
}  # fmt: skip
_NAMESPACES = {prefix[:-1]: namespace for namespace, prefix in PREFIXES.items()}

class _Clark(dict[str, str]):
    """What `clark` has answered, and answers."""

    def __missing__(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        found = self[name] = f"{{{_NAMESPACES[prefix]}}}{local}"
        return found


CLARK = _Clark()


def clark(name: str) -> str:
    """`cbc:ID` as `{namespace}ID`."""
    return CLARK[name]
