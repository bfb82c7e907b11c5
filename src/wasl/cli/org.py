"""`wasl org add|list`: the sellers of this installation. `add` opens one with its owner, account and series, ready to issue.

Nobody gets a password: the owner signs in by the one-time link printed here, later by an e-mail code or a password of
their own.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from wasl.errors import WaslError


class SlugTaken(WaslError):
    code = "WASL-ORG-03"
    en = "There is a seller {slug} already. Choose another short name."
    ar = "يوجد بائع بالاسم المختصر {slug}. اختر اسمًا آخر."


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("org", help="the sellers of this installation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True, metavar="add|list")
    add = actions.add_parser("add", help="open a seller")
    add.add_argument("slug", help="short name in addresses, e.g. sanad")
    add.add_argument("--name-ar", default="", help="name in Arabic")
    add.add_argument("--name-en", default="", help="name in English")
    add.add_argument("--country", required=True, help="ISO 3166 code, e.g. SA")
    add.add_argument("--currency", required=True, help="ISO 4217 code, e.g. SAR")
    add.add_argument("--zone", required=True, help="time zone, e.g. Asia/Riyadh")
    add.add_argument("--profile", default="en16931", help="rules that gate issuing: en16931, sa, jo (default en16931)")
    add.add_argument("--vat", default="", help="VAT number, BT-31")
    add.add_argument("--tax-registration", default="", help="tax registration, BT-32")
    add.add_argument("--registration", default="", help="legal registration, BT-30")
    add.add_argument("--street", default="")
    add.add_argument("--city", default="")
    add.add_argument("--post-code", default="")
    add.add_argument("--email", required=True, help="where replies and notices go")
    add.add_argument("--iban", default="", help="account that invoices ask payment to")
    add.add_argument("--language", choices=["ar", "en"], default="ar", help="language that comes first")
    add.add_argument("--owner", required=True, metavar="EMAIL", help="who owns it and signs in")
    add.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else ~/.wasl)")
    add.set_defaults(run=run_add)
    listing = actions.add_parser("list", help="the sellers there are")
    listing.add_argument("--dir", type=Path)
    listing.set_defaults(run=run_list)


def run_add(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir):
        from django.conf import settings
        from django.db import IntegrityError, transaction

        from wasl.app.console.home import entry_token
        from wasl.app.tenancy.models import Person

        try:
            with transaction.atomic():
                owner = Person.objects.filter(email=arguments.owner.strip().lower()).first() or Person.objects.create_user(email=arguments.owner)
                _open(arguments, owner)
        except IntegrityError as error:
            raise SlugTaken(slug=arguments.slug) from error
        print(f"{arguments.slug} is open. {owner.email} signs in once with:")
        print(f"  {settings.CONFIG.origin.rstrip('/')}/console/enter/{entry_token(owner)}")
    return 0


def _open(arguments: argparse.Namespace, owner: object) -> None:
    from wasl.app.invoicing.accounts import add_account
    from wasl.app.invoicing.models import Series
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    actor = Actor.operator("cli")
    org = open_organisation(
        actor=actor, owner=owner, slug=arguments.slug, name_ar=arguments.name_ar, name_en=arguments.name_en,
        legal_name_language="ar" if arguments.name_ar else "en", vat_identifier=arguments.vat, tax_registration=arguments.tax_registration,
        legal_registration=arguments.registration, line_1=arguments.street, city=arguments.city, post_code=arguments.post_code,
        country=arguments.country.upper(), email=arguments.email, time_zone=arguments.zone, currency=arguments.currency.upper(),
        profile=arguments.profile, default_language=arguments.language,
    )  # fmt: skip
    if arguments.iban:
        add_account(org, iban=arguments.iban, currency=org.currency, holder=org.name, actor=actor)
    open_series(org, kind=Series.INVOICE, code="INV", actor=actor)
    open_series(org, kind=Series.CREDIT_NOTE, code="CN", actor=actor)


def run_list(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, migrate=False, existing=True):
        from wasl.app.tenancy.models import Organisation

        for org in Organisation.objects.order_by("slug"):
            print(f"{org.slug:<20} {org.country} {org.currency} {org.profile:<10} {org.name}")
    return 0
