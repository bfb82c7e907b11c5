"""The bytes of a mail, made once: HTML and text in both languages, with PDF, sealed XML and proof attached.

Nothing of it changes afterwards: a retry sends the same bytes under the same Message-ID, so the far side can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from wasl.app import clock
from wasl.app.delivery.address import encoded, header_text, mailbox, safe_filename
from wasl.app.delivery.letter import PAY_CODE, Account, Facts, Letter
from wasl.app.delivery.mime import mail_bytes
from wasl.app.delivery.models import Delivery
from wasl.app.invoicing.find import read_issued, sealed_xml
from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.models import BankAccountVersion, Link
from wasl.app.invoicing.pdf import pdf_for
from wasl.app.proofs.prove import ProofPending, proof_for
from wasl.app.ui import jinja
from wasl.invoice.display import isolate
from wasl.render import qr_png

_owed: list[Callable[[Any], bool]] = [lambda invoice: invoice.payable_amount > 0]


def ask_whether_owed(check: Callable[[Any], bool]) -> None:
    """Let a higher floor say whether anything is left to pay: a mail about a paid invoice must not ask for money."""
    if check not in _owed:
        _owed.append(check)


_change_url: list[Callable[[Delivery], str]] = []


def offer_changes(url: Callable[[Delivery], str]) -> None:
    """Let a higher floor say where a recipient changes what else comes to the address."""
    if url not in _change_url:
        _change_url.append(url)


_answers_to: list[Callable[[Delivery], str]] = []


def hear_at(address: Callable[[Delivery], str]) -> None:
    """Let a higher floor say to which address of ours a reply goes ("" where none hears it): else it goes to the seller's own."""
    if address not in _answers_to:
        _answers_to.append(address)


def answers_to(delivery: Delivery) -> str:
    return next((found for make in _answers_to if (found := make(delivery))), "")


@lru_cache(maxsize=2)
def _environment(is_html: bool) -> jinja2.Environment:
    env = jinja.environment(loader=jinja2.PackageLoader("wasl.app.delivery", "templates"))
    env.autoescape = is_html
    env.globals["isolate"] = isolate
    return env


def compose(delivery: Delivery, *, wait_for_proof: bool = False) -> bytes:
    """The whole message. With `wait_for_proof`, raises ProofPending instead of linking to a proof that is not there yet."""
    invoice = delivery.invoice
    proof = _proof(invoice, wait_for_proof)
    attachments = [(safe_filename(invoice.number, "pdf"), "application/pdf", pdf_for(invoice))]
    attachments.append((safe_filename(invoice.number, "xml"), "application/xml", sealed_xml(invoice)))
    if proof is not None:
        attachments.append((safe_filename(invoice.number, "tlog-proof"), "application/octet-stream", proof))
    facts = facts_of(delivery, tuple(name for name, _type, _data in attachments), has_proof=proof is not None)
    text, html = (render(facts, delivery.language, extension) for extension in ("txt", "html"))
    pictures = [(PAY_CODE, "image/png", qr_png(facts.pay_url))] if facts.pay_url else []
    return mail_bytes(_header(delivery, facts), text=text, html=html, attachments=attachments, pictures=pictures)


def _proof(invoice: Any, wait: bool) -> bytes | None:
    try:
        return proof_for(invoice)
    except ProofPending:
        if wait:
            raise
        return None


def facts_of(delivery: Delivery, files: tuple[str, ...], *, has_proof: bool) -> Facts:
    """What both languages of the letter say."""
    invoice, org = delivery.invoice, delivery.organisation
    origin = settings.CONFIG.origin.rstrip("/")
    url = f"{origin}/i/{make_link(invoice, Link.MAIL, delivery.recipient)}"
    can_pay = not invoice.is_credit_note and all(check(invoice) for check in _owed)
    return Facts(
        invoice=read_issued(invoice),
        seller_names={lang: org.name_in(lang) for lang in ("ar", "en")},
        country=org.country,
        reply_to=org.email,
        takes_replies=bool(answers_to(delivery)),
        url=url,
        verify_url=f"{origin}/v/{make_link(invoice, Link.VERIFY)}",
        proof_url="" if has_proof else f"{url}/proof",
        files=files,
        change_url=next((make(delivery) for make in _change_url), ""),
        not_mine_url="" if invoice.is_credit_note else _not_mine(url),
        account=_account(invoice),
        can_pay=can_pay,
        pay_url=f"{origin}/i/{make_link(invoice, Link.PDF)}" if can_pay else "",
    )


def _not_mine(link: str) -> str:
    """The page of "this invoice is not mine", where the installation has pages."""
    try:
        return link + reverse("payer-not-mine", args=["x"]).removeprefix(reverse("payer", args=["x"]))
    except NoReverseMatch:
        return ""


def _account(invoice: Any) -> Account | None:
    if invoice.account_version_id is None:
        return None
    version = BankAccountVersion.objects.for_org(invoice.organisation_id).get(pk=invoice.account_version_id)
    return Account(version.iban[-4:], version.first_used_on)


def render(facts: Facts, language: str, extension: str) -> str:
    """The body in `language` with its short part in the other one: extension "html" or "txt"."""
    is_html = extension == "html"
    env = _environment(is_html)
    other = "en" if language == "ar" else "ar"
    with override(other):
        block = env.get_template(f"delivery/other.{extension}").render(letter=Letter(facts, other, plain=not is_html))
    with override(language):
        values = {"letter": Letter(facts, language, plain=not is_html), "other_block": _safe(block) if is_html else block.strip()}
        return env.get_template(f"delivery/invoice.{extension}").render(values)


def _safe(rendered: str) -> Any:
    from markupsafe import Markup

    return Markup(rendered)  # noqa: S704 - it comes out of our own escaping template


def _header(delivery: Delivery, facts: Facts) -> list[tuple[str, str]]:
    """Every text is checked for line breaks first (T40); the installation's address sends, the seller gets the replies."""
    config, org, lang = settings.CONFIG, delivery.organisation, delivery.language
    with override(lang):
        letter = Letter(facts, lang, plain=True)
        sender = _("%(seller)s via Wasl") % {"seller": letter.seller}
        subject = header_text(letter.subject, "subject")
    buyer, answers = facts.invoice.buyer, answers_to(delivery) or org.email
    return [
        ("From", mailbox(sender, config.mail_from, "seller's name")),
        ("To", mailbox((buyer.name if buyer else None) or "", delivery.recipient, "buyer's name")),
        ("Reply-To", mailbox(org.name_in(lang), answers, "seller's name") if answers else ""),
        ("Subject", encoded(subject, len("Subject: "))),
        ("Date", format_datetime(clock.now())),
        ("Message-ID", delivery.message_id),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", f"{lang}, {'en' if lang == 'ar' else 'ar'}"),
    ]
