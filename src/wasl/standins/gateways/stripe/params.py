"""Stripe's bracketed forms, and the parameters that each call knows: anything else is refused, as there."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from wasl.standins.gateways.dialect import Refused
from wasl.standins.gateways.store import Row

LOCALES = [
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id", "it", "ja", "ko", "lt",
        "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW"
]  # fmt: skip
SESSION = {
    "adaptive_pricing",
    "after_expiration",
    "allow_promotion_codes",
    "allowed_payment_method_types",
    "automatic_tax",
    "billing_address_collection",
    "branding_settings",
    "cancel_url",
    "client_reference_id",
    "consent_collection",
    "currency",
    "custom_fields",
    "custom_text",
    "customer",
    "customer_creation",
    "customer_email",
    "customer_update",
    "discounts",
    "expand",
    "expires_at",
    "invoice_creation",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "origin_context",
    "payment_intent_data",
    "payment_method_collection",
    "payment_method_configuration",
    "payment_method_options",
    "payment_method_types",
    "permissions",
    "phone_number_collection",
    "return_url",
    "saved_payment_method_options",
    "setup_intent_data",
    "shipping_address_collection",
    "shipping_options",
    "submit_type",
    "subscription_data",
    "success_url",
    "tax_id_collection",
    "ui_mode",
    "wallet_options",
}
INTENT = {
    "amount",
    "allowed_payment_method_types",
    "amount_details",
    "automatic_payment_methods",
    "capture_method",
    "confirm",
    "confirmation_method",
    "currency",
    "customer",
    "description",
    "error_on_requires_action",
    "expand",
    "mandate",
    "mandate_data",
    "metadata",
    "off_session",
    "payment_details",
    "payment_method",
    "payment_method_options",
    "payment_method_types",
    "receipt_email",
    "return_url",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
}
REFUND = {"amount", "charge", "expand", "instructions_email", "metadata", "payment_intent", "reason"}
CUSTOMER = {
    "address",
    "description",
    "email",
    "expand",
    "invoice_settings",
    "metadata",
    "name",
    "phone",
    "preferred_locales",
    "shipping",
    "tax_exempt",
}
ENDPOINT = {"api_version", "description", "enabled_events", "expand", "metadata", "url"}


def error(
    status: int, message: str, *, kind: str = "invalid_request_error", code: str | None = None, param: str | None = None, **more: Any
) -> Refused:
    body: Row = {"type": kind, "message": message}
    if code:
        body |= {"code": code, "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"}
    if param:
        body["param"] = param
    return Refused(status, {"error": body | more})


def missing(what: str, word: str, param: str) -> Refused:
    return error(404, f"No such {what}: {word}", code="resource_missing", param=param)


def form(text: str) -> Row:
    """`a[b][0][c]=v` as nested dictionaries; indices stay text, `a[]` counts up."""
    out: Row = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, *tail = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name) or [name]
        at = out
        for part, following in zip([head, *tail], tail, strict=False):
            inner = at.setdefault(part, {})
            if not isinstance(inner, dict):
                raise error(400, f"Invalid hash: {part}", param=name)
            at, head = inner, following
        at[head if head else str(len(at))] = value
    return out


def known(fields: Row, names: set[str]) -> Row:
    for name in fields:
        if name not in names:
            raise error(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    return fields


def need(fields: Row, name: str) -> Any:
    if name not in fields or fields[name] == "":
        raise error(400, f"Missing required param: {name}.", code="parameter_missing", param=name)
    return fields[name]


def integer(value: Any, param: str) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,15}", value):
        raise error(400, f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
    return int(value)


def truth(value: Any) -> bool:
    return value == "true"


def texts(value: Any) -> list[str]:
    """A list that came as `a[0]`, `a[]` or once."""
    return [str(v) for v in value.values()] if isinstance(value, dict) else [str(value)] if value else []
