"""The code that a bank's app scans to fill in a SEPA transfer: EPC069-12, version 002, in UTF-8."""

from __future__ import annotations

from decimal import Decimal

NAME_CHARS_MAX, TEXT_CHARS_MAX, BYTES_MAX = 70, 140, 331
AMOUNT_MIN, AMOUNT_MAX = Decimal("0.01"), Decimal("999999999.99")
# ISO 3166 codes of the accounts that a SEPA transfer reaches (EPC409-09)
_COUNTRIES = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA XK"
)
COUNTRIES = frozenset(_COUNTRIES.split())


def payload(*, name: str, iban: str, amount: Decimal, reference: str = "", text: str = "", bic: str = "") -> str | None:
    """What the code holds; `reference` is an ISO 11649 reference, else `text` is given. None where the scheme cannot say it."""
    if iban[:2] not in COUNTRIES or not AMOUNT_MIN <= amount <= AMOUNT_MAX or amount != round(amount, 2):
        return None
    holder = " ".join(name.split())[:NAME_CHARS_MAX].strip()
    if not holder:
        return None
    free = "" if reference else " ".join(text.split())[:TEXT_CHARS_MAX]
    lines = ["BCD", "002", "1", "SCT", bic, holder, iban, f"EUR{amount:.2f}", "", reference, free]
    content = "\n".join(lines).rstrip("\n")
    return content if len(content.encode()) <= BYTES_MAX else None
