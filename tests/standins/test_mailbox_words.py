"""The web mailbox shows names and subjects whole, however they were folded."""

from __future__ import annotations

import base64

import pytest

from wasl.standins.mailserver.web import _words

NAME = "شركة سند للتقنية المحدودة عبر وصل"


def encoded(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


@pytest.mark.parametrize("cut", [3, 10, 19, 20, 25])
def test_a_name_in_two_encoded_words_has_no_gap(cut: int) -> None:
    head = f"From: {encoded(NAME[:cut])}\r\n {encoded(NAME[cut:])}\r\n <wasl@wasl.example>\r\nSubject: {encoded('فاتورة')}\r\n\r\nbody"

    assert _words(head.encode()) == {"From": f"{NAME} <wasl@wasl.example>", "Subject": "فاتورة", "Reply-To": ""}


@pytest.mark.parametrize("subject", ["plain", "café", "=?utf-8?b?a?=", "=?no-such-charset?q?x?="])
def test_any_other_field_is_shown_as_it_came(subject: str) -> None:
    assert _words(f"Subject: {subject}\r\n\r\n".encode())["Subject"] == subject
