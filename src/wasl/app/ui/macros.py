"""The few component macros that Python needs: markup for a figure, a day, a code, made where sentences are built.

They mirror components/{money,date,code}/macro.html; a test holds the two equal.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from markupsafe import Markup

from wasl.app.ui import format


def number_cell(amount: Decimal, currency: str) -> Markup:
    return Markup('<bdi class="figure" dir="ltr">{}</bdi>').format(format.number(amount, currency))


def money(amount: Decimal, currency: str) -> Markup:
    return Markup('<bdi class="figure nowrap">{}</bdi>').format(format.money(amount, currency))


def percent(rate: Decimal) -> Markup:
    return Markup("<bdi>{}</bdi>").format(format.percent(rate))


def day(value: date, country: str | None = None) -> Markup:
    return Markup('<time class="nowrap" datetime="{}"><bdi>{}</bdi></time>').format(value.isoformat(), format.day(value, country))


def full_day(value: date, country: str | None = None) -> Markup:
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(value.isoformat(), format.day_and_weekday(value, country))


def moment(value: datetime, zone: str, country: str | None = None) -> Markup:
    """A day and an hour on the wall of `zone`."""
    shown = format.day(format.local_day(value, zone), country)
    comma = format.comma()
    return Markup('<time datetime="{}"><bdi class="nowrap">{}</bdi>{}<bdi dir="ltr">{}</bdi></time>').format(
        value.isoformat(), shown, comma, format.clock(value, zone)
    )


def code(text: str) -> Markup:
    return Markup('<bdi class="code" dir="ltr">{}</bdi>').format(text)


def mono(text: str) -> Markup:
    return Markup('<bdi class="code code--mono" dir="ltr">{}</bdi>').format(text)


def name(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)
