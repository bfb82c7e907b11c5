"""What is particular to CII D16B: its root, and the codes by which the EN 16931-3-3 binding tells terms apart."""

from __future__ import annotations

from wasl.formats.names import RSM

ROOT = f"{{{RSM}}}CrossIndustryInvoice"

# Type codes (UNTDID 1001) of ram:AdditionalReferencedDocument
TENDER_TYPE = "50"  # BT-17
INVOICED_OBJECT_TYPE = "130"  # BT-18, BT-128
SUPPORTING_TYPE = "916"  # BG-24

VAT = "VAT"
VAT_NUMBER = "VA"  # scheme of BT-31, BT-48, BT-63
TAX_NUMBER = "FC"  # scheme of BT-32
DATE = "102"  # UNTDID 2379: CCYYMMDD
PROJECT_NAME = "Project reference"  # the schema wants a name beside BT-11, the model has none

# BT-8: the model (and UBL) holds UNTDID 2005, CII holds UNTDID 2475.
TAX_POINT_TO_CII = {"3": "5", "35": "29", "432": "72"}  # issue date; actual delivery date; paid to date
TAX_POINT_FROM_CII = {cii: code for code, cii in TAX_POINT_TO_CII.items()}
