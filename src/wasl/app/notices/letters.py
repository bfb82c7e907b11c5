"""The mail of one notice: composed once, at its first try; whether it is still wanted is asked before every try."""

from __future__ import annotations

import dataclasses
from datetime import date
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import jinja2
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from markupsafe import Markup

from wasl.app import clock
from wasl.app.delivery.address import encoded, header_text, mailbox, safe_filename
from wasl.app.delivery.mime import mail_bytes
from wasl.app.delivery.models import Delivery
from wasl.app.delivery.outgoing import GO, Kind, Verdict, register
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import read_issued
from wasl.app.invoicing.links import is_withdrawn, make_link
from wasl.app.invoicing.models import BankAccountVersion, Link
from wasl.app.notices import kinds, templating, threads
from wasl.app.notices.models import Notice, Watch
from wasl.app.notices.plan import Walls, kind_on
from wasl.app.notices.preferences import Preferences
from wasl.app.notices.say import Matter
from wasl.app.notices.say import Notice as Said
from wasl.app.notices.tokens import token_for
from wasl.app.notices.wishes import Wishes
from wasl.app.payments.receipt import latest_payment, paid_of, receipt_pdf
from wasl.app.payments.standing import standing
from wasl.app.sql import run
from wasl.app.tenancy.models import normalise_email
from wasl.app.ui import jinja, reader
from wasl.invoice.display import isolate
from wasl.invoice.payment_terms import PaymentTerms, payment_terms

EVENTS = {
    Delivery.HANDED_OVER: "notice-sent",
    Delivery.UNKNOWN: "notice-unknown",
    Delivery.DELIVERED: "notice-delivered",
    Delivery.BOUNCED: "notice-bounced",
}
STATES = {
    Delivery.QUEUED: Notice.QUEUED, Delivery.DEFERRED: Notice.QUEUED, Delivery.HANDED_OVER: Notice.SENT, Delivery.DELIVERED: Notice.SENT,
    Delivery.UNKNOWN: Notice.UNKNOWN, Delivery.BOUNCED: Notice.BOUNCED, Delivery.DROPPED: Notice.DROPPED,
}  # fmt: skip


@lru_cache(maxsize=2)
def environment(is_html: bool) -> jinja2.Environment:
    env = jinja.environment(loader=jinja2.PackageLoader("wasl.app.notices", "templates"))
    env.autoescape = is_html
    env.globals["isolate"] = isolate
    return env


def ask(delivery: Delivery) -> Verdict:
    """Before each try of a reminder: the books, the recipient's wishes and the hour. Others only keep quiet hours."""
    kind = delivery.kind
    wishes = delivery.wishes = Wishes.of_one(delivery.organisation, delivery.recipient)  # `compose` follows at once, with the same row
    wanted = wishes.of(delivery.organisation_id, delivery.recipient)
    if kinds.EMAIL not in wanted.on(kind):
        return Verdict(drop="silent")
    if kind in kinds.REMINDERS:
        watch = Watch.objects.for_org(delivery.organisation_id).filter(
            invoice_id=delivery.invoice_id, email=normalise_email(delivery.recipient)
        ).first()  # fmt: skip
        if watch is None or watch.closed:
            return Verdict(drop=watch.closed if watch else "erased")
        if not _is_open(delivery):
            return Verdict(drop="paid")
        if is_paid_by_itself(delivery.organisation_id, delivery.invoice_id):
            return Verdict(drop="autopay")  # its own notice says when
    if is_withdrawn(delivery.organisation_id, delivery.invoice_id, delivery.recipient):
        return Verdict(drop=Watch.WITHDRAWN)  # whatever it tells, it would bring a new link along
    if kind == kinds.LEGAL:
        return GO
    now = clock.now()
    if kind in (kinds.QUESTION, kinds.DISPUTED):
        carried = threads.carried_by(delivery, Notice.objects.for_org(delivery.organisation_id).get(delivery_id=delivery.pk))
        if carried.is_read:
            return Verdict(drop="read")
        if carried.not_before is not None and carried.not_before > now:
            return Verdict(later=carried.not_before)
    at = Walls(wanted, wishes.rhythm(delivery.organisation_id).hour).next_allowed(now, any_day=kind not in kinds.REMINDERS)
    return Verdict(later=at) if at > now else GO


def _is_open(delivery: Delivery) -> bool:
    place = (delivery.organisation_id, delivery.invoice_id)
    return bool(run("SELECT 1 FROM payments_balance WHERE organisation_id = %s AND id = %s AND is_open", place))


def is_paid_by_itself(org_id: Any, invoice_id: Any) -> bool:
    """Whether an automatic payment of the invoice is planned or under way: then nobody needs to be reminded of it."""
    live = "SELECT 1 FROM payments_plannedcharge WHERE organisation_id = %s AND invoice_id = %s AND state IN ('planned', 'noticed', 'charging')"
    return bool(run(live, (org_id, invoice_id)))


_ON_STATE = """
UPDATE notices_notice SET state = %s, state_at = %s, reason = CASE WHEN %s = 'dropped' THEN left(%s, 20) ELSE reason END
WHERE organisation_id = %s AND delivery_id = %s
"""


def on_state(delivery: Delivery) -> None:
    """The notice follows its mail."""
    state = STATES[delivery.state]
    run(_ON_STATE, (state, delivery.state_at, state, delivery.reply, delivery.organisation_id, delivery.pk))


def compose(delivery: Delivery, *, wait_for_proof: bool = False) -> bytes:
    """The whole message: nothing hangs on it, the page has it all; with the news of a payment comes its receipt."""
    notice = Notice.objects.for_org(delivery.organisation_id).get(delivery_id=delivery.pk)
    wishes = getattr(delivery, "wishes", None) or Wishes.of_one(delivery.organisation, delivery.recipient)
    wanted = wishes.of(delivery.organisation_id, delivery.recipient)
    carried = threads.carried_by(delivery, notice)
    matter = dataclasses.replace(
        matter_of(delivery, notice, wishes, wanted), said_text=carried.text, said_by=carried.by, takes_replies=bool(carried.reply_to),
        is_thread=notice.kind in (kinds.QUESTION, kinds.DISPUTED),
    )
    html, text = (render(matter, delivery.language, wanted, extension) for extension in ("html", "txt"))
    return mail_bytes(_header(delivery, matter, carried), text=text, html=html, attachments=_receipt(delivery, notice))


def _receipt(delivery: Delivery, notice: Notice) -> list[tuple[str, str, bytes]]:
    """The receipt of the payment that a notice tells of, as PDF; it names the one invoice that the address knows of."""
    payment = _payment(delivery, notice)
    paid = paid_of(delivery.organisation_id, payment, invoices=[delivery.invoice_id]) if payment else None
    if paid is None:
        return []
    return [(safe_filename(f"receipt-{delivery.invoice.number}", "pdf"), "application/pdf", receipt_pdf(paid, delivery.language))]


def _payment(delivery: Delivery, notice: Notice) -> UUID | None:
    if notice.kind != kinds.PAID:
        return None
    try:
        event = UUID(notice.step.partition("/")[2])
    except ValueError:
        return None
    return latest_payment(delivery.invoice, event=event)


def render(matter: Matter, language: str, wanted: Preferences, extension: str) -> str:
    """The body in `language` with its short part in the other one: extension "html" or "txt"."""
    is_html = extension == "html"
    env, other = environment(is_html), "en" if language == "ar" else "ar"
    with reader.use(reader.made(digits=wanted.digits, hijri=wanted.hijri)):
        with override(other):
            block = env.get_template(f"notices/other.{extension}").render(said=Said(matter, other, plain=not is_html))
        with override(language):
            said = Said(matter, language, plain=not is_html)
            shown = Markup(block) if is_html else block.strip()  # noqa: S704 - it comes out of our own escaping template
            return env.get_template(f"notices/notice.{extension}").render(said=said, other_block=shown)


def matter_of(delivery: Delivery, notice: Notice, wishes: Wishes, wanted: Preferences) -> Matter:
    """What both languages say, from the books and the sealed document."""
    invoice, org = delivery.invoice, delivery.organisation
    figures = standing(org, invoice)
    today = Walls(wanted).day(clock.now())
    watch = Watch.objects.for_org(org).filter(invoice_id=invoice.pk, email=notice.email).values_list("due_date", flat=True).first()
    due = watch or invoice.due_date
    kind = kind_on(today, due) if notice.kind in kinds.REMINDERS and due else notice.kind
    try:
        document = read_issued(invoice)
    except NotFound:
        document = None
    buyer = document.buyer if document else None
    origin = settings.CONFIG.origin.rstrip("/")
    link = f"{origin}/i/{make_link(invoice, Link.MAIL, delivery.recipient)}"
    amount, payment = notice.data.get("amount"), _payment(delivery, notice)
    topic, _space, day = str(notice.data.get("note") or "").partition(" ") if kind == kinds.LEGAL else ("", "", "")
    if topic in (kinds.AUTOPAY, kinds.AUTOPAY_FAILED):
        due = date.fromisoformat(day)
    else:
        topic = ""
    return Matter(
        kind=kind, number=invoice.number, currency=invoice.currency, country=wanted.country or org.country,
        seller_names={lang: org.name_in(lang) for lang in ("ar", "en")}, reply_to=org.email, due=due, today=today,
        total=figures.amount(figures.total), left=figures.amount(max(figures.balance, 0)),
        url=link + (f"/receipt/{payment}" if payment else notice.data.get("path", "")),
        verify_url=f"{origin}/v/{make_link(invoice, Link.VERIFY)}", unsubscribe_url=unsubscribe_url(delivery) if kind != kinds.LEGAL else "",
        not_mine_url=_not_mine(link), buyer=(buyer.name if buyer else None) or "",
        person=(buyer.contact.name if buyer and buyer.contact else None) or "",
        tone=wishes.schedule(org.pk).tone, amount=figures.amount(abs(amount)) if isinstance(amount, int) else None,
        terms=payment_terms(document) if document else PaymentTerms(), account_ending=_ending(invoice), texts=templating.texts_of(org), topic=topic,
    )  # fmt: skip


def _not_mine(link: str) -> str:
    try:
        return link + reverse("payer-not-mine", args=["x"]).removeprefix(reverse("payer", args=["x"]))
    except NoReverseMatch:
        return ""


def _ending(invoice: Any) -> str:
    if invoice.account_version_id is None:
        return ""
    return _iban(invoice.organisation_id, invoice.account_version_id)[-4:]


@lru_cache(maxsize=4096)
def _iban(org_id: UUID, version_id: UUID) -> str:
    """A version of an account is never changed."""
    return BankAccountVersion.objects.for_org(org_id).values_list("iban", flat=True).get(pk=version_id)


def unsubscribe_url(delivery: Delivery) -> str:
    return settings.CONFIG.origin.rstrip("/") + reverse("unsubscribe", args=[token_for(delivery.pk)])


def _header(delivery: Delivery, matter: Matter, carried: threads.Carried = threads.NOTHING) -> list[tuple[str, str]]:
    """Every text is checked for line breaks first (T40). List-Unsubscribe: one POST is enough (RFC 8058); not for legal notices."""
    config, org, lang = settings.CONFIG, delivery.organisation, delivery.language
    with override(lang):
        said = Said(matter, lang, plain=True)
        sender = _("%(seller)s via Wasl") % {"seller": said.seller}
        subject = header_text(said.subject, "subject")
    can_stop = bool(matter.unsubscribe_url)
    answers = carried.reply_to or org.email
    return [
        ("From", mailbox(sender, config.mail_from, "seller's name")),
        ("To", mailbox(matter.buyer, delivery.recipient, "buyer's name")),
        ("Reply-To", mailbox(org.name_in(lang), answers, "seller's name") if answers else ""),
        ("Subject", encoded(subject, len("Subject: "))),
        ("Date", format_datetime(clock.now())),
        ("Message-ID", delivery.message_id),
        ("In-Reply-To", carried.in_reply_to),
        ("References", "\r\n ".join(carried.references) or _thread(delivery)),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", f"<{matter.unsubscribe_url}>" if can_stop else ""),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click" if can_stop else ""),
        ("Content-Language", f"{lang}, {'en' if lang == 'ar' else 'ar'}"),
    ]


def _thread(delivery: Delivery) -> str:
    """The invoice's own mail to this address, so that a mail program shows reminders below it."""
    first = Delivery.objects.for_org(delivery.organisation_id).filter(
        invoice_id=delivery.invoice_id, recipient__iexact=delivery.recipient, kind="invoice"
    ).order_by("pk").values_list("message_id", flat=True).first()  # fmt: skip
    return first or ""


def register_kinds() -> None:
    for kind in kinds.KINDS:
        if kind != kinds.NEW:
            register(Kind(kind, compose, EVENTS, ask, on_state))
