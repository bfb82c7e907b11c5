"""Writing parties, in the element order of the CII schema."""

from __future__ import annotations

from wasl.formats.cii.markup import identifier, text, wrapped
from wasl.formats.cii.names import TAX_NUMBER, VAT_NUMBER
from wasl.invoice.model import Address, Contact, Delivery, Identifier, Party, Payee, TaxRepresentative


def party(out: list[str], name: str, value: Party | None) -> None:
    """BG-4 or BG-7."""
    if value is None:
        return
    out.append(f"<ram:{name}>\n")
    _identifiers(out, value.identifiers)
    text(out, "Name", value.name)
    text(out, "Description", value.additional_legal_information)
    _legal(out, value.legal_registration, value.trading_name)
    _contact(out, value.contact)
    address(out, value.address)
    if value.electronic_address is not None:
        out.append("<ram:URIUniversalCommunication>\n")
        identifier(out, "URIID", value.electronic_address)
        out.append("</ram:URIUniversalCommunication>\n")
    _registration(out, value.vat_identifier, VAT_NUMBER)
    _registration(out, value.tax_registration, TAX_NUMBER)
    out.append(f"</ram:{name}>\n")


def payee(out: list[str], value: Payee | None) -> None:
    """BG-10."""
    if value is None:
        return
    out.append("<ram:PayeeTradeParty>\n")
    if value.identifier is not None:
        _identifiers(out, (value.identifier,))
    text(out, "Name", value.name)
    _legal(out, value.legal_registration, None)
    out.append("</ram:PayeeTradeParty>\n")


def tax_representative(out: list[str], value: TaxRepresentative | None) -> None:
    """BG-11."""
    if value is None:
        return
    out.append("<ram:SellerTaxRepresentativeTradeParty>\n")
    text(out, "Name", value.name)
    address(out, value.address)
    _registration(out, value.vat_identifier, VAT_NUMBER)
    out.append("</ram:SellerTaxRepresentativeTradeParty>\n")


def ship_to(out: list[str], value: Delivery) -> None:
    """BG-13 without its date: an empty party only where there is no date either, so that the group is seen."""
    says = value.name is not None or value.location is not None or value.address is not None
    if not says and value.actual_date is not None:
        return
    out.append("<ram:ShipToTradeParty>\n")
    if value.location is not None:
        _identifiers(out, (value.location,))
    text(out, "Name", value.name)
    address(out, value.address)
    out.append("</ram:ShipToTradeParty>\n")


def address(out: list[str], value: Address | None) -> None:
    """BG-5, BG-8, BG-12, BG-15."""
    if value is None:
        return
    out.append("<ram:PostalTradeAddress>\n")
    text(out, "PostcodeCode", value.post_code)
    text(out, "LineOne", value.line_1)
    text(out, "LineTwo", value.line_2)
    text(out, "LineThree", value.line_3)
    text(out, "CityName", value.city)
    text(out, "CountryID", value.country)
    text(out, "CountrySubDivisionName", value.subdivision)
    out.append("</ram:PostalTradeAddress>\n")


def _identifiers(out: list[str], values: tuple[Identifier, ...]) -> None:
    """Those without a scheme as ID, those with one as GlobalID; `canonical` has put them in this order."""
    for each in values:
        identifier(out, "ID" if each.scheme is None else "GlobalID", each)


def _legal(out: list[str], registration: Identifier | None, trading_name: str | None) -> None:
    if registration is None and trading_name is None:
        return
    out.append("<ram:SpecifiedLegalOrganization>\n")
    identifier(out, "ID", registration)
    text(out, "TradingBusinessName", trading_name)
    out.append("</ram:SpecifiedLegalOrganization>\n")


def _contact(out: list[str], value: Contact | None) -> None:
    """BG-6, BG-9."""
    if value is None:
        return
    out.append("<ram:DefinedTradeContact>\n")
    text(out, "PersonName", value.name)
    wrapped(out, "TelephoneUniversalCommunication", "CompleteNumber", value.telephone)
    wrapped(out, "EmailURIUniversalCommunication", "URIID", value.email)
    out.append("</ram:DefinedTradeContact>\n")


def _registration(out: list[str], value: str | None, scheme: str) -> None:
    if value is not None:
        out.append("<ram:SpecifiedTaxRegistration>\n")
        identifier(out, "ID", Identifier(value=value, scheme=scheme))
        out.append("</ram:SpecifiedTaxRegistration>\n")
