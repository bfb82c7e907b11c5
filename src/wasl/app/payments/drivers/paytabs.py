"""The driver of PayTabs (PT2): one address, `tran_type` says what is wanted; amounts are major units, answers carry text.

PayTabs knows a page only once somebody has used it. So a payment's id carries what we asked for beside `tran_ref`, and a
page that is not known yet is a pending payment. Nothing is idempotent beyond two minutes of one `cart_id`: refunds and
charges of a saved card look for an earlier one of our key first. Pages cannot be taken back and have no expiry of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import httpx

from wasl.app.payments.drivers import hooks, port, wire
from wasl.app.payments.drivers.base import BaseDriver, reading
from wasl.app.payments.drivers.port import (
    CANCELLED,
    EXPIRED,
    FAILED,
    PENDING,
    SUCCEEDED,
    Account,
    Failure,
    Finding,
    GatewayDown,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    KeyRefused,
    Notice,
    Order,
    SavedMethod,
    WebhookRefused,
)
from wasl.app.payments.drivers.units import from_major, number, whole
from wasl.errors import Words

STATUS = MappingProxyType({"A": SUCCEEDED, "H": PENDING, "P": PENDING, "V": CANCELLED, "E": FAILED, "D": FAILED, "X": EXPIRED, "C": CANCELLED})
METHOD = MappingProxyType({"card": "creditcard", "mada": "mada", "apple_pay": "applepay", "stc_pay": "stcpay", "knet": "knet", "benefit": "benefit"})
FAMILY = MappingProxyType({"mada": "mada", "knet": "knet", "benefit": "benefit", "stcpay": "stc_pay", "applepay": "apple_pay"})
FAILURE = MappingProxyType(
    {
        "310": port.AUTHENTICATION,
        "316": port.INSUFFICIENT_FUNDS,
        "321": port.GIVEN_UP,
        "345": port.AUTHENTICATION,
        "355": port.TIMEOUT,
        "400": port.UNAVAILABLE,
        "401": port.UNAVAILABLE,
        "600": port.OTHER,
    }
)
DUPLICATE, INVALID = 4, 2
TWO_MINUTES = Words("the same request came less than two minutes ago", "وصل الطلب نفسه قبل أقل من دقيقتين")
NO_CANCEL = Words("a PayTabs page cannot be taken back", "لا تُلغى صفحة PayTabs بعد إنشائها")


class PayTabs(BaseDriver):
    name = "paytabs"
    features = frozenset({port.SAVE, port.CHARGE_SAVED, port.PARTIAL_REFUND, port.FIND})
    families = ("card", "mada", "apple_pay", "stc_pay", "knet", "benefit")
    currencies = frozenset(
        {"AED", "BHD", "EGP", "EUR", "GBP", "HKD", "IDR", "INR", "IQD", "JOD", "JPY", "KWD", "MAD", "OMR", "PKR", "QAR", "SAR", "USD"}
    )
    regions = MappingProxyType(
        {
            "SA": "https://secure.paytabs.sa",
            "AE": "https://secure.paytabs.com",
            "EG": "https://secure-egypt.paytabs.com",
            "OM": "https://secure-oman.paytabs.com",
            "JO": "https://secure-jordan.paytabs.com",
            "KW": "https://secure-kuwait.paytabs.com",
            "IQ": "https://secure-iraq.paytabs.com",
            "MA": "https://secure-morocco.paytabs.com",
            "QA": "https://secure-doha.paytabs.com",
            "GLOBAL": "https://secure-global.paytabs.com",
        }
    )
    needs_profile = True
    signs_with_key = True

    def __init__(self, account: Account, *, http: httpx.Client | None = None) -> None:
        super().__init__(account, http=http)
        self.secrets = self.secrets or (account.key,)  # the server key is what notices are signed with

    def create(self, order: Order) -> GatewayPayment:
        body = self._sale(order, "ecom") | {"return": order.return_url, "hide_shipping": True, "paypage_lang": order.language}
        if order.method in METHOD:
            body["payment_methods"] = [METHOD[order.method]]
        if order.save:
            body["tokenise"] = 2
        if order.payer_name and order.payer_email:
            body["customer_details"] = {"name": order.payer_name, "email": order.payer_email}
        answer = self._call("/payment/request", body)
        if answer.get("code") == DUPLICATE:  # the first answer was lost on its way, or another tab asked at the same moment
            found = self.find(order.reference)
            if found is None:
                raise GatewayDown(reason=TWO_MINUTES)
            return found
        with reading():
            return self._asked(answer, wire.web_address(answer["redirect_url"], base=self._base))

    def fetch(self, gateway_id: str) -> GatewayPayment:
        tran, _, asked = gateway_id.partition("_")
        answer = self._call("/payment/query", {"tran_ref": wire.place(tran)}, reads=frozenset({400, 404}))
        if answer.get("code") is not None:  # nobody has used the page yet
            if answer.get("code") != INVALID or not asked:
                raise GatewayRefused(reason=Words("there is no such payment", "لا توجد دفعة بهذا المعرّف"))
            with reading():
                amount, currency, cart = asked.split("_", 2)
                units = whole(int(amount))
            return GatewayPayment(gateway_id, PENDING, units, currency, self.account.merchant, cart, "")
        with reading():
            if wire.identifier(answer["tran_ref"]) != tran:
                raise ValueError("another transaction")
            cart = wire.identifier(answer["cart_id"])
            return self._transaction(answer, self._cart(cart) if STATUS[answer["payment_result"]["response_status"]] == SUCCEEDED else [])

    def find(self, reference: str) -> GatewayPayment | None:
        rows = self._cart(wire.place(reference))
        with reading():
            sales = [row for row in rows if str(row.get("tran_type")).lower() == "sale"]
            paid = [row for row in sales if row["payment_result"]["response_status"] == "A"]
            chosen = (paid or sales)[:1]
            return self._transaction(chosen[0], rows) if chosen else None

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        payment = self.fetch(gateway_id)
        known = next((refund for refund in payment.refunds if refund.reference == key and refund.status != FAILED), None)
        if known is not None:
            return known
        body = {
            "tran_type": "refund",
            "tran_class": "ecom",
            "cart_id": payment.reference,
            "cart_currency": payment.currency,
            "cart_amount": number(amount, payment.currency),
            "cart_description": key,
            "tran_ref": payment.id.partition("_")[0],
        }
        answer = self._call("/payment/request", body)
        if answer.get("code") == DUPLICATE:
            raise GatewayDown(reason=TWO_MINUTES)
        with reading():
            refund, code = _refund(answer, payment.currency), str(answer["payment_result"].get("response_code"))
        if refund.status == FAILED:
            raise GatewayRefused(reason=code[:20])
        return refund

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        raise GatewayRefused(reason=NO_CANCEL)

    def charge(self, order: Order, token: str) -> GatewayPayment:
        earlier = self.find(order.reference)
        if earlier is not None:
            return earlier
        first, _, card = token.partition("/")
        answer = self._call("/payment/request", self._sale(order, "recurring") | {"tran_ref": wire.place(first), "token": wire.place(card)})
        if answer.get("code") == DUPLICATE:
            raise GatewayDown(reason=TWO_MINUTES)
        with reading():
            return self._transaction(answer, [])

    def forget(self, token: str) -> None:
        card = wire.place(token.partition("/")[2])
        try:
            self._call("/payment/token/delete", {"token": card})
        except KeyRefused:
            raise
        except GatewayRefused:  # gone already
            return

    def check(self) -> list[Finding]:
        """Asks for a cart that cannot be: an empty answer says that key, profile and region fit together."""
        return [*self.check_key(lambda: self._call("/payment/query", {"cart_id": "wasl-check"})), self.check_mode(), self.check_secret()]

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        given = hooks.header(headers, "Signature").strip().lower()
        if not given or not given.isascii():
            raise WebhookRefused(reason=hooks.UNSIGNED)
        hooks.require_one([given.encode()], [hooks.mac(secret, body) for secret in self.secrets])
        event = hooks.event(body)
        try:
            status = wire.text(wire.obj(event.get("payment_result")).get("response_status"), most=2)
            tran = wire.identifier(event.get("tran_ref"))
        except ValueError:
            raise WebhookRefused(reason=hooks.NO_EVENT) from None
        return hooks.notice(f"{tran}:{status}", event.get("previous_tran_ref") or tran, event.get("cart_id"))

    # -- the wire ------------------------------------------------------------------------------------------------------

    def _call(self, path: str, body: Mapping[str, Any], *, reads: frozenset[int] = frozenset()) -> wire.Answer:
        headers = {"authorization": self.account.key}
        profile = int(self.account.profile) if self.account.profile.isascii() and self.account.profile.isdigit() else self.account.profile
        return wire.ask(self._http, "POST", self._base + path, headers=headers, body={"profile_id": profile, **body}, reads=reads)

    def _cart(self, cart: str) -> list[dict[str, Any]]:
        """Every transaction under our reference, the newest first; none where nobody has used the page."""
        try:
            answer = self._call("/payment/query", {"cart_id": cart})
        except KeyRefused:
            raise
        except GatewayRefused:
            return []
        with reading():
            return wire.rows(answer["rows"]) if "rows" in answer else []

    def _sale(self, order: Order, kind: str) -> dict[str, Any]:
        return {
            "tran_type": "sale",
            "tran_class": kind,
            "cart_id": order.reference,
            "cart_currency": order.currency,
            "cart_amount": number(order.amount, order.currency),
            "cart_description": f"{order.description_ar} · {order.description_en}"[:128],
            "callback": order.webhook_url,
        }

    # -- what the answers say ------------------------------------------------------------------------------------------

    def _asked(self, value: Mapping[str, Any], url: str) -> GatewayPayment:
        """A page that was made just now."""
        currency, cart = wire.text(value["cart_currency"], most=3), wire.identifier(value["cart_id"])
        amount = from_major(value["cart_amount"], currency)
        place = _id(value["tran_ref"], amount, currency, cart)
        return GatewayPayment(place, PENDING, amount, currency, self._merchant(value), cart, url)

    def _transaction(self, value: Mapping[str, Any], cart_rows: list[dict[str, Any]]) -> GatewayPayment:
        if str(value["tran_type"]).lower() != "sale":
            raise ValueError("not a sale")  # a refund's success is no payment
        result, info = wire.obj(value["payment_result"]), wire.obj(value.get("payment_info"))
        status, asked_in = STATUS[result["response_status"]], wire.text(value["cart_currency"], most=3)
        asked, cart = from_major(value["cart_amount"], asked_in), wire.identifier(value["cart_id"])
        currency = wire.text(value.get("tran_currency") or asked_in, most=3)
        tran = wire.identifier(value["tran_ref"])
        rows = [row for row in cart_rows if row.get("previous_tran_ref") == tran and str(row.get("tran_type")).lower() == "refund"]
        return GatewayPayment(
            id=_id(tran, asked, asked_in, cart),
            status=status,
            amount=from_major(value["tran_total"], currency) if status == SUCCEEDED else asked,
            currency=currency,
            merchant=self._merchant(value),
            reference=cart,
            hosted_url="",
            refunds=tuple(_refund(row, currency) for row in rows if row.get("cart_currency") == currency),
            method=_method(value, info) if status == SUCCEEDED else None,
            failure=_failure(result) if status in (FAILED, CANCELLED, EXPIRED) else None,
        )

    def _merchant(self, value: Mapping[str, Any]) -> str:
        theirs = value.get("profileId") or value.get("profile_id")
        return self.account.merchant if theirs is None else self.named(theirs, self.account.profile)


def _id(tran: Any, amount: int, currency: str, cart: str) -> str:
    return wire.identifier(f"{wire.identifier(tran)}_{amount}_{currency}_{cart}")


def _refund(value: Mapping[str, Any], currency: str) -> GatewayRefund:
    status = STATUS[wire.obj(value["payment_result"])["response_status"]]
    if value["cart_currency"] != currency or str(value["tran_type"]).lower() != "refund":
        raise ValueError("not a refund of this payment")
    state = status if status in (SUCCEEDED, PENDING) else FAILED
    return GatewayRefund(
        wire.identifier(value["tran_ref"]), from_major(value["cart_amount"], currency), str(value.get("cart_description") or ""), state
    )


def _method(value: Mapping[str, Any], info: Mapping[str, Any]) -> SavedMethod:
    token = f"{wire.identifier(value['tran_ref'])}/{wire.identifier(value['token'])}" if value.get("token") else ""
    brand, last4 = str(info.get("card_scheme") or "")[:20], str(info.get("payment_description") or "")[-4:]
    kind = str(info.get("payment_method") or "").lower().replace(" ", "")
    year, month = info.get("expiryYear"), info.get("expiryMonth")
    expires = f"{whole(year):04d}-{whole(month):02d}" if year and month else ""
    return SavedMethod(token, FAMILY.get(kind, "card"), brand.lower(), last4 if last4.isdigit() else "", expires)


def _failure(result: Mapping[str, Any]) -> Failure:
    code = str(result.get("response_code") or "")[:20]
    return Failure(FAILURE.get(code, port.DECLINED), code)
