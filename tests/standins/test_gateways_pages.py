"""What a payer sees and can do on the hosted page of every gateway, in both languages."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from tests.gateway_vectors import GATEWAYS
from tests.standins.gateway_clients import BACK, FORM, PAID, Seller

PAYS, CODE, DECLINED, POOR = "4111111111111111", "4000000000003220", "4000000000000002", "4000000000009995"


@pytest.fixture
def http(gateways: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateways) as client:
        yield client


@pytest.fixture(params=GATEWAYS)
def seller(http: httpx.Client, request: pytest.FixtureRequest) -> Seller:
    return Seller(request.param, http)


def test_page_says_who_is_paid_for_what_and_how_much_in_both_languages(seller: Seller, http: httpx.Client) -> None:
    _, url = seller.payment(amount=1234567)

    for lang, direction, words in (("ar", "rtl", ("شركة سند", "رقم البطاقة")), ("en", "ltr", ("Sanad", "Card number"))):
        page = http.get(url, params={"lang": lang}).raise_for_status()
        assert f'lang="{lang}" dir="{direction}"' in page.text
        for word in (*words, "INV-2026-0042", "12,345.67", "SAR"):
            assert word in page.text, (lang, word)
        assert "script" not in page.text.replace("description", "") and "default-src 'none'" in page.headers["content-security-policy"]


def test_card_pays_once_and_the_way_back_is_there(seller: Seller, http: httpx.Client) -> None:
    payment, url = seller.payment()

    assert http.post(url, data=FORM | {"card": "٤١١١ ١١١١-١١١١ ١١١١"}).status_code == 303
    assert http.post(url, data=FORM | {"card": PAYS}).status_code == 303

    assert seller.state(payment) == PAID[seller.gateway]
    assert BACK in http.get(url).text
    assert len(http.get("/control/payments", params={"id": payment}).json()[0]["attempts"]) == 1


@pytest.mark.parametrize(("answer", "paid"), [({"code": "123456"}, True), ({"refuse": "1"}, False)])
def test_card_that_asks_for_a_code_pays_only_with_it(seller: Seller, http: httpx.Client, answer: dict[str, str], paid: bool) -> None:
    payment, url = seller.payment()
    http.post(url, data=FORM | {"card": CODE})
    assert 'name="code"' in http.get(url).text
    assert http.post(f"{url}/code", data={"code": "000000"}).status_code == 422
    assert seller.state(payment) != PAID[seller.gateway]

    http.post(f"{url}/code", data=answer)

    assert (seller.state(payment) == PAID[seller.gateway]) is paid


@pytest.mark.parametrize("card", [DECLINED, POOR, "4000000000000069", "4000000000000127", "4000000000000408"])
def test_card_that_does_not_pay_is_explained(seller: Seller, http: httpx.Client, card: str) -> None:
    """Another card may be tried, except where the gateway ends the charge with the first."""
    payment, url = seller.payment()

    answer = http.post(url, data=FORM | {"card": card}, params={"lang": "en"}, follow_redirects=True)

    assert 'role="alert"' in answer.text
    assert ("Start again from the invoice" in answer.text) is (seller.gateway in ("tap", "paytabs"))
    http.post(url, data=FORM | {"card": PAYS})
    assert (seller.state(payment) == PAID[seller.gateway]) is (seller.gateway not in ("tap", "paytabs"))


@pytest.mark.parametrize("change", [{"card": "4111111111111112"}, {"card": "<script>"}, {"expiry": "01/20"}, {"expiry": "13/30"}, {"cvc": "12"}])
def test_bad_form_is_explained_and_nothing_is_tried(http: httpx.Client, change: dict[str, str]) -> None:
    seller = Seller("moyasar", http)
    payment, url = seller.payment()

    answer = http.post(url, data=FORM | {"card": PAYS} | change)

    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text and "<script>" not in answer.text
    assert http.get("/control/payments", params={"id": payment}).json()[0]["attempts"] == []


def test_payer_leaves(seller: Seller, http: httpx.Client) -> None:
    payment, url = seller.payment()

    answer = http.post(f"{url}/cancel")

    assert answer.status_code == 303
    ended = {"tap": "CANCELLED", "paytabs": "C", "bank": "cancelled"}
    assert seller.state(payment) == ended.get(seller.gateway, {"stripe": "unpaid", "moyasar": "initiated"}.get(seller.gateway))


@pytest.mark.parametrize("gateway", ["moyasar", "tap", "paytabs"])
def test_stc_pay_asks_for_mobile_and_code(http: httpx.Client, gateway: str) -> None:
    seller = Seller(gateway, http)
    payment, url = seller.payment()
    assert 'name="mobile"' in http.get(url, params={"way": "stc_pay"}).text
    assert http.post(f"{url}/stc", data={"mobile": "123"}).status_code == 422

    http.post(f"{url}/stc", data={"mobile": "٠٥٥٧٨٧٧٩٨٨"})
    http.post(f"{url}/code", data={"code": "123456"})

    assert seller.state(payment) == PAID[gateway]


@pytest.mark.parametrize("gateway", ["tap", "paytabs"])
def test_knet_pays_dinars_and_is_not_there_for_riyals(http: httpx.Client, gateway: str) -> None:
    seller = Seller(gateway, http)
    payment, url = seller.payment(amount=1250, currency="KWD")
    assert "1.250" in http.get(url).text
    assert http.post(f"{url}/knet", data={"card": "8888880000000001", "expiry": "12/34", "pin": "12"}).status_code == 422

    http.post(f"{url}/knet", data={"card": "8888880000000001", "expiry": "12/34", "pin": "1234"})
    riyals, other = seller.payment()
    http.post(f"{other}/knet", data={"card": "8888880000000001", "expiry": "12/34", "pin": "1234"})

    assert seller.state(payment) == PAID[gateway] and seller.state(riyals) != PAID[gateway]


def test_apple_pay_is_one_press(seller: Seller, http: httpx.Client) -> None:
    payment, url = seller.payment()

    http.post(f"{url}/wallet/apple_pay")

    assert seller.state(payment) == PAID[seller.gateway]


def test_presented_bill_is_paid_by_its_two_numbers_once(http: httpx.Client) -> None:
    seller = Seller("bank", http)
    made = seller.ask(method="bill").json()
    form = {"biller": made["bill"]["biller"], "number": made["bill"]["number"]}
    assert http.post("/bank/bills", data=form | {"number": "1"}).status_code == 422 and http.get("/bank/bills").status_code == 200

    assert "115.00" in http.post("/bank/bills", data=form).text

    assert seller.state(made["id"]) == "succeeded" and http.post("/bank/bills", data=form).status_code == 422
    assert seller.ask(method="shells").status_code == 422


def test_page_that_expired_takes_no_card(http: httpx.Client) -> None:
    for gateway, change in (("bank", {"expires_at": 4_000_000_000}), ("tap", {}), ("stripe", {})):
        seller = Seller(gateway, http)
        payment, url = seller.payment(**change)
        seller.act("expire", payment=payment)

        http.post(url, data=FORM | {"card": PAYS})

        assert seller.state(payment) != PAID[gateway] and BACK in http.get(url).text


def test_slow_card_pays_later(http: httpx.Client) -> None:
    seller = Seller("moyasar", http)
    payment, url = seller.payment()
    http.post(url, data=FORM | {"card": "4000000000000119"})
    assert "refresh" in http.get(url).headers

    for _ in range(100):
        if seller.state(payment) == "paid":
            return
        time.sleep(0.05)
    pytest.fail("never paid")


def test_paytabs_comes_back_by_a_signed_form(http: httpx.Client) -> None:
    seller = Seller("paytabs", http)
    payment, url = seller.payment()
    http.post(url, data=FORM | {"card": PAYS})
    page = http.get(url).text

    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    signature = fields.pop("signature")
    base = urlencode({name: value for name, value in sorted(fields.items()) if value})
    assert f'action="{BACK}"' in page and fields["tranRef"] == payment and fields["respStatus"] == "A"
    assert hmac.new(seller.key.encode(), base.encode(), hashlib.sha256).hexdigest() == signature


def test_another_payments_page_is_not_guessed_and_hostile_words_stay_words(seller: Seller, http: httpx.Client) -> None:
    change = {"moyasar": {"description": "<img src=x onerror=alert(1)>"}, "tap": {"description": "<img src=x onerror=alert(1)>"}}.get(
        seller.gateway, {}
    )
    _, url = seller.payment(**change)
    page = http.get(url).text

    assert "<img" not in page
    assert http.get(url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 404
