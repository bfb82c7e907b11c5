"""What settings take from the design system: template engine, middleware and the content security policy.

Imported by `wasl.app.settings` before Django is ready, so nothing here touches models or requests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

APP = Path(__file__).resolve().parents[1]
TEMPLATE_DIRS = [APP / "ui", *(APP / area / "templates" for area in ("ui", "portal", "console", "delivery", "notices"))]

JINJA: dict[str, Any] = {
    "BACKEND": "django.template.backends.jinja2.Jinja2",
    "NAME": "jinja2",
    "DIRS": TEMPLATE_DIRS,
    "APP_DIRS": False,
    "OPTIONS": {"environment": "wasl.app.ui.jinja.environment"},
}
MIDDLEWARE = [
    "wasl.app.ui.headers.PackedPages",
    "wasl.app.ui.language.LanguageMiddleware",
    "wasl.app.ui.reader.ReaderMiddleware",
    "wasl.app.ui.headers.HeadersMiddleware",
]
LANGUAGES = [("ar", "Arabic"), ("en", "English")]


def content_security_policy(*form_targets: str) -> dict[str, Any]:
    """django-csp's setting: nothing inline, nothing from elsewhere. `form_targets` are the origins a form of ours may
    end at by redirect (the payment page of the bank); browsers hold `form-action` against redirects too."""
    from csp.constants import NONCE, NONE, SELF

    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [NONCE],
            "style-src": [SELF],
            "font-src": [SELF],
            "img-src": [SELF],
            "connect-src": [SELF],
            "worker-src": [SELF],  # web push alone: /notices-worker.js
            "form-action": [SELF, *form_targets],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
            "object-src": [NONE],
        }
    }
