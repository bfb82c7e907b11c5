"""Counted words in the reader's digits: gettext's `ngettext` and `npgettext`, with the count already in its place.

Import these instead of Django's: `%(anything)d` of a sentence is its count and is shown as the reader reads figures
("1,200 invoices", «٣ أيام»); other figures of a sentence come formatted, as `%(name)s`. A caller may still write
`% {"num": n}` afterwards.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils import translation

from wasl.app.ui import reader
from wasl.invoice.numerals import grouped

_COUNT = re.compile(r"%\(\w+\)d")


def count(number: int) -> str:
    """"1,200", «١٬٢٠٠»: how many of something, or the number of a page."""
    return grouped(Decimal(number), digits=reader.digits())


def ngettext(singular: str, plural: str, number: int) -> str:
    return _filled(translation.ngettext(singular, plural, number), number)


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    return _filled(translation.npgettext(context, singular, plural, number), number)


def _filled(sentence: str, number: int) -> str:
    return _COUNT.sub(count(number), sentence)
