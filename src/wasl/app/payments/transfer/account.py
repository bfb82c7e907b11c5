"""Since when an invoice's account is the one, and whether it took another's place: what a payer must know before paying (T78)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from wasl.app.sql import run

TAIL_CHARS = 4
# The account of the invoice, and the one that this seller's invoices in this currency named last before it was first used
_STORY = """
SELECT v.iban, v.holder, v.bic, a.label, v.first_used_on, before.iban, before.issue_date
FROM invoicing_invoice i
JOIN invoicing_bankaccountversion v ON v.organisation_id = i.organisation_id AND v.id = i.account_version_id
JOIN invoicing_bankaccount a ON a.organisation_id = v.organisation_id AND a.id = v.account_id
LEFT JOIN LATERAL (
    SELECT w.iban, w.first_used_on AS issue_date FROM invoicing_bankaccountversion w
    JOIN invoicing_bankaccount c ON c.organisation_id = w.organisation_id AND c.id = w.account_id AND c.currency = i.currency
    WHERE w.organisation_id = i.organisation_id AND w.id <> v.id AND w.iban <> v.iban AND w.first_used_on < coalesce(v.first_used_on, i.issue_date)
    ORDER BY w.first_used_on DESC LIMIT 1
) before ON true
WHERE i.organisation_id = %s AND i.id = %s
"""
WARN_DAYS = 180  # a change is told of so long: quarterly customers meet it on their next two invoices


@dataclass(frozen=True)
class AccountStory:
    """`changed_on` is set where another account was in use before, not long ago."""

    iban: str
    holder: str
    bic: str
    bank: str
    first_used_on: date | None
    former_tail: str = ""
    changed_on: date | None = None


def account_story(invoice: Any) -> AccountStory | None:
    """None where the document names no account of the seller's."""
    rows = run(_STORY, (invoice.organisation_id, invoice.pk))
    if not rows:
        return None
    iban, holder, bic, bank, first_used_on, former, _former_on = rows[0]
    changed_on = first_used_on or invoice.issue_date
    if former is None or (invoice.issue_date - changed_on).days > WARN_DAYS:
        return AccountStory(iban, holder, bic, bank, first_used_on)
    return AccountStory(iban, holder, bic, bank, first_used_on, former[-TAIL_CHARS:], changed_on)
