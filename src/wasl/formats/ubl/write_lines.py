"""Writing lines, items, prices, allowances and charges, in the element order of the UBL 2.1 schema."""

from __future__ import annotations

from decimal import Decimal

from wasl.formats.lexical import plain
from wasl.formats.markup import escape, quote
from wasl.formats.ubl.markup import Amounts, day, decimal, identifier, quantity, text, wrapped
from wasl.formats.ubl.names import INVOICED_OBJECT_TYPE
from wasl.invoice.model import AllowanceCharge, Identifier, Item, Line, Period, Price

VAT_SCHEME = "<cac:TaxScheme>\n<cbc:ID>VAT</cbc:ID>\n</cac:TaxScheme>\n"


def line(out: list[str], value: Line, amounts: Amounts, *, credit: bool) -> None:
    """BG-25."""
    name = "CreditNoteLine" if credit else "InvoiceLine"
    out.append(f"<cac:{name}>\n")
    text(out, "ID", value.identifier)
    text(out, "Note", value.note)
    quantity(out, "CreditedQuantity" if credit else "InvoicedQuantity", value.quantity, value.unit)
    amounts.write(out, "LineExtensionAmount", value.net_amount)
    text(out, "AccountingCost", value.buyer_accounting_reference)
    period(out, value.period)
    wrapped(out, "OrderLineReference", "LineID", value.order_line_reference)
    if value.invoiced_object is not None:
        out.append("<cac:DocumentReference>\n")
        identifier(out, "ID", value.invoiced_object)
        out.append(f"<cbc:DocumentTypeCode>{INVOICED_OBJECT_TYPE}</cbc:DocumentTypeCode>\n</cac:DocumentReference>\n")
    allowances_and_charges(out, value.allowances, value.charges, amounts)
    _item(out, value)
    _price(out, value.price, amounts)
    out.append(f"</cac:{name}>\n")


def period(out: list[str], value: Period | None, tax_point_code: str | None = None) -> None:
    """BG-14 with BT-8, or BG-26."""
    if value is None and tax_point_code is None:
        return
    out.append("<cac:InvoicePeriod>\n")
    if value is not None:
        day(out, "StartDate", value.start)
        day(out, "EndDate", value.end)
    text(out, "DescriptionCode", tax_point_code)
    out.append("</cac:InvoicePeriod>\n")


def allowances_and_charges(
    out: list[str], allowances: tuple[AllowanceCharge, ...], charges: tuple[AllowanceCharge, ...], amounts: Amounts
) -> None:
    """BG-20, BG-21, BG-27, BG-28."""
    for each in allowances:
        _allowance_charge(out, each, "false", amounts)
    for each in charges:
        _allowance_charge(out, each, "true", amounts)


def _allowance_charge(out: list[str], value: AllowanceCharge, indicator: str, amounts: Amounts) -> None:
    out.append(f"<cac:AllowanceCharge>\n<cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>\n")
    text(out, "AllowanceChargeReasonCode", value.reason_code)
    text(out, "AllowanceChargeReason", value.reason)
    decimal(out, "MultiplierFactorNumeric", value.percentage)
    amounts.write(out, "Amount", value.amount)
    amounts.write(out, "BaseAmount", value.base_amount)
    category(out, "TaxCategory", value.tax_category, value.tax_rate)
    out.append("</cac:AllowanceCharge>\n")


def category(out: list[str], name: str, code: str | None, rate: Decimal | None, reasons: str = "") -> None:
    """A VAT category with its rate; `reasons` is finished markup that stands between them and the scheme."""
    if code is None and rate is None and not reasons:
        return
    out.append(f"<cac:{name}>\n")
    if code is not None:
        out.append(f"<cbc:ID>{escape(code)}</cbc:ID>\n")
    if rate is not None:
        out.append(f"<cbc:Percent>{plain(rate)}</cbc:Percent>\n")
    out.append(f"{reasons}{VAT_SCHEME}</cac:{name}>\n")


def _item(out: list[str], line_: Line) -> None:
    value = line_.item
    if value is None and line_.tax_category is None and line_.tax_rate is None:
        return
    out.append("<cac:Item>\n")
    if value is not None:
        text(out, "Description", value.description)
        text(out, "Name", value.name)
        wrapped(out, "BuyersItemIdentification", "ID", value.buyer_identifier)
        wrapped(out, "SellersItemIdentification", "ID", value.seller_identifier)
        if value.standard_identifier is not None:
            out.append("<cac:StandardItemIdentification>\n")
            identifier(out, "ID", value.standard_identifier)
            out.append("</cac:StandardItemIdentification>\n")
        wrapped(out, "OriginCountry", "IdentificationCode", value.country_of_origin)
        for each in value.classifications:
            _classification(out, each)
    category(out, "ClassifiedTaxCategory", line_.tax_category, line_.tax_rate)
    if value is not None:
        _attributes(out, value)
    out.append("</cac:Item>\n")


def _attributes(out: list[str], value: Item) -> None:
    for each in value.attributes:
        out.append("<cac:AdditionalItemProperty>\n")
        text(out, "Name", each.name)
        text(out, "Value", each.value)
        out.append("</cac:AdditionalItemProperty>\n")


def _classification(out: list[str], value: Identifier) -> None:
    scheme = "" if value.scheme is None else f' listID="{quote(value.scheme)}"'
    version = "" if value.scheme_version is None else f' listVersionID="{quote(value.scheme_version)}"'
    out.append(
        f"<cac:CommodityClassification>\n<cbc:ItemClassificationCode{scheme}{version}>{escape(value.value)}"
        "</cbc:ItemClassificationCode>\n</cac:CommodityClassification>\n"
    )


def _price(out: list[str], value: Price | None, amounts: Amounts) -> None:
    if value is None:
        return
    out.append("<cac:Price>\n")
    amounts.price(out, "PriceAmount", value.net)
    quantity(out, "BaseQuantity", value.base_quantity, value.base_quantity_unit)
    if value.discount is not None or value.gross is not None:
        out.append("<cac:AllowanceCharge>\n<cbc:ChargeIndicator>false</cbc:ChargeIndicator>\n")
        amounts.price(out, "Amount", value.discount)
        amounts.price(out, "BaseAmount", value.gross)
        out.append("</cac:AllowanceCharge>\n")
    out.append("</cac:Price>\n")
