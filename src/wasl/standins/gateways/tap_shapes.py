"""How Tap writes a charge, a refund, a token, a payout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wasl.standins.gateways.numbers import major
from wasl.standins.gateways.store import Row

if TYPE_CHECKING:
    from wasl.standins.gateways.tap import Tap

# Ours -> status, code, words
FAILURES = {
    "declined": ("DECLINED", "507", "Declined, Card Issuer"), "no_funds": ("DECLINED", "505", "Declined, Insufficient Funds"),
    "expired_card": ("FAILED", "407", "Failed, Expired Card"), "wrong_cvc": ("DECLINED", "502", "Declined, Incorrect CSC/CVV"),
    "authentication": ("DECLINED", "503", "Declined, 3D Security - Incorrect"), "timeout": ("TIMEDOUT", "801", "Timed Out"),
    "other": ("FAILED", "408", "Failed, Unspecified Failure"), "lost_card": ("DECLINED", "507", "Declined, Card Issuer"),
    "stolen_card": ("DECLINED", "507", "Declined, Card Issuer"), "absent": ("DECLINED", "512", "Declined, Not Authenticated"),
}  # fmt: skip
BRANDS = {"visa": ("VISA", "VISA", "CREDIT"), "mastercard": ("MASTERCARD", "MASTERCARD", "CREDIT"), "mada": ("MADA", "VISA", "DEBIT")}
REFUNDS = {"pending": ("PENDING", "100", "Pending"), "succeeded": ("REFUNDED", "000", "Refunded"), "failed": ("DECLINED", "501", "Declined")}


def status_of(payment: Row) -> tuple[str, str, str]:
    if payment["state"] == "paid":
        return "CAPTURED", "000", "Captured"
    if payment["state"] == "failed":
        absent = payment["failure"] == "authentication" and not payment["hosted"]
        return FAILURES["absent" if absent else payment["failure"]] if payment["failure"] in FAILURES else FAILURES["other"]
    return {"cancelled": ("CANCELLED", "302", "Canceled"), "expired": ("ABANDONED", "301", "Abandoned")}.get(
        payment["state"], ("INITIATED", "100", "Initiated")
    )


def activity(payment: Row, number: int, status: str, remark: str, at: float) -> Row:
    shown = {
        "id": f"activity_TS{number}{payment['id'][-22:]}",
        "object": "activity",
        "created": int(at * 1000),
        "status": status,
        "currency": payment["currency"],
        "amount": major(payment["amount"], payment["currency"]),
    }
    return shown | {"remarks": remark}


def charge_shape(tap: Tap, payment: Row, method: str) -> Row:
    account, asked, more = tap.engine.account_of(payment), payment["request"], payment["more"]
    status, code, message = status_of(payment)
    amount, currency = major(payment["amount"], payment["currency"]), payment["currency"]
    last = payment["attempts"][-1] if payment["attempts"] else None
    transaction: Row = {
        "timezone": "UTC+03:00",
        "created": str(int(payment["created"] * 1000)),
        "expiry": {"period": more["period"], "type": "MINUTE"},
        "asynchronous": False,
        "amount": amount,
        "currency": currency,
    }
    customer = {name: value for name, value in more["customer"].items() if name != "id"}
    shape: Row = {
        "id": payment["id"], "object": "charge", "live_mode": False, "customer_initiated": more["customer_initiated"], "api_version": "V2",
        "method": method, "status": status, "amount": amount, "currency": currency, "threeDSecure": more["three_d"],
        "card_threeDSecure": False, "save_card": payment["save"], "product": "GOSELL", "description": asked.get("description", ""),
        "metadata": asked.get("metadata") or {}, "transaction": transaction, "reference": dict(asked.get("reference") or {}),
        "response": {"code": code, "message": message}, "receipt": asked.get("receipt") or {"email": False, "sms": False}, "customer": customer,
        "merchant": {"country": account["country"], "currency": account["currency"], "id": account["number"]},
        "source": {"object": "source", "id": asked["source"]["id"], "on_file": False},
        "redirect": {"status": "PENDING", "url": payment["return_url"]}, "post": {"status": "PENDING", "url": payment["notify_url"]},
        "activities": [activity(payment, 1, "INITIATED", "charge - created", payment["created"])], "auto_reversed": False,
    }  # fmt: skip
    if not payment["notify_url"]:
        del shape["post"]
    if last is None:
        if status == "INITIATED":
            transaction["url"] = tap.engine.origin + tap.page_path(payment)
        return lied(shape, payment)
    return lied(shape | _tried(tap, payment, shape, last, status), payment)


def lied(shape: Row, payment: Row) -> Row:
    told = {
        name: major(value, payment["currency"]) if name == "amount" and isinstance(value, int) else value
        for name, value in payment["lie"].items()
        if name in shape
    }
    return shape | told


def _tried(tap: Tap, payment: Row, shape: Row, last: Row, status: str) -> Row:
    """What a charge says once somebody tried to pay it."""
    more, captured = payment["more"], status == "CAPTURED"
    serial, digits = last["serial"], last["rrn"] + last["code"] + "00"
    changed: Row = {
        "reference": {"track": f"tck_TS{serial}", "payment": digits[:19], "gateway": f"{last['method']}_pg{last['gateway']}",
            "acquirer": last["rrn"]} | shape["reference"],
        "gateway": {"response": {"code": "51", "message": "Declined"}},
        "receipt": {"id": last["gateway"] + "000"} | shape["receipt"], "customer": {"id": more["customer_id"]} | shape["customer"],
        "activities": [*shape["activities"], activity(payment, 2, status, f"charge - {'captured' if captured else 'declined'}", last["at"])],
        "source": source_shape(payment, last),
    }  # fmt: skip
    if "post" in shape:
        changed["post"] = {"attempt": 1, "status": tap.post_status(payment), "url": payment["notify_url"]}
    if payment["hosted"]:
        changed["redirect"] = {"status": "SUCCESS", "url": payment["return_url"]}
    if captured:
        changed["gateway"]["response"] = {"knet": {"code": "00", "message": "CAPTURED"}, "stc_pay": {"code": "2", "message": "Paid"}}.get(
            last["method"], {"code": "000", "message": "Approved"}
        )
    carded = last["first6"] and last["method"] != "knet"
    if carded:
        changed["acquirer"] = {"response": {"code": "00", "message": "Approved"} if captured else {"code": "51", "message": "Declined"}}
    if carded and payment["hosted"]:
        scheme, brand, _ = BRANDS.get(last["brand"], BRANDS["visa"])
        changed["card"] = {
            "object": "card",
            "first_six": last["first6"],
            "first_eight": f"{last['first6']}00",
            "scheme": scheme,
            "brand": brand,
            "last_four": last["last4"],
        }
        if captured:
            changed["transaction"] = shape["transaction"] | {"authorization_id": last["authorisation"]}
        changed["security"] = {"threeDSecure": {"id": f"3ds_TS{serial}", "status": "Y" if last["outcome"] != "authentication" else "N"}}
    return changed | _agreement(tap, payment, last, changed)


def _agreement(tap: Tap, payment: Row, last: Row, changed: Row) -> Row:
    """Saved card: its id and the agreement; a charge of it: the agreement again."""
    more = payment["more"]
    agreement = tap.store.get("tap.agreement", more.get("agreement") or "")
    if agreement is None or not last["token"]:
        return {}
    if not payment["hosted"]:
        return {
            "payment_agreement": {
                "id": agreement["id"],
                "total_payments_count": more["count"],
                "contract": {"id": last["token"], "type": "UNSCHEDULED"},
            }
        }
    contract = {"id": last["token"], "customer_id": more["customer_id"], "type": "SAVED_CARD"}
    about = {"txn_type": "CHARGE", "txn_id": payment["id"], "terminal_id": f"ter_{last['serial']}"}
    shown = {
        "id": agreement["id"],
        "amount_variability": "VARIABLE",
        "type": "UNSCHEDULED",
        "total_payments_count": 1,
        "contract": contract,
        "metadata": about,
    }
    return {"card": {"id": last["token"]} | changed["card"], "payment_agreement": shown}


def source_shape(payment: Row, last: Row) -> Row:
    if last["method"] == "knet":
        return {
            "object": "source",
            "type": "CARD_NOT_PRESENT",
            "payment_type": "DEBIT",
            "payment_method": "KNET",
            "channel": "INTERNET",
            "id": "src_kw.knet",
        }
    if last["method"] == "stc_pay":
        return {
            "object": "source",
            "type": "CARD_NOT_PRESENT",
            "channel": "INTERNET",
            "id": "src_sa.stcpay",
            "phone": {"country_code": "966", "number": "557877988"},
            "on_file": False,
            "payment_method": "STC_PAY",
        }
    if last["method"] in ("apple_pay", "benefit"):
        return {
            "object": "token",
            "type": "CARD_NOT_PRESENT",
            "payment_type": "CREDIT",
            "payment_method": last["method"].upper(),
            "channel": "INTERNET",
            "id": f"tok_{last['serial']}",
        }
    scheme, _, funding = BRANDS.get(last["brand"], BRANDS["visa"])
    return {
        "object": "token",
        "type": "CARD_NOT_PRESENT",
        "payment_type": funding,
        "payment_method": scheme,
        "channel": "INTERNET",
        "id": payment["more"].get("token") or f"tok_{last['serial']}",
    }


def refund_shape(payment: Row, refund: Row) -> Row:
    status, code, message = REFUNDS[refund["state"]]
    asked = refund["more"]["asked"]
    shape = {
        "id": refund["id"], "object": "refund", "api_version": "V2", "live_mode": False, "amount": major(refund["amount"], payment["currency"]),
        "charge_id": payment["id"], "created": str(int(refund["at"] * 1000)), "currency": payment["currency"],
        "status": status, "reference": asked.get("reference") or {}, "response": {"code": code, "message": message},
        "metadata": asked.get("metadata") or {}, "description": asked.get("description", ""), "reason": asked["reason"],
    }  # fmt: skip
    url = (asked.get("post") or {}).get("url")
    return shape | ({"post": {"status": "PENDING", "url": url}} if url else {})


def token_shape(token: Row, card: Row) -> Row:
    scheme, brand, funding = BRANDS.get(card["brand"], BRANDS["visa"])
    inside = {
        "id": card["id"], "object": "card", "funding": funding, "fingerprint": card["serial"], "brand": brand, "scheme": scheme,
        "exp_month": card["month"], "exp_year": card["year"] % 100, "last_four": card["last4"], "first_six": card["first6"],
        "name": card["name"], "customer": card["customer"],
    }  # fmt: skip
    return {
        "id": token["id"],
        "object": "token",
        "created": int(token["created"] * 1000),
        "live_mode": False,
        "type": "SAVED_CARD",
        "used": token["used"],
        "card": inside,
    }


def payout_shape(account: Row, payout: Row) -> Row:
    wallet = {"id": f"wal_{account['id']}", "bank": {"beneficiary_iban": "SA0380000000608010167519"}}
    return {
        "id": payout["id"], "object": "payout", "status": "PAID_OUT", "date": int(payout["at"] * 1000),
        "amount": major(payout["amount"], payout["currency"]), "currency": payout["currency"], "merchant_id": account["number"], "wallet": wallet,
        "settlements_available": True, "bank_reference": payout["bank_reference"],
    }  # fmt: skip


def paid_out(tap: Tap, payment: Row, payout: Row, shape: Row) -> Row:
    """A charge as the list by payout shows it."""
    lines: list[Any] = [line for line in tap.engine.payout_lines(payout) if line["payment"] == payment["id"]]
    fee, net = sum(line["fee"] for line in lines), sum(line["net"] for line in lines)
    return shape | {"payout": {"id": payout["id"], "fee": major(fee, payment["currency"]), "net": major(net, payment["currency"])}}
