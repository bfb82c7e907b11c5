"""Each sample seller's bank statement, imported as a person would: one transfer finds its invoice, others wait with their reasons."""

from __future__ import annotations

from datetime import timedelta

from wasl.app import clock
from wasl.app.invoicing.accounts import current_accounts
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.models import Payout
from wasl.app.payments.statements.advance import advance
from wasl.app.payments.statements.take_in import begin, take_in
from wasl.app.sql import run
from wasl.demo.world import Seller
from wasl.standins.statements import Movement, Period, camt053

# What is open, oldest first: number, customer, amount, currency
_OPEN = """
SELECT i.number, c.name, b.open_amount, i.currency FROM payments_balance b
JOIN invoicing_invoice i ON i.organisation_id = b.organisation_id AND i.id = b.id AND i.kind = 'invoice'
JOIN invoicing_customer c ON c.organisation_id = i.organisation_id AND c.id = i.customer_id
WHERE b.organisation_id = %s AND b.is_open ORDER BY i.issued_at, i.id LIMIT 4
"""


def statements(sellers: list[Seller]) -> int:
    """Import one statement for each seller; how many movements were in them."""
    return sum(_statement(seller) for seller in sellers)


def _statement(seller: Seller) -> int:
    found = run(_OPEN, (seller.org.pk,))
    accounts = current_accounts(seller.org.pk)
    if len(found) < 3 or not accounts:
        return 0
    used, iban, _holder, _bic = accounts[0]
    today = local_date(seller.org, clock.now())
    (paid, payer, amount, _), (_, second_payer, second, _), (part, part_payer, third, _) = found[:3]
    day = lambda back: today - timedelta(days=back)  # noqa: E731
    movements = [
        Movement(day(3), amount, name=payer, text=f"{paid}", bank_reference="FT0001"),
        Movement(day(3), second, name=second_payer, text="transfer / حوالة", bank_reference="FT0002"),
        Movement(day(2), third * 3 // 4, name=part_payer, text=f"دفعة من الفاتورة {part}", bank_reference="FT0003"),
        Movement(day(2), 95_000, name="", text="INWARD TRF 88120", bank_reference="FT0004"),
        Movement(day(1), -1_500, name="", text="BANK CHARGES / رسوم", bank_reference="FT0005"),
    ]
    movements += [
        Movement(day(1), payout.amount, name=payout.driver.title(), text=f"settlement {payout.gateway_id}")
        for payout in Payout.objects.for_org(seller.org).filter(currency=used.currency, amount__gt=0).order_by("at")[:2]
    ]
    period = Period(iban, used.currency, 1_000_000, movements, number=f"{today:%Y%m}", opened_on=day(4), closed_on=day(1))
    (taken,) = take_in(seller.org, f"statement-{today:%Y-%m}.xml", camt053([period], version=8), actor=seller.actor)
    begin(taken.file, actor=seller.actor)
    advance(seller.org.pk, taken.file.pk)
    return len(movements)
