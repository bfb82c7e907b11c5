"""What the gateways' pages say: families by name, and for each gateway the way to its keys in plain steps."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

EVENTS = {  # what Stripe and Moyasar are asked to tell; Tap and PayTabs tell everything to the address that comes with each payment
    "stripe": (
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "charge.refunded",
        "refund.updated",
        "charge.dispute.created",
        "charge.dispute.closed",
    ),
    "moyasar": ("payment_paid", "payment_failed", "payment_refunded", "payment_voided", "payment_captured"),
}


def family(name: str) -> str:
    """A method family as payers know it."""
    known = {
        "card": _("Cards"),
        "mada": pgettext("payment method", "mada"),
        "apple_pay": pgettext("payment method", "Apple Pay"),
        "stc_pay": pgettext("payment method", "stc pay"),
        "knet": pgettext("payment method", "KNET"),
        "benefit": pgettext("payment method", "BENEFIT"),
        "bank": _("Bank transfer"),
    }
    return known.get(name, name)


def region(code: str) -> str:
    known = {
        "SA": _("Saudi Arabia"),
        "AE": _("United Arab Emirates"),
        "EG": _("Egypt"),
        "OM": _("Oman"),
        "JO": _("Jordan"),
        "KW": _("Kuwait"),
        "IQ": _("Iraq"),
        "MA": _("Morocco"),
        "QA": _("Qatar"),
        "GLOBAL": _("Other countries"),
    }
    return known.get(code, code)


def lead(name: str) -> str:
    """What one gateway is good for, in a sentence."""
    return {
        "moyasar": _("Saudi Arabia: mada, cards, Apple Pay and stc pay. Its pages speak Arabic."),
        "tap": _("The Gulf: cards, mada, KNET, BENEFIT and wallets. Its pages speak Arabic."),
        "paytabs": _("Ten countries from Morocco to Oman: cards, mada, wallets. Its pages speak Arabic."),
        "stripe": _("Cards and Apple Pay in most of the world. Its pages have no Arabic."),
    }[name]


def steps(name: str) -> list[str]:
    """How to get what the form asks for; the webhook address stands between the steps and the form."""
    key = {
        "moyasar": _("In your Moyasar dashboard, open Settings, API keys, and copy the secret key. It begins with sk_."),
        "tap": _("In your Tap dashboard, open goSell, API credentials, and copy the secret key. It begins with sk_."),
        "paytabs": _("In your PayTabs dashboard, open Developers, Key management, and copy the server key; the profile number stands above it."),
        "stripe": _("In your Stripe dashboard, open Developers, API keys, and copy the secret key. It begins with sk_ or rk_."),
    }[name]
    hook = {
        "moyasar": _("Open Settings, Webhooks, add the address below, think of a secret of your own, and write the same one there and here."),
        "tap": _("Nothing to set up for webhooks: the address below goes along with every payment, signed with your key."),
        "paytabs": _("Nothing to set up for webhooks: the address below goes along with every payment, signed with your server key."),
        "stripe": _("Open Developers, Webhooks, add the address below with the events under it, and copy the signing secret. It begins with whsec_."),
    }[name]
    return [key, hook, _("Save, then check: we ask the gateway at once, and no money moves.")]


def secret_hint(name: str) -> str:
    if name == "stripe":
        return _("It begins with whsec_. You may add it later; until then payments show only when we ask.")
    return _("At least 8 characters, the same as in the gateway's dashboard. You may add it later.")


def finding_words(finding: dict[str, Any], lang: str) -> str:
    return str(finding.get(lang) or finding.get("en") or "")
