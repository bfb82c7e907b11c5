"""The one answer to a person whose mail could not be taken: why, and the way that works. To the recipient of the address alone,
never to a sender that nobody has proven, once a day, and marked so that no machine answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from wasl.app.delivery.address import checked_address, header_text
from wasl.app.invoicing.links import is_withdrawn, make_link
from wasl.app.invoicing.models import Invoice, Link
from wasl.app.tenancy.models import Organisation
from wasl.app.ui.limits import Limit
from wasl.errors import WaslError

if TYPE_CHECKING:
    from wasl.app.support.threads.receive import Place

log = structlog.get_logger(__name__)
EXPIRED, TOO_LARGE, UNREADABLE, TOO_MANY = "expired", "too large", "unreadable", "too many"
_told = Limit(1, 24 * 3600)


def tell(row: Place, why: str, *, senders: list[str], message_ref: str) -> bool:
    """Whether the answer left. A mail that somebody else sent from the same thread is not answered at all."""
    if is_withdrawn(row.organisation_id, row.invoice_id, row.recipient):  # the answer would bring a new link along
        return False
    if senders != [row.recipient] or not _told.spend(str(row.pk)):
        return False
    try:
        compose(row, why, message_ref).send()
    except (OSError, WaslError) as error:
        log.warning("kind answer not sent", fault=type(error).__name__)
        return False
    return True


def compose(row: Place, why: str, message_ref: str) -> EmailMessage:
    """Plain text in the invoice's language, with the link that this recipient has anyway."""
    org = Organisation.objects.get(pk=row.organisation_id)
    invoice = Invoice.objects.for_org(row.organisation_id).get(pk=row.invoice_id)
    url = f"{settings.CONFIG.origin.rstrip('/')}/i/{make_link(invoice, Link.MAIL, row.recipient)}/questions"
    with override(invoice.language):
        said = {"seller": org.name_in(invoice.language), "number": invoice.number}
        body = "\n\n".join([_reason(why) % said, _("Here you write to them, with files if you like, and no password is needed:") + "\n" + url])
        subject = header_text(_("Your mail about invoice %(number)s did not reach %(seller)s") % said, "subject")
        fields = {"Auto-Submitted": "auto-replied", "Content-Language": invoice.language}
        if message_ref:
            fields |= {"In-Reply-To": message_ref, "References": message_ref}
        return EmailMessage(subject, body, settings.CONFIG.mail_from, [checked_address(row.recipient)], headers=fields)


def _reason(why: str) -> str:
    return {
        EXPIRED: _("You answered a mail about invoice %(number)s that is half a year old. Its address no longer leads to %(seller)s."),
        TOO_LARGE: _("Your mail about invoice %(number)s is too large to be taken: up to 25 MB. %(seller)s has not received it."),
        UNREADABLE: _("Your mail about invoice %(number)s could not be read. %(seller)s has not received it."),
        TOO_MANY: _("Many mails about invoice %(number)s came within an hour; this one did not reach %(seller)s."),
    }[why]
