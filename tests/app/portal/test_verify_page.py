"""`/v/<token>`: number, date, total, hash, account, and no more."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(issued: Any) -> str:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    return f"/v/{make_link(issued, Link.VERIFY)}"


def words(client: Any, address: str, lang: str = "en") -> str:
    response = client.get(f"{address}?lang={lang}")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_it_says_genuine_once_the_log_has_it(client: Any, logged: Any, address: str) -> None:
    text = words(client, address)

    assert "Yes. It is genuine and unchanged." in text
    assert logged.number in text and "EUR 242.00" in text and bytes(logged.document_sha256).hex() in text
    assert "BE68 5390 0754 7034" in text


def test_what_is_still_waiting_is_said_as_such(client: Any, address: str) -> None:
    text = words(client, address)

    assert "Sealed by the seller; its place in the log will show within seconds." in text
    assert "Yes. It is genuine" not in text


def test_an_altered_document_is_a_clear_no(client: Any, logged: Any, address: str, tamper: Any) -> None:
    tamper(logged)

    assert "No. Do not pay, and ask the seller." in words(client, address)


def test_nothing_of_buyer_lines_or_payment_is_shown(client: Any, logged: Any, address: str) -> None:
    text = words(client, address)

    for secret in ("Leuven", "buyer@example.com", "Accounting, one month", "Awaiting payment", "PO-1"):
        assert secret not in text


def test_it_speaks_arabic(client: Any, logged: Any, address: str) -> None:
    assert "نعم. الفاتورة أصلية ولم تتغيّر." in words(client, address, "ar")


@pytest.mark.parametrize(("lang", "warning"), [("en", "do not pay before you have asked the seller"), ("ar", "فلا تدفع قبل أن تسأل البائع")])
def test_a_code_that_nobody_gave_out_warns_whoever_scanned_it(client: Any, lang: str, warning: str) -> None:
    response = client.get(f"/v/{'A' * 43}?lang={lang}")

    assert response.status_code == 404
    assert warning in response.content.decode()
