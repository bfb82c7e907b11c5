"""The drivers of this installation by name. A test or another process may put its own in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings

from wasl.app.errors import Refused
from wasl.app.payments.drivers.bank import Bank
from wasl.app.payments.drivers.port import Driver

_placed: dict[str, Driver] = {}


class NoSuchDriver(Refused):
    code = "WASL-PAY-13"
    en = "Online payment is not set up here ({name}). Set WASL_BANK_URL and WASL_BANK_KEY."
    ar = "الدفع الإلكتروني غير مفعّل هنا ({name}). اضبط WASL_BANK_URL وWASL_BANK_KEY."


@lru_cache(maxsize=1)
def _bank(url: str, key: str, secrets: str) -> Bank:
    return Bank(url, key, secrets.split(","))


def driver(name: str = "bank") -> Driver:
    """The driver called `name`; raises NoSuchDriver where it is not configured."""
    if name in _placed:
        return _placed[name]
    config = settings.CONFIG
    if name != "bank" or not config.bank_url or not config.bank_key:
        raise NoSuchDriver(name=name)
    return _bank(config.bank_url, config.bank_key, config.bank_webhook_secret)


def is_available(name: str = "bank") -> bool:
    try:
        driver(name)
    except NoSuchDriver:
        return False
    return True


@contextmanager
def placed(chosen: Driver) -> Iterator[Driver]:
    """Use `chosen` under its own name for a while."""
    before = _placed.get(chosen.name)
    _placed[chosen.name] = chosen
    try:
        yield chosen
    finally:
        _placed.pop(chosen.name)
        if before is not None:
            _placed[chosen.name] = before
