"""How Stripe writes a session, an intent, a charge, a refund, a dispute, a payout: every field of the API version, null where it has nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wasl.standins.gateways.store import Row

if TYPE_CHECKING:
    from wasl.standins.gateways.stripe.api import Stripe

NO_SESSION = [
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "branding_settings",
    "client_secret",
    "collected_information",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer_details",
    "customer_email",
    "excluded_payment_method_types",
    "invoice",
    "origin_context",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "recovered_from",
    "redirect_on_completion",
    "return_url",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "submit_type",
    "subscription",
    "tax_id_collection",
    "wallet_options",
]
NO_INTENT = [
    "application",
    "application_fee_amount",
    "automatic_payment_methods",
    "excluded_payment_method_types",
    "on_behalf_of",
    "payment_details",
    "payment_method_configuration_details",
    "processing",
    "receipt_email",
    "review",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
]
NO_CHARGE = [
    "application",
    "application_fee",
    "application_fee_amount",
    "calculated_statement_descriptor",
    "failure_balance_transaction",
    "on_behalf_of",
    "receipt_email",
    "receipt_number",
    "review",
    "shipping",
    "source",
    "source_transfer",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer",
    "transfer_data",
    "transfer_group",
]
NO_PAYOUT = [
    "application_fee",
    "application_fee_amount",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "original_payout",
    "payout_method",
    "reversed_by",
    "statement_descriptor",
    "trace_id",
]
NOBODY = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
# Ours -> code, decline code, words
FAILURES = {
    "declined": ("card_declined", "generic_decline", "Your card was declined."),
    "no_funds": ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "expired_card": ("expired_card", "expired_card", "Your card has expired."),
    "lost_card": ("card_declined", "lost_card", "Your card was declined."),
    "stolen_card": ("card_declined", "stolen_card", "Your card was declined."),
    "wrong_cvc": ("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
    "authentication": ("authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication."),
    "challenge_failed": ("payment_intent_authentication_failure", None, "The provided PaymentMethod has failed authentication. "
    "You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again."),
    "timeout": ("card_declined", "issuer_not_available", "Your card was declined."),
    "unavailable": ("processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit."),
    "other": ("card_declined", "do_not_honor", "Your card was declined."),
}  # fmt: skip
BRANDS = {"visa": "visa", "mastercard": "mastercard", "mada": "visa", "knet": "visa"}
SESSION_STATES = {
    "open": "open",
    "challenge": "open",
    "processing": "open",
    "paid": "complete",
    "failed": "open",
    "cancelled": "open",
    "expired": "expired",
}
INTENT_STATES = {
    "open": "requires_payment_method",
    "challenge": "requires_action",
    "processing": "processing",
    "paid": "succeeded",
    "failed": "requires_payment_method",
    "cancelled": "canceled",
    "expired": "canceled",
}
DISPUTE_STATES = {"open": "needs_response", "won": "won", "lost": "lost"}
KINDS = {
    "payment": ("charge", "charge", None), "refund": ("refund", "refund", "REFUND FOR CHARGE"),
    "refund_failed": ("refund_failure", "refund_failure", "REFUND FAILURE"),
    "chargeback": ("adjustment", "dispute", "Chargeback withdrawal for dispute"),
    "chargeback_reversal": ("adjustment", "dispute_reversal", "Chargeback reversal for dispute"),
}  # fmt: skip


def nulls(names: list[str]) -> Row:
    return dict.fromkeys(names)


def lied(shape: Row, payment: Row) -> Row:
    return shape | {name: value for name, value in payment["lie"].items() if name in shape}


def session_shape(s: Stripe, payment: Row) -> Row:
    more, created = payment["more"], int(payment["created"])
    begun = bool(payment["attempts"]) or payment["state"] in ("challenge", "processing")
    done = payment["state"] in ("paid", "expired", "cancelled")
    currency = payment["currency"].lower()
    saving = (
        {"allow_redisplay_filters": ["always"], "payment_method_remove": "disabled", "payment_method_save": None} if payment["customer"] else None
    )
    return lied(nulls(NO_SESSION) | {
        "id": payment["id"], "object": "checkout.session", "livemode": False, "mode": "payment", "custom_fields": [], "shipping_options": [],
        "discounts": [], "ui_mode": "hosted_page", "customer_creation": None if payment["customer"] else "if_required",
        "amount_subtotal": payment["amount"], "amount_total": payment["amount"], "currency": currency,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None}, "adaptive_pricing": {"enabled": False},
        "custom_text": {"after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None},
        "invoice_creation": {"enabled": False, "invoice_data": {"account_tax_ids": None, "custom_fields": None, "description": None, "footer": None,
            "issuer": None, "metadata": {}, "rendering_options": None}},
        "metadata": more["session_metadata"], "client_reference_id": more["client_reference_id"], "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "payment_method_types": ["card"],
        "phone_number_collection": {"enabled": False}, "payment_status": "paid" if payment["state"] == "paid" else "unpaid",
        "status": SESSION_STATES[payment["state"]], "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "success_url": more["success_url"], "cancel_url": more["cancel_url"], "created": created, "expires_at": int(payment["expires_at"]),
        "customer": payment["customer"], "saved_payment_method_options": saving, "locale": more["locale"],
        "payment_intent": more["intent"] if begun else None, "url": None if done else s.engine.origin + s.page_path(payment),
    }, payment)  # fmt: skip


def card_facts(attempt: Row) -> Row:
    return {
        "brand": BRANDS.get(attempt["brand"], "visa"),
        "exp_month": attempt["month"],
        "exp_year": attempt["year"],
        "last4": attempt["last4"] or "4242",
    }


def last_error(payment: Row, attempt: Row) -> Row:
    code, decline, words = FAILURES[failure_of(payment, attempt)]
    why: Row = {"charge": f"ch_{attempt['serial']}", "code": code}
    if (decline and code != decline) or decline == "authentication_required":
        why["decline_code"] = decline
    return why | {
        "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}", "message": words,
        "payment_method": {"id": method_id(attempt), "object": "payment_method", "type": "card", "card": card_facts(attempt)},
        "type": "invalid_request_error" if failure_of(payment, attempt) == "challenge_failed" else "card_error",
    }  # fmt: skip


def failure_of(payment: Row, attempt: Row) -> str:
    return (
        "challenge_failed"
        if attempt["outcome"] == "authentication" and not attempt["token"]
        else attempt["outcome"]
        if attempt["outcome"] in FAILURES
        else "other"
    )


def method_id(attempt: Row) -> str:
    return str(attempt["token"] or f"pm_{attempt['serial'][::-1]}")


def intent_shape(s: Stripe, payment: Row, *, charge: Any = None) -> Row:
    more, state = payment["more"], payment["state"]
    last = payment["attempts"][-1] if payment["attempts"] else None
    paid = state == "paid"
    action = None
    if state == "challenge":
        action = {
            "redirect_to_url": {"return_url": payment["return_url"] or None, "url": s.engine.origin + s.page_path(payment)},
            "type": "redirect_to_url",
        }
    return lied(nulls(NO_INTENT) | {
        "id": more["intent"], "object": "payment_intent", "livemode": False, "amount": payment["amount"], "amount_capturable": 0,
        "amount_received": payment["amount"] if paid else 0, "amount_details": {"tip": {}}, "capture_method": "automatic_async",
        "confirmation_method": "automatic", "currency": payment["currency"].lower(), "metadata": more["metadata"], "payment_method_types": ["card"],
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "status": INTENT_STATES[state],
        "client_secret": f"{more['intent']}_secret_{more['client_secret']}", "created": int(payment["created"]), "customer": payment["customer"],
        "description": more.get("description"), "setup_future_usage": "off_session" if payment["save"] else None,
        "canceled_at": int(payment["updated"]) if state in ("cancelled", "expired") else None,
        "cancellation_reason": more.get("cancelled_for") or ("expired" if state == "expired" else "abandoned") if state in ("cancelled",
            "expired") else None,
        "payment_method": method_id(last) if last and paid else None, "latest_charge": charge or (f"ch_{last['serial']}" if last else None),
        "next_action": action,
        "last_payment_error": last_error(payment, last) if last and last["outcome"] != "ok" and state in ("open", "failed") else None,
    }, payment)  # fmt: skip


def charge_shape(s: Stripe, payment: Row, attempt: Row, *, transaction: Any = None) -> Row:
    paid = attempt["outcome"] == "ok"
    refunded, currency = s.engine.refunded(payment) if paid else 0, payment["currency"].lower()
    lines = [line for line in s.engine.lines(payment) if line["kind"] == "payment"] if paid and transaction is None else []
    code, decline, words = FAILURES[failure_of(payment, attempt)] if not paid else (None, None, None)
    outcome = {"advice_code": None, "network_advice_code": None, "network_decline_code": None if paid else "05",
        "network_status": "approved_by_network" if paid else "declined_by_network", "reason": None if paid else decline, "risk_level": "normal",
               "seller_message": "Payment complete." if paid else "The bank did not return any further details with this decline.",
               "type": "authorized" if paid else "issuer_declined"}  # fmt: skip
    card = {"amount_authorized": payment["amount"] if paid else None, "checks": {"address_line1_check": None, "address_postal_code_check": None,
        "cvc_check": "pass"}, "country": "US", "funding": "credit", "network": "visa", "three_d_secure": None,
            "wallet": {"apple_pay": {}, "dynamic_last4": "4242",
                "type": "apple_pay"} if attempt["method"] == "apple_pay" else None} | card_facts(attempt)  # fmt: skip
    return nulls(NO_CHARGE) | {
        "id": f"ch_{attempt['serial']}", "object": "charge", "livemode": False, "amount": payment["amount"],
        "amount_captured": payment["amount"] if paid else 0, "amount_refunded": refunded, "captured": paid, "paid": paid,
        "refunded": paid and refunded == payment["amount"], "disputed": bool(payment["disputes"]) and paid, "currency": currency,
        "status": "succeeded" if paid else "failed", "billing_details": NOBODY, "metadata": payment["more"]["metadata"],
        "outcome": outcome, "payment_method_details": {"type": "card", "card": card}, "created": int(attempt["at"]),
        "customer": payment["customer"], "description": payment["more"].get("description"), "failure_code": code, "failure_message": words,
        "payment_intent": payment["more"]["intent"], "payment_method": method_id(attempt),
        "receipt_url": f"{s.engine.origin}{s.prefix}/receipts/{attempt['serial']}" if paid else None,
        "balance_transaction": transaction or (f"txn_{lines[0]['id']}" if lines else None),
    }  # fmt: skip


def refund_shape(s: Stripe, payment: Row, refund: Row) -> Row:
    attempt = next(a for a in reversed(payment["attempts"]) if a["outcome"] == "ok")
    line = next((line for line in s.engine.lines(payment) if line["source"] == refund["id"]), None)
    return {
        "id": refund["id"], "object": "refund", "amount": refund["amount"], "balance_transaction": f"txn_{line['id']}" if line else None,
        "charge": f"ch_{attempt['serial']}", "created": int(refund["at"]), "currency": payment["currency"].lower(),
        "destination_details": {"card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card"},
        "metadata": refund["more"]["metadata"], "payment_intent": payment["more"]["intent"],
        "reason": refund["more"]["reason"], "receipt_number": None, "source_transfer_reversal": None, "status": refund["state"],
        "transfer_reversal": None,
    }  # fmt: skip


def transaction_shape(line: Row, payment: Row) -> Row:
    kind, category, words = KINDS[line["kind"]]
    sources = {"payment": lambda: next(f"ch_{a['serial']}" for a in reversed(payment["attempts"]) if a["outcome"] == "ok")}
    currency = line["currency"].lower()
    fee_words = {"chargeback": "Dispute fee", "chargeback_reversal": "Dispute fee refund"}.get(line["kind"], "Stripe processing fees")
    details = (
        [{"amount": line["fee"], "application": None, "currency": currency, "description": fee_words, "type": "stripe_fee"}] if line["fee"] else []
    )
    return {
        "id": f"txn_{line['id']}", "object": "balance_transaction", "amount": line["gross"], "available_on": int(line["at"]),
        "balance_type": "payments", "created": int(line["at"]), "currency": currency, "description": words, "exchange_rate": None,
        "fee": line["fee"], "fee_details": details, "net": line["net"], "reporting_category": category,
        "source": sources.get(line["kind"], lambda: line["source"])(), "status": "available", "type": kind,
    }  # fmt: skip


def dispute_shape(s: Stripe, payment: Row, dispute: Row) -> Row:
    attempt = next(a for a in reversed(payment["attempts"]) if a["outcome"] == "ok")
    lines = [line for line in s.engine.lines(payment) if line["source"] == dispute["id"]]
    return {
        "id": dispute["id"], "object": "dispute", "livemode": False, "amount": dispute["amount"],
        "balance_transactions": [transaction_shape(line, payment) for line in lines], "charge": f"ch_{attempt['serial']}",
        "created": int(dispute["at"]),
        "currency": payment["currency"].lower(), "enhanced_eligibility_types": [], "evidence": {},
        "evidence_details": {"due_by": int(dispute["at"]) + 7 * 86400, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False,
            "submission_count": 0},
        "is_charge_refundable": False, "metadata": {}, "network_reason_code": "10.4", "payment_intent": payment["more"]["intent"],
        "payment_method_details": {"type": "card", "card": {"brand": card_facts(attempt)["brand"], "case_type": "chargeback",
            "network_reason_code": "10.4"}},
        "reason": dispute["reason"], "status": DISPUTE_STATES[dispute["state"]],
    }  # fmt: skip


def payout_shape(payout: Row) -> Row:
    return nulls(NO_PAYOUT) | {
        "id": payout["id"], "object": "payout", "amount": payout["amount"], "arrival_date": int(payout["at"]), "automatic": True,
        "balance_transaction": f"txn_{payout['serial']}", "created": int(payout["at"]), "currency": payout["currency"].lower(),
        "description": "STRIPE PAYOUT", "destination": f"ba_{payout['serial'][::-1]}", "livemode": False, "metadata": {}, "method": "standard",
        "reconciliation_status": "completed", "source_type": "card", "status": "paid", "type": "bank_account",
    }  # fmt: skip


def payout_transaction(payout: Row) -> Row:
    return {
        "id": f"txn_{payout['serial']}", "object": "balance_transaction", "amount": -payout["amount"], "available_on": int(payout["at"]),
        "balance_type": "payments", "created": int(payout["at"]), "currency": payout["currency"].lower(),
        "description": "STRIPE PAYOUT", "exchange_rate": None, "fee": 0, "fee_details": [], "net": -payout["amount"],
        "reporting_category": "payout", "source": payout["id"], "status": "available", "type": "payout",
    }  # fmt: skip


def method_shape(token: Row) -> Row:
    brand = BRANDS.get(token["brand"], "visa")
    return {
        "id": token["id"], "object": "payment_method", "allow_redisplay": "limited", "billing_details": NOBODY,
        "card": {"brand": brand, "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}, "country": "US",
            "display_brand": brand, "exp_month": token["month"], "exp_year": token["year"],
                 "fingerprint": token["serial"][:16], "funding": "credit", "generated_from": None, "last4": token["last4"],
                 "networks": {"available": [brand], "preferred": None}, "regulated_status": "unregulated",
                 "three_d_secure_usage": {"supported": True}, "wallet": None},
        "created": int(token["created"]), "customer": token["customer"] if token["active"] else None, "livemode": False, "metadata": {},
        "type": "card",
    }  # fmt: skip


def customer_shape(row: Row) -> Row:
    return {
        "id": row["id"], "object": "customer", "address": None, "balance": 0, "created": int(row["created"]), "currency": None,
        "default_source": None, "delinquent": False, "description": row["description"], "email": row["email"],
        "invoice_prefix": row["prefix"],
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}, "livemode": False,
        "metadata": row["metadata"], "name": row["name"],
        "next_invoice_sequence": 1, "phone": row["phone"], "preferred_locales": [], "shipping": None, "tax_exempt": "none",
    }  # fmt: skip


def listed(url: str, rows: list[Any], limit: int) -> Row:
    return {"object": "list", "data": rows[:limit], "has_more": len(rows) > limit, "url": url}
