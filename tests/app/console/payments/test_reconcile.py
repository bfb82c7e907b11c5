"""Unmatched money, payouts, the close of a day, and the tables for accountants."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.payments.credit import balance_of
from wasl.app.payments.days import fold
from wasl.app.payments.drivers.port import Payout as Told
from wasl.app.payments.drivers.port import PayoutItem as Item
from wasl.app.payments.journal import BANK, CLEARING, FEES, UNMATCHED, trial_balance
from wasl.app.payments.models import Payout, PayoutItem, Receipt, Refund
from wasl.app.payments.payout_lines import explain_known
from wasl.app.payments.payouts import post_payout
from wasl.app.payments.receive import receive_transfer
from wasl.app.payments.standing import standing

pytestmark = pytest.mark.django_db
PAGE = "/console/sanad/payments"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def told(*items: Item, key: str = "po_1") -> Told:
    return Told(key, "SAR", sum(item.net for item in items), clock.now(), tuple(items))


def books(org: Any) -> dict[str, int]:
    return {account: amount for account, amount in trial_balance(org)["SAR"].items() if amount}


@pytest.mark.parametrize("called", ["as we call it", "by an id of its own"])
def test_a_line_of_a_payout_that_is_explained_later_moves_in_the_books(org: Any, bill: Any, pay: Any, gateway: Any, called: str) -> None:
    from wasl.app.payments.settle import settle

    intent = pay(bill("100.00"), pays=False)
    gateway.pay(intent.gateway_id)
    named = {"gateway_id": intent.gateway_id} if called == "as we call it" else {"gateway_id": "ch_of_it", "reference": intent.reference}
    post_payout(org, "bank", told(Item("payment", gross=115_00, fee=3_00, net=112_00, **named)))
    assert books(org)[UNMATCHED] == -115_00 and explain_known() == 0

    settle(org, intent.pk, gateway.fetch(intent.gateway_id))
    assert (books(org)[UNMATCHED], books(org)[CLEARING]) == (-115_00, 115_00)
    assert explain_known() == 1 and explain_known() == 0

    found = books(org)
    assert (found.get(UNMATCHED, 0), found.get(CLEARING, 0), found[BANK], found[FEES]) == (0, 0, 112_00, 3_00)
    item = PayoutItem.objects.for_org(org).get()
    assert item.is_known and item.intent_id == intent.pk and item.explained_as == "payment"


def test_unmatched_money_finds_its_invoice_its_customer_or_its_way_back(
    desk: Any, org: Any, bill: Any, customer: Any, gateway: Any
) -> None:
    invoice = bill("100.00")
    one, two, three = (
        receive_transfer(org, key=key, amount=amount, currency="SAR", at=clock.now() - timedelta(days=9), payer_name=f"Payer {key}")
        for key, amount in (("a", 120_00), ("b", 70_00), ("c", 30_00))
    )
    page = words(desk.get(f"{PAGE}/unmatched?lang=en"))
    assert all(word in page for word in ("220.00", "9 days", "Payer a", "Came without an invoice"))
    at = f"{PAGE}/unmatched/money"

    assert desk.post(f"{at}/{one.pk}", {"act": "assign", f"part-{invoice.pk}": "120"}).status_code == 422, "only 115.00 is open"
    desk.post(f"{at}/{one.pk}", {"act": "assign", f"part-{invoice.pk}": "١١٥"})
    desk.post(f"{at}/{two.pk}", {"act": "credit", "customer": str(customer.pk)})
    assert desk.post(f"{at}/{three.pk}", {"act": "back", "reason": ""}).status_code == 422
    desk.post(f"{at}/{three.pk}", {"act": "back", "reason": "not ours"})

    assert standing(org, invoice).balance == 0 and balance_of(org, customer, "SAR") == 75_00
    assert "Nothing is unmatched" in words(desk.get(f"{PAGE}/unmatched?lang=en")) and UNMATCHED not in books(org)
    refund = Refund.objects.for_org(org).get()
    desk.post(f"{PAGE}/refunds/{refund.pk}", {"act": "sent", "note": "FT"})
    assert books(org)[BANK] == 190_00


def test_an_unknown_line_of_a_payout_is_assigned_and_taken_back_or_is_the_gateways_own(
    desk: Any, org: Any, bill: Any, pay: Any, gateway: Any
) -> None:
    invoice, paid = bill("100.00"), pay(bill("200.00"))
    late = pay(bill("10.00"))
    items = (
        Item("payment", "pay_elsewhere", 115_00, 2_00, 113_00), Item("payment", paid.gateway_id, 225_00, 5_00, 220_00),
        Item("fee", "fee_1", -20_00, 0, -20_00),
    )  # fmt: skip
    payout = post_payout(org, "bank", told(*items)).payout
    Payout.objects.for_org(org).get(pk=payout.pk)
    type(late).objects.for_org(org).filter(pk=late.pk).update(settled_at=clock.now() - timedelta(days=5))
    page = words(desk.get(f"{PAGE}/payouts/{payout.pk}?lang=en"))
    assert all(word in page for word in ("2 lines are about payments", "1 line differs", "5.00", "less", "Not in any payout yet", "11.50"))
    assert "Unknown lines" in words(desk.get(f"{PAGE}/payouts?lang=en"))
    unknown = PayoutItem.objects.for_org(org).get(gateway_id="pay_elsewhere")
    fee = PayoutItem.objects.for_org(org).get(kind="fee")

    desk.post(f"{PAGE}/unmatched/payout-line/{unknown.pk}", {"act": "assign", f"part-{invoice.pk}": "115"})
    desk.post(f"{PAGE}/unmatched/payout-line/{fee.pk}", {"act": "charge"})

    assert standing(org, invoice).balance == 0 and UNMATCHED not in books(org) and books(org)[FEES] == 27_00
    assert desk.post(f"{PAGE}/unmatched/payout-line/{fee.pk}", {"act": "charge"}).status_code == 302, "decided already"
    desk.post(f"{PAGE}/payouts/lines/{unknown.pk}/untake")
    assert standing(org, invoice).balance == 115_00 and books(org)[UNMATCHED] == -115_00
    assert Receipt.objects.for_org(org).get().undone_at is not None


def test_a_payout_is_found_on_the_banks_statement_and_is_no_second_payment(desk: Any, org: Any, bill: Any, pay: Any, gateway: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from wasl.app.invoicing.prepare import local_date
    from wasl.app.payments.statements.models import StatementLine
    from wasl.standins import statements as bank
    from wasl.standins.statements import Movement, Period

    intent = pay(bill("100.00"))
    payout = post_payout(org, "bank", told(Item("payment", intent.gateway_id, 115_00, 3_00, 112_00))).payout
    today = local_date(org, clock.now())
    data = b"".join(bank.camt053([Period("SA0380000000608010167519", "SAR", 0, [Movement(today, 112_00, name="Gateway Ltd", text="settlement")])]))
    seen = desk.post("/console/sanad/bank/import", {"statement": SimpleUploadedFile("n.xml", data)}, follow=True)
    desk.post(seen.redirect_chain[-1][0], {"act": "import"})
    line = StatementLine.objects.for_org(org).get()
    assert "A payout of Test bank has this amount" in words(desk.get("/console/sanad/bank?lang=en"))

    desk.post(f"{PAGE}/payouts/{payout.pk}/arrival", {"movement": str(line.pk), "act": "arrived"})

    assert "Arrived on" in words(desk.get(f"{PAGE}/payouts/{payout.pk}?lang=en")) and books(org)[BANK] == 112_00
    desk.post(f"{PAGE}/payouts/{payout.pk}/arrival", {"movement": str(line.pk), "act": "undo"})
    assert "These movements have its amount" in words(desk.get(f"{PAGE}/payouts/{payout.pk}?lang=en"))


def test_a_day_adds_up_is_closed_by_name_and_says_what_changed_it(desk: Any, org: Any, bill: Any, pay: Any, gateway: Any) -> None:
    intent = pay(bill("100.00"), method="mada")
    receive_transfer(org, key="t", amount=50_00, currency="SAR", at=clock.now())
    post_payout(org, "bank", told(Item("payment", intent.gateway_id, 115_00, 3_00, 112_00)))
    fold()
    page = desk.get(f"{PAGE}/close?lang=en")
    text = words(page)
    assert all(word in text for word in ("Balanced", "mada", "Bank transfer", "Fees of gateways", "162.00", "Not closed"))
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]  # type: ignore[index]
    day = re.search(r'name="day" value="([\d-]+)"', page.content.decode())[1]  # type: ignore[index]

    assert desk.post(f"{PAGE}/close", {"day": day, "seen": "x"}).status_code == 409
    desk.post(f"{PAGE}/close", {"day": day, "seen": seen, "note": "counted twice"})
    assert all(word in words(desk.get(f"{PAGE}/close?lang=en")) for word in ("Nothing changed since", "counted twice"))
    bill("10.00")

    text = words(desk.get(f"{PAGE}/close?lang=en"))
    assert "This day changed since it was closed" in text and "11.50" in text and "Changed since" in text


def test_sums_of_days_are_the_same_folded_or_not_and_follow_the_sellers_clock(org: Any, bill: Any, pay: Any, gateway: Any) -> None:
    from wasl.app.payments.dayclose import day_close
    from wasl.app.tenancy.models import Organisation

    pay(bill("100.00"))
    day = clock.now().astimezone().date()
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    before = trial_balance(org), [day_close(org, each) for each in days]
    assert fold() > 0 and fold() == 0

    assert (trial_balance(org), [day_close(org, each) for each in days]) == before
    Organisation.objects.filter(pk=org.pk).update(time_zone="Pacific/Kiritimati")
    fold()
    assert trial_balance(org) == before[0]


def test_t37_the_tables_hold_every_line_and_no_cell_that_runs(desk: Any, org: Any, bill: Any, pay: Any, gateway: Any) -> None:
    from openpyxl import load_workbook

    invoice = bill("100.00")
    pay(invoice)
    receive_transfer(org, key="t", amount=50_00, currency="SAR", at=clock.now(), payer_name="=cmd|' /C calc'!A0", reference="+1")

    got = {
        name: b"".join(desk.get(f"{PAGE}/{name}?lang=en").streaming_content) for name in ("payments.csv", "journal.csv", "journal.xlsx", "payments.xlsx")
    }

    assert b"'=cmd" in got["payments.csv"] and b"'=cmd" in got["journal.csv"] and invoice.number.encode() in got["payments.csv"]
    rows = list(load_workbook(io.BytesIO(got["journal.xlsx"]), read_only=True).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    head, lines = rows[0], rows[1:]
    debit, credit = (sum(row[head.index(name)] or 0 for row in lines) for name in ("Debit", "Credit"))
    assert debit == credit == 115 + 115 + 50 and {"ذمم العملاء", "Receivables"} <= {str(cell) for row in lines for cell in row}
    assert desk.get(f"{PAGE}/journal.pdf").status_code == 404
    only = b"".join(desk.get(f"{PAGE}/payments.csv?lang=en&show=unmatched").streaming_content).decode()
    assert invoice.number not in only and "50.00" in only
