"""From a viewer to the page: facts, files, trust and history, gathered once for each request."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from wasl.app import clock
from wasl.app.invoicing.links import token_of
from wasl.app.invoicing.models import Invoice
from wasl.app.payments.transfer.account import account_story
from wasl.app.portal import queries
from wasl.app.portal.access import named
from wasl.app.portal.chat import live as chat
from wasl.app.portal.details import sections
from wasl.app.portal.history import Entry, Reader, timeline, upcoming
from wasl.app.portal.offers import Offer, offers
from wasl.app.portal.page import Facts, FileLink, PayerPage, Payment, Related, TrustItem
from wasl.app.portal.pay.funds import Funds
from wasl.app.portal.pay.page import allows_part, viewer_ways
from wasl.app.portal.pay.transfer import account_trust
from wasl.app.portal.questions.page import Talk, title
from wasl.app.portal.share import share
from wasl.app.portal.verdict import LOG_STEPS, Judged
from wasl.app.portal.viewer import INBOX_NAME, Viewer
from wasl.app.support import words
from wasl.app.support.conversations import conversations_of
from wasl.app.support.hours.hotline import contact
from wasl.app.ui import format, reader
from wasl.app.ui.i18n import current
from wasl.invoice.model import Invoice as InvoiceModel
from wasl.invoice.money import from_minor
from wasl.invoice.payment_terms import payment_terms


def payer_page(viewer: Viewer, *, all_lines: bool = False) -> PayerPage:
    """The whole page for whoever the document was sent to; amount, state and Pay alone for the link printed in the PDF."""
    lang, org = current(), viewer.org
    is_private = viewer.is_private
    name = org.name_in(lang)
    invoice = viewer.document or erased_document(viewer.row)
    is_open = viewer.standing.balance > 0 and not viewer.row.is_credit_note
    ways = viewer_ways(viewer) if is_open and not viewer.is_damaged else []
    funds = Funds(viewer)
    known = facts(viewer, is_private, is_payable=bool(ways))
    reached = contact(org) if is_private else None
    told = reached if reached is not None and reached.is_told else None
    return PayerPage(
        invoice=invoice,
        facts=known,
        lang=lang,
        seller_name=format.shown(name),
        seller_lang="ar" if name == org.name_ar else "en",
        seller_email=org.email,
        seller_phone="" if told is not None and told.lines else org.phone,
        contact=told,
        call_url=viewer.url("payer-call") if told is not None and told.takes_calls else "",
        files=files(viewer) if is_private else (),
        trust=trust(viewer),
        history=history(viewer) if is_private else (),
        pay_url=viewer.url("payer-pay"),
        verify_url=reverse("verify", args=[viewer.printed[1]]),
        opened_url=viewer.url("payer-opened") if viewer.link and is_private else "",
        again_url="" if is_private else viewer.url("payer-again"),
        zip_url=viewer.url("payer-zip") if is_private and viewer.document else "",
        calendar_url=viewer.url("payer-calendar") if is_open and viewer.due and viewer.due >= known.today else "",
        ask_url=optional(viewer, "payer-ask") if is_private else "",
        history_url=viewer.url("payer-history") if is_private else "",
        remind_url=viewer.url("payer-remind") if is_private and viewer.row.due_date and not viewer.row.is_credit_note else "",
        talks=talks(viewer) if is_private else (),
        chat_stream=chat.stream(viewer) if is_private else "",
        chat_base=viewer.base_url,
        not_mine_url=optional(viewer, "payer-not-mine") if is_private else "",
        preferences_url=optional(viewer, "payer-preferences") if is_private else "",
        door_url=optional(viewer, "payer-keep") if viewer.link else "",
        is_in_inbox=viewer.inbox is not None,
        inbox_url=named("inbox") if viewer.inbox else "",
        share=share(viewer),
        details=sections(invoice, org.country) if is_private and viewer.document else (),
        offers=offered(viewer, invoice, known) if is_open else (),
        note=note(viewer),
        ways=ways,
        pays=from_minor(funds.settles, viewer.row.currency) if is_open and funds.settles != funds.left else None,
        discount_line=funds.discount_line if is_open else "",
        credit_line=funds.credit_line if is_private else "",
        autopay_line=funds.autopay_line if is_open else "",
        may_part=bool(ways) and (allows_part(org) or bool(funds.next_part)),
        receipt_url=viewer.url("payer-receipt-newest") if is_private and viewer.standing.received else "",
        all_lines_url="" if all_lines else f"{viewer.base_url}?lines=all#lines",
    )


def optional(viewer: Viewer, name: str) -> str:
    """The address of a page that another part provides; "" where it is not there: nothing is ever linked to nowhere."""
    try:
        return viewer.url(name)
    except NoReverseMatch:
        return ""


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


def facts(viewer: Viewer, is_private: bool, *, is_payable: bool) -> Facts:
    row, standing, org = viewer.row, viewer.standing, viewer.org
    amount = lambda units: from_minor(units, row.currency)  # noqa: E731
    arrived = queries.payments_of(row) if standing.received else []
    paid = tuple(Payment(format.local_day(at, org.time_zone), amount(units), reference) for at, units, reference in arrived)
    here, there = clock.now(), reader.current().time_zone
    return Facts(
        today=viewer.today, paid=amount(standing.paid), credited=amount(standing.credited), payments=paid if is_private else (),
        paid_on=paid[-1].at if paid else None, related=related(viewer) if is_private else (), is_private=is_private,
        is_payable=is_payable and viewer.can_pay, country=org.country, refunds_due=amount(standing.refunds_due), returned=amount(standing.returned),
        forgiven=amount(standing.forgiven), given_up=amount(standing.written_off), due=viewer.due, granted=viewer.granted,
        disputed=amount(standing.disputed),
        may_not_pay=is_payable and not viewer.can_pay, clock_differs=bool(there) and format.local_day(here, there) != viewer.today,
    )  # fmt: skip


def offered(viewer: Viewer, invoice: InvoiceModel, known: Facts) -> tuple[Offer, ...]:
    is_untouched = not (viewer.standing.received or viewer.standing.credited)
    total = (invoice.totals.payable_amount if invoice.totals else None) or from_minor(0, invoice.currency)
    return offers(
        payment_terms(invoice), currency=invoice.currency or "", country=known.country, today=known.today, total=total, is_untouched=is_untouched
    )


def related(viewer: Viewer) -> tuple[Related, ...]:
    """Documents of the same deal, each with a way to it where this reader may open it as well."""
    row = viewer.row
    if not row.original_id and not viewer.standing.credited:
        return ()
    found = queries.related_of(row, viewer.email if viewer.link else "")
    open_here = _granted(viewer, [each.id for each in found])
    return tuple(Related(each.number, each.issue_date, from_minor(each.amount, row.currency), href=_way(viewer, each, open_here)) for each in found)


def _granted(viewer: Viewer, ids: list[Any]) -> set[Any]:
    if viewer.inbox is None:
        return set()
    return set(Invoice.objects.for_payer(viewer.inbox.payer).filter(organisation_id=viewer.org.pk, pk__in=ids).values_list("pk", flat=True))


def _way(viewer: Viewer, other: queries.RelatedRow, open_here: set[Any]) -> str:
    if other.id in open_here:
        return reverse(f"{INBOX_NAME}payer", args=[viewer.org.pk, other.id])
    return reverse("payer", args=[token_of(viewer.org.pk, other.link_id)]) if other.link_id else ""


def files(viewer: Viewer) -> tuple[FileLink, ...]:
    proof_note = _("its place in the public log") if viewer.logged_at else _("ready within seconds")
    if viewer.document is None:
        return ()
    return (
        FileLink(_("PDF"), viewer.url("payer-pdf"), "file", _("to read and print")),
        FileLink(_("XML"), viewer.url("payer-xml"), "code", _("the sealed original")),
        FileLink(_("Seal"), viewer.url("payer-seal"), "seal", _("the seller's signature")),
        FileLink(_("Proof"), viewer.url("payer-proof"), "proof", proof_note),
        FileLink(_("All as ZIP"), viewer.url("payer-zip"), "archive", _("with how to check them")),
    )


def trust(viewer: Viewer) -> tuple[TrustItem, ...]:
    """Three sentences, each true when it is shown: they come from the verifier and from the account's own record."""
    is_erased = viewer.document is None and not viewer.is_damaged  # then nothing is left to judge, and that is nobody's fault
    items = [] if is_erased else proven(viewer.verdict)
    return (*items, *account_trust(viewer, account_story(viewer.row)))


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


def history(viewer: Viewer) -> list[Entry]:
    """The story as this reader may hear it, the next reminder first."""
    also = frozenset(viewer.inbox.emails) if viewer.inbox else frozenset[str]()
    told_to = Reader(False, viewer.org.time_zone, viewer.org.country, viewer.email, also=also)
    return timeline(
        queries.events_of(viewer.row), told_to, logged_at=viewer.logged_at, proof_url=viewer.url("payer-proof"),
        upcoming=upcoming(viewer.row, told_to), talk_url=f"{viewer.base_url}/questions/",
    )  # fmt: skip


def talks(viewer: Viewer) -> list[Talk]:
    """The conversations about this invoice: where somebody waits first."""
    known = conversations_of(viewer.row)
    is_news = any(each.payer_read_at is None or each.payer_read_at < each.last_at for each in known)
    waiting = chat.unread(viewer) if is_news else {}
    return [
        Talk(
            title(viewer.document, each),
            words.state(each, is_seller=False),
            words.TONES[each.state],
            viewer.url("payer-question", conversation_id=each.pk),
            waiting.get(each.pk, 0),
        )
        for each in known
    ]
