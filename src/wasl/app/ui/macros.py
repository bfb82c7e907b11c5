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
    shown = format.gregorian(value, country)
    return Markup('<time datetime="{}"><bdi class="nowrap">{}</bdi>{}</time>').format(value.isoformat(), shown, beside(value))


def full_day(value: date, country: str | None = None) -> Markup:
    shown = f"{format.weekday(value)} {format.gregorian(value, country)}"
    return Markup('<time datetime="{}"><bdi>{}</bdi>{}</time>').format(value.isoformat(), shown, beside(value))


def beside(value: date) -> Markup:
    """The Hijri date in brackets after a Gregorian one, for who wants it."""
    found = format.hijri_beside(value)
    return Markup(' <span class="hijri nowrap">(<bdi>{}</bdi>)</span>').format(found) if found else Markup()


def moment(value: datetime, zone: str, country: str | None = None) -> Markup:
    """A day and an hour on the reader's wall, or on that of `zone`, the seller's."""
    wall = format.reader_zone(zone)
    date_there = format.local_day(value, wall)
    return Markup('<time datetime="{}"><bdi class="nowrap">{}</bdi>{}{}<bdi dir="ltr">{}</bdi></time>').format(
        value.isoformat(), format.gregorian(date_there, country), beside(date_there), format.comma(), format.clock(value, wall)
    )


def code(text: str) -> Markup:
    return Markup('<bdi class="code" dir="ltr">{}</bdi>').format(format.shown(text))


def mono(text: str) -> Markup:
    return Markup('<bdi class="code code--mono" dir="ltr">{}</bdi>').format(format.shown(text))


def name(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)
