"""What the first reader of a new process would otherwise wait for: pages, templates, icons, the style sheet, fonts, names of places.

A second of processor time. It is spent beside the first requests, in a thread that ends by itself; whatever is not warm yet
is made by the request that needs it, as ever.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import structlog

log = structlog.get_logger(__name__)
PAGES = "portal/"  # a payer comes once and judges by it; a seller's second page is quick as well


def begin() -> threading.Thread:
    """Start warming. The thread is a daemon: a process that ends at once does not wait for it."""
    thread = threading.Thread(target=_warm, name="wasl-warm", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    began = time.perf_counter()
    for step in STEPS:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - the request that needs it says what is wrong
            log.warning("not warm", step=step.__name__, fault=type(error).__name__)
    gc.collect()
    gc.freeze()  # what was made stays: the collector need not walk through it again, which held a request up by 140 ms
    log.debug("warm", ms=round((time.perf_counter() - began) * 1000))


def addresses() -> None:
    """Every page's module is imported by the list of addresses."""
    from django.urls import get_resolver, reverse

    assert get_resolver().url_patterns
    reverse("payer", args=["x"])


def words() -> None:
    """Catalogues, and how each language writes money, days and countries."""
    from babel import Locale
    from django.utils.translation import gettext, override

    from wasl.app.ui import format

    for language in ("ar", "en"):
        with override(language):
            assert gettext("Pay") and format.money(Decimal("1250.50"), "SAR") and format.day(date(2026, 11, 28), "SA")
        assert Locale(language).territories


def styles() -> None:
    from wasl.app.ui import assets

    assert assets.url("wasl.css")


def templates() -> None:
    from django.template import engines
    from django.template.backends.jinja2 import Jinja2

    for engine in engines.all():
        if isinstance(engine, Jinja2):
            for name in engine.env.list_templates(filter_func=lambda name: name.startswith(PAGES)):
                engine.env.get_template(name)


def icons() -> None:
    from wasl.app.ui.icons import NAMES, icon

    for name in NAMES:
        icon(name)


def fonts() -> None:
    """The parts of the two weights that an Arabic page asks for are cut and packed."""
    from wasl.app.ui import assets
    from wasl.app.ui.fonts import parts

    for part in parts():
        if part.script in ("arabic", "latin"):
            assets.asset(part.name)


STEPS: tuple[Callable[[], None], ...] = (addresses, words, styles, templates, icons, fonts)
