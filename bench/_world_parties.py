"""Sellers with their catalogue, customers, series and accounts; and the inboxes with the people who open them."""

from __future__ import annotations

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import _world_plan as plan
import _world_words as vocabulary

IBAN = "SA0380000000608010167519"
OWNER_EMAIL = "owner@world.example"


def open_sellers(planned: list[plan.Seller], found: vocabulary.Words, began: datetime) -> dict[int, Any]:
    """Every seller; the real ones by the service, with a key that seals, an account and an owner. Accounts by the seller's place."""
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.models import Person

    actor = Actor.operator("world")
    owner = Person.objects.create_user(OWNER_EMAIL, name="Owner", language="ar")
    _verified(owner)
    accounts: dict[int, Any] = {}
    plain: list[plan.Seller] = []
    for seller in planned:
        if seller.is_real:
            accounts[seller.at] = _real(seller, owner, actor)
        else:
            plain.append(seller)
        plan.fill(seller, found, began)
    _plain(plain, began)
    _catalogue(planned, began)
    return accounts


def _fields(seller: plan.Seller) -> dict[str, Any]:
    currency, _, _, zone, _ = plan.COUNTRIES[seller.country]
    return {
        "slug": f"seller-{seller.at}", "name_ar": seller.name_ar, "name_en": seller.name_en, "legal_name_language": "ar" if seller.is_arabic else "en",
        "vat_identifier": f"3{seller.at:013d}3", "line_1": "1", "city": "الرياض", "post_code": "12211", "country": seller.country, "currency": currency,
        "time_zone": zone, "email": f"billing@s{seller.at}.example", "profile": "en16931", "default_language": "ar" if seller.is_arabic else "en",
    }  # fmt: skip


def _real(seller: plan.Seller, owner: Any, actor: Any) -> Any:
    from wasl.app.invoicing.accounts import add_account, current_accounts
    from wasl.app.invoicing.models import Series
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.organisations import open_organisation

    org = open_organisation(actor=actor, owner=owner, **_fields(seller))
    seller.id = org.pk
    seller.series = open_series(org, kind=Series.INVOICE, code="main", pattern=seller.pattern, actor=actor).pk
    open_series(org, kind=Series.CREDIT_NOTE, code="main", actor=actor)
    add_account(org, iban=IBAN, currency=seller.currency, holder=org.name, actor=actor)
    account = current_accounts(org.pk)[0][0]
    return plan.Account(account.id, account.version, account.sha256)


def _plain(sellers: list[plan.Seller], began: datetime) -> None:
    from wasl.app.ids import uuid7
    from wasl.app.invoicing.models import Series
    from wasl.app.tenancy import keys
    from wasl.app.tenancy.models import Organisation

    Organisation.objects.bulk_create(
        [
            Organisation(id=seller.id, link_key_wrapped=keys.new_link_key(seller.id, secrets.token_bytes(32)), created_at=began, **_fields(seller))
            for seller in sellers
        ],
        batch_size=500,
    )
    Series._base_manager.bulk_create(
        [Series(id=seller.series, organisation_id=seller.id, kind=Series.INVOICE, code="main", pattern=seller.pattern, opened_at=began) for seller in sellers]
        + [Series(id=uuid7(), organisation_id=s.id, kind=Series.CREDIT_NOTE, code="main", pattern="CN-{YYYY}-{000000}", opened_at=began) for s in sellers],
        batch_size=500,
    )


_CUSTOMER = {"organisation_id": "uuid", "id": "uuid", "name": "varchar", "email": "varchar", "country": "varchar", "language": "varchar", "payment_days": "int2",
             "created_at": "timestamptz"}  # fmt: skip
_ITEM = {"organisation_id": "uuid", "id": "uuid", "name_ar": "varchar", "name_en": "varchar", "unit": "varchar", "price": "numeric", "currency": "varchar",
         "tax_category": "varchar", "tax_rate": "numeric", "created_at": "timestamptz"}  # fmt: skip
_EMPTY = ("trading_name", "vat_identifier", "legal_registration", "legal_registration_scheme", "electronic_address", "electronic_address_scheme", "contact_name",
          "phone", "line_1", "line_2", "city", "post_code", "subdivision", "key_id")  # fmt: skip


def _catalogue(planned: list[plan.Seller], began: datetime) -> None:
    from wasl.app.sql import copy

    for at in range(0, len(planned), 100):
        chunk = planned[at : at + 100]
        copy("invoicing_customer", _CUSTOMER | dict.fromkeys(_EMPTY, "varchar"), [
            (seller.id, each.id, each.name, each.email, seller.country, "ar", 30, began, *[""] * len(_EMPTY)) for seller in chunk for each in seller.customers
        ])  # fmt: skip
        ids = plan.Ids(at)
        copy("invoicing_item", _ITEM | {"description": "text", "seller_identifier": "varchar"}, [
            (
                seller.id, ids.at(began), *((item.text[:200], "") if "\u0621" <= item.text[0] <= "\u064a" else ("", item.text[:200])), "C62",
                Decimal(item.price).scaleb(-seller.decimals), seller.currency, "S", Decimal(seller.rate), began, "", "",
            )
            for seller in chunk for item in seller.items
        ])  # fmt: skip


def inboxes(others: int, began: datetime) -> list[UUID]:
    """The big inbox first, then the others; each with a person, a seat and a proven address."""
    from wasl.app.tenancy.models import Person
    from wasl.app.tenancy.models_payers import Payer, PayerAddress, PayerSeat

    found: list[UUID] = []
    for at in range(others + 1):
        email = plan.BIG_EMAIL if at == 0 else f"payer{at}@world.example"
        person = Person.objects.create_user(email, name=f"Payer {at}", language="ar" if at % 2 else "en")
        _verified(person)
        payer = Payer.objects.create(name=person.name, created_at=began)
        PayerSeat.objects.create(payer=payer, person=person, role=PayerSeat.OWNER)
        PayerAddress.objects.create(payer=payer, person=person, email=email)
        found.append(payer.pk)
    return found


def _verified(person: Any) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user=person).update(verified=True)
