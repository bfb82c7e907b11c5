"""Writing parties, in the element order of the UBL 2.1 schema."""

from __future__ import annotations

from wasl.formats.markup import escape
from wasl.formats.ubl.markup import day, identifier, text, wrapped
from wasl.formats.ubl.names import SEPA, TAX, VAT
from wasl.invoice.model import Address, Contact, Delivery, Identifier, Party, Payee, TaxRepresentative


def party(out: list[str], holder: str, value: Party | None, creditor: str | None = None) -> None:
    """BG-4 or BG-7 under `holder`; `creditor` is BT-90, which UBL keeps among the seller's identifiers."""
    if value is None and creditor is None:
        return
    value = value or Party()
    out.append(f"<cac:{holder}>\n<cac:Party>\n")
    identifier(out, "EndpointID", value.electronic_address)
    if creditor is not None:
        _identification(out, Identifier(value=creditor, scheme=SEPA))
    for each in value.identifiers:
        _identification(out, each)
    wrapped(out, "PartyName", "Name", value.trading_name)
    address(out, "PostalAddress", value.address)
    _tax_scheme_number(out, value.vat_identifier, VAT)
    _tax_scheme_number(out, value.tax_registration, TAX)
    _legal_entity(out, value.name, value.legal_registration, value.additional_legal_information)
    _contact(out, value.contact)
    out.append(f"</cac:Party>\n</cac:{holder}>\n")


def payee(out: list[str], value: Payee | None) -> None:
    """BG-10."""
    if value is None:
        return
    out.append("<cac:PayeeParty>\n")
    if value.identifier is not None:
        _identification(out, value.identifier)
    wrapped(out, "PartyName", "Name", value.name)
    _legal_entity(out, None, value.legal_registration, None)
    out.append("</cac:PayeeParty>\n")


def tax_representative(out: list[str], value: TaxRepresentative | None) -> None:
    """BG-11."""
    if value is None:
        return
    out.append("<cac:TaxRepresentativeParty>\n")
    wrapped(out, "PartyName", "Name", value.name)
    address(out, "PostalAddress", value.address)
    _tax_scheme_number(out, value.vat_identifier, VAT)
    out.append("</cac:TaxRepresentativeParty>\n")


def delivery(out: list[str], value: Delivery | None) -> None:
    """BG-13."""
    if value is None:
        return
    out.append("<cac:Delivery>\n")
    day(out, "ActualDeliveryDate", value.actual_date)
    if value.location is not None or value.address is not None:
        out.append("<cac:DeliveryLocation>\n")
        identifier(out, "ID", value.location)
        address(out, "Address", value.address)
        out.append("</cac:DeliveryLocation>\n")
    if value.name is not None:
        out.append("<cac:DeliveryParty>\n")
        wrapped(out, "PartyName", "Name", value.name)
        out.append("</cac:DeliveryParty>\n")
    out.append("</cac:Delivery>\n")


def address(out: list[str], name: str, value: Address | None) -> None:
    """BG-5, BG-8, BG-12, BG-15."""
    if value is None:
        return
    out.append(f"<cac:{name}>\n")
    text(out, "StreetName", value.line_1)
    text(out, "AdditionalStreetName", value.line_2)
    text(out, "CityName", value.city)
    text(out, "PostalZone", value.post_code)
    text(out, "CountrySubentity", value.subdivision)
    wrapped(out, "AddressLine", "Line", value.line_3)
    wrapped(out, "Country", "IdentificationCode", value.country)
    out.append(f"</cac:{name}>\n")


def _identification(out: list[str], value: Identifier) -> None:
    out.append("<cac:PartyIdentification>\n")
    identifier(out, "ID", value)
    out.append("</cac:PartyIdentification>\n")


def _tax_scheme_number(out: list[str], value: str | None, scheme: str) -> None:
    if value is not None:
        out.append(
            f"<cac:PartyTaxScheme>\n<cbc:CompanyID>{escape(value)}</cbc:CompanyID>\n"
            f"<cac:TaxScheme>\n<cbc:ID>{scheme}</cbc:ID>\n</cac:TaxScheme>\n</cac:PartyTaxScheme>\n"
        )


def _legal_entity(out: list[str], name: str | None, registration: Identifier | None, form: str | None) -> None:
    if name is None and registration is None and form is None:
        return
    out.append("<cac:PartyLegalEntity>\n")
    text(out, "RegistrationName", name)
    identifier(out, "CompanyID", registration)
    text(out, "CompanyLegalForm", form)
    out.append("</cac:PartyLegalEntity>\n")


def _contact(out: list[str], value: Contact | None) -> None:
    if value is None:
        return
    out.append("<cac:Contact>\n")
    text(out, "Name", value.name)
    text(out, "Telephone", value.telephone)
    text(out, "ElectronicMail", value.email)
    out.append("</cac:Contact>\n")
