"""The ways to pay by their families: the words a payer reads, and an icon. No scheme's own logo is drawn here.

A driver says which of these it takes (`Driver.families`); `transfer` is the seller's own account, `bill` a bill that the
gateway presents through the banks (biller and bill number, as SADAD does).
"""

from __future__ import annotations

from django.utils.translation import pgettext

CARD, MADA, KNET, BENEFIT, APPLE_PAY, STC_PAY, BANK, BILL, TRANSFER = (
    "card", "mada", "knet", "benefit", "apple_pay", "stc_pay", "bank", "bill", "transfer",
)  # fmt: skip
FAMILIES = (CARD, MADA, KNET, BENEFIT, APPLE_PAY, STC_PAY, BANK, BILL, TRANSFER)  # in the order in which they are offered
ICONS = {
    CARD: "card", MADA: "card", KNET: "card", BENEFIT: "card", APPLE_PAY: "mobile", STC_PAY: "wallet", BANK: "bank", BILL: "invoice",
    TRANSFER: "bank",
}  # fmt: skip


def family_name(family: str) -> str:
    """What a payer calls it; a family that is new to us is shown by its own code."""
    return {
        CARD: pgettext("way to pay", "Card"),
        MADA: pgettext("way to pay", "mada"),
        KNET: pgettext("way to pay", "KNET"),
        BENEFIT: pgettext("way to pay", "BENEFIT"),
        APPLE_PAY: pgettext("way to pay", "Apple Pay"),
        STC_PAY: pgettext("way to pay", "stc pay"),
        BANK: pgettext("way to pay", "Your bank, online"),
        BILL: pgettext("way to pay", "Bill number at your bank"),
        TRANSFER: pgettext("way to pay", "Bank transfer"),
    }.get(family, family)


def family_icon(family: str) -> str:
    return ICONS.get(family, "card")
