"""`wasl gateway list|add|check`: the payment gateways of a seller, for an operator at the machine.

Keys are asked for, or read from the environment; they are never arguments, which every user of a machine can read.
"""

from __future__ import annotations

import argparse
import getpass
import os
from pathlib import Path
from typing import Any

from wasl.errors import WaslError

KEY, SECRET = "WASL_GATEWAY_KEY", "WASL_GATEWAY_SECRET"


class WhichSeller(WaslError):
    code = "WASL-PAY-49"
    en = "Say which seller with --org. There are: {names}."
    ar = "حدّد المنشأة بالخيار ‎--org. المنشآت: {names}."
    exit_code = 2


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("gateway", help="payment gateways of a seller", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|add|check")
    listing = actions.add_parser("list", help="what is connected")
    add = actions.add_parser("add", help="connect a gateway, or give it another key")
    add.add_argument("name", help="stripe, moyasar, tap or paytabs")
    add.add_argument("--live", action="store_true", help="payers are charged real money (default: test)")
    add.add_argument("--profile", default="", help="PayTabs: the profile number; Tap: the merchant id")
    add.add_argument("--region", default="", help="PayTabs: SA, AE, EG, OM, JO, KW, IQ, MA, QA or GLOBAL")
    add.add_argument("--families", default="", help="comma-separated: card,mada,apple_pay,... (default: all of the gateway)")
    check = actions.add_parser("check", help="try the key and say in plain words what works")
    check.add_argument("name", help="stripe, moyasar, tap or paytabs")
    for each, run in ((listing, run_list), (add, run_add), (check, run_check)):
        each.add_argument("--org", default="", help="the seller's short name (default: the only one)")
        each.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else ~/.wasl)")
        each.set_defaults(run=run)


def run_list(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, existing=True):
        from wasl.app.payments.accounts import GatewayAccount

        org = _org(arguments.org)
        rows = list(GatewayAccount.objects.for_org(org).order_by("created_at"))
        for row in rows:
            checked = f"checked {row.checked_at:%Y-%m-%d %H:%M} UTC" if row.checked_at else "never checked"
            print(f"{row.driver:<10} {row.mode:<5} {'on' if row.is_active else 'off':<4} {row.region:<7} {checked}")
        if not rows:
            print(f"{org.slug} has no gateway yet: wasl gateway add NAME --org {org.slug}")
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, existing=True):
        from wasl.app.payments.drivers.port import LIVE, TEST
        from wasl.app.payments.gateways.address import hook_address
        from wasl.app.payments.gateways.connect import connect
        from wasl.app.payments.gateways.given import TITLES, Given, kind_of
        from wasl.app.tenancy.actor import Actor

        kind, org = kind_of(arguments.name), _org(arguments.org)
        key = os.environ.get(KEY) or getpass.getpass(f"Secret key of {TITLES[kind.name]} (not shown): ")
        secret = ""
        if not kind.signs_with_key:
            secret = os.environ.get(SECRET) or getpass.getpass("Webhook secret (not shown; empty: later): ")
        families = [part.strip() for part in arguments.families.split(",") if part.strip()]
        region = arguments.region.upper() or (org.country if org.country in kind.regions else "")
        given = Given(kind.name, key, secret, LIVE if arguments.live else TEST, arguments.profile, region, families)
        connect(org, given, actor=Actor.operator("cli"))
        print(f"{TITLES[kind.name]} is connected to {org.slug}. At {TITLES[kind.name]}, set this webhook address:")
        print(f"  {hook_address(org, kind.name)}")
        print(f"Then try it: wasl gateway check {kind.name} --org {org.slug}")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, existing=True):
        from wasl.app.payments.gateways.check import check
        from wasl.app.payments.gateways.given import TITLES
        from wasl.app.tenancy.actor import Actor

        org = _org(arguments.org)
        findings = check(org, arguments.name, actor=Actor.operator("cli"))
        print(f"{TITLES.get(arguments.name, arguments.name)} of {org.slug}:")
        for finding in findings:
            print(f"  {'ok ' if finding.is_good else 'NO '} {finding.en}")
    return 0 if all(finding.is_good for finding in findings) else 1


def _org(slug: str) -> Any:
    from wasl.app.errors import NotFound
    from wasl.app.tenancy.models import Organisation

    if slug:
        found = Organisation.objects.filter(slug=slug).first()
        if found is None:
            raise NotFound(what="organisation")
        return found
    rows = list(Organisation.objects.order_by("slug")[:20])
    if len(rows) != 1:
        raise WhichSeller(names=", ".join(row.slug for row in rows) or "-")
    return rows[0]
