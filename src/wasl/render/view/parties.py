"""Seller, buyer and the others: names, address, numbers."""

from __future__ import annotations

from typing import Any

from wasl.invoice.model import Address, Contact, Delivery, Identifier, Invoice, Party, Payee, TaxRepresentative

from ..context import RenderContext
from ..labels import LABELS
from ..text import Prepared, direction
from .desk import MISSING, Desk


def parties(invoice: Invoice, context: RenderContext, desk: Desk) -> list[dict[str, Any]]:
    """Seller and buyer always, then payee, tax representative and place of delivery where given."""
    cards = [
        _party("seller", invoice.seller or Party(), context.seller_name_other, desk),
        _party("buyer", invoice.buyer or Party(), context.buyer_name_other, desk),
    ]
    if invoice.payee:
        cards.append(_payee(invoice.payee, desk))
    if invoice.tax_representative:
        cards.append(_representative(invoice.tax_representative, desk))
    if invoice.delivery and (invoice.delivery.name or invoice.delivery.address or invoice.delivery.location):
        cards.append(_delivery(invoice.delivery, desk))
    return cards


def _card(key: str, name: str | None, desk: Desk, *, second: str | None = None) -> dict[str, Any]:
    return {
        "label": desk.label(key),
        "name": desk.pen(name or MISSING),
        "second": desk.pen(second) if second and second != name else None,
        "lines": [],
        "ids": [],
    }


def _party(key: str, party: Party, other_name: str | None, desk: Desk) -> dict[str, Any]:
    card = _card(key, party.name, desk, second=other_name or party.trading_name)
    card["lines"] = [*_address(party.address, desk), *_contact(party.contact, desk)]
    ids = card["ids"]
    _add(ids, "vat_number", party.vat_identifier, desk, strong=True)
    _add(ids, "registration", _scheme(party.legal_registration), desk)
    _add(ids, "tax_registration", party.tax_registration, desk)
    for identifier in party.identifiers:
        _add(ids, "identifier", _scheme(identifier), desk)
    _add(ids, "electronic_address", party.electronic_address.value if party.electronic_address else None, desk)
    return card


def _payee(payee: Payee, desk: Desk) -> dict[str, Any]:
    card = _card("payee", payee.name, desk)
    _add(card["ids"], "registration", _scheme(payee.legal_registration), desk)
    _add(card["ids"], "identifier", _scheme(payee.identifier), desk)
    return card


def _representative(representative: TaxRepresentative, desk: Desk) -> dict[str, Any]:
    card = _card("tax_representative", representative.name, desk)
    card["lines"] = _address(representative.address, desk)
    _add(card["ids"], "vat_number", representative.vat_identifier, desk, strong=True)
    return card


def _delivery(delivery: Delivery, desk: Desk) -> dict[str, Any]:
    card = _card("delivery", delivery.name, desk)
    card["lines"] = _address(delivery.address, desk)
    if not delivery.name and card["lines"]:
        card["name"], card["lines"] = card["lines"][0], card["lines"][1:]
    _add(card["ids"], "identifier", _scheme(delivery.location), desk)
    return card


def _add(ids: list[dict[str, Any]], label: str, value: str | None, desk: Desk, *, strong: bool = False) -> None:
    if value and label in LABELS:
        ids.append({"label": desk.label(label), "value": desk.code(value), "strong": strong})


def _scheme(identifier: Identifier | None) -> str | None:
    if identifier is None:
        return None
    return f"{identifier.value} ({identifier.scheme})" if identifier.scheme else identifier.value


def _address(address: Address | None, desk: Desk) -> list[Prepared]:
    """Street lines as given; town, post code, region and country on one line in the address's own direction."""
    if address is None:
        return []
    lines = [text for text in (address.line_1, address.line_2, address.line_3) if text]
    town = " ".join(text for text in (address.city, address.post_code) if text)
    country = desk.territory(address.country)
    place = [text for text in (town, address.subdivision) if text]
    if country and place and direction("".join(place)) in (None, direction(country)):
        place.append(country)
        country = None
    if place:
        lines.append(("، " if direction(place[-1]) == "ar" else ", ").join(place))
    if country:
        lines.append(country)  # in the reader's language, so on a line of its own beside an address in another
    return [desk.pen(line) for line in lines]


def _contact(contact: Contact | None, desk: Desk) -> list[Prepared]:
    if contact is None:
        return []
    return [desk.pen(text) for text in (contact.name, contact.telephone, contact.email) if text]
