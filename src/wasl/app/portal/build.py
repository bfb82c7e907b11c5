"""From what a link opened to the page: facts, files, trust and history, gathered once for each request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.models import Invoice, Link
from wasl.app.portal import queries
from wasl.app.portal.history import Entry, Reader, timeline
from wasl.app.portal.open_link import account_since
from wasl.app.portal.page import Facts, FileLink, PayerPage, Payment, Related, TrustItem
from wasl.app.portal.verdict import LOG_STEPS, Judged, judged
from wasl.app.portal.viewer import Viewer
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.app.ui.macros import day
from wasl.invoice.model import Invoice as InvoiceModel
from wasl.invoice.money import from_minor


def payer_page(viewer: Viewer) -> PayerPage:
    """The whole page for a person's own link; amount, state and Pay alone for the link printed in the PDF."""
    lang = current()
    is_private = viewer.is_private
    name = viewer.org.name_in(lang)
    return PayerPage(
        invoice=viewer.document or erased_document(viewer.row),
        facts=facts(viewer, is_private),
        lang=lang,
        seller_name=name,
        seller_lang="ar" if name == viewer.org.name_ar else "en",
        files=files(viewer) if is_private else (),
        trust=trust(viewer),
        history=history(viewer) if is_private else (),
        pay_url=viewer.url("payer-pay"),
        verify_url=reverse("verify", args=[make_link(viewer.row, Link.VERIFY)]),
        opened_url=viewer.url("payer-opened") if viewer.link and is_private else "",
        again_url="" if is_private else viewer.url("payer-again"),
        note=note(viewer),
    )


def note(viewer: Viewer) -> str:
    if viewer.is_damaged:
        return _("The stored document is damaged. Do not pay; ask the seller.")
    return "" if viewer.document else _("The document itself was erased as the law asks; what must be kept is shown here.")


def erased_document(row: Invoice) -> InvoiceModel:
    """What the issued row alone still says."""
    from wasl.invoice.model import DocumentTotals

    amounts = {
        name: from_minor(getattr(row, name), row.currency)
        for name in ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
    }
    return InvoiceModel(
        number=row.number, issue_date=row.issue_date, due_date=row.due_date, type_code=row.type_code, currency=row.currency,
        totals=DocumentTotals(**amounts),
    )  # fmt: skip


def facts(viewer: Viewer, is_private: bool) -> Facts:
    row, standing = viewer.row, viewer.standing
    amount = lambda units: from_minor(units, row.currency)  # noqa: E731
    paid = tuple(Payment(format.local_day(at, viewer.org.time_zone), amount(units), reference) for at, units, reference in queries.payments_of(row))
    return Facts(
        today=viewer.today, paid=amount(standing.paid), credited=amount(standing.credited), payments=paid if is_private else (),
        paid_on=paid[-1].at if paid else None, related=related(viewer) if is_private else (), is_private=is_private,
        is_payable=bool(settings.CONFIG.bank_url) and not row.is_credit_note and not viewer.is_damaged and viewer.can_pay, country=viewer.org.country,
    )  # fmt: skip


def related(viewer: Viewer) -> tuple[Related, ...]:
    row = viewer.row
    if row.original_id:
        original = Invoice.objects.for_org(viewer.org).filter(pk=row.original_id).first()
        return (Related(original.number, original.issue_date, from_minor(original.payable_amount, original.currency)),) if original else ()
    return tuple(Related(note.number, note.issue_date, from_minor(note.amount, row.currency)) for note in queries.notes_of(row))


def files(viewer: Viewer) -> tuple[FileLink, ...]:
    proof_note = _("its place in the public log") if viewer.logged_at else _("ready within seconds")
    if viewer.document is None:
        return ()
    return (
        FileLink(_("PDF"), viewer.url("payer-pdf"), "file", _("to read and print")),
        FileLink(_("XML"), viewer.url("payer-xml"), "code", _("the sealed original")),
        FileLink(_("Seal"), viewer.url("payer-seal"), "seal", _("the seller's signature")),
        FileLink(_("Proof"), viewer.url("payer-proof"), "proof", proof_note),
    )


def trust(viewer: Viewer) -> tuple[TrustItem, ...]:
    """Three sentences, each true when it is shown: they come from the verifier and from the account's own record."""
    is_erased = viewer.document is None and not viewer.is_damaged  # then nothing is left to judge, and that is nobody's fault
    items = [] if is_erased else proven(judged(viewer.org, viewer.row))
    account = account_since(viewer.row)
    if account and account[0]:
        items.append(TrustItem(since(account[0], viewer), True if account[0] < viewer.row.issue_date else None))
    return tuple(items)


def proven(verdict: Judged) -> list[TrustItem]:
    sealed, logged = verdict.holds("hash", "seal"), verdict.holds(*LOG_STEPS)
    return [
        TrustItem(
            _("Signature valid; unchanged since it was issued") if sealed else _("The signature does not hold. Do not pay; ask the seller."),
            bool(sealed),
        ),
        TrustItem(
            _("In a public log that anyone can check") if logged else _("On its way into the public log") if logged is None
            else _("Not in the public log. Do not pay; ask the seller."),
            logged,
        ),
    ]  # fmt: skip


def since(first_use: Any, viewer: Viewer) -> Markup | str:
    if first_use >= viewer.row.issue_date:
        return _("A bank account that was first used with this invoice")
    return Markup(_("Same bank account since %(date)s")) % {"date": day(first_use, viewer.org.country)}  # noqa: S704


def history(viewer: Viewer) -> list[Entry]:
    reader = Reader(False, viewer.org.time_zone, viewer.org.country, viewer.email)
    return timeline(queries.events_of(viewer.row), reader, logged_at=viewer.logged_at, proof_url=viewer.url("payer-proof"))
