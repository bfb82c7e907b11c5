"""T77: signs, sizes and halves. What cannot be an amount is refused in one clear line; what can is counted to the last digit."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from wasl.app.invoicing.find import find_invoice, read_issued
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.models import Invoice as Row
from wasl.app.invoicing.models import Series
from wasl.errors import WaslError
from wasl.formats import wasljson
from wasl.invoice.model import AllowanceCharge, Price

pytestmark = pytest.mark.django_db
D = Decimal


def with_line(make_invoice: Any, **changes: Any) -> Any:
    source = make_invoice()
    return msgspec.structs.replace(source, lines=(msgspec.structs.replace(source.lines[0], **changes),))


REFUSED = {
    "negative price": {"price": Price(net=D("-1.00"))},
    "negative gross price": {"price": Price(net=D("1.00"), gross=D("-2.00"), discount=D("-3.00"))},
    "10^18": {"price": Price(net=D(10) ** 18)},
    "10^40": {"price": Price(net=D(10) ** 40)},
    "-10^18": {"price": Price(net=-(D(10) ** 18))},
    "tax of 1000 %": {"tax_rate": D(10) ** 20},
}


@pytest.mark.parametrize("case", REFUSED)
def test_t77_an_absurd_line_is_refused_in_one_line_or_by_a_rule_and_takes_no_number(org: Any, make_invoice: Any, actor: Any, case: str) -> None:
    with pytest.raises(WaslError) as refused:
        issue(org, with_line(make_invoice, **REFUSED[case]), actor=actor)

    assert "\n" not in refused.value.message("en") and "\n" not in refused.value.message("ar")
    assert Series.objects.for_org(org).get(kind="invoice").next_number == 1 and not Row.objects.for_org(org).exists()


BELOW_NOTHING = {
    "quantity of -1": ({"quantity": D(-1)}, {}, -12100),
    "line discount of 125 %": ({"allowances": (AllowanceCharge(amount=D("250.00"), percentage=D(125), base_amount=D("200.00"), reason="x"),)}, {}, -6050),
    "discount of more than the whole": ({}, {"allowances": (AllowanceCharge(amount=D("200.01"), tax_category="S", tax_rate=D(21), reason="x"),)}, -1),
}


@pytest.mark.parametrize("case", BELOW_NOTHING)
def test_t77_what_the_rules_allow_below_nothing_is_counted_right_and_asks_for_no_money(
    org: Any, make_invoice: Any, actor: Any, settings: Any, case: str
) -> None:
    """EN 16931 forbids a negative price (BR-27), not a negative quantity: corrections are made so. It is booked as it is and nobody can pay it."""
    from django.test import Client

    from wasl.app import fsck
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.payments.journal import balance
    from wasl.app.payments.pay import NothingToPay, start_payment

    settings.CONFIG = dataclasses.replace(settings.CONFIG, bank_url="http://127.0.0.1:9", bank_key="k", bank_webhook_secret="s")
    line, whole, payable = BELOW_NOTHING[case]
    answer = issue(org, msgspec.structs.replace(with_line(make_invoice, **line), **whole), actor=actor)

    row = find_invoice(org, answer.invoice_id)
    kept = read_issued(row).totals
    assert kept is not None and answer.payable_amount == payable == balance(org, row) == int(kept.payable_amount * 100)
    assert kept.tax_inclusive_amount == kept.tax_exclusive_amount + kept.tax_amount
    with pytest.raises(NothingToPay):
        start_payment(row, return_url="http://127.0.0.1:8000/i/t")
    page = Client().get(f"/i/{make_link(row, Link.MAIL, 'buyer@example.com')}?lang=en")
    assert page.status_code == 200 and b"/pay" not in page.content
    assert fsck.run() == []


@pytest.mark.parametrize(
    ("price", "quantity", "line", "tax"),
    [
        ("0.005", "1", "0.01", "0.00"),  # half goes up
        ("0.0049", "1", "0.00", "0.00"),
        ("0.115", "1", "0.12", "0.03"),  # 0.12 x 21 % = 0.0252
        ("2.675", "1", "2.68", "0.56"),  # 2.67 in binary floats
        ("1.005", "1", "1.01", "0.21"),  # 1.00 in binary floats
        ("1000000000.005", "1", "1000000000.01", "210000000.00"),
        ("0.1", "3", "0.30", "0.06"),  # 0.30000000000000004 in binary floats
    ],
)
def test_t77_halves_go_up_and_no_digit_is_lost(org: Any, make_invoice: Any, actor: Any, price: str, quantity: str, line: str, tax: str) -> None:
    answer = issue(org, make_invoice(price=price, quantity=quantity), actor=actor)

    kept = read_issued(find_invoice(org, answer.invoice_id))
    assert (str(kept.lines[0].net_amount), str(kept.totals.tax_amount)) == (line, tax)
    assert kept.totals.tax_inclusive_amount == D(line) + D(tax)
    assert answer.payable_amount == int((D(line) + D(tax)) * 100)


@pytest.mark.parametrize("price", ["-0", "-0.00", "-0.001"])
def test_t77_minus_nothing_is_never_written(org: Any, make_invoice: Any, actor: Any, price: str) -> None:
    from wasl.app.invoicing.find import sealed_xml

    try:
        answer = issue(org, make_invoice(price=price), actor=actor)
    except WaslError:
        assert price == "-0.001", "a negative price is refused; nothing is not negative"
        return
    xml = sealed_xml(find_invoice(org, answer.invoice_id))
    assert b">-0" not in xml and answer.payable_amount == 0


@pytest.mark.parametrize("text", ["1e999", "NaN", "-NaN", "Infinity", "1e18", "0x10", "1_000", "٣", "1,5", "--1", "9" * 200, "", " "])
@pytest.mark.parametrize("place", ["price", "quantity"])
def test_t77_what_is_no_plain_number_in_a_file_is_unreadable_or_refused(org: Any, make_invoice: Any, actor: Any, text: str, place: str) -> None:
    """Wasl JSON as a door: as a string and as a bare token."""
    import json

    good = json.loads(wasljson.write(make_invoice()))
    line = good["lines"][0]
    target, key = (line["price"], "net") if place == "price" else (line, "quantity")
    target[key] = "@@"
    outcomes = []
    for token in (json.dumps(text), text or "null"):
        data = json.dumps(good).replace('"@@"', token).encode()
        try:
            read = wasljson.read(data).invoice
            answer = issue(org, read, actor=actor)
        except WaslError as error:
            assert "\n" not in error.message("en")
            outcomes.append("refused")
        else:
            outcomes.append("issued")
            assert abs(answer.payable_amount) < 2**53
    assert set(outcomes) == {"refused"}, outcomes
