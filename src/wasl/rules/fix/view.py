"""A document as the makers of fixes see it: its terms by one set of names, whatever its syntax (UBL 2.1 or CII D16B)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from wasl.formats.xml import Element, parse, text_of
from wasl.rules.explain.facts import number
from wasl.rules.report.spans import Path

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
NAMES = {"cbc": CBC, "cac": CAC, "ram": RAM, "rsm": RSM, "udt": UDT}

_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_CII_LINE = "ram:SpecifiedLineTradeSettlement"


@dataclass(frozen=True, slots=True)
class Syntax:
    """Where the terms stand: paths from the root, or from the line, row or allowance they belong to."""

    uri: str  # of the elements that hold values
    currency: str
    totals: str
    order: tuple[str, ...]  # the children of the totals, by the schema
    names: dict[str, str]  # term -> local name below the totals
    lines: tuple[str, ...]
    net: str
    net_parent: str
    quantity: tuple[str, ...]
    price: str
    base: str
    line_allowances: str
    line_category: str
    line_rate: str
    allowances: str
    indicator: str
    amount: str
    allowance_category: str
    allowance_rate: str
    rows: str
    taxable: str
    tax: str
    category: str
    rate: str
    specification: str
    schemes: tuple[str, ...] = field(default=())


UBL = Syntax(
    uri=CBC,
    currency="cbc:DocumentCurrencyCode",
    totals="cac:LegalMonetaryTotal",
    order=(
        "LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "AllowanceTotalAmount", "ChargeTotalAmount",
        "PrepaidAmount", "PayableRoundingAmount", "PayableAmount",
    ),
    names={
        "BT-106": "LineExtensionAmount", "BT-107": "AllowanceTotalAmount", "BT-108": "ChargeTotalAmount", "BT-109": "TaxExclusiveAmount",
        "BT-112": "TaxInclusiveAmount", "BT-113": "PrepaidAmount", "BT-114": "PayableRoundingAmount", "BT-115": "PayableAmount",
    },
    lines=("cac:InvoiceLine", "cac:CreditNoteLine"),
    net="cbc:LineExtensionAmount",
    net_parent="",
    quantity=("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
    price="cac:Price/cbc:PriceAmount",
    base="cac:Price/cbc:BaseQuantity",
    line_allowances="cac:AllowanceCharge",
    line_category="cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
    line_rate="cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
    allowances="cac:AllowanceCharge",
    indicator="cbc:ChargeIndicator",
    amount="cbc:Amount",
    allowance_category="cac:TaxCategory/cbc:ID",
    allowance_rate="cac:TaxCategory/cbc:Percent",
    rows="cac:TaxTotal/cac:TaxSubtotal",
    taxable="cbc:TaxableAmount",
    tax="cbc:TaxAmount",
    category="cac:TaxCategory/cbc:ID",
    rate="cac:TaxCategory/cbc:Percent",
    specification="cbc:CustomizationID",
)  # fmt: skip

CII = Syntax(
    uri=RAM,
    currency=f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
    totals=f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    order=(
        "LineTotalAmount", "ChargeTotalAmount", "AllowanceTotalAmount", "TaxBasisTotalAmount", "TaxTotalAmount", "RoundingAmount",
        "GrandTotalAmount", "TotalPrepaidAmount", "DuePayableAmount",
    ),
    names={
        "BT-106": "LineTotalAmount", "BT-107": "AllowanceTotalAmount", "BT-108": "ChargeTotalAmount", "BT-109": "TaxBasisTotalAmount",
        "BT-112": "GrandTotalAmount", "BT-113": "TotalPrepaidAmount", "BT-114": "RoundingAmount", "BT-115": "DuePayableAmount",
    },
    lines=("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem",),
    net=f"{_CII_LINE}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
    net_parent=f"{_CII_LINE}/ram:SpecifiedTradeSettlementLineMonetarySummation",
    quantity=("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",),
    price="ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
    base="ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity",
    line_allowances=f"{_CII_LINE}/ram:SpecifiedTradeAllowanceCharge",
    line_category=f"{_CII_LINE}/ram:ApplicableTradeTax/ram:CategoryCode",
    line_rate=f"{_CII_LINE}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
    allowances=f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge",
    indicator="ram:ChargeIndicator/udt:Indicator",
    amount="ram:ActualAmount",
    allowance_category="ram:CategoryTradeTax/ram:CategoryCode",
    allowance_rate="ram:CategoryTradeTax/ram:RateApplicablePercent",
    rows=f"{_SETTLEMENT}/ram:ApplicableTradeTax",
    taxable="ram:BasisAmount",
    tax="ram:CalculatedAmount",
    category="ram:CategoryCode",
    rate="ram:RateApplicablePercent",
    specification="rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
)  # fmt: skip


class View:
    """One state of a document. `suspects` are the elements that findings stand at, `broken` the rules that speak."""

    def __init__(self, data: bytes, suspects: frozenset[Path], profile: str, broken: frozenset[str] = frozenset()) -> None:
        self.root = parse(data)
        self.is_cii = self.root.tag == f"{{{RSM}}}CrossIndustryInvoice"
        self.syntax = CII if self.is_cii else UBL
        self.suspects = suspects
        self.broken = broken
        self.profile = profile  # as the caller named it: "auto" names none
        self._paths: dict[Element, Path] = {}

    def find(self, path: str, node: Element | None = None) -> Element | None:
        return (self.root if node is None else node).find(path, NAMES)

    def all(self, path: str, node: Element | None = None) -> list[Element]:
        return (self.root if node is None else node).findall(path, NAMES)

    def text(self, path: str, node: Element | None = None) -> str:
        found = self.find(path, node)
        return "" if found is None else text_of(found).strip()

    def number(self, path: str, node: Element | None = None) -> Decimal | None:
        """The figure at a path; None where there is none, or none that can be read."""
        found = self.find(path, node)
        return None if found is None else number(text_of(found))

    @property
    def currency(self) -> str:
        return self.text(self.syntax.currency)

    def lines(self) -> list[Element]:
        return [line for path in self.syntax.lines for line in self.all(path)]

    def path(self, element: Element) -> Path:
        """(namespace, local name, place among its like) from the root down."""
        known = self._paths.get(element)
        if known is None:
            parent = element.getparent()
            uri, _, local = str(element.tag).rpartition("}")
            if parent is None:
                known = ((uri[1:], local, 1),)
            else:
                place = sum(1 for _ in element.itersiblings(element.tag, preceding=True)) + 1
                known = (*self.path(parent), (uri[1:], local, place))
            self._paths[element] = known
        return known

    def suspicious(self) -> Iterator[Element]:
        """The leaves that a finding stands at, or that stand in an element of a finding: they may hold what is wrong."""
        seen: set[Element] = set()
        for path in sorted(self.suspects):
            element = self.at(path)
            if element is None:
                continue
            near = [element, *element.iterchildren("*"), *(leaf for child in element.iterchildren("*") for leaf in child.iterchildren("*"))]
            for leaf in near if len(path) > 1 else (element, *element.iterchildren("*")):
                if leaf not in seen and next(leaf.iterchildren("*"), None) is None:
                    seen.add(leaf)
                    yield leaf

    def at(self, path: Path) -> Element | None:
        node = self.root
        for uri, local, place in path[1:]:
            same = node.iterchildren(f"{{{uri}}}{local}" if uri else local)
            found = next((each for index, each in enumerate(same, 1) if index == place), None)
            if found is None:
                return None
            node = found
        return node


def local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
