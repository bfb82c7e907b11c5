"""Where each term of EN 16931 stands in a CII document (D16B), below the root: the table behind `TermInfo.cii` (EN 16931-3-3).

A row is `term | path` or `term | path ; other path`, where CII has two places for one term (an identifier with and without a scheme).
"""

# A row is one fact and reads best on one line.
# ruff: noqa: E501

_DOC, _CONTEXT = "rsm:ExchangedDocument", "rsm:ExchangedDocumentContext"
_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREE, _DELIVER, _SETTLE = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement", f"{_TRADE}/ram:ApplicableHeaderTradeDelivery", f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SELLER, _BUYER, _PAYEE = f"{_AGREE}/ram:SellerTradeParty", f"{_AGREE}/ram:BuyerTradeParty", f"{_SETTLE}/ram:PayeeTradeParty"
_REPRESENTATIVE, _SHIP_TO = f"{_AGREE}/ram:SellerTaxRepresentativeTradeParty", f"{_DELIVER}/ram:ShipToTradeParty"
_CONTACT, _ADDRESS = "ram:DefinedTradeContact", "ram:PostalTradeAddress"
_DATE = "udt:DateTimeString"
_DOCUMENT, _OBJECT = f"{_AGREE}/ram:AdditionalReferencedDocument[ram:TypeCode='916']", f"{_AGREE}/ram:AdditionalReferencedDocument[ram:TypeCode='130']"
_MEANS, _TERMS = f"{_SETTLE}/ram:SpecifiedTradeSettlementPaymentMeans", f"{_SETTLE}/ram:SpecifiedTradePaymentTerms"
_ALLOWANCE = f"{_SETTLE}/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']"
_CHARGE = f"{_SETTLE}/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='true']"
_TOTALS, _TAX = f"{_SETTLE}/ram:SpecifiedTradeSettlementHeaderMonetarySummation", f"{_SETTLE}/ram:ApplicableTradeTax"
_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_L_AGREE, _L_DELIVER, _L_SETTLE = f"{_LINE}/ram:SpecifiedLineTradeAgreement", f"{_LINE}/ram:SpecifiedLineTradeDelivery", f"{_LINE}/ram:SpecifiedLineTradeSettlement"
_L_DOC, _ITEM = f"{_LINE}/ram:AssociatedDocumentLineDocument", f"{_LINE}/ram:SpecifiedTradeProduct"
_NET, _GROSS = f"{_L_AGREE}/ram:NetPriceProductTradePrice", f"{_L_AGREE}/ram:GrossPriceProductTradePrice"
_L_ALLOWANCE = f"{_L_SETTLE}/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']"
_L_CHARGE = f"{_L_SETTLE}/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='true']"


def _address(party: str, *terms: str) -> str:
    """Address of a party: group, line 1, 2, 3, city, post code, region, country."""
    names = ("", "/ram:LineOne", "/ram:LineTwo", "/ram:LineThree", "/ram:CityName", "/ram:PostcodeCode", "/ram:CountrySubDivisionName", "/ram:CountryID")
    return "\n".join(f"{term} | {party}/{_ADDRESS}{name}" for term, name in zip(terms, names, strict=True))


def _contact(party: str, *terms: str) -> str:
    """Contact of a party: group, name, telephone, e-mail."""
    person = f"{party}/{_CONTACT}/ram:PersonName ; {party}/{_CONTACT}/ram:DepartmentName"
    ends = (f"{party}/{_CONTACT}", person, f"{party}/{_CONTACT}/ram:TelephoneUniversalCommunication/ram:CompleteNumber", f"{party}/{_CONTACT}/ram:EmailURIUniversalCommunication/ram:URIID")
    return "\n".join(f"{term} | {end}" for term, end in zip(terms, ends, strict=True))


def _allowance(group: str, *terms: str) -> str:
    """An allowance or charge: group, amount, base, percentage, reason, reason code."""
    names = ("", "/ram:ActualAmount", "/ram:BasisAmount", "/ram:CalculationPercent", "/ram:Reason", "/ram:ReasonCode")
    return "\n".join(f"{term} | {group}{name}" for term, name in zip(terms, names, strict=True))


TABLE = f"""
BT-1 | {_DOC}/ram:ID
BT-2 | {_DOC}/ram:IssueDateTime/{_DATE}
BT-3 | {_DOC}/ram:TypeCode
BT-5 | {_SETTLE}/ram:InvoiceCurrencyCode
BT-6 | {_SETTLE}/ram:TaxCurrencyCode
BT-7 | {_TAX}/ram:TaxPointDate/udt:DateString
BT-8 | {_TAX}/ram:DueDateTypeCode
BT-9 | {_TERMS}/ram:DueDateDateTime/{_DATE}
BT-10 | {_AGREE}/ram:BuyerReference
BT-11 | {_AGREE}/ram:SpecifiedProcuringProject/ram:ID
BT-12 | {_AGREE}/ram:ContractReferencedDocument/ram:IssuerAssignedID
BT-13 | {_AGREE}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID
BT-14 | {_AGREE}/ram:SellerOrderReferencedDocument/ram:IssuerAssignedID
BT-15 | {_DELIVER}/ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID
BT-16 | {_DELIVER}/ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID
BT-17 | {_AGREE}/ram:AdditionalReferencedDocument[ram:TypeCode='50']/ram:IssuerAssignedID
BT-18 | {_OBJECT}/ram:IssuerAssignedID
BT-18-1 | {_OBJECT}/ram:ReferenceTypeCode
BT-19 | {_SETTLE}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID
BT-20 | {_TERMS}/ram:Description
BG-1 | {_DOC}/ram:IncludedNote
BT-21 | {_DOC}/ram:IncludedNote/ram:SubjectCode
BT-22 | {_DOC}/ram:IncludedNote/ram:Content
BG-2 | {_CONTEXT}
BT-23 | {_CONTEXT}/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID
BT-24 | {_CONTEXT}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID
BG-3 | {_SETTLE}/ram:InvoiceReferencedDocument
BT-25 | {_SETTLE}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID
BT-26 | {_SETTLE}/ram:InvoiceReferencedDocument/ram:FormattedIssueDateTime/qdt:DateTimeString
BG-4 | {_SELLER}
BT-27 | {_SELLER}/ram:Name
BT-28 | {_SELLER}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName
BT-29 | {_SELLER}/ram:ID ; {_SELLER}/ram:GlobalID
BT-29-1 | {_SELLER}/ram:GlobalID/@schemeID
BT-30 | {_SELLER}/ram:SpecifiedLegalOrganization/ram:ID
BT-30-1 | {_SELLER}/ram:SpecifiedLegalOrganization/ram:ID/@schemeID
BT-31 | {_SELLER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']
BT-32 | {_SELLER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']
BT-33 | {_SELLER}/ram:Description
BT-34 | {_SELLER}/ram:URIUniversalCommunication/ram:URIID
BT-34-1 | {_SELLER}/ram:URIUniversalCommunication/ram:URIID/@schemeID
{_address(_SELLER, "BG-5", "BT-35", "BT-36", "BT-162", "BT-37", "BT-38", "BT-39", "BT-40")}
{_contact(_SELLER, "BG-6", "BT-41", "BT-42", "BT-43")}
BG-7 | {_BUYER}
BT-44 | {_BUYER}/ram:Name
BT-45 | {_BUYER}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName
BT-46 | {_BUYER}/ram:ID ; {_BUYER}/ram:GlobalID
BT-46-1 | {_BUYER}/ram:GlobalID/@schemeID
BT-47 | {_BUYER}/ram:SpecifiedLegalOrganization/ram:ID
BT-47-1 | {_BUYER}/ram:SpecifiedLegalOrganization/ram:ID/@schemeID
BT-48 | {_BUYER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']
BT-49 | {_BUYER}/ram:URIUniversalCommunication/ram:URIID
BT-49-1 | {_BUYER}/ram:URIUniversalCommunication/ram:URIID/@schemeID
{_address(_BUYER, "BG-8", "BT-50", "BT-51", "BT-163", "BT-52", "BT-53", "BT-54", "BT-55")}
{_contact(_BUYER, "BG-9", "BT-56", "BT-57", "BT-58")}
BG-10 | {_PAYEE}
BT-59 | {_PAYEE}/ram:Name
BT-60 | {_PAYEE}/ram:ID ; {_PAYEE}/ram:GlobalID
BT-60-1 | {_PAYEE}/ram:GlobalID/@schemeID
BT-61 | {_PAYEE}/ram:SpecifiedLegalOrganization/ram:ID
BT-61-1 | {_PAYEE}/ram:SpecifiedLegalOrganization/ram:ID/@schemeID
BG-11 | {_REPRESENTATIVE}
BT-62 | {_REPRESENTATIVE}/ram:Name
BT-63 | {_REPRESENTATIVE}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']
{_address(_REPRESENTATIVE, "BG-12", "BT-64", "BT-65", "BT-164", "BT-66", "BT-67", "BT-68", "BT-69")}
BG-13 | {_DELIVER}
BT-70 | {_SHIP_TO}/ram:Name
BT-71 | {_SHIP_TO}/ram:ID ; {_SHIP_TO}/ram:GlobalID
BT-71-1 | {_SHIP_TO}/ram:GlobalID/@schemeID
BT-72 | {_DELIVER}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{_DATE}
BG-14 | {_SETTLE}/ram:BillingSpecifiedPeriod
BT-73 | {_SETTLE}/ram:BillingSpecifiedPeriod/ram:StartDateTime/{_DATE}
BT-74 | {_SETTLE}/ram:BillingSpecifiedPeriod/ram:EndDateTime/{_DATE}
{_address(_SHIP_TO, "BG-15", "BT-75", "BT-76", "BT-165", "BT-77", "BT-78", "BT-79", "BT-80")}
BG-16 | {_MEANS}
BT-81 | {_MEANS}/ram:TypeCode
BT-82 | {_MEANS}/ram:Information
BT-83 | {_SETTLE}/ram:PaymentReference
BG-17 | {_MEANS}/ram:PayeePartyCreditorFinancialAccount
BT-84 | {_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:IBANID ; {_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID
BT-85 | {_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:AccountName
BT-86 | {_MEANS}/ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID
BG-18 | {_MEANS}/ram:ApplicableTradeSettlementFinancialCard
BT-87 | {_MEANS}/ram:ApplicableTradeSettlementFinancialCard/ram:ID
BT-88 | {_MEANS}/ram:ApplicableTradeSettlementFinancialCard/ram:CardholderName
BG-19 | {_MEANS}/ram:PayerPartyDebtorFinancialAccount
BT-89 | {_TERMS}/ram:DirectDebitMandateID
BT-90 | {_SETTLE}/ram:CreditorReferenceID
BT-91 | {_MEANS}/ram:PayerPartyDebtorFinancialAccount/ram:IBANID
{_allowance(_ALLOWANCE, "BG-20", "BT-92", "BT-93", "BT-94", "BT-97", "BT-98")}
BT-95 | {_ALLOWANCE}/ram:CategoryTradeTax/ram:CategoryCode
BT-96 | {_ALLOWANCE}/ram:CategoryTradeTax/ram:RateApplicablePercent
{_allowance(_CHARGE, "BG-21", "BT-99", "BT-100", "BT-101", "BT-104", "BT-105")}
BT-102 | {_CHARGE}/ram:CategoryTradeTax/ram:CategoryCode
BT-103 | {_CHARGE}/ram:CategoryTradeTax/ram:RateApplicablePercent
BG-22 | {_TOTALS}
BT-106 | {_TOTALS}/ram:LineTotalAmount
BT-107 | {_TOTALS}/ram:AllowanceTotalAmount
BT-108 | {_TOTALS}/ram:ChargeTotalAmount
BT-109 | {_TOTALS}/ram:TaxBasisTotalAmount
BT-110 | {_TOTALS}/ram:TaxTotalAmount
BT-111 | {_TOTALS}/ram:TaxTotalAmount
BT-112 | {_TOTALS}/ram:GrandTotalAmount
BT-113 | {_TOTALS}/ram:TotalPrepaidAmount
BT-114 | {_TOTALS}/ram:RoundingAmount
BT-115 | {_TOTALS}/ram:DuePayableAmount
BG-23 | {_TAX}
BT-116 | {_TAX}/ram:BasisAmount
BT-117 | {_TAX}/ram:CalculatedAmount
BT-118 | {_TAX}/ram:CategoryCode
BT-119 | {_TAX}/ram:RateApplicablePercent
BT-120 | {_TAX}/ram:ExemptionReason
BT-121 | {_TAX}/ram:ExemptionReasonCode
BG-24 | {_DOCUMENT}
BT-122 | {_DOCUMENT}/ram:IssuerAssignedID
BT-123 | {_DOCUMENT}/ram:Name
BT-124 | {_DOCUMENT}/ram:URIID
BT-125 | {_DOCUMENT}/ram:AttachmentBinaryObject
BT-125-1 | {_DOCUMENT}/ram:AttachmentBinaryObject/@mimeCode
BT-125-2 | {_DOCUMENT}/ram:AttachmentBinaryObject/@filename
BG-25 | {_LINE}
BT-126 | {_L_DOC}/ram:LineID
BT-127 | {_L_DOC}/ram:IncludedNote/ram:Content
BT-128 | {_L_SETTLE}/ram:AdditionalReferencedDocument[ram:TypeCode='130']/ram:IssuerAssignedID
BT-128-1 | {_L_SETTLE}/ram:AdditionalReferencedDocument[ram:TypeCode='130']/ram:ReferenceTypeCode
BT-129 | {_L_DELIVER}/ram:BilledQuantity
BT-130 | {_L_DELIVER}/ram:BilledQuantity/@unitCode
BT-131 | {_L_SETTLE}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount
BT-132 | {_L_AGREE}/ram:BuyerOrderReferencedDocument/ram:LineID
BT-133 | {_L_SETTLE}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID
BG-26 | {_L_SETTLE}/ram:BillingSpecifiedPeriod
BT-134 | {_L_SETTLE}/ram:BillingSpecifiedPeriod/ram:StartDateTime/{_DATE}
BT-135 | {_L_SETTLE}/ram:BillingSpecifiedPeriod/ram:EndDateTime/{_DATE}
{_allowance(_L_ALLOWANCE, "BG-27", "BT-136", "BT-137", "BT-138", "BT-139", "BT-140")}
{_allowance(_L_CHARGE, "BG-28", "BT-141", "BT-142", "BT-143", "BT-144", "BT-145")}
BG-29 | {_L_AGREE}
BT-146 | {_NET}/ram:ChargeAmount
BT-147 | {_GROSS}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount
BT-148 | {_GROSS}/ram:ChargeAmount
BT-149 | {_NET}/ram:BasisQuantity ; {_GROSS}/ram:BasisQuantity
BT-150 | {_NET}/ram:BasisQuantity/@unitCode ; {_GROSS}/ram:BasisQuantity/@unitCode
BG-30 | {_L_SETTLE}/ram:ApplicableTradeTax
BT-151 | {_L_SETTLE}/ram:ApplicableTradeTax/ram:CategoryCode
BT-152 | {_L_SETTLE}/ram:ApplicableTradeTax/ram:RateApplicablePercent
BG-31 | {_ITEM}
BT-153 | {_ITEM}/ram:Name
BT-154 | {_ITEM}/ram:Description
BT-155 | {_ITEM}/ram:SellerAssignedID
BT-156 | {_ITEM}/ram:BuyerAssignedID
BT-157 | {_ITEM}/ram:GlobalID
BT-157-1 | {_ITEM}/ram:GlobalID/@schemeID
BT-158 | {_ITEM}/ram:DesignatedProductClassification/ram:ClassCode
BT-158-1 | {_ITEM}/ram:DesignatedProductClassification/ram:ClassCode/@listID
BT-158-2 | {_ITEM}/ram:DesignatedProductClassification/ram:ClassCode/@listVersionID
BT-159 | {_ITEM}/ram:OriginTradeCountry/ram:ID
BG-32 | {_ITEM}/ram:ApplicableProductCharacteristic
BT-160 | {_ITEM}/ram:ApplicableProductCharacteristic/ram:Description
BT-161 | {_ITEM}/ram:ApplicableProductCharacteristic/ram:Value
"""
