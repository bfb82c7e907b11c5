"""Telephone numbers as people type them, in any digits, to E.164 and back to something that can be read."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from wasl.app.support.errors import BadPhone
from wasl.invoice.numerals import ascii_digits

CHARS_MAX = 40


def phone(text: str, country: str) -> str:
    """E.164, such as "+966501234567"; a number without a country code is one of `country`. Raises BadPhone."""
    typed = "".join(char for char in ascii_digits(text) if char.isascii()).strip()
    if len(text) > CHARS_MAX or any(char.isalpha() for char in typed):
        raise BadPhone
    try:
        found = phonenumbers.parse(typed, country.upper() or None)
    except NumberParseException:
        raise BadPhone from None
    if not phonenumbers.is_valid_number(found) or found.extension:
        raise BadPhone
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def shown(number: str) -> str:
    """ "+966 50 123 4567": as it is read out."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number
