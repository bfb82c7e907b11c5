"""Where to go after a form: an address of this site, never another's (T99)."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, given: str) -> str:
    """`given` where it is a path of ours, else the help centre."""
    is_ours = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return given if is_ours and given.isprintable() and len(given) <= 2000 else reverse("help")
