"""The sample sellers' own accounts at the test gateways: each gateway its own process's, each seller its own key and webhook address."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import httpx

from wasl.app.payments.accounts import GatewayAccount
from wasl.app.payments.gateways.address import hook_address
from wasl.app.payments.gateways.connect import connect
from wasl.app.payments.gateways.given import Given, kind_of
from wasl.cli.installation import secret
from wasl.demo.scene import Ports
from wasl.demo.world import Seller

MASTER_FILE = "demo-gateways.key"
# Which gateway takes which ways for whom; the payer's page offers each way once, by the gateway that stands first
ACCOUNTS = MappingProxyType(
    {
        "sanad": (("moyasar", ("mada", "apple_pay", "stc_pay")), ("stripe", ("card",))),
        "jabal": (("tap", ("card", "apple_pay")),),
        "belliard": (("stripe", ("card", "apple_pay")),),
    }
)


def connect_all(sellers: Sequence[Seller], directory: Path, ports: Ports) -> int:
    """Open every account at its gateway and connect it here; how many are new here.

    A later start repeats it: the gateways know their accounts by the key, and the address that they call may have moved.
    """
    master, made = secret(directory, MASTER_FILE), 0
    with httpx.Client(base_url=ports.gateways_url, timeout=10) as outside:
        for seller in sellers:
            for driver, families in ACCOUNTS[seller.sample.slug]:
                given = _given(master, seller, driver, families)
                _open(outside, seller, given)
                if not GatewayAccount.objects.for_org(seller.org).filter(driver=driver).exists():
                    connect(seller.org, given, actor=seller.actor)
                    made += 1
    return made


def _given(master: str, seller: Seller, driver: str, families: Sequence[str]) -> Given:
    kind = kind_of(driver)
    prefix = (kind.test_prefixes or ("sk_test_",))[0]
    hook = "" if kind.signs_with_key else f"whsec_{_word(master, seller, driver, 'webhook')}"
    return Given(driver, f"{prefix}{_word(master, seller, driver, 'key')}", hook, families=families)


def _word(master: str, seller: Seller, driver: str, what: str) -> str:
    """32 hex digits that come out the same at every start of this demo, and differently in every other."""
    return hmac.new(master.encode(), f"{seller.sample.slug}|{driver}|{what}".encode(), hashlib.sha256).hexdigest()[:32]


def _open(outside: httpx.Client, seller: Seller, given: Given) -> None:
    sample = seller.sample
    body = {
        "gateway": given.driver, "key": given.key, "secret": given.secret or None, "name_ar": sample.name_ar, "name_en": sample.name_en,
        "country": sample.country, "currency": sample.currency, "webhook_url": hook_address(seller.org, given.driver),
    }  # fmt: skip
    outside.post("/control/accounts", json=body).raise_for_status()
