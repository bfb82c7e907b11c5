"""What an owner gives for an account, checked before it is kept. Nothing of it is ever an address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from wasl.app.payments.drivers.base import BaseDriver
from wasl.app.payments.drivers.port import LIVE, TEST
from wasl.app.payments.drivers.registry import DRIVERS
from wasl.app.payments.gateways.errors import BadKey, BadProfile, BadRegion, BadSecret, CardInText, PublicKey, UnknownGateway
from wasl.app.payments.pan import holds_card

TITLES = {"stripe": "Stripe", "moyasar": "Moyasar", "tap": "Tap", "paytabs": "PayTabs", "bank": "Sandbox bank"}
_KEY = re.compile(r"[A-Za-z0-9_\-]{16,255}\Z", re.ASCII)
_SECRET = re.compile(r"[\x21-\x7e]{8,255}\Z", re.ASCII)
_PROFILE = re.compile(r"[A-Za-z0-9_\-]{1,60}\Z", re.ASCII)


@dataclass(frozen=True)
class Given:
    """An account as typed: keys are never shown again, so `repr` has none."""

    driver: str
    key: str = field(repr=False)
    secret: str = field(default="", repr=False)
    mode: str = TEST
    profile: str = ""
    region: str = ""
    families: Sequence[str] = ()

    def checked(self) -> Given:
        """The same without surrounding spaces; raises what is wrong with it."""
        kind = kind_of(self.driver)
        profile = self.profile.strip()
        if (profile and not _PROFILE.match(profile)) or (kind.needs_profile and not (profile.isascii() and profile.isdigit())):
            raise BadProfile(name=TITLES[self.driver])
        if self.region not in kind.regions and (self.region or len(kind.regions) > 1):
            raise BadRegion(name=TITLES[self.driver])
        families = tuple(f for f in kind.families if f in self.families)
        mode = LIVE if self.mode == LIVE else TEST
        secret = secret_of(self.secret) if self.secret.strip() and not kind.signs_with_key else ""
        return Given(self.driver, key_of(kind, self.key), secret, mode, profile, self.region, () if len(families) == len(kind.families) else families)


def kind_of(name: str) -> type[BaseDriver]:
    if name not in DRIVERS:
        raise UnknownGateway(name=name[:40], names=", ".join(DRIVERS))
    return DRIVERS[name]


def key_of(kind: type[BaseDriver], text: str) -> str:
    """A secret API key of this gateway, as far as its looks tell."""
    key = text.strip()
    if holds_card(key):
        raise CardInText
    if key.startswith(("pk_", "pk-")):
        raise PublicKey
    prefixes = kind.test_prefixes + kind.live_prefixes
    if not _KEY.match(key) or (prefixes and not key.startswith(prefixes)):
        raise BadKey(name=TITLES[kind.name])
    return key


def secret_of(text: str) -> str:
    secret = text.strip()
    if holds_card(secret):
        raise CardInText
    if not _SECRET.match(secret):
        raise BadSecret
    return secret
