"""`/v/<token>`: the address behind the code on every document, stable for ever. It tells whoever holds the document whether
number, date, total and hash are in the log, and the account pinned to it; nothing of the buyer, the lines or the state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wasl.app.invoicing.models import Link
from wasl.app.portal.queries import PublishedEntry
from wasl.app.portal.verdict import SHOWN, Judged
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.invoice.money import from_minor


@dataclass(frozen=True)
class ShownStep:
    title: str
    text: str
    state: str  # ok | pending | failed
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class VerifyPage:
    title: str
    tone: str
    document_name: str
    number: str
    issue_date: date
    total: Decimal
    currency: str
    country: str
    sha256: str
    iban: str
    steps: tuple[ShownStep, ...]

    @property
    def sign(self) -> str:
        return {"good": "verify", "wait": "clock", "bad": "error"}[self.tone]

    @property
    def file_name(self) -> str:
        return f"{self.number.replace('/', '-')}.xml"


@require_safe
@by_viewer(Link.VERIFY)
def verify(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return render(request, "portal/verify.html", {"page": verify_page(viewer)})


def verify_page(viewer: Viewer) -> VerifyPage:
    row, verdict = viewer.row, viewer.verdict
    return VerifyPage(
        title=headline(verdict),
        tone=verdict.tone,
        document_name=_("Credit note") if row.is_credit_note else _("Invoice"),
        number=row.number,
        issue_date=row.issue_date,
        total=from_minor(row.tax_inclusive_amount, row.currency),
        currency=row.currency,
        country=viewer.org.country,
        sha256=bytes(row.document_sha256).hex(),
        iban=viewer.beside.iban,
        steps=steps(verdict, viewer.beside.entry, bytes(row.document_sha256).hex(), viewer),
    )


def headline(verdict: Judged) -> str:
    if verdict.verdict is None:
        return _("The document was erased; its place in the log remains.")
    return {
        "good": _("Yes. It is genuine and unchanged."),
        "wait": _("Sealed by the seller; its place in the log will show within seconds."),
        "bad": _("No. Do not pay, and ask the seller."),
    }[verdict.tone]


def steps(verdict: Judged, entry: PublishedEntry | None, sha256: str, viewer: Viewer) -> tuple[ShownStep, ...]:
    if verdict.verdict is None:
        return ()
    return tuple(_step(name, verdict, entry, sha256, viewer) for name in SHOWN)


def _step(name: Any, verdict: Judged, entry: PublishedEntry | None, sha256: str, viewer: Viewer) -> ShownStep:
    found = verdict.step(name)
    assert found is not None, "the verifier reports every step"
    state = "ok" if found.state == "ok" else "pending" if verdict.is_pending and found.state != "failed" else "failed"
    if state == "failed":
        return ShownStep(_titles()[name], found.ar if current() == "ar" else found.en, state)
    if state == "pending":
        return ShownStep(_titles()[name], _("Being written; it shows here within seconds."), state)
    return ShownStep(_titles()[name], *_proven(name, found, verdict, entry, sha256, viewer))


def _titles() -> dict[str, str]:
    return {
        "hash": _("The file is exactly what the seller issued"),
        "seal": _("The seller signed it"),
        "inclusion": _("It is in the log, once"),
        "log signature": _("The log has not been rewritten"),
    }


def _seal(facts: Mapping[str, str], viewer: Viewer) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    signed_at = facts.get("signed_at", "")
    day = format.day(format.local_day(datetime.fromisoformat(signed_at), viewer.org.time_zone), viewer.org.country)
    values = {"name": format.isolate(facts.get("organisation", "")), "date": format.isolate(day)}
    return _("Sealed for %(name)s on %(date)s.") % values, "ok", ((_("Time of the seal"), signed_at),)


def _proven(
    name: str, found: Any, verdict: Judged, entry: PublishedEntry | None, sha256: str, viewer: Viewer
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Sentence, state and details of a step that holds."""
    facts = verdict.verdict.facts if verdict.verdict else {}
    if name == "hash":
        text = _("SHA-256 %(hash)s is that of the sealed bytes.") % {"hash": format.isolate(format.short_hash(sha256))}
        return text, "ok", ((_("SHA-256"), sha256),)
    if name == "seal":
        return _seal(facts, viewer)
    if entry is None:
        return found.ar if current() == "ar" else found.en, "ok", ()
    if name == "inclusion":
        text = _("Entry %(index)s of %(size)s.") % {"index": format.isolate(f"{entry.index + 1:,}"), "size": format.isolate(f"{entry.size:,}")}
        return text, "ok", ((_("Log"), entry.origin), (_("Index of the leaf"), str(entry.index)))
    text = _("A checkpoint signed by the log covers it.")
    return text, "ok", ((_("Log"), entry.origin), (_("Size at the checkpoint"), str(entry.size)))
