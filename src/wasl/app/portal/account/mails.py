"""The mails of the account: one thing each, text in the reader's language first and the other one below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from wasl.app import clock
from wasl.app.invoicing.claims import has_any
from wasl.app.sql import run
from wasl.app.tenancy import payers_codes as codes
from wasl.app.tenancy.payers_prove import is_known

NOTHING_HERE_EVERY = timedelta(hours=1)
_EARLIER = "SELECT 1 FROM tenancy_payercode WHERE email = %s AND id < %s AND created_at > %s AND purpose = 'enter' LIMIT 1"


def send_code(code_id: str) -> None:
    """What the owner of the address gets: the code where we know the address, one polite word an hour where we do not."""
    row = codes.row_of(code_id)
    if row is None or row.quiet or row.used_at is not None or row.expires_at <= clock.now():
        return
    if row.purpose != codes.ENTER or is_known(row.email) or has_any(row.email):
        digits = codes.code_of(row.pk)
        post(row.email, row.language, lambda: _code_letter(row.purpose, digits))
        return
    if not run(_EARLIER, (row.email, row.pk, clock.now() - NOTHING_HERE_EVERY)):
        post(row.email, row.language, _nothing_here)


def _code_letter(purpose: str, digits: str) -> tuple[str, str]:
    shown = f"{digits[:4]} {digits[4:]}"
    what = {
        codes.ENTER: _("Your code to sign in to your invoices:"),
        codes.ADDRESS: _("Your code to add this address to your inbox:"),
        codes.ERASE: _("Your code to erase your account for good:"),
    }[purpose]
    life = _("It is good for ten minutes and for one use. We never ask for it by telephone or in a chat: give it to nobody.")
    return _("%(code)s is your code") % {"code": shown}, f"{what}\n\n    {shown}\n\n{life}"


def _nothing_here() -> tuple[str, str]:
    body = _(
        "Somebody, probably you, asked to sign in with this address. No invoice was ever sent to it here, so there is nothing to open yet. "
        "If you expected one, ask the seller which address it went to, and sign in with that one."
    )
    return _("No invoices for this address"), body


def post(to: str, language: str, letter: Callable[[], tuple[str, str]]) -> None:
    """Send a short mail in both languages, the reader's first. Header injection is refused by Django's own mail (T40)."""
    parts: list[tuple[str, str]] = []
    for lang in (language, "en" if language == "ar" else "ar"):
        with override(lang):
            subject, body = letter()
            parts.append((subject, body + "\n\n" + _("If this was not you, ignore this message: without what is in it, nothing changes.")))
    message = EmailMessage(parts[0][0], "\n\n----\n\n".join(body for _subject, body in parts), settings.CONFIG.mail_from, [to])
    message.extra_headers = {"Auto-Submitted": "auto-generated"}
    message.send()
