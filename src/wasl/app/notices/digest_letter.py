"""The digest's mail: what is due of every seller, in one list with one button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from markupsafe import Markup

from wasl.app import clock
from wasl.app.delivery.address import encoded, header_text, mailbox
from wasl.app.delivery.mime import mail_bytes
from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.models import Invoice, Link
from wasl.app.notices import kinds
from wasl.app.notices.letters import environment
from wasl.app.notices.models import Digest
from wasl.app.notices.plan import Walls, kind_on
from wasl.app.notices.say import headline_of
from wasl.app.notices.tokens import token_for
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import format, reader
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.app.ui.macros import name as name_markup
from wasl.invoice.display import isolate
from wasl.invoice.money import from_minor

_ITEMS = """
SELECT n.organisation_id, n.invoice_id, n.kind, n.data::text, w.due_date, b.open_amount, b.currency FROM notices_notice n
LEFT JOIN notices_watch w ON w.organisation_id = n.organisation_id AND w.invoice_id = n.invoice_id AND w.email = n.email
LEFT JOIN payments_balance b ON b.organisation_id = n.organisation_id AND b.id = n.invoice_id
WHERE n.digest_id = %s AND n.state <> 'dropped'
  AND (n.kind NOT IN ('due_soon', 'due', 'overdue') OR (b.is_open AND w.closed = ''))
ORDER BY w.due_date NULLS LAST, n.id
"""


@dataclass(frozen=True)
class Item:
    """One line of the digest, the same for both languages."""

    kind: str
    number: str
    names: dict[str, str]
    country: str
    due: date | None
    amount: Decimal
    currency: str
    url: str


class Lines:
    """The sentences in the language that is active; `plain` isolates figures, otherwise they stand in <bdi>."""

    def __init__(self, items: list[Item], lang: str, *, plain: bool, token: str) -> None:
        self.items, self.lang, self.plain = items, lang, plain
        origin = settings.CONFIG.origin.rstrip("/")
        self.unsubscribe_url = origin + reverse("unsubscribe", args=[token])
        self.url = origin + _inbox()

    def _mark(self, text: str) -> str | Markup:
        return isolate(text) if self.plain else Markup("<bdi>{}</bdi>").format(text)

    @property
    def subject(self) -> str:
        return ngettext("%(count)d invoice is waiting for you", "%(count)d invoices are waiting for you", len(self.items))

    headline = subject

    @property
    def lead(self) -> str | Markup:
        """What it comes to in each currency."""
        sums: dict[str, Decimal] = {}
        for item in self.items:
            if item.kind in kinds.REMINDERS:
                sums[item.currency] = sums.get(item.currency, Decimal(0)) + item.amount
        if not sums:
            return ""
        comma = format.comma() if self.plain else Markup(format.comma())  # noqa: S704 - ours
        shown = comma.join(self._mark(format.money(total, code)) for code, total in sorted(sums.items()))
        sentence = _("To be paid in all: %(amounts)s.")
        return sentence % {"amounts": shown} if self.plain else Markup(sentence) % {"amounts": shown}  # noqa: S704 - the sentence is ours

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Seller, number, sentence and link of each."""
        return [{"seller": isolate(item.names[self.lang]) if self.plain else name_markup(item.names[self.lang]),
                 "number": self._mark(item.number), "said": self._said(item), "url": item.url} for item in self.items]  # fmt: skip

    def _said(self, item: Item) -> str | Markup:
        values = {
            "amount": self._mark(format.money(item.amount, item.currency)),
            "due_date": self._mark(format.day_and_weekday(item.due, item.country)) if item.due else "",
            "seller": isolate(item.names[self.lang]) if self.plain else name_markup(item.names[self.lang]),
        }
        sentence = headline_of(item.kind)
        return sentence % values if self.plain else Markup(sentence) % values  # noqa: S704 - the sentence is ours

    @property
    def button(self) -> str:
        return _("Open the inbox")

    @property
    def reason(self) -> str:
        return _("You receive this because you chose one summary instead of single e-mails.")

    @property
    def unsubscribe(self) -> str:
        return _("Change or stop these notices")

    @property
    def other_label(self) -> str:
        return _("In English:")

    @property
    def short(self) -> str | Markup:
        lead = self.lead
        return f"{self.subject}. {lead}" if self.plain else Markup("{}. {}").format(self.subject, lead)


def _inbox() -> str:
    for name in ("inbox", "inbox-enter"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"


def items_of(digest: Digest) -> list[Item]:
    """What is still true of what was gathered."""
    import orjson

    from wasl.app.notices.digests import wishes_of

    found, today = [], Walls(wishes_of(digest)).day(clock.now())
    for org_id, invoice_id, kind, data, due, open_amount, currency in run(_ITEMS, (digest.pk,)):
        org = Organisation.objects.get(pk=org_id)
        row = Invoice.objects.for_org(org).get(pk=invoice_id)
        is_reminder = kind in kinds.REMINDERS
        amount = (open_amount if is_reminder else abs(orjson.loads(data).get("amount") or 0)) or 0
        link = f"{settings.CONFIG.origin.rstrip('/')}/i/{make_link(row, Link.MAIL, digest.email)}"
        names = {lang: org.name_in(lang) for lang in ("ar", "en")}
        shown = kind_on(today, due) if is_reminder and due else kind
        found.append(Item(shown, row.number, names, org.country, due, from_minor(amount, currency or row.currency), currency or row.currency, link))
    return found


def compose(digest: Digest) -> bytes:
    """The whole message."""
    from wasl.app.notices.digests import wishes_of

    items, wanted, lang = items_of(digest), wishes_of(digest), digest.language
    other, token = ("en" if lang == "ar" else "ar"), token_for(digest.pk, is_digest=True)
    bodies = {}
    with reader.use(reader.made(digits=wanted.digits, hijri=wanted.hijri)):
        for extension in ("html", "txt"):
            env, plain = environment(extension == "html"), extension == "txt"
            with override(other):
                block = env.get_template(f"notices/digest_other.{extension}").render(said=Lines(items, other, plain=plain, token=token))
            with override(lang):
                shown = block.strip() if plain else Markup(block)  # noqa: S704 - it comes out of our own escaping template
                said = Lines(items, lang, plain=plain, token=token)
                bodies[extension] = env.get_template(f"notices/digest.{extension}").render(said=said, other_block=shown)
        with override(lang):
            said = Lines(items, lang, plain=True, token=token)
            subject, sender = header_text(said.subject, "subject"), _("Wasl")
            assert current() == lang
    fields = [
        ("From", mailbox(sender, settings.CONFIG.mail_from, "sender")),
        ("To", mailbox("", digest.email, "recipient")),
        ("Subject", encoded(subject, len("Subject: "))),
        ("Date", format_datetime(clock.now())),
        ("Message-ID", digest.message_id),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", f"<{said.unsubscribe_url}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Content-Language", f"{lang}, {other}"),
    ]
    return mail_bytes(fields, text=bodies["txt"], html=bodies["html"])
