"""What is particular to UBL 2.1: its two roots, and the codes and schemes by which the binding tells terms apart."""

from __future__ import annotations

from wasl.formats.names import CREDIT_NOTE, INVOICE

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
