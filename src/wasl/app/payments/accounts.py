"""A seller's own account at a gateway. Its keys are closed under the organisation's key: they are used, never shown again.

A key is opened only to make a driver; no page, log, export or error carries it, and `hint` is all that a person sees of it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.db import models

from wasl.app import clock
from wasl.app.payments.drivers.port import LIVE, TEST, Account
from wasl.app.tenancy import keys
from wasl.app.tenancy.scope import TenantModel

HINT_CHARS = 4  # of the end of a key, so that an owner can tell which one is in use


class GatewayAccount(TenantModel):
    """One account of an organisation at one gateway; the newest of two webhook secrets comes first."""

    TEST, LIVE = TEST, LIVE

    driver = models.CharField(max_length=20)
    mode = models.CharField(max_length=4, choices=[(TEST, "test"), (LIVE, "live")], default=TEST)
    region = models.CharField(max_length=20, blank=True)
    profile = models.CharField(max_length=60, blank=True)  # what the gateway calls the seller: profile or merchant id
    families = models.JSONField(default=list)  # the method families that the seller's contract covers; empty: all of the driver
    key_wrapped = models.BinaryField()
    key_hint = models.CharField(max_length=HINT_CHARS, blank=True)
    secrets_wrapped = models.BinaryField()  # a list of one or two, closed as one
    rotated_at = models.DateTimeField(null=True)  # since when two webhook secrets are good; null: only one is
    is_active = models.BooleanField(default=True)  # offered to payers; one that is off still answers for its old payments
    checked_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)  # of the last check
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "driver"], name="payments_gatewayaccount_once")]

    def put_key(self, key: str) -> None:
        self.key_wrapped = _closed(self, "key_wrapped", key.encode())
        self.key_hint = key[-HINT_CHARS:] if len(key) > 4 * HINT_CHARS else ""

    def put_secrets(self, secrets: list[str]) -> None:
        self.secrets_wrapped = _closed(self, "secrets_wrapped", orjson.dumps(secrets))

    def opened(self, base: str = "") -> Account:
        """What a driver is made from, keys included."""
        key = _open(self, "key_wrapped", self.key_wrapped).decode()
        secrets = orjson.loads(_open(self, "secrets_wrapped", self.secrets_wrapped))
        return Account(
            merchant=self.organisation_id.hex, key=key, secrets=tuple(secrets), profile=self.profile, region=self.region, mode=self.mode,
            families=tuple(self.families), base=base,
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"<GatewayAccount {self.driver} of {self.organisation_id}>"


def _aad(account: GatewayAccount, column: str) -> bytes:
    return f"{account.organisation_id}|payments_gatewayaccount|{account.pk}|{column}|1".encode()


def _purpose(org_id: UUID) -> str:
    return f"organisation|{org_id}"


def _closed(account: GatewayAccount, column: str, secret: bytes) -> bytes:
    return keys.master().wrap(secret, aad=_aad(account, column), purpose=_purpose(account.organisation_id))


def _open(account: GatewayAccount, column: str, envelope: Any) -> bytes:
    return keys.master().unwrap(bytes(envelope), aad=_aad(account, column), purpose=_purpose(account.organisation_id), name="gateway key")
