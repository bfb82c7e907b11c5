"""The statements of issuing, by hand: one to take the number, one to write everything that bears it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from wasl.app.sql import run, send


@dataclass(frozen=True, slots=True)
class LockedSeries:
    """A series whose row this transaction holds."""

    id: UUID
    pattern: str
    next_number: int
    last_issue_date: date | None
    last_issued_at: datetime | None
    held: str | None  # why nothing may be issued at the moment
    seal_key: str | None  # the key that seals now


_LOCK = """
SELECT s.id, s.pattern, s.next_number, s.last_issue_date, s.last_issued_at, (SELECT reason FROM tenancy_hold LIMIT 1),
       (SELECT k.name FROM tenancy_sealkey k WHERE k.organisation_id = s.organisation_id AND k.retired_at IS NULL ORDER BY k.id DESC LIMIT 1)
FROM invoicing_series s
WHERE organisation_id = %s AND kind = %s AND closed_at IS NULL AND (%s::text IS NULL OR code = %s)
ORDER BY id LIMIT 1 FOR UPDATE OF s
"""


def lock_series(org_id: UUID, kind: str, code: str | None) -> LockedSeries | None:
    """The oldest open series of a kind (or the one named), locked until this transaction ends."""
    rows = run(_LOCK, (org_id, kind, code, code))
    return LockedSeries(*rows[0]) if rows else None


_INSERT = """
WITH s AS (
    UPDATE invoicing_series SET next_number = next_number + 1, last_issue_date = %(issue_date)s, last_issued_at = %(at)s
    WHERE organisation_id = %(org)s AND id = %(series)s
), i AS (
    INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency,
        tax_exclusive_amount, tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language,
        customer_id, original_id, account_version_id, issued_at)
    VALUES (%(org)s, %(id)s, %(series)s, %(counter)s, %(number)s, %(kind)s, %(type_code)s, %(issue_date)s, %(due_date)s, %(currency)s,
        %(exclusive)s, %(tax)s, %(inclusive)s, %(payable)s, %(sha)s, %(seal_sha)s, %(profile)s, %(language)s,
        %(customer)s, %(original)s, %(account)s, %(at)s)
), t AS (
    INSERT INTO invoicing_invoicetext (organisation_id, id, invoice_id, buyer_name, buyer_email, buyer_reference, key_id)
    VALUES (%(org)s, %(id)s, %(id)s, %(buyer_name)s, %(buyer_email)s, %(buyer_reference)s, '')
)
INSERT INTO invoicing_document (organisation_id, id, invoice_id, kind, sha256, data, key_id, created_at)
VALUES (%(org)s, %(xml_id)s, %(id)s, 'xml', %(sha)s, %(xml)s, '', %(at)s),
       (%(org)s, %(xades_id)s, %(id)s, 'xades', %(seal_sha)s, %(xades)s, '', %(at)s)
"""


def insert_issued(row: dict[str, Any]) -> None:
    """The counter moves, the issued row, its text and its documents appear: one statement under the series' lock."""
    send(_INSERT, row)


_FIRST_USE = """
UPDATE invoicing_bankaccountversion SET first_used_on = %s WHERE organisation_id = %s AND id = %s AND first_used_on IS NULL
"""


def mark_first_use(org_id: UUID, version_id: UUID, on: date) -> None:
    send(_FIRST_USE, (on, org_id, version_id))


def lock_key(org_id: UUID, scope: str, key: str) -> bool:
    """Hold `key` until this transaction ends; False while another one holds it."""
    rows = run("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", (f"{org_id}|{scope}|{key}",))
    return bool(rows[0][0])


def answer_of(org_id: UUID, scope: str, key: str) -> tuple[bytes, bytes] | None:
    """(hash of the body, first answer) that a key is bound to."""
    rows = run(
        "SELECT body_sha256, answer FROM invoicing_idempotencykey WHERE organisation_id = %s AND scope = %s AND key = %s", (org_id, scope, key)
    )
    return (bytes(rows[0][0]), bytes(rows[0][1])) if rows else None


def keep_answer(org_id: UUID, row_id: UUID, scope: str, key: str, body_sha256: bytes, answer: bytes, at: datetime) -> None:
    send(
        "INSERT INTO invoicing_idempotencykey (organisation_id, id, scope, key, body_sha256, answer, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (org_id, row_id, scope, key, body_sha256, answer, at),
    )


def lock_draft(org_id: UUID, draft_id: UUID) -> tuple[int, str | None] | None:
    """(version, number it was issued as) of a draft, its row held."""
    rows = run(
        "SELECT d.version, (SELECT number FROM invoicing_invoice i WHERE i.organisation_id = d.organisation_id AND i.id = d.issued_invoice_id)"
        " FROM invoicing_draft d WHERE d.organisation_id = %s AND d.id = %s FOR UPDATE OF d",
        (org_id, draft_id),
    )
    return rows[0] if rows else None  # type: ignore[return-value]


def mark_draft(org_id: UUID, draft_id: UUID, invoice_id: UUID) -> None:
    send("UPDATE invoicing_draft SET issued_invoice_id = %s WHERE organisation_id = %s AND id = %s", (invoice_id, org_id, draft_id))


def number_of_invoice(org_id: UUID, invoice_id: UUID) -> str | None:
    rows = run("SELECT number FROM invoicing_invoice WHERE organisation_id = %s AND id = %s AND kind = 'invoice'", (org_id, invoice_id))
    return rows[0][0] if rows else None


def lock_notes(org_id: UUID, original_id: UUID) -> int:
    """Hold an invoice against other credit notes until this transaction ends; how many it has."""
    run("SELECT 1 FROM invoicing_invoice WHERE organisation_id = %s AND id = %s FOR UPDATE", (org_id, original_id))
    return run("SELECT count(*) FROM invoicing_invoice WHERE organisation_id = %s AND original_id = %s", (org_id, original_id))[0][0]
