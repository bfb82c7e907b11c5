"""Practice, page by page: begin, read, ask, verify, pay, remove. Each says that it is practice; none touches a real row."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from wasl.app.errors import NotFound
from wasl.app.portal.access import missed, private
from wasl.app.portal.practice.show import REASONS, Desk, answer_to, verdict_steps
from wasl.app.support.help import practice
from wasl.app.support.help.models import Practice
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor

CREATES = Limit(count=10, seconds=3600)
ACTS = Limit(count=60, seconds=60)

View = Callable[..., HttpResponse]


def by_token(view: View) -> View:
    """Hand the view its Practice; an unknown or expired token is answered like any other unknown link."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            found = practice.find(token)
        except NotFound:
            return missed(request, "portal/practice/gone.html")
        if request.method == "POST" and not ACTS.spend(f"{visitor(request)} {found.pk}"):
            return private(too_many(request))
        return private(view(request, found, token, **kwargs))

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """`/practice`: what it is; a POST makes one."""
    if request.method != "POST":
        return render(request, "portal/practice/begin.html", {})
    if not CREATES.spend(visitor(request)):
        return private(too_many(request, CREATES.seconds))
    try:
        made = practice.create(current())
    except practice.PracticeFull as full:
        return private(render(request, "portal/practice/begin.html", {"refusal": full.message(current())}, status=full.status))
    return private(redirect("practice-invoice", made.token))


@require_http_methods(["GET", "HEAD"])
@by_token
def invoice(request: HttpRequest, found: Practice, token: str) -> HttpResponse:
    """`/practice/<token>`: the invoice page, as close to the real one as play allows."""
    return render(request, "portal/practice/invoice.html", {"desk": Desk(found, token), "back": request.GET.get("back", "")})


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def ask(request: HttpRequest, found: Practice, token: str) -> HttpResponse:
    """A question about a line or the whole; the practice shop answers at once."""
    desk = Desk(found, token)
    line = request.GET.get("line", "") if request.GET.get("line", "") in desk.line_names else ""
    context: dict[str, Any] = {"desk": desk, "line": line, "reasons": REASONS(), "text": "", "reason": "", "missing": False}
    if request.method != "POST":
        return render(request, "portal/practice/ask.html", context)
    text, reason = request.POST.get("text", "").strip()[: practice.TEXT_CHARS_MAX], request.POST.get("reason", "")
    if not text or reason not in dict(REASONS()):
        return render(request, "portal/practice/ask.html", context | {"text": text, "reason": reason, "missing": True}, status=422)
    about = f"{desk.line_names[line]}: " if line else ""
    practice.note(found, "asked", about + text)
    practice.note(found, "answered", answer_to(reason))
    return redirect(f"{reverse('practice-invoice', args=[token])}?back=asked#story")


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def verify(request: HttpRequest, found: Practice, token: str) -> HttpResponse:
    """The verifier itself over these bytes; a POST first changes a figure, as a forger would, on a copy."""
    tampered = request.method == "POST"
    verdict = practice.judged(found, tampered=tampered)
    practice.note(found, "tampered" if tampered else "verified", once=True)
    context = {"desk": Desk(found, token), "ok": verdict.ok, "tampered": tampered, "steps": verdict_steps(verdict), "sha256": verdict.facts["sha256"]}
    return render(request, "portal/practice/verify.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def pay(request: HttpRequest, found: Practice, token: str) -> HttpResponse:
    """The page of the practice bank: a GET shows it, a POST approves or declines with play money."""
    if found.paid_at is not None:
        return redirect("practice-invoice", token)
    if request.method != "POST":
        return render(request, "portal/practice/bank.html", {"desk": Desk(found, token)})
    approve = request.POST.get("act") == "approve"
    practice.pay(found, approve=approve)
    return redirect("practice-status", token)


@require_http_methods(["GET", "HEAD"])
@by_token
def status(request: HttpRequest, found: Practice, token: str) -> HttpResponse:
    """Back from the practice bank: the same words as after a real payment."""
    return render(request, "portal/practice/status.html", {"desk": Desk(found, token)})


@require_POST
@by_token
def remove(request: HttpRequest, found: Practice, token: str) -> HttpResponse:
    """Delete it now, without waiting for its three days."""
    practice.remove(found)
    return redirect(f"{reverse('practice')}?removed=1")
