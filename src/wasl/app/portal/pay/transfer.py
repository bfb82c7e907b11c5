"""Paying by bank transfer: every field to be copied on its own, a code for the bank's app where there is one, and whose account it is.

Works as plain text without script, and on paper: the copy buttons appear only where they work.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from wasl.app.invoicing.models import Link
from wasl.app.payments.transfer.account import AccountStory, account_story
from wasl.app.payments.transfer.lookalikes import lookalike_of
from wasl.app.payments.transfer.reference import reference_of
from wasl.app.portal.page import TrustItem
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.app.ui.macros import day
from wasl.invoice import epc
from wasl.invoice.creditor_reference import grouped
from wasl.invoice.money import from_minor, minor_units
from wasl.render.qr import qr

QR_MODULES_QUIET = 4


@dataclass(frozen=True)
class Field:
    """One thing to write into the bank's form: what is shown, and what is copied."""

    label: str
    shown: str
    value: str
    hint: str = ""


@dataclass(frozen=True)
class Transfer:
    """All that the bank asks for."""

    fields: tuple[Field, ...]
    amount: Decimal
    currency: str
    code: Markup | None  # an EPC code, for euro accounts in the SEPA area
    trust: tuple[TrustItem, ...]
    notes: tuple[str, ...]
    is_changed: bool


@require_safe
@by_viewer(Link.MAIL, Link.PDF)
def transfer(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`/i/<token>/transfer`. Where nothing is owed, or no account is named, the invoice itself says so."""
    story = account_story(viewer.row)
    if story is None or viewer.standing.balance <= 0 or viewer.is_damaged or viewer.row.is_credit_note:
        return redirect(viewer.base_url)
    name = viewer.org.name_in(current())
    context = {"transfer": details(viewer, story), "seller": name, "number": viewer.row.number, "back_url": viewer.base_url, "org": viewer.org}
    return render(request, "portal/pay/transfer.html", context)


def details(viewer: Viewer, story: AccountStory) -> Transfer:
    """The fields in the order in which banks ask for them; the amount is what is still open."""
    row = viewer.row
    amount = from_minor(viewer.standing.balance, row.currency)
    reference = reference_of(row)
    holder = story.holder or viewer.org.name
    places = minor_units(row.currency)
    is_iban = story.iban[:2].isalpha()
    fields = [
        Field(_("Pay to"), holder, holder),
        Field(_("IBAN") if is_iban else _("Account number"), format.iban(story.iban), story.iban),
        Field(_("BIC"), story.bic, story.bic) if story.bic else None,
        Field(_("Bank"), story.bank, story.bank) if story.bank else None,
        Field(_("Amount"), format.number(amount, row.currency), f"{amount:.{places}f}", _("Exactly this, then it is booked by itself.")),
        Field(_("Reference"), grouped(reference), reference, _("Write it into the purpose or reference of the transfer.")),
        Field(_("Invoice number"), row.number, row.number, _("If your bank does not take the reference, this does as well.")),
    ]
    return Transfer(
        fields=tuple(each for each in fields if each is not None), amount=amount, currency=row.currency,
        code=_code(holder, story, amount, row.currency, reference), trust=account_trust(viewer, story), notes=_notes(story.iban, row.currency),
        is_changed=story.changed_on is not None,
    )  # fmt: skip


def _code(holder: str, story: AccountStory, amount: Decimal, currency: str, reference: str) -> Markup | None:
    if currency != "EUR":
        return None
    content = epc.payload(name=holder, iban=story.iban, amount=amount, reference=reference, bic=story.bic)
    return Markup(qr(content, colour="#000000", quiet=QR_MODULES_QUIET)) if content else None  # noqa: S704 - drawn by us


def account_trust(viewer: Viewer, story: AccountStory | None) -> tuple[TrustItem, ...]:
    """Since when this account is the one, loudly where it took another's place; and whether the seller's name is also another's."""
    if story is None:
        return ()
    return (_account_item(viewer, story), *_name_items(viewer.org))


def _account_item(viewer: Viewer, story: AccountStory) -> TrustItem:
    country = viewer.org.country
    if story.changed_on is not None:
        sentence = _(
            "The seller's account changed on %(date)s: before it ended in %(old)s, now in %(new)s. "
            "If nobody told you, call the seller on a number you know."
        )
        facts = {"date": day(story.changed_on, country), "old": _tail(story.former_tail), "new": _tail(story.iban[-4:])}
        return TrustItem(Markup(sentence) % facts, False)  # noqa: S704 - our own sentence
    if story.first_used_on is None or story.first_used_on >= viewer.row.issue_date:
        return TrustItem(_("A bank account that was first used with this invoice"), None)
    return TrustItem(Markup(_("Same bank account since %(date)s")) % {"date": day(story.first_used_on, country)}, True)  # noqa: S704


def _tail(text: str) -> Markup:
    return Markup('<bdi class="code" dir="ltr">{}</bdi>').format(text)


def _name_items(org: Any) -> tuple[TrustItem, ...]:
    other = lookalike_of(org)
    if other is None:
        return ()
    sentence = _("Another seller here, %(name)s, is called nearly the same. Compare the tax number: this one has %(mine)s, that one %(theirs)s.")
    if other.vat_identifier and other.vat_identifier == org.vat_identifier:
        sentence = _("Another seller here, %(name)s, has nearly the same name and the same tax number. Call the seller on a number you know.")
    mine, theirs = (_tail(each or "–") for each in (org.vat_identifier, other.vat_identifier))
    facts = {"name": Markup("<bdi>{}</bdi>").format(other.name), "mine": mine, "theirs": theirs}
    return (TrustItem(Markup(sentence) % facts, False),)  # noqa: S704 - our own sentence


def _notes(iban: str, currency: str) -> tuple[str, ...]:
    """What people stumble over, by the country of the account."""
    country = iban[:2]
    told = {
        "SA": _("In your bank's app choose a local transfer by IBAN; the reference goes into the notes. Instant transfers arrive within seconds."),
        "AE": _("Choose a local transfer by IBAN; where the bank asks for a purpose, take payment for goods or services."),
        "JO": _("Choose a transfer by IBAN, or CliQ where your bank offers it for this account; the reference goes into the remarks."),
        "EG": _("Choose a transfer by IBAN or InstaPay; the reference goes into the notes."),
        "KW": _("Choose a local transfer by IBAN; the reference goes into the remarks."),
        "BH": _("Choose Fawri+ or a transfer by IBAN; the reference goes into the remarks."),
        "QA": _("Choose a local transfer by IBAN; the reference goes into the remarks."),
        "OM": _("Choose a local transfer by IBAN; the reference goes into the remarks."),
    }
    if currency == "EUR" and country in epc.COUNTRIES:
        return (_("Any bank in the SEPA area will do. Your bank compares the name and the IBAN and tells you if they do not fit."),)
    return (told[country],) if country in told else ()
