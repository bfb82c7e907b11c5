"""Which language a page speaks: `?lang=`, then the cookie it sets, then what the page knows (the invoice's own
language), then Accept-Language, then Arabic. Addresses carry no language, so a shared link never forces one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from wasl.app.ui.i18n import LANGUAGES

COOKIE = "wasl_lang"
COOKIE_SECONDS = 365 * 24 * 3600


class LanguageMiddleware:
    """Activates the language for the request and remembers an explicit choice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        chosen = asked if asked in LANGUAGES else request.COOKIES.get(COOKIE, "")
        request.language_chosen = chosen in LANGUAGES  # type: ignore[attr-defined]
        _activate(request, chosen if chosen in LANGUAGES else accepted(request))
        try:
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)  # type: ignore[attr-defined]
        finally:
            translation.deactivate()
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if asked in LANGUAGES:
            remember(request, response, asked)
        return response


def remember(request: HttpRequest, response: HttpResponse, lang: str) -> None:
    """Keep the reader's own choice in this browser; "" takes it back, so that each page's own language holds again."""
    if lang in LANGUAGES:
        response.set_cookie(COOKIE, lang, max_age=COOKIE_SECONDS, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def accepted(request: HttpRequest) -> str:
    """The first of our languages that the browser asks for; Arabic where it asks for none."""
    for tag, quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if quality > 0 and tag[:2] in LANGUAGES:
            return tag[:2]
    return LANGUAGES[0]


def prefer(request: HttpRequest, lang: str | None) -> None:
    """Speak `lang` (an invoice's language, a person's preference) unless the reader chose another."""
    if lang in LANGUAGES and not getattr(request, "language_chosen", False):
        _activate(request, lang)


def _activate(request: HttpRequest, lang: str) -> None:
    translation.activate(lang)
    request.LANGUAGE_CODE = lang  # type: ignore[attr-defined]
