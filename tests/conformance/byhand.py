"""Mutants for rules that a single change of a seed does not reach: several things missing at once, and every VAT category in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from mutants import CATEGORIES, UBL, Mutant, cac, cbc, credit_note, in_category, invoice

NS = {"cac": f"{UBL}CommonAggregateComponents-2", "cbc": f"{UBL}CommonBasicComponents-2"}
VAT_IDS = "//cac:PartyTaxScheme | //cac:TaxRepresentativeParty | //cac:AccountingCustomerParty//cac:PartyLegalEntity/cbc:CompanyID"
REASONS = "//cbc:AllowanceChargeReason | //cbc:AllowanceChargeReasonCode"
BREAKDOWN = "/*/cac:TaxTotal/cac:TaxSubtotal"

# (name, what): what is delete, text or double, then an XPath, then the text
ANY: list[tuple[str, ...]] = [
    ("no-lines", "delete", "//cac:InvoiceLine | //cac:CreditNoteLine"),
    ("no-reasons", "delete", REASONS),
    ("period-ends-first", "text", "//cac:InvoicePeriod/cbc:EndDate", "2026-01-01"),
    ("empty-periods", "delete", "//cac:InvoicePeriod/*"),
    ("long-card-number", "text", "//cbc:PrimaryAccountNumberID", "4111111111111111"),
    ("unknown-note-subject", "text", "/*/cbc:Note", "#ZZX#text"),
    ("many-decimals", "text", "//cbc:Amount | //cbc:BaseAmount | //cac:TaxTotal//cbc:TaxAmount", "1.2345"),
    ("ubl-version", "before", "/*/cbc:CustomizationID", "UBLVersionID", "2.2"),
    ("tax-point-and-code", "before", "/*/cbc:DocumentCurrencyCode", "TaxPointDate", "2026-03-01"),
    ("due-date-in-means", "before", "//cac:PaymentMeans/cbc:PaymentID", "PaymentDueDate", "2026-03-31"),
    ("names-in-attributes", "attribute", "//cbc:BuyerReference", "name", "x"),
    # The sheet reads these two below TaxAmount, where a valid document cannot have them.
    ("currency-inside-amount", "inside", "/*/cac:TaxTotal/cbc:TaxAmount[@currencyID='EUR']", "DocumentCurrencyCode", "EUR"),
    ("tax-currency-inside-amount", "inside", "/*/cac:TaxTotal/cbc:TaxAmount[@currencyID='EUR']", "TaxCurrencyCode", "EUR"),
]
BY_CATEGORY: list[tuple[str, ...]] = [
    ("no-vat-ids", "delete", VAT_IDS),
    ("rate-5", "text", "//cbc:Percent", "5"),
    ("rate-negative", "text", "//cbc:Percent", "-1"),
    ("rate-0", "text", "//cbc:Percent", "0"),
    ("no-rates", "delete", "//cbc:Percent"),
    ("no-breakdown", "delete", BREAKDOWN),
    ("two-breakdowns", "double", BREAKDOWN),
    ("only-breakdown", "text", "//cac:AllowanceCharge/cac:TaxCategory/cbc:ID | //cac:ClassifiedTaxCategory/cbc:ID", "B"),
    ("taxable-amount", "text", "//cbc:TaxableAmount", "999.00"),
    ("tax-amount", "text", "//cac:TaxSubtotal/cbc:TaxAmount", "999.00"),
    ("no-exemption", "delete", "//cbc:TaxExemptionReason"),
    ("exemption", "before", "//cac:TaxSubtotal/cac:TaxCategory/cac:TaxScheme", "TaxExemptionReason", "Exempt"),
    ("two-exemptions", "double", "//cbc:TaxExemptionReason"),
    ("not-delivered", "delete", "//cbc:ActualDeliveryDate | //cac:InvoicePeriod"),
    ("no-deliver-country", "delete", "//cac:Delivery//cac:Country"),
    ("no-countries", "text", "//cbc:IdentificationCode", "BE"),
    ("lines-standard", "text", "//cac:ClassifiedTaxCategory/cbc:ID", "S"),
    ("allowances-standard", "text", "//cac:AllowanceCharge/cac:TaxCategory/cbc:ID", "S"),
    ("breakdown-standard", "text", "//cac:TaxSubtotal/cac:TaxCategory/cbc:ID", "S"),
    ("sales-tax", "text", "//cac:TaxScheme/cbc:ID", "GST"),
]  # fmt: skip


def by_hand() -> Iterator[Mutant]:
    for seed_name, seed in (("invoice", invoice()), ("creditnote", credit_note())):
        for recipe in ANY:
            yield f"{seed_name}/{recipe[0]}", _apply(seed, *recipe[1:])
        for code in ("S", *CATEGORIES):
            base = seed if code == "S" else in_category(seed, code)
            for recipe in BY_CATEGORY:
                yield f"{seed_name}-{code}/{recipe[0]}", _apply(base, *recipe[1:])
        yield f"{seed_name}/mixed-o", _mixed(in_category(seed, "O"))


def _apply(seed: bytes, what: str, path: str, *values: str) -> bytes:
    root = etree.fromstring(seed)
    for node in root.xpath(path, namespaces=NS):
        if what == "delete":
            node.getparent().remove(node)
        elif what == "double":
            node.addnext(etree.fromstring(etree.tostring(node, with_tail=False)))
        elif what == "text":
            node.text = values[0]
        elif what == "before":
            node.addprevious(_leaf(*values))
        elif what == "attribute":
            node.set(*values)
        else:
            node.text = "1.2345"
            node.append(_leaf(*values))
    return etree.tostring(root)


def _leaf(name: str, text: str) -> Any:
    leaf = etree.Element(cbc(name))
    leaf.text = text
    return leaf


def _mixed(seed: bytes) -> bytes:
    """Not subject to VAT, and a second breakdown in the standard rate."""
    root = etree.fromstring(seed)
    first = root.find(f"{cac('TaxTotal')}/{cac('TaxSubtotal')}")
    second = etree.fromstring(etree.tostring(first, with_tail=False))
    second.find(f"{cac('TaxCategory')}/{cbc('ID')}").text = "S"
    first.addnext(second)
    return etree.tostring(root)
