"""Reading lines, products, prices, allowances and charges."""

from __future__ import annotations

from decimal import Decimal

from wasl.formats.cii.dates import day
from wasl.formats.cii.names import INVOICED_OBJECT_TYPE, VAT
from wasl.formats.cursor import Group
from wasl.formats.lexical import XML_SPACE
from wasl.invoice.model import AllowanceCharge, Identifier, Item, ItemAttribute, Line, Period, Price

_TRUE = frozenset({"true", "1"})
_FALSE = frozenset({"false", "0"})


def line(inner: Group) -> Line:
    """BG-25."""
    section = inner.section
    document, agreement = section("ram:AssociatedDocumentLineDocument"), section("ram:SpecifiedLineTradeAgreement")
    delivery, settlement = section("ram:SpecifiedLineTradeDelivery"), section("ram:SpecifiedLineTradeSettlement")
    quantity = delivery.take("ram:BilledQuantity")
    tax = settlement.group("ram:ApplicableTradeTax")
    allowances, charges = allowances_and_charges(settlement)
    category, rate = category_and_rate(tax)
    return Line(
        identifier=document.text("ram:LineID"),
        note=document.wrapped("ram:IncludedNote", "ram:Content"),
        invoiced_object=_invoiced_object(settlement),
        quantity=None if quantity is None else delivery.number(quantity, "unitCode"),
        unit=None if quantity is None else quantity.get("unitCode"),
        net_amount=_net_amount(settlement),
        order_line_reference=agreement.wrapped("ram:BuyerOrderReferencedDocument", "ram:LineID"),
        buyer_accounting_reference=settlement.wrapped("ram:ReceivableSpecifiedTradeAccountingAccount", "ram:ID"),
        period=period(settlement),
        allowances=allowances,
        charges=charges,
        price=_price(agreement),
        tax_category=category,
        tax_rate=rate,
        item=_item(inner.group("ram:SpecifiedTradeProduct")),
    )


def _net_amount(settlement: Group) -> Decimal | None:
    """BT-131."""
    child = settlement.inner("ram:SpecifiedTradeSettlementLineMonetarySummation", "ram:LineTotalAmount")
    return None if child is None else settlement.money(child)


def period(group: Group) -> Period | None:
    """BG-14 or BG-26."""
    inner = group.group("ram:BillingSpecifiedPeriod")
    return Period(start=day(inner, "ram:StartDateTime"), end=day(inner, "ram:EndDateTime")) if inner else None


def allowances_and_charges(inner: Group) -> tuple[tuple[AllowanceCharge, ...], tuple[AllowanceCharge, ...]]:
    """BG-20 and BG-21 of a document, BG-27 and BG-28 of a line."""
    allowances: list[AllowanceCharge] = []
    charges: list[AllowanceCharge] = []
    for each in inner.groups("ram:SpecifiedTradeAllowanceCharge"):
        indicator = (each.wrapped("ram:ChargeIndicator", "udt:Indicator") or "").strip(XML_SPACE)
        if indicator in _TRUE:
            charges.append(_allowance_charge(each))
        elif indicator in _FALSE:
            allowances.append(_allowance_charge(each))
        else:
            inner.source.lose(each.element, "fixed")
            each.abandon()
    return tuple(allowances), tuple(charges)


def _allowance_charge(each: Group) -> AllowanceCharge:
    category, rate = category_and_rate(each.group("ram:CategoryTradeTax"))
    return AllowanceCharge(
        amount=each.amount("ram:ActualAmount"),
        base_amount=each.amount("ram:BasisAmount"),
        percentage=each.decimal("ram:CalculationPercent"),
        tax_category=category,
        tax_rate=rate,
        reason=each.text("ram:Reason"),
        reason_code=each.code("ram:ReasonCode"),
    )


def category_and_rate(inner: Group | None) -> tuple[str | None, Decimal | None]:
    """A VAT category with its rate; another kind of tax is reported."""
    if inner is None:
        return None, None
    inner.fixed("ram:TypeCode", VAT)
    return inner.code("ram:CategoryCode"), inner.decimal("ram:RateApplicablePercent")


def _invoiced_object(settlement: Group) -> Identifier | None:
    """BT-128: the reference of type 130; any other type is left over, and so reported."""
    if settlement.peek("ram:AdditionalReferencedDocument", "ram:TypeCode") not in (None, INVOICED_OBJECT_TYPE):
        return None
    reference = settlement.group("ram:AdditionalReferencedDocument")
    if reference is None:
        return None
    reference.fixed("ram:TypeCode", INVOICED_OBJECT_TYPE)
    return typed_identifier(reference)


def typed_identifier(reference: Group) -> Identifier | None:
    """BT-18 or BT-128: the number and, in an element of its own, its scheme."""
    scheme = reference.take("ram:ReferenceTypeCode")
    value = reference.text("ram:IssuerAssignedID")
    if value is None:
        if scheme is not None:
            reference.source.lose(scheme, "unknown")
        return None
    return Identifier(value=value, scheme=None if scheme is None else reference.value(scheme))


def _price(agreement: Group) -> Price | None:
    """BG-29. One base quantity serves both prices; where they differ, that of the gross price is reported."""
    net = agreement.group("ram:NetPriceProductTradePrice")
    gross = agreement.group("ram:GrossPriceProductTradePrice")
    if net is None and gross is None:
        return None
    allowance = gross.group("ram:AppliedTradeAllowanceCharge") if gross else None
    if allowance:
        indicator = allowance.inner("ram:ChargeIndicator", "udt:Indicator")
        if indicator is not None and allowance.value(indicator).strip(XML_SPACE) not in _FALSE:
            allowance.source.lose(indicator, "fixed")
    base, unit = _base_quantity(net)
    gross_base, gross_unit = _base_quantity(gross, expected=None if base is None else (base, unit))
    return Price(
        net=net.amount("ram:ChargeAmount") if net else None,
        discount=allowance.amount("ram:ActualAmount") if allowance else None,
        gross=gross.amount("ram:ChargeAmount") if gross else None,
        base_quantity=gross_base if base is None else base,
        base_quantity_unit=gross_unit if base is None else unit,
    )


def _base_quantity(price: Group | None, expected: tuple[Decimal, str | None] | None = None) -> tuple[Decimal | None, str | None]:
    """BT-149 and BT-150 of one price."""
    child = price.take("ram:BasisQuantity") if price else None
    if price is None or child is None:
        return None, None
    found = price.number(child, "unitCode"), child.get("unitCode")
    if expected is not None and found[0] is not None and found != expected:
        price.source.lose(child, "repeated")
    return found


def _item(inner: Group | None) -> Item | None:
    """BG-31, BG-32."""
    if inner is None:
        return None
    return Item(
        name=inner.text("ram:Name"),
        description=inner.text("ram:Description"),
        seller_identifier=inner.text("ram:SellerAssignedID"),
        buyer_identifier=inner.text("ram:BuyerAssignedID"),
        standard_identifier=inner.identifier("ram:GlobalID"),
        classifications=_classifications(inner),
        country_of_origin=_stripped(inner.wrapped("ram:OriginTradeCountry", "ram:ID")),
        attributes=tuple(
            ItemAttribute(name=each.text("ram:Description"), value=each.text("ram:Value"))
            for each in inner.groups("ram:ApplicableProductCharacteristic")
        ),
    )


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip(XML_SPACE)


def _classifications(inner: Group) -> tuple[Identifier, ...]:
    """BT-158 with its list and the list's version."""
    found: list[Identifier] = []
    for each in inner.groups("ram:DesignatedProductClassification"):
        code = each.take("ram:ClassCode")
        if code is not None:
            value = each.value(code, "listID", "listVersionID")
            found.append(Identifier(value=value, scheme=code.get("listID"), scheme_version=code.get("listVersionID")))
    return tuple(found)
