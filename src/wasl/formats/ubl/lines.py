"""Reading invoice lines, items, prices, allowances and charges."""

from __future__ import annotations

from wasl.formats.cursor import Group
from wasl.formats.lexical import XML_SPACE
from wasl.formats.ubl.names import INVOICED_OBJECT_TYPE, VAT
from wasl.formats.ubl.parties import tax_scheme
from wasl.invoice.model import AllowanceCharge, Identifier, Item, ItemAttribute, Line, Period, Price

_TRUE = frozenset({"true", "1"})
_FALSE = frozenset({"false", "0"})


def line(inner: Group, quantity_name: str) -> Line:
    """BG-25; `quantity_name` is cbc:InvoicedQuantity or cbc:CreditedQuantity."""
    quantity = inner.take(quantity_name)
    allowances, charges = allowances_and_charges(inner)
    item_group = inner.group("cac:Item")
    item, category, rate = _item(item_group)
    return Line(
        identifier=inner.text("cbc:ID"),
        note=inner.text("cbc:Note"),
        invoiced_object=_invoiced_object(inner),
        quantity=None if quantity is None else inner.number(quantity, "unitCode"),
        unit=None if quantity is None else quantity.get("unitCode"),
        net_amount=inner.amount("cbc:LineExtensionAmount"),
        order_line_reference=inner.wrapped("cac:OrderLineReference", "cbc:LineID"),
        buyer_accounting_reference=inner.text("cbc:AccountingCost"),
        period=period(inner.group("cac:InvoicePeriod")),
        allowances=allowances,
        charges=charges,
        price=_price(inner.group("cac:Price")),
        tax_category=category,
        tax_rate=rate,
        item=item,
    )


def period(inner: Group | None) -> Period | None:
    """BG-14 or BG-26; None for an element that names neither end."""
    if inner is None:
        return None
    return Period(start=inner.date("cbc:StartDate"), end=inner.date("cbc:EndDate"))


def allowances_and_charges(inner: Group) -> tuple[tuple[AllowanceCharge, ...], tuple[AllowanceCharge, ...]]:
    """BG-20 and BG-21 of a document, BG-27 and BG-28 of a line."""
    allowances: list[AllowanceCharge] = []
    charges: list[AllowanceCharge] = []
    for each in inner.groups("cac:AllowanceCharge"):
        indicator = each.code("cbc:ChargeIndicator")
        if indicator in _TRUE:
            charges.append(_allowance_charge(each))
        elif indicator in _FALSE:
            allowances.append(_allowance_charge(each))
        else:
            inner.source.lose(each.element, "fixed")
            each.abandon()
    return tuple(allowances), tuple(charges)


def _allowance_charge(each: Group) -> AllowanceCharge:
    category = each.group("cac:TaxCategory")
    found = AllowanceCharge(
        amount=each.amount("cbc:Amount"),
        base_amount=each.amount("cbc:BaseAmount"),
        percentage=each.decimal("cbc:MultiplierFactorNumeric"),
        tax_category=category.code("cbc:ID") if category else None,
        tax_rate=category.decimal("cbc:Percent") if category else None,
        reason=each.text("cbc:AllowanceChargeReason"),
        reason_code=each.code("cbc:AllowanceChargeReasonCode"),
    )
    if category:
        tax_scheme(category, VAT)
    return found


def _invoiced_object(inner: Group) -> Identifier | None:
    """BT-128: the document reference of type 130; any other type is left over, and so reported."""
    if inner.peek("cac:DocumentReference", "cbc:DocumentTypeCode") not in (None, INVOICED_OBJECT_TYPE):
        return None
    reference = inner.group("cac:DocumentReference")
    if reference is None:
        return None
    reference.fixed("cbc:DocumentTypeCode", INVOICED_OBJECT_TYPE)
    return reference.identifier("cbc:ID")


def _price(inner: Group | None) -> Price | None:
    if inner is None:
        return None
    base = inner.take("cbc:BaseQuantity")
    allowance = inner.group("cac:AllowanceCharge")
    if allowance:
        allowance.fixed("cbc:ChargeIndicator", "false", "0")
    return Price(
        net=inner.amount("cbc:PriceAmount"),
        discount=allowance.amount("cbc:Amount") if allowance else None,
        gross=allowance.amount("cbc:BaseAmount") if allowance else None,
        base_quantity=None if base is None else inner.number(base, "unitCode"),
        base_quantity_unit=None if base is None else base.get("unitCode"),
    )


def _item(inner: Group | None):
    """BG-31 with BG-30 (category and rate), which the model keeps on the line."""
    if inner is None:
        return None, None, None
    standard = inner.inner("cac:StandardItemIdentification", "cbc:ID")
    origin = inner.wrapped("cac:OriginCountry", "cbc:IdentificationCode")
    item = Item(
        name=inner.text("cbc:Name"),
        description=inner.text("cbc:Description"),
        seller_identifier=inner.wrapped("cac:SellersItemIdentification", "cbc:ID"),
        buyer_identifier=inner.wrapped("cac:BuyersItemIdentification", "cbc:ID"),
        standard_identifier=None if standard is None else inner.scheme_of(standard),
        classifications=_classifications(inner),
        country_of_origin=None if origin is None else origin.strip(XML_SPACE),
        attributes=tuple(
            ItemAttribute(name=each.text("cbc:Name"), value=each.text("cbc:Value"))
            for each in inner.groups("cac:AdditionalItemProperty")
        ),
    )
    category = inner.group("cac:ClassifiedTaxCategory")
    if category is None:
        return item, None, None
    tax_scheme(category, VAT)
    return item, category.code("cbc:ID"), category.decimal("cbc:Percent")


def _classifications(inner: Group) -> tuple[Identifier, ...]:
    """BT-158 with its list and the list's version."""
    found: list[Identifier] = []
    for each in inner.groups("cac:CommodityClassification"):
        code = each.take("cbc:ItemClassificationCode")
        if code is not None:
            value = each.value(code, "listID", "listVersionID")
            found.append(Identifier(value=value, scheme=code.get("listID"), scheme_version=code.get("listVersionID")))
    return tuple(found)
