"""The first-visit tour of the invoice page: three hints, and never again once they were closed or read to the end."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from wasl.app.portal.help.target import own_address
from wasl.app.support.help.marks import keep, marks_of


@require_POST
def done(request: HttpRequest) -> HttpResponse:
    """`/help/tour`: remember that this reader needs no tour, and go back to the page it stood on."""
    marks = marks_of(request)
    if request.headers.get("HX-Request") or request.POST.get("quiet"):
        return keep(request, HttpResponse(status=204), replace(marks, tour=True))
    return keep(request, redirect(own_address(request, request.POST.get("back", ""))), replace(marks, tour=True))
