"""UBL 2.1 names: the namespaces, and the prefixes by which people (and the official sheet) write them."""

from __future__ import annotations

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
EXT = "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES = {CAC: "cac:", CBC: "cbc:", EXT: "ext:", INVOICE: "ubl:", CREDIT_NOTE: "cn:"}
_NAMESPACES = {"cac": CAC, "cbc": CBC, "ext": EXT}

INVOICE_ROOT = f"{{{INVOICE}}}Invoice"
CREDIT_NOTE_ROOT = f"{{{CREDIT_NOTE}}}CreditNote"

# The type code of an additional document reference that is really BT-18 (and BT-128 on a line) or BT-11.
INVOICED_OBJECT_TYPE = "130"
PROJECT_TYPE = "50"
# Schema places that must be filled where the model has nothing to say.
PLACEHOLDER = "NA"
VAT = "VAT"
TAX = "TAX"  # the scheme of BT-32, which is not VAT
SEPA = "SEPA"  # the scheme that marks BT-90 among party identifiers

_clark: dict[str, str] = {}


def clark(name: str) -> str:
    """`cbc:ID` as `{namespace}ID`."""
    found = _clark.get(name)
    if found is None:
        prefix, _, local = name.partition(":")
        found = _clark[name] = f"{{{_NAMESPACES[prefix]}}}{local}"
    return found
