"""Seller, buyer and the others: names, address, numbers."""

from __future__ import annotations

from typing import Any

from wasl.invoice.model import Address, Contact, Delivery, Invoice, Party, Payee, TaxRepresentative

from ..context import RenderContext
from ..text import Prepared, direction
from .desk import MISSING, Desk, bt, scheme


def parties(invoice: Invoice, context: RenderContext, desk: Desk) -> list[dict[str, Any]]:
    """Seller and buyer always, then payee, tax representative and place of delivery where given."""
    cards = [
        party("seller", invoice.seller or Party(), context.seller_name_other, desk),
        party("buyer", invoice.buyer or Party(), context.buyer_name_other, desk),
    ]
    if invoice.payee:
        cards.append(_payee(invoice.payee, desk))
    if invoice.tax_representative:
        cards.append(_representative(invoice.tax_representative, desk))
    if invoice.delivery and (invoice.delivery.name or invoice.delivery.address or invoice.delivery.location):
        cards.append(_delivery(invoice.delivery, desk))
    return cards


def _card(key: str, name: str | None, name_term: str, desk: Desk) -> dict[str, Any]:
    return {"label": desk.label(key), "name": desk.pen(name or MISSING), "bt": name_term, "second": None, "second_bt": "", "lines": [], "ids": []}


def party(key: str, party: Party, other_name: str | None, desk: Desk) -> dict[str, Any]:
    """Everything that the core knows of a seller or buyer, both names first."""
    card = _card(key, party.name, bt(f"{key}.name"), desk)
    second = other_name or party.trading_name
    if second and second != party.name:
        card["second"], card["second_bt"] = desk.pen(second), bt(f"{key}.trading_name")
    card["lines"] = [*_address(party.address, f"{key}.address", desk), *_contact(party.contact, f"{key}.contact", desk)]
    ids = card["ids"]
    if other_name and party.trading_name and party.trading_name not in (other_name, party.name):
        _add(ids, "trading_name", party.trading_name, f"{key}.trading_name", desk)
    _add(ids, "vat_number", party.vat_identifier, f"{key}.vat_identifier", desk, strong=True)
    _add(ids, "registration", scheme(party.legal_registration), f"{key}.legal_registration.value", desk)
    _add(ids, "tax_registration", party.tax_registration, f"{key}.tax_registration", desk)
    for identifier in party.identifiers:
        _add(ids, "identifier", scheme(identifier), f"{key}.identifiers[].value", desk)
    _add(ids, "electronic_address", scheme(party.electronic_address), f"{key}.electronic_address.value", desk)
    return card


def _payee(payee: Payee, desk: Desk) -> dict[str, Any]:
    card = _card("payee", payee.name, bt("payee.name"), desk)
    _add(card["ids"], "registration", scheme(payee.legal_registration), "payee.legal_registration.value", desk)
    _add(card["ids"], "identifier", scheme(payee.identifier), "payee.identifier.value", desk)
    return card


def _representative(representative: TaxRepresentative, desk: Desk) -> dict[str, Any]:
    card = _card("tax_representative", representative.name, bt("tax_representative.name"), desk)
    card["lines"] = _address(representative.address, "tax_representative.address", desk)
    _add(card["ids"], "vat_number", representative.vat_identifier, "tax_representative.vat_identifier", desk, strong=True)
    return card


def _delivery(delivery: Delivery, desk: Desk) -> dict[str, Any]:
    card = _card("delivery", delivery.name, bt("delivery.name"), desk)
    card["lines"] = _address(delivery.address, "delivery.address", desk)
    if not delivery.name and card["lines"]:
        top = card["lines"].pop(0)
        card["name"], card["bt"] = top["text"], top["bt"]
    _add(card["ids"], "identifier", scheme(delivery.location), "delivery.location.value", desk)
    return card


def _add(ids: list[dict[str, Any]], label: str, value: str | None, path: str, desk: Desk, *, strong: bool = False) -> None:
    if value:
        ids.append({"label": desk.label(label), "value": desk.code(value), "strong": strong, "bt": bt(path)})


def _address(address: Address | None, path: str, desk: Desk) -> list[dict[str, Any]]:
    """Street lines as given; town, post code, region and country on one line in the address's own direction."""
    if address is None:
        return []
    lines = [_line(desk.pen(text), bt(f"{path}.{name}")) for name in ("line_1", "line_2", "line_3") if (text := getattr(address, name))]
    town = " ".join(text for text in (address.city, address.post_code) if text)
    country = desk.territory(address.country)
    place = [text for text in (town, address.subdivision) if text]
    terms = [bt(f"{path}.{name}") for name in ("city", "post_code", "subdivision") if getattr(address, name)]
    if country and place and direction("".join(place)) in (None, direction(country)):
        place.append(country)
        terms.append(bt(f"{path}.country"))
        country = None
    if place:
        lines.append(_line(desk.pen(("، " if direction(place[-1]) == "ar" else ", ").join(place)), " ".join(terms)))
    if country:  # in the reader's language, so on a line of its own beside an address in another
        lines.append(_line(desk.pen(country), bt(f"{path}.country")))
    return lines


def _contact(contact: Contact | None, path: str, desk: Desk) -> list[dict[str, Any]]:
    if contact is None:
        return []
    return [_line(desk.pen(text), bt(f"{path}.{name}")) for name in ("name", "telephone", "email") if (text := getattr(contact, name))]


def _line(text: Prepared, terms: str) -> dict[str, Any]:
    return {"text": text, "bt": terms}
