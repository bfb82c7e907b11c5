"""T82: a card number typed anywhere is masked, in any script and however it is cut up; other numbers stay as they are."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasl.app.logs import HIDDEN, logging_config, redact
from wasl.app.payments.pan import holds_card, masked

VISA, MADA, AMEX = "4111111111111111", "4201320111111010", "378282246310005"
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@pytest.mark.parametrize(
    "text",
    [
        VISA, MADA, AMEX, "5555555555554444", "2223003122003222", "6200000000000005", "30569309025904", "4222222222222",
        "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111", "4111 1111 1111 1111", "4111\u200f1111\u200f1111\u200f1111",
        "4111  1111  1111  1111", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4111‐1111–1111—1111", "4111\n1111\n1111\n1111", "4111/1111/1111/1111",
        VISA.translate(ARABIC), "٤١١١ ١١١١ ١١١١ ١١١١", VISA.translate(PERSIAN), "41١١11۱۱1111١١11", "４１１１１１１１１１１１１１１１",
        f"بطاقتي {VISA} وتنتهي 12/40 والرمز 123", f"card{VISA}", f"12 {VISA}", f"{VISA} 12/40 123", f"a\n{VISA}\nb {MADA}",
    ],
)  # fmt: skip
def test_t82_a_card_number_is_masked(text: str) -> None:
    hidden = masked(text)

    assert holds_card(text) and "••••" in hidden
    assert not holds_card(hidden) and masked(hidden) == hidden
    digits = "".join(c for c in hidden if c.isdecimal())
    assert len(digits) <= 4 * text.count("0") + 24, "no more than the last four of a card is left"


@pytest.mark.parametrize(
    "text",
    [
        "SA0380000000608010167519", "SA03 8000 0000 6080 1016 7519", "JO94CBJO0010000000000131000302", "BE68 5390 0754 7034",
        "300055184400003", "INV-2026-000042", "0501234567", "+966 50 123 4567", "4111111111111112", "1234567890123", "0000000000000000",
        "31,583.93", "2026-11-27T18:27:04.730", "0194c1f0-a000-7000-8000-00000000abcd", "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
        "8" * 16, "4" * 30, "", "RF18539007547034", "978020137962",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="0123456789 -٠١٢٣٤٥٦٧٨٩ab.", max_size=200))
def test_t103_any_text_is_masked_once_and_quickly(text: str) -> None:
    """T103"""
    once = masked(text)
    assert masked(once) == once


def test_t103_a_long_run_of_digits_takes_no_time() -> None:
    """T103: tens of thousands of digits, alone and cut up."""
    for text in ("1" * 50_000, "4 1 " * 5_000, "4111 " * 10_000):
        masked(text)


def test_t82_a_card_number_is_not_logged(capsys: Any) -> None:
    """T82"""
    assert VISA not in redact(f"paid with {VISA}") and HIDDEN in redact(f"paid with {VISA}")
    logging.config.dictConfig(logging_config("info"))
    try:
        raise ValueError(f"no such card: {VISA.translate(ARABIC)} / 4111-1111-1111-1111")
    except ValueError:
        logging.getLogger("wasl.test").exception("typed %s", VISA)
    line = capsys.readouterr().err
    assert json.loads(line.splitlines()[-1])
    assert VISA not in line and VISA.translate(ARABIC) not in line and "4111-1111" not in line
