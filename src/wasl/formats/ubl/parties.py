"""Reading parties: seller, buyer, payee, tax representative, delivery, and addresses."""

from __future__ import annotations

from wasl.formats.cursor import Group
from wasl.formats.lexical import XML_SPACE
from wasl.formats.ubl.names import SEPA, TAX, VAT
from wasl.invoice.model import Address, Contact, Delivery, Identifier, Party, Payee, TaxRepresentative


def party(holder: Group | None, *, with_creditor: bool) -> tuple[Party | None, str | None]:
    """BG-4 or BG-7, and the bank's creditor identifier (BT-90) that UBL keeps among the seller's identifiers."""
    if holder is None:
        return None, None
    inner = holder.group("cac:Party")
    if inner is None:
        return Party(), None
    identifiers, creditor = _identifications(inner, with_creditor=with_creditor)
    vat, tax = _tax_schemes(inner)
    legal = inner.group("cac:PartyLegalEntity")
    return Party(
        name=legal.text("cbc:RegistrationName") if legal else None,
        trading_name=party_name(inner),
        identifiers=tuple(identifiers),
        legal_registration=legal.identifier("cbc:CompanyID") if legal else None,
        vat_identifier=vat,
        tax_registration=tax,
        additional_legal_information=legal.text("cbc:CompanyLegalForm") if legal else None,
        electronic_address=inner.identifier("cbc:EndpointID"),
        address=address(inner.group("cac:PostalAddress")),
        contact=_contact(inner.group("cac:Contact")),
    ), creditor


def payee(inner: Group | None, *, with_creditor: bool) -> tuple[Payee | None, str | None]:
    """BG-10 and BT-90."""
    if inner is None:
        return None, None
    identifiers, creditor = _identifications(inner, with_creditor=with_creditor, most=1)
    legal = inner.group("cac:PartyLegalEntity")
    return Payee(
        name=party_name(inner),
        identifier=identifiers[0] if identifiers else None,
        legal_registration=legal.identifier("cbc:CompanyID") if legal else None,
    ), creditor


def tax_representative(inner: Group | None) -> TaxRepresentative | None:
    """BG-11."""
    if inner is None:
        return None
    name = party_name(inner)
    vat, _ = _tax_schemes(inner, vat_only=True)
    return TaxRepresentative(name=name, vat_identifier=vat, address=address(inner.group("cac:PostalAddress")))


def delivery(inner: Group | None) -> Delivery | None:
    """BG-13."""
    if inner is None:
        return None
    location = inner.group("cac:DeliveryLocation")
    receiver = inner.group("cac:DeliveryParty")
    return Delivery(
        name=party_name(receiver) if receiver else None,
        location=location.identifier("cbc:ID") if location else None,
        actual_date=inner.date("cbc:ActualDeliveryDate"),
        address=address(location.group("cac:Address")) if location else None,
    )


def address(inner: Group | None) -> Address | None:
    """BG-5, BG-8, BG-12, BG-15."""
    if inner is None:
        return None
    country = inner.wrapped("cac:Country", "cbc:IdentificationCode")
    return Address(
        line_1=inner.text("cbc:StreetName"),
        line_2=inner.text("cbc:AdditionalStreetName"),
        line_3=inner.wrapped("cac:AddressLine", "cbc:Line"),
        city=inner.text("cbc:CityName"),
        post_code=inner.text("cbc:PostalZone"),
        subdivision=inner.text("cbc:CountrySubentity"),
        country=None if country is None else country.strip(XML_SPACE),
    )


def party_name(inner: Group) -> str | None:
    """The name in the first cac:PartyName."""
    return inner.wrapped("cac:PartyName", "cbc:Name")


def _contact(inner: Group | None) -> Contact | None:
    if inner is None:
        return None
    return Contact(
        name=inner.text("cbc:Name"),
        telephone=inner.text("cbc:Telephone"),
        email=inner.text("cbc:ElectronicMail"),
    )


def _identifications(inner: Group, *, with_creditor: bool, most: int | None = None) -> tuple[list[Identifier], str | None]:
    """BT-29, BT-46 or BT-60, apart from the one that carries the scheme SEPA (BT-90)."""
    found: list[Identifier] = []
    creditor: str | None = None
    for each in inner.groups("cac:PartyIdentification"):
        identifier = each.identifier("cbc:ID")
        if identifier is None:
            continue
        if with_creditor and identifier.scheme == SEPA and creditor is None:
            creditor = identifier.value
        elif most is None or len(found) < most:
            found.append(identifier)
        else:
            inner.source.lose(each.element, "repeated")
    return found, creditor


def _tax_schemes(inner: Group, *, vat_only: bool = False) -> tuple[str | None, str | None]:
    """BT-31/BT-48/BT-63 (scheme VAT) and BT-32 (any other scheme)."""
    vat: str | None = None
    tax: str | None = None
    for each in inner.groups("cac:PartyTaxScheme"):
        is_vat = (each.peek("cac:TaxScheme", "cbc:ID") or "").upper() == VAT
        if is_vat and vat is None:
            vat = _scheme_number(each, VAT)
        elif not is_vat and tax is None and not vat_only:
            tax = _scheme_number(each, TAX)
        else:
            inner.source.lose(each.element, "unknown" if vat_only and not is_vat else "repeated")
            each.abandon()
    return vat, tax


def _scheme_number(each: Group, scheme: str) -> str | None:
    number = each.text("cbc:CompanyID")
    tax_scheme(each, scheme)
    return number


def tax_scheme(inner: Group, *accepted: str) -> None:
    """The cac:TaxScheme/cbc:ID that the model implies."""
    scheme = inner.inner("cac:TaxScheme", "cbc:ID")
    if scheme is not None and inner.value(scheme).strip(XML_SPACE) not in accepted:
        inner.source.lose(scheme, "fixed")
