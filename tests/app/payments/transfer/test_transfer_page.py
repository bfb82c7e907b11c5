"""The payer's transfer page: exact figures, a reference that leads back, and whose account it is (T78, T80, T81)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import zxingcpp

from wasl.app import clock
from wasl.app.invoicing.accounts import change_account
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.links import printed_links
from wasl.app.invoicing.models import BankAccount, Invoice
from wasl.app.payments.matching.numbers import numbers_in, shapes, stripped
from wasl.app.payments.transfer import lookalikes
from wasl.app.payments.transfer.reference import reference_of
from wasl.app.tenancy.actor import Actor
from wasl.invoice import creditor_reference, epc

pytestmark = pytest.mark.django_db


def page(client: Any, row: Any, path: str = "/transfer", lang: str = "en") -> str:
    pay, _verify = printed_links(row)
    return client.get(f"/i/{pay}{path}?lang={lang}").content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_names_the_exact_amount_and_a_reference_that_leads_back(client: Any, issued: Any) -> None:
    text = words(page(client, issued))
    reference = reference_of(issued)

    assert "BE68 5390 0754 7034" in text and "242.00" in text and issued.number in text
    assert creditor_reference.is_valid(reference) and creditor_reference.grouped(reference) in text
    assert numbers_in([creditor_reference.grouped(reference)], shapes([])) == [stripped(issued.number)]


def test_each_field_is_copied_on_its_own_and_reads_without_script(client: Any, issued: Any) -> None:
    html = page(client, issued, lang="ar")

    copied = re.findall(r'data-copy="([^"]+)"', html)
    assert copied == ["Brussels Books", "BE68539007547034", "242.00", reference_of(issued), issued.number]
    assert html.count("hidden data-copy") == len(copied) and 'dir="ltr">BE68 5390 0754 7034</bdi>' in html


def test_the_code_is_what_the_european_payments_council_asks_for(issued: Any) -> None:
    from decimal import Decimal

    content = epc.payload(name="Brussels Books", iban="BE68539007547034", amount=Decimal("242.00"), reference=reference_of(issued))

    assert content is not None
    image = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=4)
    assert zxingcpp.read_barcodes(image)[0].text.split("\n") == [
        "BCD", "002", "1", "SCT", "", "Brussels Books", "BE68539007547034", "EUR242.00", "", reference_of(issued),
    ]  # fmt: skip
    assert epc.payload(name="X", iban="SA0380000000608010167519", amount=Decimal(1)) is None
    assert epc.payload(name="X", iban="BE68539007547034", amount=Decimal("0.001")) is None


def test_t78_a_changed_account_is_told_loudly_and_an_old_one_calmly(client: Any, org: Any, make_invoice: Any, actor: Any) -> None:
    with clock.frozen(clock.now()) as time:
        first = Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(), actor=actor).invoice_id)
        time.forward(days=30)
        calm = Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(), actor=actor).invoice_id)
        change_account(org, BankAccount.objects.for_org(org).get().pk, iban="BE71096123456769", actor=Actor.system("account-change"))
        loud = Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(), actor=actor).invoice_id)

        assert "Same bank account since" in words(page(client, calm))
        told = words(page(client, loud))
        assert "The account has changed" in told and "7034" in told and "6769" in told
        assert "changed on" in words(page(client, loud, path=""))
        assert "The account has changed" not in words(page(client, first))


def test_t81_a_copy_with_another_iban_is_shown_up_by_the_public_page(client: Any, issued: Any) -> None:
    _pay, verify = printed_links(issued)

    assert "BE68 5390 0754 7034" in words(client.get(f"/v/{verify}?lang=en").content.decode())
    assert "BE68 5390 0754 7034" in words(page(client, issued))


@pytest.mark.parametrize("name", ["Brusseis Books", "Вrussels Вooks", "Brussels\u200b Books", "BRUSSELS  B00KS", "BrusseIs Books"])
def test_t80_a_name_that_looks_like_another_sellers_is_flagged(client: Any, make_org: Any, make_invoice: Any, actor: Any, name: str) -> None:
    if name == "Brusseis Books":  # i and l differ in most fonts: not flagged
        assert lookalikes.skeleton(name) != lookalikes.skeleton("Brussels Books")
        return
    with clock.frozen(clock.now()) as time:
        make_org()
        time.forward(days=1)
        late = make_org(name_en=name, name_ar="", vat_identifier="BE0987654321", iban="BE71096123456769")
        lookalikes.forget()
        row = Invoice.objects.for_org(late).get(pk=issue(late, make_invoice(), actor=actor).invoice_id)

        assert "is called nearly the same" in words(page(client, row))
    lookalikes.forget()


def test_t80_a_thief_who_copies_the_tax_number_too_is_flagged_and_the_sellers_second_books_are_not(make_org: Any, actor: Any) -> None:
    """T80: the number is as easily copied as the name; who owns both is not."""
    from wasl.app.tenancy.models import Membership, Person

    with clock.frozen(clock.now()) as time:
        first = make_org()
        time.forward(days=1)
        late = make_org(name_en="BRUSSELS BOOKS", name_ar="", vat_identifier=first.vat_identifier, iban="BE71096123456769")
        lookalikes.forget()
        found = lookalikes.lookalike_of(late)
        assert found is not None and found.vat_identifier == late.vat_identifier and lookalikes.lookalike_of(first) is None

        owner = Person.objects.create(email="both@example.com")
        for each in (first, late):
            Membership.objects.create(organisation=each, person=owner, role="owner")
        assert lookalikes.lookalike_of(late) is None
    lookalikes.forget()


def test_two_numbers_that_differ_in_signs_alone_get_references_of_their_own(org: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.models import Series
    from wasl.app.invoicing.numbers import open_series

    open_series(org, kind=Series.INVOICE, code="a", pattern="A-1{0}", actor=actor)
    open_series(org, kind=Series.INVOICE, code="b", pattern="A1-{0}", actor=actor)
    rows = [Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(), series=code, actor=actor).invoice_id) for code in ("a", "b")]

    assert [row.number for row in rows] == ["A-11", "A1-1"]
    assert len({reference_of(row) for row in rows}) == 2 and all(creditor_reference.is_valid(reference_of(row)) for row in rows)
