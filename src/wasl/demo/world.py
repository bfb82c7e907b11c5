"""Opens the three sample sellers through the real services: people, organisation, account, series, items, customers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from wasl.app.invoicing.accounts import add_account
from wasl.app.invoicing.models import Customer, Item, Series
from wasl.app.invoicing.numbers import open_series
from wasl.app.tenancy.actor import Actor
from wasl.app.tenancy.models import Organisation, Person
from wasl.app.tenancy.organisations import open_organisation
from wasl.demo.people import SELLERS, SampleCustomer, SampleItem, SampleSeller

OPERATOR = Actor.operator("demo")


@dataclass
class Seller:
    """A sample seller with the rows made for it."""

    sample: SampleSeller
    org: Organisation
    owner: Person
    items: list[tuple[SampleItem, Item]]
    customers: list[tuple[SampleCustomer, Customer]]

    @property
    def actor(self) -> Actor:
        return Actor.of(self.owner)


def build() -> list[Seller]:
    """All sellers. Nobody gets a password: the demo signs people in by a one-time link."""
    return [_open(sample) for sample in SELLERS]


def existing() -> list[Seller]:
    """The sellers of an earlier demo in this data directory; empty where there are none."""
    found = []
    for sample in SELLERS:
        org = Organisation.objects.filter(slug=sample.slug).first()
        if org is None:
            return []
        owner = Person.objects.get(email=sample.owner_email)
        found.append(Seller(sample, org, owner, _rows(sample, org)[0], _rows(sample, org)[1]))
    return found


def _rows(sample: SampleSeller, org: Organisation) -> tuple[list[tuple[SampleItem, Item]], list[tuple[SampleCustomer, Customer]]]:
    items = {row.name_en: row for row in Item.objects.for_org(org)}
    customers = {row.name: row for row in Customer.objects.for_org(org)}
    return [(item, items[item.name_en]) for item in sample.items], [(one, customers[one.name]) for one in sample.customers]


def _open(sample: SampleSeller) -> Seller:
    owner = Person.objects.create_user(email=sample.owner_email, name=sample.owner)  # no password: none can be guessed
    org = open_organisation(
        actor=OPERATOR, owner=owner, slug=sample.slug, name_ar=sample.name_ar, name_en=sample.name_en,
        legal_name_language="ar" if sample.language == "ar" else "en", vat_identifier=sample.vat, tax_registration=sample.tax_registration,
        legal_registration=sample.registration[0], legal_registration_scheme=sample.registration[1],
        line_1=sample.line_1, line_2=sample.line_2, city=sample.city, post_code=sample.post_code, country=sample.country,
        email=sample.email,
        time_zone=sample.zone, currency=sample.currency, profile=sample.profile, default_language=sample.language,
        accent=sample.accent, logo=sample.logo.encode(),
    )  # fmt: skip
    actor = Actor.of(owner)
    add_account(org, iban=sample.iban, currency=sample.currency, holder=sample.name_en, bic="", label=sample.bank, actor=actor)
    open_series(org, kind=Series.INVOICE, code="INV", actor=actor)
    open_series(org, kind=Series.CREDIT_NOTE, code="CN", actor=actor)
    items = [_item(sample, org, one) for one in sample.items]
    return Seller(sample, org, owner, items, [_customer(org, one) for one in sample.customers])


def _item(sample: SampleSeller, org: Organisation, one: SampleItem) -> tuple[SampleItem, Item]:
    category, rate = one.tax
    row = Item.objects.create(
        organisation=org, name_ar=one.name_ar, name_en=one.name_en, unit=one.unit, price=Decimal(one.price), currency=sample.currency,
        tax_category=category, tax_rate=Decimal(rate) if rate else sample.standard_rate,
    )  # fmt: skip
    return one, row


def _customer(org: Organisation, one: SampleCustomer) -> tuple[SampleCustomer, Customer]:
    row = Customer.objects.create(
        organisation=org, name=one.name, trading_name=one.trading_name, vat_identifier=one.vat, legal_registration=one.registration,
        contact_name=one.contact, email=one.email,
        line_1=one.line_1, line_2=one.line_2, city=one.city, post_code=one.post_code, country=one.country, language=one.language,
    )  # fmt: skip
    return one, row
