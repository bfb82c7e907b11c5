"""Reading parties: seller, buyer, payee, tax representative, delivery, and addresses."""

from __future__ import annotations

from wasl.formats.cii.dates import day
from wasl.formats.cii.names import TAX_NUMBER, VAT_NUMBER
from wasl.formats.cursor import Group
from wasl.invoice.model import Address, Contact, Delivery, Identifier, Party, Payee, TaxRepresentative


def party(inner: Group | None) -> Party | None:
    """BG-4 or BG-7."""
    if inner is None:
        return None
    legal = inner.group("ram:SpecifiedLegalOrganization")
    vat, tax = _registrations(inner)
    return Party(
        name=inner.text("ram:Name"),
        trading_name=legal.text("ram:TradingBusinessName") if legal else None,
        identifiers=_identifiers(inner),
        legal_registration=legal.identifier("ram:ID") if legal else None,
        vat_identifier=vat,
        tax_registration=tax,
        additional_legal_information=inner.text("ram:Description"),
        electronic_address=_electronic_address(inner.group("ram:URIUniversalCommunication")),
        address=address(inner.group("ram:PostalTradeAddress")),
        contact=_contact(inner.group("ram:DefinedTradeContact")),
    )


def payee(inner: Group | None) -> Payee | None:
    """BG-10."""
    if inner is None:
        return None
    legal = inner.group("ram:SpecifiedLegalOrganization")
    return Payee(
        name=inner.text("ram:Name"), identifier=_identifier(inner), legal_registration=legal.identifier("ram:ID") if legal else None
    )


def tax_representative(inner: Group | None) -> TaxRepresentative | None:
    """BG-11."""
    if inner is None:
        return None
    vat, _ = _registrations(inner, vat_only=True)
    return TaxRepresentative(
        name=inner.text("ram:Name"), vat_identifier=vat, address=address(inner.group("ram:PostalTradeAddress"))
    )


def delivery(inner: Group) -> Delivery | None:
    """BG-13 out of ram:ApplicableHeaderTradeDelivery."""
    receiver = inner.group("ram:ShipToTradeParty")
    event = inner.group("ram:ActualDeliverySupplyChainEvent")
    if receiver is None and event is None:
        return None
    return Delivery(
        name=receiver.text("ram:Name") if receiver else None,
        location=_identifier(receiver) if receiver else None,
        actual_date=day(event, "ram:OccurrenceDateTime") if event else None,
        address=address(receiver.group("ram:PostalTradeAddress")) if receiver else None,
    )


def address(inner: Group | None) -> Address | None:
    """BG-5, BG-8, BG-12, BG-15."""
    if inner is None:
        return None
    return Address(
        line_1=inner.text("ram:LineOne"),
        line_2=inner.text("ram:LineTwo"),
        line_3=inner.text("ram:LineThree"),
        city=inner.text("ram:CityName"),
        post_code=inner.text("ram:PostcodeCode"),
        subdivision=inner.text("ram:CountrySubDivisionName"),
        country=inner.code("ram:CountryID"),
    )


def _contact(inner: Group | None) -> Contact | None:
    """BG-6, BG-9: the name of a person or, where there is none, of a department."""
    if inner is None:
        return None
    name = inner.text("ram:PersonName")
    return Contact(
        name=inner.text("ram:DepartmentName") if name is None else name,
        telephone=inner.wrapped("ram:TelephoneUniversalCommunication", "ram:CompleteNumber"),
        email=inner.wrapped("ram:EmailURIUniversalCommunication", "ram:URIID"),
    )


def _electronic_address(inner: Group | None) -> Identifier | None:
    """BT-34, BT-49."""
    return inner.identifier("ram:URIID") if inner else None


def _identifiers(inner: Group) -> tuple[Identifier, ...]:
    """BT-29, BT-46: those without a scheme first, as the schema has them."""
    found: list[Identifier] = []
    for name in ("ram:ID", "ram:GlobalID"):
        while (each := inner.identifier(name)) is not None:
            found.append(each)
    return tuple(found)


def _identifier(inner: Group) -> Identifier | None:
    """BT-60, BT-71: one; the second kind stays behind, and so is reported."""
    return inner.identifier("ram:GlobalID") if inner.has("ram:GlobalID") else inner.identifier("ram:ID")


def _registrations(inner: Group, *, vat_only: bool = False) -> tuple[str | None, str | None]:
    """BT-31/BT-48/BT-63 (scheme VA) and BT-32 (scheme FC); any other is reported."""
    numbers: dict[str, str | None] = {}
    for each in inner.groups("ram:SpecifiedTaxRegistration"):
        child = each.take("ram:ID")
        scheme = (child.get("schemeID") or "").strip() if child is not None else ""
        wanted = scheme == VAT_NUMBER or (scheme == TAX_NUMBER and not vat_only)
        if child is None or not wanted or scheme in numbers:
            inner.source.lose(each.element, "repeated" if scheme in numbers else "unknown")
            each.abandon()
            continue
        numbers[scheme] = each.value(child, "schemeID")
    return numbers.get(VAT_NUMBER), numbers.get(TAX_NUMBER)
