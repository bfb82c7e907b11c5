"""The Jinja2 environment of every page: automatic escaping, strict names, Django's gettext, and our formats.

`_()` and `ngettext()` are new-style: parameters are escaped where they are not markup already, so a sentence can carry
a macro's output (`_("Due %(date)s", date=day(...))`) and stay one whole sentence to translate.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import jinja2
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from wasl.app.ui import assets, format, helps, i18n, reader
from wasl.app.ui.counting import ngettext, npgettext
from wasl.app.ui.icons import icon


def environment(**options: Any) -> jinja2.Environment:
    """Called by Django's Jinja2 engine (conf.JINJA) and, without options, by mail templates and tests."""
    settings: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.StrictUndefined}
    env = jinja2.Environment(**{**options, **settings}, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701
    env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)  # type: ignore[attr-defined]
    env.globals.update(
        asset=assets.url, whole_asset=assets.whole_url,
        f=format, icon=icon, lang=i18n.current, direction=i18n.direction, url=reverse, languages=i18n.NAMES,
        with_lang=with_lang, query=query, help_title=helps.title, reader=reader.current, shown_digits=reader.digits,
    )  # fmt: skip
    return env


def with_lang(request: HttpRequest, lang: str) -> str:
    """This page's address in another language, its other parameters kept."""
    return query(request, lang=lang)


def query(request: HttpRequest, **changes: object) -> str:
    """"?status=paid&page=2": the current parameters with some changed; None takes one away."""
    params = {key: value for key, value in request.GET.items() if key not in changes}
    params |= {key: str(value) for key, value in changes.items() if value is not None}
    return "?" + urlencode(params)
