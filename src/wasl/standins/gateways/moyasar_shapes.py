"""How Moyasar writes an invoice, a payment, a token, a settlement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wasl.standins.gateways.cards import decimal_text
from wasl.standins.gateways.store import Row

if TYPE_CHECKING:
    from wasl.standins.gateways.moyasar import Moyasar

INVOICE_STATES = {
    "open": "initiated",
    "challenge": "initiated",
    "processing": "initiated",
    "paid": "paid",
    "failed": "failed",
    "cancelled": "canceled",
    "expired": "expired",
}
MESSAGES = {
    "ok": ("00", "APPROVED"), "no_funds": ("51", "INSUFFICIENT FUNDS"), "expired_card": ("54", "DECLINED: EXPIRED CARD"),
    "declined": ("05", "DECLINED"), "lost_card": ("41", "DECLINED: LOST CARD"), "stolen_card": ("43", "DECLINED: STOLEN CARD"),
    "authentication": ("1A", "3-D Secure transaction attempt failed"), "timeout": ("91", "Allowed time frame for transaction has been expired."),
    "wrong_cvc": ("82", "DECLINED: INVALID CVC"),
}  # fmt: skip
EVENTS = {
    "paid": "payment_paid",
    "declined": "payment_failed",
    "refunded": "payment_refunded",
    "voided": "payment_voided",
    "payout": "balance_transferred",
}
TRANSFER_FEE, TRANSFER_TAX = 46, 6  # of one bank transfer, in minor units, as the vendor's example has it
LINES = {"refund_failed": "payment", "chargeback_reversal": "payment"}


def iso(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def money(amount: int, currency: str) -> str:
    return f"{decimal_text(amount, currency)} {currency}"


def invoice_shape(dialect: Moyasar, payment: Row) -> Row:
    fields = payment["request"]
    shape = {
        "id": payment["id"], "status": INVOICE_STATES[payment["state"]], "amount": payment["amount"], "currency": payment["currency"],
        "description": fields["description"], "logo_url": None, "amount_format": money(payment["amount"], payment["currency"]),
        "url": dialect.engine.origin + dialect.page_path(payment), "callback_url": fields.get("callback_url"),
        "expired_at": fields.get("expired_at"), "created_at": iso(payment["created"]), "updated_at": iso(payment["updated"]),
        "back_url": fields.get("back_url"),
        "success_url": fields.get("success_url"),
        "payments": [payment_shape(dialect, payment, attempt, lie=False) for attempt in payment["attempts"]], "metadata": fields.get("metadata"),
    }  # fmt: skip
    return shape | {name: value for name, value in payment["lie"].items() if name in shape}


def told_of(payment: Row, attempt: Row, name: str) -> Any:
    """A payment's own description or metadata where it was given one, that of what was asked for until then."""
    return attempt[name] if name in attempt else payment["request"].get(name)


def payment_shape(dialect: Moyasar, payment: Row, attempt: Row, *, lie: bool = True) -> Row:
    fields, paid, hosted = payment["request"], attempt["outcome"] == "ok", payment["hosted"]
    refunded = dialect.engine.refunded(payment) if paid else 0
    refunded_at = iso(payment["refunds"][-1]["at"]) if paid and payment["refunds"] else None
    voided = payment["more"].get("voided_at") if paid else None
    fee, currency = payment.get("fee", 0) if paid else 0, payment["currency"]
    stc = attempt["method"] == "stc_pay"
    callback = None if stc else f"{dialect.engine.origin}{dialect.page_path(payment)}" if hosted else fields.get("callback_url")
    status = "voided" if voided else ("refunded" if refunded else "paid") if paid else "failed"
    shape = {
        "id": attempt["id"] if hosted else payment["id"], "status": status, "amount": payment["amount"], "fee": fee, "currency": currency,
        "refunded": refunded, "refunded_at": refunded_at, "captured": 0, "captured_at": None,
        "voided_at": iso(voided) if voided else None, "description": told_of(payment, attempt, "description"),
        "amount_format": money(payment["amount"], currency),
        "fee_format": money(fee, currency), "refunded_format": money(refunded, currency),
        "captured_format": money(0, currency), "invoice_id": payment["id"] if hosted else None, "ip": None, "callback_url": callback,
        "created_at": iso(attempt["at"]), "updated_at": iso(payment["updated"]), "metadata": told_of(payment, attempt, "metadata"),
        "source": source_shape(dialect, payment, attempt),
    }  # fmt: skip
    return shape | {name: value for name, value in payment["lie"].items() if name in shape} if lie else shape


def source_shape(dialect: Moyasar, payment: Row, attempt: Row) -> Row:
    code, message = MESSAGES.get(attempt["outcome"], ("99", "UNSPECIFIED FAILURE"))
    if attempt["method"] == "stc_pay":
        url = f"{dialect.engine.origin}{dialect.page_path(payment)}/code"
        return {
            "type": "stcpay",
            "mobile": "055xxxxxxx",
            "reference_number": attempt["rrn"][:11],
            "branch": None,
            "cashier": None,
            "transaction_url": url,
            "message": "Paid" if attempt["outcome"] == "ok" else message,
        }
    company = {"visa": "visa", "mastercard": "master", "mada": "mada"}.get(attempt["brand"], attempt["brand"])
    return {
        "type": "applepay" if attempt["method"] == "apple_pay" else "creditcard", "company": company, "name": attempt["name"],
        "number": f"XXXX-XXXX-XXXX-{attempt['last4']}", "gateway_id": f"moyasar_cc_{attempt['serial'][:22]}", "reference_number": attempt["rrn"],
        "token": attempt["token"], "message": message,
        "transaction_url": f"{dialect.engine.origin}{dialect.page_path(payment)}" if payment["hosted"] else None, "response_code": code,
    }  # fmt: skip


def token_shape(token: Row) -> Row:
    at = iso(token["created"])
    return {
        "id": token["id"], "status": "active", "brand": {"visa": "visa", "mastercard": "master"}.get(token["brand"], token["brand"]),
        "funding": "debit" if token["family"] == "mada" else "credit", "country": "SA" if token["family"] == "mada" else "US",
        "month": f"{token['month']:02}",
        "year": str(token["year"]), "name": token["name"], "last_four": token["last4"], "metadata": None, "message": None, "verification_url": None,
        "created_at": at, "updated_at": at, "expires_at": None,
    }  # fmt: skip


def settlement_shape(dialect: Moyasar, account: Row, payout: Row) -> Row:
    url = f"{dialect.engine.origin}{dialect.prefix}/settlements/{payout['id']}"
    owner = account["id"]
    return {
        "id": payout["id"], "recipient_type": "Entity", "recipient_id": f"{owner[:8]}-{owner[8:12]}-4{owner[12:15]}-8000-{owner[:12]}",
        "currency": payout["currency"], "amount": payout["amount"], "fee": TRANSFER_FEE, "tax": TRANSFER_TAX, "reference": None,
        "settlement_count": len(payout["lines"]), "invoice_url": f"{url}.pdf", "csv_list_url": f"{url}.csv", "pdf_list_url": None,
        "created_at": iso(payout["at"]),
    }  # fmt: skip


def line_shape(dialect: Moyasar, line: Row) -> Row:
    payment: Any = dialect.engine.payment(line["payment"])
    attempt = next(a for a in reversed(payment["attempts"]) if a["outcome"] == "ok")
    return {
        "payment_id": attempt["id"] if payment["hosted"] else payment["id"], "type": LINES.get(line["kind"], line["kind"]),
        "currency": line["currency"], "payment_amount": payment["amount"], "amount": line["net"], "fee": line["fee"], "tax": line["tax"],
        "reference_number": line["rrn"], "created_at": iso(line["at"]), "source": source_shape(dialect, payment, attempt),
        "metadata": told_of(payment, attempt, "metadata"),
    }  # fmt: skip
