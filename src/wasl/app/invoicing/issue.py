"""Issuing a document: everything slow before the lock, then one transaction in which nothing can be lost or doubled.

Before the lock: totals, bytes with a placeholder number, and the rules. Under it: the number, the time, the final bytes,
their hash and seal, and the inserts. Whatever fails takes the number back with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import DatabaseError, connection
from msgspec.structs import replace

from wasl.app import clock
from wasl.app.errors import NotFound, StaleSave
from wasl.app.events.record import record
from wasl.app.ids import uuid7
from wasl.app.invoicing import idempotency, queries
from wasl.app.invoicing.characters import substitutes
from wasl.app.invoicing.errors import (
    ClockSetBack,
    DraftAlreadyIssued,
    IssueDateOutOfOrder,
    IssuingHeld,
    OriginalMoved,
    OriginalRequired,
    SeriesUnknown,
    Unconfirmed,
)
from wasl.app.invoicing.examine import Examination, require_valid
from wasl.app.invoicing.models import Draft, Series
from wasl.app.invoicing.numbers import number_of
from wasl.app.invoicing.prepare import PLACEHOLDER, Prepared, kind_of, local_date, minor_totals, prepare
from wasl.app.sql import make_durable, pipelined, release_early
from wasl.app.tenancy import keys
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import Organisation
from wasl.formats import ubl, wasljson
from wasl.invoice.model import Invoice
from wasl.seal import xades

SCOPE = "issue"
DOCUMENT_NAME = "invoice.xml"  # what the seal refers to: the name of the attachment in the PDF


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to an issue, the same for every repetition of its key."""

    invoice_id: UUID
    organisation_id: UUID
    number: str
    kind: str
    issue_date: date
    issued_at: datetime
    currency: str
    payable_amount: int
    document_sha256: str
    seal_sha256: str
    warnings: tuple[str, ...] = ()  # rules that were broken without being fatal
    substitutes: str = ""  # characters that no font here draws: the PDF shows a mark in their place

    def encode(self) -> bytes:
        return msgspec.json.encode(self)


@dataclass(frozen=True, slots=True)
class Original:
    """The invoice that a credit note is about."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class _Job:
    """One issue on its way."""

    org: Organisation
    actor: Actor
    series_code: str | None
    key: str | None
    body: bytes
    language: str
    customer_id: UUID | None = None
    original: Original | None = None
    known_notes: int | None = None
    draft: Draft | None = None
    source_number: str | None = None


_guards: list[Callable[[], None]] = []


def guard(check: Callable[[], None]) -> None:
    """Let a higher floor refuse issuing (proofs: the published log is ahead of this database)."""
    if check not in _guards:
        _guards.append(check)


def issue(
    org: Organisation,
    source: Draft | Invoice,
    *,
    series: str | None = None,
    key: str | None = None,
    actor: Actor,
    customer_id: UUID | None = None,
    language: str | None = None,
) -> Issued:
    """Number, seal and keep the document for ever. `key` makes a repetition safe: it gets the first answer.

    Raises IssueRefused with the findings where the seller's profile is broken; nothing is changed then. Credit notes
    are issued by `credit`, which knows what is left of the invoice.
    """
    require(org.pk, actor)
    draft = source if isinstance(source, Draft) else None
    invoice = wasljson.read(draft.body.encode()).invoice if draft is not None else source
    assert isinstance(invoice, Invoice)
    if kind_of(invoice) == Series.CREDIT_NOTE:
        raise OriginalRequired
    if draft is not None:
        series, customer_id = series or draft.series_code or None, customer_id or draft.customer_id
        language = language or draft.language or None
    body = wasljson.write(invoice) if key is not None else b""
    return _issue(
        _job(org, actor, series, key, body, language, customer_id=customer_id, draft=draft, source_number=invoice.number),
        lambda: prepare(org, invoice, on=local_date(org, clock.now()), number=PLACEHOLDER),
    )


def issue_prepared(
    org: Organisation, make: Callable[[], Prepared], *, actor: Actor, series: str | None, key: str | None, body: bytes, original: Original,
    known_notes: int, customer_id: UUID | None, language: str | None,
) -> Issued:  # fmt: skip
    """Issue a credit note made by `make`. Raises OriginalMoved where other notes came in between; compute it anew then."""
    job = _job(org, actor, series, key, body, language, customer_id=customer_id, original=original, known_notes=known_notes)
    return _issue(job, make)


def require_original(org: Organisation, invoice_id: UUID) -> Original:
    """The invoice to credit, in this organisation; NotFound otherwise."""
    number = queries.number_of_invoice(org.pk, invoice_id)
    if number is None:
        raise NotFound(what="invoice")
    return Original(invoice_id, number)


def _job(org: Organisation, actor: Actor, series: str | None, key: str | None, body: bytes, language: str | None, **more: Any) -> _Job:
    digest = b"" if key is None else idempotency.body_sha256(body, series, str(more.get("customer_id")), language)
    return _Job(org=org, actor=actor, series_code=series, key=key, body=digest, language=language or org.default_language, **more)


def _issue(job: _Job, make: Callable[[], Prepared]) -> Issued:
    """The slow part without a lock, then the transaction."""
    for check in _guards:
        check()
    if job.key is not None and (known := idempotency.replay(job.org.pk, SCOPE, job.key, job.body)) is not None:
        make_durable()  # the first answer may be younger than the disk's last flush
        return msgspec.json.decode(known, type=Issued)
    prepared = make()
    document = ubl.write(prepared.invoice)
    examination = require_valid(job.org, prepared.invoice, document)
    marked = substitutes(prepared.invoice)
    is_outermost = not connection.in_atomic_block
    with pipelined():
        if is_outermost:
            release_early()
        answer = _issue_locked(job, prepared, document, examination, marked)
    try:
        make_durable()
    except DatabaseError as error:
        raise Unconfirmed(number=answer.number) from error
    return answer


def _issue_locked(job: _Job, prepared: Prepared, document: bytes, examination: Examination, marked: str) -> Issued:
    """The transaction. The idempotency key is taken first, the series last: whoever holds the series never waits for a key."""
    org = job.org
    if job.key is not None and (known := idempotency.claim(org.pk, SCOPE, job.key, job.body)) is not None:
        return msgspec.json.decode(known, type=Issued)
    if job.draft is not None:
        _hold_draft(job.draft)
    if job.original is not None and queries.lock_notes(org.pk, job.original.id) != job.known_notes:
        raise OriginalMoved
    series = queries.lock_series(org.pk, prepared.kind, job.series_code)
    if series is None:
        raise SeriesUnknown(series=job.series_code or "", kind=prepared.kind)
    if series.held is not None:
        raise IssuingHeld(reason=series.held)
    at = clock.now()
    on = _in_order(org, series, at)
    number = number_of(series.pattern, series.next_number, on)
    final = _final_bytes(org, prepared, document, number, on)
    seal = xades.sign(final, keys.signer(org.pk, series.seal_key), at=at, name=DOCUMENT_NAME)
    answer = _write(job, prepared, series, number, on, at, final, seal, examination, marked)
    if job.key is not None:
        idempotency.keep(org.pk, SCOPE, job.key, job.body, answer.encode())
    return answer


def _hold_draft(draft: Draft) -> None:
    found = queries.lock_draft(draft.organisation_id, draft.pk)
    if found is None:
        raise NotFound(what="draft")
    version, number = found
    if number is not None:
        raise DraftAlreadyIssued(number=number)
    if version != draft.version:
        raise StaleSave


def _in_order(org: Organisation, series: queries.LockedSeries, at: datetime) -> date:
    """The issue date at `at`; T6: never before what the series has already issued."""
    if series.last_issued_at is not None and at < series.last_issued_at:
        raise ClockSetBack(now=f"{at:%Y-%m-%d %H:%M:%S}Z", last=f"{series.last_issued_at:%Y-%m-%d %H:%M:%S}Z")
    on = local_date(org, at)
    if series.last_issue_date is not None and on < series.last_issue_date:
        raise IssueDateOutOfOrder(date=on.isoformat(), last=series.last_issue_date.isoformat())
    return on


def _final_bytes(org: Organisation, prepared: Prepared, document: bytes, number: str, on: date) -> bytes:
    """The checked bytes with the number in its one place; written anew where midnight passed in the meantime."""
    token = f">{PLACEHOLDER}<".encode()
    if on == prepared.invoice.issue_date and document.count(token) == 1:
        return document.replace(token, f">{number}<".encode())
    redated = replace(prepared.invoice, number=number, issue_date=on)
    final = ubl.write(redated)
    require_valid(org, redated, final)
    return final


def _write(
    job: _Job, prepared: Prepared, series: queries.LockedSeries, number: str, on: date, at: datetime, final: bytes, seal: bytes,
    examination: Examination, marked: str,
) -> Issued:
    org, invoice, account = job.org, prepared.invoice, prepared.account
    invoice_id = uuid7()
    sha, seal_sha = hashlib.sha256(final).digest(), hashlib.sha256(seal).digest()
    exclusive, tax, inclusive, payable = minor_totals(invoice)
    buyer = invoice.buyer
    queries.insert_issued({
        "org": org.pk, "id": invoice_id, "series": series.id, "counter": series.next_number, "number": number, "kind": prepared.kind,
        "type_code": invoice.type_code, "issue_date": on, "due_date": invoice.due_date, "currency": invoice.currency,
        "exclusive": exclusive, "tax": tax, "inclusive": inclusive, "payable": payable, "sha": sha, "seal_sha": seal_sha,
        "profile": org.profile, "language": job.language, "customer": job.customer_id, "original": job.original.id if job.original else None,
        "account": account.id if account else None, "at": at, "xml_id": uuid7(), "xml": final, "xades_id": uuid7(), "xades": seal,
        "buyer_name": (buyer.name if buyer else None) or "", "buyer_email": (buyer.contact.email if buyer and buyer.contact else None) or "",
        "buyer_reference": invoice.buyer_reference or "",
    })  # fmt: skip
    if account is not None and not account.first_used:
        queries.mark_first_use(org.pk, account.id, on)
    if job.draft is not None:
        queries.mark_draft(org.pk, job.draft.pk, invoice_id)
    record(
        "issued", org=org, invoice=invoice_id, at=at, amount=payable, currency=invoice.currency or "", document_sha256=sha,
        account_sha256=account.sha256 if account else None, account_version=account.version if account else None,
        data={
            "number": number, "kind": prepared.kind, "source_number": job.source_number or "",
            "original": str(job.original.id) if job.original else "",
        },
        subject=replace(invoice, number=number, issue_date=on),
    )  # fmt: skip
    if job.original is not None:
        record(
            "credited", org=org, invoice=job.original.id, at=at, amount=payable, currency=invoice.currency or "",
            data={"note": str(invoice_id), "number": number, "reference": number},
        )  # fmt: skip
    audit(org.pk, job.actor, f"{prepared.kind}.issue", "invoice", invoice_id, {"number": number, "sha256": sha.hex()})
    return Issued(
        invoice_id=invoice_id, organisation_id=org.pk, number=number, kind=prepared.kind, issue_date=on, issued_at=at,
        currency=invoice.currency or "", payable_amount=payable, document_sha256=sha.hex(), seal_sha256=seal_sha.hex(),
        warnings=examination.warnings, substitutes=marked,
    )  # fmt: skip
