"""An owner connects a gateway, tries it, turns its secret and switches it off. No key is ever shown again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.console.access import owner, show
from wasl.app.console.gateways import words
from wasl.app.payments.accounts import GatewayAccount
from wasl.app.payments.drivers.registry import DRIVERS
from wasl.app.payments.gateways.address import hook_address
from wasl.app.payments.gateways.change import account_of, retire, rotate, switch
from wasl.app.payments.gateways.check import check
from wasl.app.payments.gateways.connect import connect
from wasl.app.payments.gateways.errors import BadKey, BadProfile, BadRegion, BadSecret, CardInText, NotConnected, PublicKey, SameSecret
from wasl.app.payments.gateways.given import TITLES, Given
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many
from wasl.errors import WaslError

CHECKS = Limit(count=10, seconds=60)  # each of them asks somebody else's machine
FIELD_OF = {BadKey: "key", PublicKey: "key", CardInText: "key", BadSecret: "secret", SameSecret: "secret", BadProfile: "profile", BadRegion: "region"}


@dataclass(frozen=True)
class Shown:
    """One gateway as the pages show it; `account` is None where it is not connected."""

    name: str
    title: str
    lead: str
    address: str
    families: list[str]
    account: GatewayAccount | None = None

    @property
    def problems(self) -> int:
        return sum(not finding.get("good") for finding in self.account.findings) if self.account else 0


def shown(org: Any, name: str, account: GatewayAccount | None) -> Shown:
    kind = DRIVERS[name]
    families = [words.family(f) for f in kind.families if not account or not account.families or f in account.families]
    return Shown(name, TITLES[name], words.lead(name), hook_address(org, name), families, account)


def kind_or_404(name: str) -> Any:
    if name not in DRIVERS:
        raise Http404
    return DRIVERS[name]


@require_safe
@owner
def listing(request: Any) -> HttpResponse:
    rows = {row.driver: row for row in GatewayAccount.objects.for_org(request.org).order_by("created_at", "id")}
    connected = [shown(request.org, name, row) for name, row in rows.items() if name in DRIVERS]
    free = [shown(request.org, name, None) for name in DRIVERS if name not in rows]
    return show(request, "console/gateways/list.html", "gateways", connected=connected, free=free, say=words.finding_words, region=words.region)


@sensitive_post_parameters("key", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
@owner
def connecting(request: Any, driver: str) -> HttpResponse:
    """Connect one, or give it another key. What was typed comes back, except the key and the secret."""
    kind = kind_or_404(driver)
    account = GatewayAccount.objects.for_org(request.org).filter(driver=driver).first()
    default_region = request.org.country if request.org.country in kind.regions else next(iter(kind.regions))
    typed = {"mode": "live", "profile": "", "region": default_region, "families": list(kind.families)}
    if account is not None:
        typed = {
            "mode": account.mode, "profile": account.profile, "region": account.region or default_region,
            "families": list(account.families) or list(kind.families),
        }  # fmt: skip
    problems: dict[str, list[str]] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip()[:60] for name in ("mode", "profile", "region")}
        typed["region"] = typed["region"] or default_region
        typed["families"] = request.POST.getlist("families")
        given = Given(driver, request.POST.get("key", ""), request.POST.get("secret", ""), **typed)
        try:
            connect(request.org, given, actor=request.actor)
        except WaslError as error:
            problems = {FIELD_OF.get(type(error), "key"): [error.message(current())]}
        else:
            return tried(request, driver)
    context = {
        "gateway": shown(request.org, driver, account), "typed": typed, "problems": problems, "kind": kind,
        "summary_items": [(name, text) for name, texts in problems.items() for text in texts],
        "steps": words.steps(driver), "events": words.EVENTS.get(driver, ()), "secret_hint": words.secret_hint(driver),
        "regions": [(code, words.region(code)) for code in kind.regions if code], "all_families": [(f, words.family(f)) for f in kind.families],
    }  # fmt: skip
    return show(request, "console/gateways/connect.html", "gateways", status=422 if problems else 200, **context)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@owner
def secret(request: Any, driver: str) -> HttpResponse:
    """A new webhook secret; the one of before stays good until it is let go."""
    if kind_or_404(driver).signs_with_key:
        raise Http404
    try:
        account = account_of(request.org, driver)
    except NotConnected:
        raise Http404 from None
    problems: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            rotate(request.org, driver, request.POST.get("secret", ""), actor=request.actor)
        except WaslError as error:
            problems = {"secret": [error.message(current())]}
        else:
            messages.success(request, _("The new secret is good from now on; the old one too, until you let it go."))
            return redirect("console-gateways", slug=request.org.slug)
    summary = [(name, text) for name, texts in problems.items() for text in texts]
    context = {"gateway": shown(request.org, driver, account), "problems": problems, "summary_items": summary}
    context["secret_hint"] = words.secret_hint(driver)
    return show(request, "console/gateways/secret.html", "gateways", status=422 if problems else 200, **context)


@require_POST
@owner
def act(request: Any, driver: str) -> HttpResponse:
    """Check, switch off or on, let the old secret go."""
    kind_or_404(driver)
    wanted = request.POST.get("act", "")
    try:
        if wanted == "check":
            return tried(request, driver)
        messages.success(request, done(request, driver, wanted))
    except NotConnected:
        raise Http404 from None
    return redirect("console-gateways", slug=request.org.slug)


def done(request: Any, driver: str, wanted: str) -> str:
    if wanted in ("on", "off"):
        switch(request.org, driver, on=wanted == "on", actor=request.actor)
        return _("Payers can choose it again.") if wanted == "on" else _("Payers no longer see it. Old payments and refunds go on as before.")
    if wanted == "retire":
        retire(request.org, driver, actor=request.actor)
        return _("Only the new secret is good now.")
    raise Http404


def tried(request: Any, driver: str) -> HttpResponse:
    """Ask the gateway; what it says stands with it in the list."""
    if not CHECKS.spend(str(request.org.pk)):
        return too_many(request)
    try:
        findings = check(request.org, driver, actor=request.actor)
    except NotConnected:
        raise Http404 from None
    except WaslError as error:
        messages.error(request, error.message(current()))
    else:
        bad = sum(not finding.is_good for finding in findings)
        if bad:
            messages.error(request, _("Connected, but something needs you: read below."))
        else:
            messages.success(request, _("It works: the gateway answers and accepts your key."))
    return redirect("console-gateways", slug=request.org.slug)
