"""The mails of the account: one thing each, text in the reader's language first and the other one below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

import jinja2
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from markupsafe import Markup

from wasl.app import clock
from wasl.app.invoicing.claims import has_any
from wasl.app.invoicing.models import CustomerRequest
from wasl.app.sql import run
from wasl.app.tenancy import payers_codes as codes
from wasl.app.tenancy.models import Organisation
from wasl.app.tenancy.models_payers import PayerInvite, PayerSeat
from wasl.app.tenancy.payers_prove import is_known
from wasl.app.tenancy.payers_share import token_of
from wasl.app.tenancy.payers_text import for_stranger
from wasl.app.ui import jinja
from wasl.invoice.display import isolate

NOTHING_HERE_EVERY = timedelta(hours=1)
_EARLIER = "SELECT 1 FROM tenancy_payercode WHERE email = %s AND id < %s AND created_at > %s AND purpose = 'enter' LIMIT 1"
Letter = Callable[[], tuple[str, str]]  # (subject, body) in the language that is active


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
    ignore = _("If this was not you, ignore this message: without what is in it, nothing changes.")
    return _("%(code)s is your code") % {"code": isolate(shown)}, f"{what}\n\n    {isolate(shown)}\n\n{life}\n\n{ignore}"


def _nothing_here() -> tuple[str, str]:
    body = _(
        "Somebody, probably you, asked to sign in with this address. No invoice was ever sent to it here, so there is nothing to open yet. "
        "If you expected one, ask the seller which address it went to, and sign in with that one."
    )
    return _("No invoices for this address"), body


def send_notice(to: str, language: str, kind: str, facts: Mapping[str, str]) -> None:
    """Something about the safety of an account changed: what, and what to do if it was somebody else."""
    post(to, language, lambda: _notice(kind, facts))


def _notice(kind: str, facts: Mapping[str, str]) -> tuple[str, str]:
    shown = {name: isolate(value) for name, value in facts.items()}
    said = {
        "address-added": lambda: (_("An address was added to your inbox"), _("%(email)s now signs in to your inbox as well.") % shown),
        "address-changed": lambda: (_("Your main address changed"), _("You now sign in with %(email)s, and we write to you there.") % shown),
        "address-leaving": lambda: (
            _("This address leaves your inbox in seven days"),
            _("It was removed from your inbox. Until then it still opens it: sign in with it and choose “Keep” if you did not want this."),
        ),
        "address-removed": lambda: (_("This address was removed from an inbox"), _("It had been added within the last week, so it left at once.")),
        "passkey-added": lambda: (_("A passkey was added to your inbox"), _("From now on it opens your inbox without a code.")),
        "passkey-removed": lambda: (_("A passkey was removed from your inbox"), _("It no longer opens your inbox.")),
        "seat-removed": lambda: (
            _("You no longer see a shared inbox"),
            _("An owner of “%(inbox)s” removed you from it. Invoices for your own addresses come into your own inbox again.") % shown,
        ),
        "erased": lambda: (
            _("Your account is erased"),
            _("We no longer know your name or address. The invoices stay with the sellers who issued them, as the law asks of them."),
        ),
    }[kind]
    subject, body = said()
    if kind in ("erased", "seat-removed"):
        return subject, body
    way = _("If this was not you, sign in now, sign out every other device and remove what you do not know:")
    return subject, f"{body}\n\n{way}\n\n{_url('inbox-account')}"


def send_invite(invite_id: UUID, language: str) -> None:
    """To somebody who may not know us: who invites, proven by address, and into what, without any link of the inviter's making."""
    found = PayerInvite.objects.filter(pk=invite_id, used_at=None, withdrawn_at=None).select_related("payer", "invited_by").first()
    if found is None or found.expires_at <= clock.now():
        return
    url = _url("inbox-invitation", token_of(found.pk))
    facts = {"host": isolate(found.invited_by.email), "inbox": isolate(for_stranger(found.payer.name))}
    post(found.email, language, lambda: _invitation(facts, found.role, url), is_safety=False)


def _invitation(facts: Mapping[str, str], role: str, url: str) -> tuple[str, str]:
    may = {
        PayerSeat.VIEW: _("You will be able to look at its invoices."),
        PayerSeat.PAY: _("You will be able to look at its invoices and pay them."),
        PayerSeat.OWNER: _("You will be able to look at its invoices, pay them, and decide who else may."),
    }[role]
    body = _("%(host)s invites you to the shared inbox “%(inbox)s”, where the invoices sent to it lie in one place.") % facts
    life = _("The invitation is good for seven days, for one use, and for this address only. If you do not expect it, ignore it.")
    return _("Invitation to a shared invoice inbox"), f"{body}\n{may}\n\n{url}\n\n{life}"


def send_request(org_id: UUID, request_id: UUID) -> None:
    """To the seller: a customer asks for something, and where one click answers it."""
    org = Organisation.objects.filter(pk=org_id).first()
    found = CustomerRequest.objects.for_org(org_id).filter(pk=request_id, state=CustomerRequest.OPEN).select_related("customer", "invoice").first()
    if org is None or found is None or not org.email:
        return
    url = _url("console-requests", org.slug)
    about = isolate(found.customer.name if found.customer else found.invoice.number if found.invoice else "")
    post(org.email, org.default_language, lambda: _request(found.kind, about, url), is_safety=False)


def _request(kind: str, about: str, url: str) -> tuple[str, str]:
    if kind == CustomerRequest.CORRECTION:
        body = _("%(customer)s asks you to correct their details. You see what changes, and accept or decline it with one click:")
        return _("A customer asks for a correction"), f"{body % {'customer': about}}\n\n{url}"
    body = _("Somebody who has invoice %(number)s on paper asks to see it in their inbox, at an address you did not send it to. Please decide:")
    return _("A customer asks to see an invoice"), f"{body % {'number': about}}\n\n{url}"


def _url(name: str, *args: str) -> str:
    return settings.CONFIG.origin.rstrip("/") + reverse(name, args=args)


def post(to: str, language: str, letter: Letter, *, is_safety: bool = True) -> None:
    """Send a short mail in both languages, the reader's first, as text and as HTML. Header injection is refused by Django's own mail (T40)."""
    other = "en" if language == "ar" else "ar"
    said: dict[str, tuple[str, str]] = {}
    for lang in (language, other):
        with override(lang):
            said[lang] = letter()
    subject, _body = said[language]
    text = "\n\n----\n\n".join(body for _subject, body in said.values())
    message = EmailMultiAlternatives(subject, text, settings.CONFIG.mail_from, [to], headers={"Auto-Submitted": "auto-generated"})
    message.attach_alternative(_html(said, language, other, is_safety), "text/html")
    message.send()


def _html(said: Mapping[str, tuple[str, str]], language: str, other: str, is_safety: bool) -> str:
    with override(other):
        block = _environment().get_template("portal/account/mail_other.html").render(subject=said[other][0], parts=_parts(said[other][1]))
    with override(language):
        values = {"subject": said[language][0], "parts": _parts(said[language][1]), "is_safety": is_safety, "other_block": Markup(block)}  # noqa: S704 - out of our own template
        return _environment().get_template("portal/account/mail.html").render(values)


def _parts(body: str) -> list[tuple[str, str]]:
    """The paragraphs of a text body: an indented one is a code, one that is an address is a link."""
    found = []
    for paragraph in body.split("\n\n"):
        kind = "code" if paragraph.startswith("    ") else "link" if paragraph.startswith(("http://", "https://")) else "text"
        found.append((kind, paragraph.strip()))
    return found


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    loaders = [jinja2.PackageLoader(f"wasl.app.{floor}", "templates") for floor in ("portal", "notices")]
    return jinja.environment(loader=jinja2.ChoiceLoader(loaders))
