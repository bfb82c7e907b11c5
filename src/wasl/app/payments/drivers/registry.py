"""The drivers by name, made from an organisation's own accounts. A test or another process may put its own in place.

`driver(org, name)` also answers for an account that is switched off: its old payments must still be asked about and given
back. What payers may choose is `offered(org, currency)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings

from wasl.app.errors import Refused
from wasl.app.payments.drivers.bank import Bank
from wasl.app.payments.drivers.base import BaseDriver
from wasl.app.payments.drivers.moyasar import Moyasar
from wasl.app.payments.drivers.paytabs import PayTabs
from wasl.app.payments.drivers.port import Account, Driver
from wasl.app.payments.drivers.stripe import Stripe
from wasl.app.payments.drivers.tap import Tap

DRIVERS: Mapping[str, type[BaseDriver]] = MappingProxyType({kind.name: kind for kind in (Moyasar, Tap, PayTabs, Stripe)})
_placed: dict[str, Driver] = {}


class NoSuchDriver(Refused):
    code = "WASL-PAY-13"
    en = "Online payment is not set up here ({name}). Connect a payment gateway in the console, or set WASL_BANK_URL and WASL_BANK_KEY."
    ar = "الدفع الإلكتروني غير مفعّل هنا ({name}). اربط بوابة دفع من لوحة البائع، أو اضبط WASL_BANK_URL وWASL_BANK_KEY."


@dataclass(frozen=True)
class Offer:
    """A gateway that an organisation's payers may choose now, and the method families it takes, first ones first."""

    driver: str
    families: tuple[str, ...]


@lru_cache(maxsize=512)
def _bank(url: str, key: str, secrets: str, merchant: str) -> Bank:
    return Bank(url, key, secrets.split(","), merchant=merchant)


@lru_cache(maxsize=512)
def _made(name: str, account: Account) -> Driver:
    return DRIVERS[name](account)


def driver(org: Any = None, name: str = "") -> Driver:
    """The driver called `name` with the account of `org`; raises NoSuchDriver where there is none."""
    if isinstance(org, str) and not name:  # callers from before organisations had accounts of their own
        org, name = None, org
    name = name or "bank"
    if name in _placed:
        return _placed[name]
    if name == "bank":
        return _installation_bank("" if org is None else _org_id(org).hex)
    found = _account(org, name) if org is not None and name in DRIVERS else None
    if found is None:
        raise NoSuchDriver(name=name)
    return made(found)


def made(account: Any) -> Driver:
    """The driver of one `GatewayAccount`."""
    return _made(account.driver, account.opened(bases().get(account.driver, "")))


def _installation_bank(merchant: str) -> Driver:
    config = settings.CONFIG
    if not config.bank_url or not config.bank_key:
        raise NoSuchDriver(name="bank")
    return _bank(config.bank_url, config.bank_key, config.bank_webhook_secret, merchant)


def _account(org: Any, name: str) -> Any:
    from wasl.app.payments.accounts import GatewayAccount

    return GatewayAccount.objects.for_org(_org_id(org)).filter(driver=name).first()


def _org_id(org: Any) -> UUID:
    pk = getattr(org, "pk", org)
    return pk if isinstance(pk, UUID) else UUID(str(pk))


def bases() -> dict[str, str]:
    """Addresses that the operator's configuration puts in place of the fixed ones: a simulator, or a gateway's private host."""
    pairs = (part.partition("=") for part in settings.CONFIG.gateway_urls.split(",") if part)
    return {name.strip(): url.strip() for name, _, url in pairs}


def offered(org: Any, currency: str) -> list[Offer]:
    """What an organisation's payers may choose for `currency`: its accounts in the order they were connected, then the sandbox bank."""
    from wasl.app.payments.accounts import GatewayAccount

    found = [Offer(name, tuple(getattr(placed_one, "families", ("card",)))) for name, placed_one in _placed.items()]
    rows = GatewayAccount.objects.for_org(_org_id(org)).filter(is_active=True).order_by("created_at", "id")
    for row in rows:
        kind = DRIVERS.get(row.driver)
        if kind is None or row.driver in _placed or (kind.currencies and currency not in kind.currencies):
            continue
        families = tuple(f for f in kind.families if f in row.families) if row.families else kind.families
        found.append(Offer(row.driver, families))
    if "bank" not in _placed and is_available():
        found.append(Offer("bank", Bank.families))
    return found


def is_available(name: str = "bank", org: Any = None) -> bool:
    try:
        driver(org, name)
    except NoSuchDriver:
        return False
    return True


@contextmanager
def placed(chosen: Driver) -> Iterator[Driver]:
    """Use `chosen` under its own name for a while, for every organisation."""
    before = _placed.get(chosen.name)
    _placed[chosen.name] = chosen
    try:
        yield chosen
    finally:
        _placed.pop(chosen.name)
        if before is not None:
            _placed[chosen.name] = before
