"""Writing lines, products, prices, allowances and charges, in the element order of the CII schema."""

from __future__ import annotations

from decimal import Decimal

from wasl.formats.cii.markup import amount, day, decimal, identifier, quantity, text, wrapped
from wasl.formats.cii.names import INVOICED_OBJECT_TYPE, VAT
from wasl.formats.markup import Minor, escape, quote
from wasl.invoice.model import AllowanceCharge, Identifier, Item, Line, Period, Price


def line(out: list[str], value: Line, minor: Minor) -> None:
    """BG-25."""
    out.append("<ram:IncludedSupplyChainTradeLineItem>\n<ram:AssociatedDocumentLineDocument>\n")
    text(out, "LineID", value.identifier)
    wrapped(out, "IncludedNote", "Content", value.note)
    out.append("</ram:AssociatedDocumentLineDocument>\n")
    _product(out, value.item)
    out.append("<ram:SpecifiedLineTradeAgreement>\n")
    wrapped(out, "BuyerOrderReferencedDocument", "LineID", value.order_line_reference)
    _price(out, value.price)
    out.append("</ram:SpecifiedLineTradeAgreement>\n<ram:SpecifiedLineTradeDelivery>\n")
    quantity(out, "BilledQuantity", value.quantity, value.unit)
    out.append("</ram:SpecifiedLineTradeDelivery>\n<ram:SpecifiedLineTradeSettlement>\n")
    _settlement(out, value, minor)
    out.append("</ram:SpecifiedLineTradeSettlement>\n</ram:IncludedSupplyChainTradeLineItem>\n")


def _settlement(out: list[str], value: Line, minor: Minor) -> None:
    category(out, "ApplicableTradeTax", value.tax_category, value.tax_rate)
    period(out, value.period)
    allowances_and_charges(out, value.allowances, value.charges, minor)
    if value.net_amount is not None:
        out.append("<ram:SpecifiedTradeSettlementLineMonetarySummation>\n")
        amount(out, "LineTotalAmount", value.net_amount, minor)
        out.append("</ram:SpecifiedTradeSettlementLineMonetarySummation>\n")
    if value.invoiced_object is not None:
        invoiced_object(out, value.invoiced_object)
    wrapped(out, "ReceivableSpecifiedTradeAccountingAccount", "ID", value.buyer_accounting_reference)


def invoiced_object(out: list[str], value: Identifier) -> None:
    """BT-18 or BT-128: the scheme stands in an element of its own."""
    out.append("<ram:AdditionalReferencedDocument>\n")
    text(out, "IssuerAssignedID", value.value)
    out.append(f"<ram:TypeCode>{INVOICED_OBJECT_TYPE}</ram:TypeCode>\n")
    text(out, "ReferenceTypeCode", value.scheme)
    out.append("</ram:AdditionalReferencedDocument>\n")


def period(out: list[str], value: Period | None) -> None:
    """BG-14 or BG-26."""
    if value is None:
        return
    out.append("<ram:BillingSpecifiedPeriod>\n")
    day(out, "StartDateTime", value.start)
    day(out, "EndDateTime", value.end)
    out.append("</ram:BillingSpecifiedPeriod>\n")


def allowances_and_charges(
    out: list[str], allowances: tuple[AllowanceCharge, ...], charges: tuple[AllowanceCharge, ...], minor: Minor
) -> None:
    """BG-20, BG-21, BG-27, BG-28."""
    for each in allowances:
        _allowance_charge(out, each, "false", minor)
    for each in charges:
        _allowance_charge(out, each, "true", minor)


def _allowance_charge(out: list[str], value: AllowanceCharge, indicator: str, minor: Minor) -> None:
    out.append("<ram:SpecifiedTradeAllowanceCharge>\n")
    _indicator(out, indicator)
    decimal(out, "CalculationPercent", value.percentage)
    amount(out, "BasisAmount", value.base_amount, minor)
    amount(out, "ActualAmount", value.amount, minor)
    text(out, "ReasonCode", value.reason_code)
    text(out, "Reason", value.reason)
    category(out, "CategoryTradeTax", value.tax_category, value.tax_rate)
    out.append("</ram:SpecifiedTradeAllowanceCharge>\n")


def _indicator(out: list[str], value: str) -> None:
    out.append(f"<ram:ChargeIndicator>\n<udt:Indicator>{value}</udt:Indicator>\n</ram:ChargeIndicator>\n")


def category(out: list[str], name: str, code: str | None, rate: Decimal | None) -> None:
    """A VAT category with its rate."""
    if code is None and rate is None:
        return
    out.append(f"<ram:{name}>\n<ram:TypeCode>{VAT}</ram:TypeCode>\n")
    text(out, "CategoryCode", code)
    decimal(out, "RateApplicablePercent", rate)
    out.append(f"</ram:{name}>\n")


def _product(out: list[str], value: Item | None) -> None:
    """BG-31, BG-32."""
    if value is None:
        return
    out.append("<ram:SpecifiedTradeProduct>\n")
    identifier(out, "GlobalID", value.standard_identifier)
    text(out, "SellerAssignedID", value.seller_identifier)
    text(out, "BuyerAssignedID", value.buyer_identifier)
    text(out, "Name", value.name)
    text(out, "Description", value.description)
    for each in value.attributes:
        out.append("<ram:ApplicableProductCharacteristic>\n")
        text(out, "Description", each.name)
        text(out, "Value", each.value)
        out.append("</ram:ApplicableProductCharacteristic>\n")
    for each in value.classifications:
        _classification(out, each)
    wrapped(out, "OriginTradeCountry", "ID", value.country_of_origin)
    out.append("</ram:SpecifiedTradeProduct>\n")


def _classification(out: list[str], value: Identifier) -> None:
    """BT-158."""
    scheme = "" if value.scheme is None else f' listID="{quote(value.scheme)}"'
    version = "" if value.scheme_version is None else f' listVersionID="{quote(value.scheme_version)}"'
    out.append(
        f"<ram:DesignatedProductClassification>\n<ram:ClassCode{scheme}{version}>{escape(value.value)}</ram:ClassCode>\n"
        "</ram:DesignatedProductClassification>\n"
    )


def _price(out: list[str], value: Price | None) -> None:
    """BG-29: the base quantity is that of both prices."""
    if value is None:
        return
    if value.gross is not None or value.discount is not None:
        out.append("<ram:GrossPriceProductTradePrice>\n")
        decimal(out, "ChargeAmount", value.gross)
        quantity(out, "BasisQuantity", value.base_quantity, value.base_quantity_unit)
        if value.discount is not None:
            out.append("<ram:AppliedTradeAllowanceCharge>\n")
            _indicator(out, "false")
            decimal(out, "ActualAmount", value.discount)
            out.append("</ram:AppliedTradeAllowanceCharge>\n")
        out.append("</ram:GrossPriceProductTradePrice>\n")
    out.append("<ram:NetPriceProductTradePrice>\n")
    decimal(out, "ChargeAmount", value.net)
    quantity(out, "BasisQuantity", value.base_quantity, value.base_quantity_unit)
    out.append("</ram:NetPriceProductTradePrice>\n")
