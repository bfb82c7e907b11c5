"""How PayTabs writes a page, a transaction, a follow-up, a notice and the way back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wasl.standins.gateways.cards import decimal_text
from wasl.standins.gateways.store import Row, new_uuid

if TYPE_CHECKING:
    from wasl.standins.gateways.paytabs import PayTabs

MERCHANT_NUMBER = 2550
# Ours -> status, code, words
FAILURES = {
    "declined": ("D", "300", "Declined"), "lost_card": ("D", "354", "Declined by issuer"), "stolen_card": ("D", "354", "Declined by issuer"),
    "no_funds": ("D", "316", "Insufficient funds"), "wrong_cvc": ("D", "305", "Card security code (CVV) mismatch"),
    "authentication": ("D", "310", "3D Secure authentication rejected"), "expired_card": ("D", "300", "Declined"),
    "timeout": ("E", "400", "Acquirer timeout"), "other": ("E", "600", "Transaction error"),
}  # fmt: skip
SCHEMES = {
    "visa": ("Visa", "Credit", "Visa"), "mastercard": ("MasterCard", "Credit", "MasterCard"), "mada": ("mada", "Debit", "mada"),
    "knet": ("KNET", "Debit", "KNET"), "stc_pay": ("STCPAY", "Wallet", "STCPAY"),
}  # fmt: skip
NOBODY = {"card_scheme": "", "payment_description": "No Payment"}
LIST_LEAVES = ("paymentChannel", "profileId", "merchantId", "trace", "token")


def trace(prefix: str = "PMNT") -> str:
    number = new_uuid().replace("-", "").upper()
    return f"{prefix}{int(number[:4], 16) % 10000:04}.{number[4:12]}.{number[12:20]}"


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def amount_text(amount: int, currency: str) -> str:
    return decimal_text(amount, currency, "")


def outcome(payment: Row) -> Row:
    """`payment_result` of a page's transaction."""
    last = payment["attempts"][-1] if payment["attempts"] else None
    at = last["at"] if last else payment["updated"]
    if payment["state"] == "paid" and last:
        status, code, words = "A", f"G{last['code']}", "Authorised"
    elif payment["state"] == "failed":
        status, code, words = FAILURES.get(payment["failure"], FAILURES["other"])
    elif payment["state"] == "cancelled":
        status, code, words = "C", "321", "Cancelled"
    elif payment["state"] == "expired":
        status, code, words = "X", "355", "Transaction expired"
    else:
        status, code, words = "P", "", "Pending"
    return {"response_status": status, "response_code": code, "response_message": words, "transaction_time": moment(at)}


def paid_with(payment: Row) -> Row:
    last = payment["attempts"][-1] if payment["attempts"] else payment["pending"]
    if not last or "first6" not in last:
        return dict(NOBODY)
    method, kind, scheme = SCHEMES.get(last["brand"], SCHEMES["visa"])
    shown = f"{last['first6'][:4]} {last['first6'][4:]}## #### {last['last4']}" if last["first6"] else method
    about = {"payment_method": method, "card_type": kind, "card_scheme": scheme, "payment_description": shown}
    return about | {"expiryMonth": last["month"], "expiryYear": last["year"]}


def page_shape(paytabs: PayTabs, account: Row, payment: Row) -> Row:
    asked = payment["request"]
    shape = {
        "tran_ref": payment["id"], "tran_type": "Sale", "cart_id": payment["reference"], "cart_description": asked["cart_description"],
        "cart_currency": payment["currency"], "cart_amount": amount_text(payment["amount"], payment["currency"]), "tran_total": "0",
        "callback": payment["notify_url"], "return": payment["return_url"], "redirect_url": paytabs.engine.origin + paytabs.page_path(payment),
        "customer_details": asked.get("customer_details") or {}, "serviceId": 2, "profileId": account["profile"],
        "merchantId": MERCHANT_NUMBER, "trace": trace(),
    }  # fmt: skip
    return {name: value for name, value in shape.items() if value != ""}


def sale_shape(account: Row, payment: Row) -> Row:
    """A transaction as the query answers it; a charge of a token names the transaction that its token came from."""
    asked, more = payment["request"], payment["more"]
    told = payment["lie"].get("amount", payment["amount"])
    currency = payment["lie"].get("currency", payment["currency"])
    amount = amount_text(told, currency)
    last = payment["attempts"][-1] if payment["attempts"] else None
    shape: Row = {"tran_ref": payment["id"]} | ({"previous_tran_ref": more["previous"]} if more.get("previous") else {})
    shape |= {
        "tran_type": "Sale", "cart_id": payment["reference"], "cart_description": asked["cart_description"], "cart_currency": currency,
        "cart_amount": amount, "tran_currency": currency, "tran_total": amount, "customer_details": more["customer"],
        "payment_result": outcome(payment), "payment_info": paid_with(payment), "serviceId": 2 if payment["hosted"] else 1,
        "paymentChannel": "Payment Page" if payment["hosted"] else "Transaction API", "profileId": account["profile"],
        "merchantId": MERCHANT_NUMBER, "trace": trace(),
    }  # fmt: skip
    if payment["hosted"] and last and last["token"]:
        shape["token"] = last["token"]
    return shape | {name: value for name, value in payment["lie"].items() if name in shape}


def follow_shape(account: Row, payment: Row, follow: Row) -> Row:
    """A refund, granted or not: a transaction of its own."""
    status, code, words = follow["result"]
    return {
        "tran_ref": follow["id"], "previous_tran_ref": payment["id"], "tran_type": "Refund", "cart_id": follow["cart"],
        "cart_description": follow["description"], "cart_currency": follow["currency"], "cart_amount": follow["amount"],
        "tran_currency": follow["currency"], "tran_total": follow["amount"], "customer_details": payment["more"]["customer"],
        "payment_result": {"response_status": status, "response_code": code, "response_message": words, "transaction_time": moment(follow["at"])},
        "payment_info": paid_with(payment), "serviceId": 1, "paymentChannel": "Transaction API", "profileId": account["profile"],
        "merchantId": MERCHANT_NUMBER, "trace": trace(),
    }  # fmt: skip


def listed(shape: Row) -> Row:
    """A transaction as it stands in the list of a cart."""
    return {name: value for name, value in shape.items() if name not in LIST_LEAVES} | {"serviceId": 0}


def notice_shape(shape: Row, payment: Row) -> Row:
    """The body of the instant payment notification."""
    kept = {name: value for name, value in shape.items() if name not in ("profileId", "merchantId", "serviceId", "trace", "paymentChannel")}
    result: Row = shape["payment_result"] | {"acquirer_ref": trace("TRAN"), "cvv_result": " ", "avs_result": " "}
    security: dict[str, Any] = {
        "responseLevel": 1, "responseStatus": 1, "enrolled": "N", "paResStatus": "", "eci": "", "cavv": "", "ucaf": "",
        "threeDSVersion": "Test/Simulation",
    }  # fmt: skip
    kept |= {"merchant_id": shape["merchantId"], "profile_id": shape["profileId"], "payment_result": result}
    kept |= {"tran_class": "ECom" if payment["hosted"] else "Recurring", "threeDSDetails": security, "ipn_trace": trace("IPNS")}
    return kept | {"paymentChannel": shape["paymentChannel"]}
