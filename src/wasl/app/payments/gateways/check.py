"""Trying a connected gateway without moving money: what works, and what to do about what does not."""

from __future__ import annotations

from typing import Any

from wasl.app import clock
from wasl.app.payments.accounts import GatewayAccount
from wasl.app.payments.drivers import registry
from wasl.app.payments.drivers.port import Finding
from wasl.app.payments.gateways.change import account_of
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit


def check(org: Any, driver: str, *, actor: Actor) -> list[Finding]:
    """Ask the gateway; the findings are kept with the account, bad ones first. No lock is held while it answers."""
    require(org.pk, actor, owner=True)
    account = account_of(org, driver)
    findings = sorted([*registry.made(account).check(), address_finding(account)], key=lambda finding: finding.is_good)
    kept = [{"name": f.name, "good": f.is_good, "en": f.en, "ar": f.ar} for f in findings]
    GatewayAccount.objects.for_org(org.pk).filter(pk=account.pk).update(findings=kept, checked_at=clock.now())
    audit(org.pk, actor, "gateway.check", "gateway", account.pk, {"driver": driver, "good": all(f.is_good for f in findings)})
    return findings


def address_finding(account: GatewayAccount) -> Finding:
    """Whether the gateway can reach us at all: real ones call https addresses of the internet."""
    from django.conf import settings

    config = settings.CONFIG
    if config.is_public and config.is_https:
        return Finding("address", True, "The webhook address can be reached from outside.", "يمكن الوصول إلى عنوان الإشعارات من الخارج.")
    if account.driver in registry.bases():
        return Finding("address", True, "The gateway is a local one.", "البوابة محلية.")
    return Finding(
        "address", False, "This installation has no public https address, so webhooks cannot arrive; payments show when we ask.",
        "ليس لهذا التركيب عنوان https عام، فلا تصل الإشعارات؛ تظهر الدفعات حين نسأل عنها.",
    )  # fmt: skip
