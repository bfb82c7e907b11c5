"""The second part of `_elements_data`: money and items."""

# A row is one fact and reads best on one line.

MONEY = """
AccountFormatCode | رمز صيغة الحساب
AccountName | اسم الحساب
AccountTypeCode | رمز نوع الحساب
AccountingCost | مرجع الحساب لدى المشتري | buyer accounting reference
AccountingCostCode | رمز مركز التكلفة
ActualAmount | المبلغ | amount
ActualDiscountAmount | مبلغ الخصم | discount amount
ActualPenaltyAmount | مبلغ الغرامة | penalty amount
ActualTradeCurrencyExchange | سعر صرف المعاملة | currency exchange
AdditionalAccountID | رقم الحساب الإضافي
AliasName | الاسم البديل
AllowanceCharge | الخصم أو الرسم الإضافي | discount or charge
AllowanceChargeBasisAmount | أساس الخصم أو الرسم الإضافي
AllowanceChargeReason | سبب الخصم أو الرسم الإضافي
AllowanceChargeReasonCode | رمز سبب الخصم أو الرسم الإضافي
AllowanceTotalAmount | مجموع الخصومات | total of discounts
Amount | المبلغ
AmountTypeCode | رمز نوع المبلغ
ApplicableTradePaymentDiscountTerms | شروط خصم السداد المبكر | early payment discount
ApplicableTradePaymentPenaltyTerms | شروط غرامة التأخر في السداد | late payment penalty
ApplicableTradeSettlementFinancialCard | بيانات البطاقة | card
ApplicableTradeTax | تفصيل الضريبة | VAT details
AppliedAmount | المبلغ المطبّق
AppliedTradeAllowanceCharge | الخصم على السعر | price discount
AppliedTradeTax | الضريبة المطبّقة | applied tax
BICID | رمز البنك | bank identifier (BIC)
BaseAmount | مبلغ الأساس
BasisAmount | مبلغ الأساس | base amount
BasisDateTime | تاريخ الأساس | base date
BasisPeriodMeasure | مدة الأساس | base period
BuyerDeductibleTaxSpecifiedTradeAccountingAccount | حساب ضريبة المدخلات القابلة للخصم | deductible tax account
BuyerNonDeductibleTaxSpecifiedTradeAccountingAccount | حساب الضريبة غير القابلة للخصم | non-deductible tax account
BuyerRepayableTaxSpecifiedTradeAccountingAccount | حساب الضريبة المستردة | repayable tax account
BuyerReference | مرجع المشتري
CV2ID | رمز تحقق البطاقة | card verification code
CalculatedAmount | المبلغ المحسوب
CalculatedRate | النسبة المحسوبة
CalculationPercent | النسبة المئوية | percentage
CalculationSequenceNumeric | ترتيب الحساب | calculation sequence
CardAccount | البطاقة
CardChipCode | رمز شريحة البطاقة
CardholderName | اسم حامل البطاقة | card holder name
CardTypeCode | رمز نوع البطاقة
CategoryCode | رمز فئة الضريبة | VAT category
CategoryTradeTax | فئة الضريبة | VAT category
ChangeReason | سبب التغيير
ChannelCode | رمز القناة
ChargeAmount | السعر | price
ChargeIndicator | مؤشر الرسم الإضافي
ChargeTotalAmount | مجموع الرسوم الإضافية | total of charges
ChipApplicationID | معرّف تطبيق الشريحة
ClassifiedTaxCategory | فئة ضريبة البند | line VAT category
ClearingSystemName | نظام المقاصة | clearing system
CreditAccount | حساب الائتمان
CreditAvailableAmount | الائتمان المتاح
CreditLimitAmount | حد الائتمان
CreditReason | سبب الإشعار الدائن
CreditReasonCode | رمز سبب الإشعار الدائن
CreditorReferenceID | معرّف الدائن | creditor identifier
CreditorReferenceIssuerID | مُصدر معرّف الدائن
CreditorReferenceType | نوع معرّف الدائن
CreditorReferenceTypeCode | رمز نوع معرّف الدائن
CurrencyCode | رمز العملة
ConversionRate | سعر الصرف
ConversionRateDateTime | تاريخ سعر الصرف | exchange rate date
CustomerAssignedAccountID | رقم الحساب لدى العميل
CustomsDutyIndicator | مؤشر الرسوم الجمركية
DirectDebitMandateID | مرجع تفويض الخصم المباشر | direct debit mandate
DiscountIndicator | مؤشر الخصم
DocumentCurrencyCode | عملة الفاتورة | invoice currency
DueDateDateTime | تاريخ الاستحقاق | due date
DueDateTypeCode | رمز تاريخ وجوب الضريبة | tax point date code
DuePayableAmount | المبلغ المستحق | amount due
ExchangeRate | سعر الصرف
ExemptionReason | سبب الإعفاء
ExemptionReasonCode | رمز سبب الإعفاء
FinancialAccount | الحساب المالي
FinancialInstitution | البنك | bank
FinancialInstitutionBranch | فرع البنك | bank branch
GrandTotalAmount | الإجمالي شامل الضريبة | total with VAT
GrossLineTotalAmount | إجمالي البند قبل الخصم
GrossPriceProductTradePrice | السعر قبل الخصم | price before discount
GuaranteeMethodCode | رمز طريقة الضمان
IBANID | رقم الآيبان | IBAN
IncludedTradeTax | الضريبة المشمولة | included tax
InformationAmount | مبلغ للعلم
InstallmentDueDate | تاريخ استحقاق القسط
InstructionID | رقم التعليمات
InstructionNote | ملاحظة التعليمات
InstructionTypeCode | رمز نوع التعليمات
InterestRatePercent | نسبة الفائدة
InvoiceApplicableTradeCurrencyExchange | سعر صرف الفاتورة | invoice currency exchange
InvoiceCurrencyCode | عملة الفاتورة | invoice currency
InvoiceDateTime | تاريخ الفاتورة
IssuerID | معرّف الجهة المصدرة
Jurisdiction | نطاق الاختصاص الضريبي
LegalMonetaryTotal | إجماليات الفاتورة | document totals
LineTotalAmount | مجموع البند أو البنود | line total
LineTotalBasisAmount | أساس مجموع البنود
MandateTypeCode | رمز نوع التفويض
MaximumPaidAmount | الحد الأعلى للدفع
MaximumPaymentInstructionsNumeric | الحد الأعلى لتعليمات الدفع | maximum number of payment instructions
MultiplierFactorNumeric | النسبة المئوية | percentage
NetIncludingTaxesLineTotalAmount | صافي البند شاملًا الضرائب | line total including taxes
NetLineTotalAmount | صافي البند
NetPriceProductTradePrice | سعر الوحدة | unit price
NetworkID | شبكة البطاقة | card network
NextInvoiceDateTime | تاريخ الفاتورة التالية | date of the next invoice
PaidAmount | المبلغ المدفوع
PartialPaymentAmount | مبلغ القسط | instalment amount
PartialPaymentPercent | نسبة القسط
PayableAlternativeAmount | المبلغ المستحق بعملة بديلة
PayableAmount | المبلغ المستحق | amount due
PayableRoundingAmount | فرق التقريب | rounding amount
PayableSpecifiedTradeAccountingAccount | حساب الذمم الدائنة | payable account
PayeeFinancialAccount | حساب المستفيد | payee account
PayeePartyCreditorFinancialAccount | حساب المستفيد | payee account
PayeeSpecifiedCreditorFinancialInstitution | بنك المستفيد | payee bank
PayerFinancialAccount | حساب الدافع | payer account
PayerPartyDebtorFinancialAccount | الحساب المخصوم منه | debited account
PayerSpecifiedDebtorFinancialInstitution | بنك الدافع | payer bank
PaymentAlternativeCurrencyCode | عملة الدفع البديلة
PaymentAlternativeExchangeRate | سعر صرف عملة الدفع البديلة
PaymentApplicableTradeCurrencyExchange | سعر صرف الدفع | payment currency exchange
PaymentChannelCode | رمز قناة الدفع
PaymentCurrencyCode | عملة الدفع | payment currency
PaymentDueDate | تاريخ الاستحقاق | due date
PaymentExchangeRate | سعر صرف الدفع
PaymentID | الرقم المرجعي للدفع | payment reference
PaymentMandate | الخصم المباشر | direct debit
PaymentMeans | تعليمات الدفع | payment instructions
PaymentMeansCode | رمز طريقة الدفع | payment means code
PaymentMeansID | معرّف طريقة الدفع
PaymentMethodCode | رمز أسلوب الدفع
PaymentNote | ملاحظة الدفع
PaymentPercent | نسبة الدفعة
PaymentPurposeCode | رمز غرض الدفع
PaymentReference | الرقم المرجعي للدفع
PaymentReversalPeriod | مهلة عكس الدفع
PaymentTerms | شروط الدفع
PaymentTermsDetailsURI | رابط تفاصيل شروط الدفع | link to the payment terms
PenaltyAmount | مبلغ الغرامة
PenaltyPeriod | مدة الغرامة
PenaltySurchargePercent | نسبة الغرامة
PerUnitAmount | مبلغ الوحدة
Percent | النسبة | rate
PrepaidAmount | المدفوع مقدمًا | prepaid amount
PrepaidIndicator | مؤشر الدفع المقدم
PrepaidPayment | الدفعة المقدمة | prepayment
PrepaidPaymentReferenceID | مرجع الدفعة المقدمة
PrimaryAccountNumberID | رقم البطاقة | card number
ProductValueExcludingTobaccoTaxInformationAmount | قيمة المنتج بلا ضريبة التبغ | product value without tobacco tax
ProductWeightLossInformationAmount | قيمة فاقد الوزن | weight loss value
ProprietaryID | رقم الحساب غير الآيبان | account number (not IBAN)
PurchaseSpecifiedTradeAccountingAccount | حساب المشتريات | purchase account
RateApplicablePercent | نسبة الضريبة | VAT rate
Reason | السبب
ReasonCode | رمز السبب
ReceivableSpecifiedTradeAccountingAccount | مرجع الحساب لدى المشتري | buyer accounting reference
ReferenceEventCode | رمز حدث الاستحقاق
FromEventCode | رمز حدث البداية
RetailValueExcludingTaxInformationAmount | قيمة التجزئة بلا ضريبة | retail value without tax
RoundingAmount | فرق التقريب
SalesSpecifiedTradeAccountingAccount | حساب المبيعات | sales account
SellerPayableTaxSpecifiedTradeAccountingAccount | حساب الضريبة المستحقة على البائع | seller's payable tax account
SellerRefundableTaxSpecifiedTradeAccountingAccount | حساب الضريبة المستردة للبائع | seller's refundable tax account
ServiceSupplyTradeCountry | بلد تقديم الخدمة | country of service supply
SetTriggerCode | رمز المشغّل
SettlementDiscountAmount | مبلغ خصم السداد
SettlementDiscountPercent | نسبة خصم السداد
SettlementPeriod | مهلة السداد
SettlementPeriodMeasure | مدة السداد | settlement period
SourceCurrencyCode | العملة المصدر | source currency
SpecifiedAdvancePayment | الدفعة المقدمة | advance payment
SpecifiedFinancialAdjustment | التسوية المالية | financial adjustment
SpecifiedLogisticsServiceCharge | رسم خدمة النقل | logistics service charge
SpecifiedTradeAccountingAccount | الحساب المحاسبي | accounting account
SpecifiedTradeAllowanceCharge | الخصم أو الرسم الإضافي | discount or charge
SpecifiedTradePaymentTerms | شروط الدفع | payment terms
SpecifiedTradeSettlementFinancialCard | بيانات البطاقة | card
SpecifiedTradeSettlementHeaderMonetarySummation | إجماليات الفاتورة | document totals
SpecifiedTradeSettlementLineMonetarySummation | الإجماليات | totals
SpecifiedTradeSettlementPaymentMeans | تعليمات الدفع | payment instructions
SubtotalCalculatedTradeTax | مجموع الضريبة الفرعي | tax subtotal
SupplierAssignedAccountID | رقم الحساب لدى المورّد
SystemID | معرّف النظام
SystemName | اسم النظام
TargetCurrencyCode | العملة الهدف | target currency
TaxAmount | مبلغ الضريبة
TaxApplicableTradeCurrencyExchange | سعر صرف الضريبة | tax currency exchange
TaxBasisAllowanceRate | نسبة التخفيض من أساس الضريبة
TaxBasisTotalAmount | المجموع قبل الضريبة | total without VAT
TaxCategory | فئة الضريبة | VAT category
TaxCurrencyCode | عملة حساب الضريبة | VAT accounting currency
TaxEvidenceIndicator | مؤشر إثبات الضريبة
TaxExchangeRate | سعر صرف الضريبة
TaxExemptionReason | سبب الإعفاء | exemption reason
TaxExemptionReasonCode | رمز سبب الإعفاء | exemption reason code
TaxIncludedIndicator | مؤشر شمول الضريبة
TaxLevelCode | رمز مستوى الضريبة
TaxPointDate | تاريخ وجوب الضريبة | tax point date
TaxScheme | النظام الضريبي
TaxSubtotal | تفصيل الضريبة | VAT breakdown
TaxTotal | إجمالي الضريبة
TaxTotalAmount | مجموع الضريبة | total VAT
TaxTypeCode | رمز نوع الضريبة
TaxableAmount | المبلغ الخاضع للضريبة
TierRange | نطاق الشريحة
TierRatePercent | نسبة الشريحة
TotalAdjustmentAmount | مجموع التسوية
TotalAllowanceChargeAmount | مجموع الخصومات والرسوم الإضافية | total of discounts and charges
TotalDepositFeeInformationAmount | مجموع التأمينات | total of deposit fees
TotalDiscountAmount | مجموع خصم السداد المبكر
TotalPrepaidAmount | المدفوع مقدمًا | prepaid amount
TotalRetailValueInformationAmount | مجموع قيمة التجزئة | total retail value
TradeFinancing | تمويل التجارة
TransactionCurrencyTaxAmount | مبلغ الضريبة بعملة المعاملة
UnitBasisAmount | مبلغ أساس الوحدة
ValuationBreakdownStatement | بيان التقييم
WithholdingTaxTotal | إجمالي ضريبة الاستقطاع
"""

ITEMS = """
AdditionalInformation | معلومات إضافية
AdditionalItemIdentification | تعريف إضافي للصنف
AdditionalItemProperty | خاصية الصنف | item attribute
ApplicableHeaderTradeAgreement | بيانات الاتفاق | trade agreement
ApplicableHeaderTradeDelivery | بيانات التسليم | delivery
ApplicableHeaderTradeSettlement | بيانات التسوية | settlement
ApplicableMaterialGoodsCharacteristic | خاصية المادة | material characteristic
ApplicableProductCharacteristic | خاصية الصنف | item attribute
ApplicableProductCharacteristicCondition | شرط خاصية الصنف | attribute condition
ApplicableReferencedStandard | المعيار المرجعي | referenced standard
AreaDensityMeasure | كثافة المساحة | area density
BarcodeSymbologyID | نوع الباركود | bar code type
BaseQuantity | كمية الأساس
BaseUnitMeasure | وحدة قياس الأساس
BasisQuantity | كمية الأساس | base quantity
BatchID | رقم الدفعة الإنتاجية | batch number
BilledQuantity | الكمية | invoiced quantity
BrandName | العلامة التجارية | brand
BuyerAssignedID | رمز الصنف لدى المشتري | buyer item code
BuyersItemIdentification | رمز الصنف لدى المشتري | buyer item code
CargoTypeCode | رمز نوع الحمولة
CatalogueIndicator | مؤشر الفهرس
CatalogueItemIdentification | رمز الصنف في الفهرس
Certificate | الشهادة
ChargeFreeQuantity | الكمية المجانية | free quantity
ClassCode | رمز التصنيف
ClassName | اسم التصنيف
ClassProductCharacteristic | خاصية التصنيف | class characteristic
Clause | البند التعاقدي
ColourCode | رمز اللون
ColourDescription | وصف اللون
CommodityClassification | تصنيف الصنف | item classification
CommodityCode | رمز السلعة
CompleteNumber | الرقم | number
Conditions | الشروط
DataSendingCapability | إمكان إرسال البيانات
Description | الوصف
DescriptionBinaryObject | ملف الوصف | description file
DesignatedProductClassification | تصنيف الصنف | item classification
Designation | التسمية
Dimension | القياس
DrainedNetWeightMeasure | الوزن الصافي المصفّى | drained net weight
EndItemName | اسم المنتج النهائي
EndItemTypeCode | رمز نوع المنتج النهائي
ExpiryDate | تاريخ الانتهاء
ExpiryTime | وقت الانتهاء
ExtendedID | المعرّف الموسّع
FormattedCancellationAnnouncedLaunchDateTime | تاريخ إيقاف الإطلاق | cancelled launch date
FormattedLatestProductDataChangeDateTime | آخر تغيير لبيانات المنتج | latest product data change
FreeOfChargeIndicator | مؤشر المجانية
GlobalID | المعرّف العالمي | global identifier
GrossWeightMeasure | الوزن الإجمالي | gross weight
HazardousItem | المادة الخطرة
HazardousRiskIndicator | مؤشر الخطورة
ID | المعرّف | identifier
ImportanceCode | رمز الأهمية
IncludedReferencedProduct | الصنف المتضمَّن | included item
IncludedSpecifiedMarketplace | السوق الإلكتروني | marketplace
IncludedSubordinateTradeLineItem | البند التابع | subordinate line
IncludedSupplyChainPackaging | التغليف | packaging
IncludedSupplyChainTradeLineItem | البند | line
Indicator | قيمة المؤشر | indicator
IndicatorString | نص المؤشر
IndividualTradeProductInstance | وحدة الصنف | single item
IndustryAssignedID | رمز الصنف لدى القطاع | industry item code
InformationURI | رابط المعلومات | information link
InvoiceSpecifiedReferencedDocument | الفاتورة السابقة | preceding invoice
Item | الصنف
ItemInstance | وحدة الصنف | single item
ItemPriceExtension | إجمالي سعر الصنف
ItemPropertyGroup | مجموعة خصائص الصنف
ItemPropertyRange | نطاق خصائص الصنف
ItemSpecificationDocumentReference | مواصفة الصنف | item specification
Keyword | الكلمة المفتاحية
LineCountNumeric | عدد البنود | number of lines
LinearSpatialDimension | القياس الطولي | linear dimension
ListValue | قيمة القائمة
ManufacturerAssignedID | رمز الصنف لدى المُصنِّع | manufacturer item code
ManufacturersItemIdentification | رمز الصنف لدى المُصنِّع | manufacturer item code
MaximumLinearSpatialDimension | أكبر قياس طولي | maximum dimension
MaximumQuantity | أكبر كمية
MeasurementDimension | القياس
MeasurementMethodCode | رمز طريقة القياس
MicrochipIndicator | مؤشر الشريحة الإلكترونية
MinimumLinearSpatialDimension | أصغر قياس طولي | minimum dimension
MinimumQuantity | أصغر كمية
ModelID | رقم الطراز | model number
ModelName | اسم الطراز
Name | الاسم
NameCode | رمز الاسم
NatureCode | رمز الطبيعة
NetWeightMeasure | الوزن الصافي | net weight
OrderUnitConversionFactorNumeric | معامل تحويل وحدة الطلب | order unit factor
OrderableUnitFactorRate | معامل وحدة الطلب | orderable unit factor
OriginCountry | بلد المنشأ
OriginTradeCountry | بلد المنشأ | country of origin
PackQuantity | كمية العبوة
PackSizeNumeric | حجم العبوة | pack size
PackageQuantity | عدد العبوات
PerPackageUnitQuantity | كمية العبوة الواحدة | quantity in each package
PhysicalAttribute | الصفة المادية
Price | السعر
PriceChangeReason | سبب تغيير السعر
PriceList | قائمة الأسعار
PriceType | نوع السعر
PriceTypeCode | رمز نوع السعر
PricingCurrencyCode | عملة التسعير
PricingExchangeRate | سعر صرف التسعير
PricingReference | مرجع التسعير
ProductGroupID | مجموعة الصنف | item group
ProductUnitQuantity | كمية وحدة الصنف
Quantity | الكمية
RangeDimension | نطاق القياس
ResultOfVerification | نتيجة التحقق
SellerAssignedID | رمز الصنف لدى البائع | seller item code
SellersItemIdentification | رمز الصنف لدى البائع | seller item code
SequenceNumeric | رقم التسلسل | sequence number
SpecifiedLineTradeAgreement | سعر البند | line price
SpecifiedLineTradeDelivery | كمية البند | line delivery
SpecifiedLineTradeSettlement | تسوية البند | line settlement
SpecifiedTradeProduct | الصنف | item
StandardItemIdentification | الرمز القياسي للصنف | standard item code
SubBrandName | العلامة التجارية الفرعية
SubClassCode | رمز التصنيف الفرعي
SubInvoiceLine | البند الفرعي | sub-line
SupplierAssignedSerialID | الرقم التسلسلي لدى المورّد | supplier's serial number
TestMethod | طريقة الاختبار
TheoreticalWeightMeasure | الوزن النظري | theoretical weight
TradeComparisonReferencePrice | السعر المرجعي للمقارنة | reference price
TransactionConditions | شروط المعاملة
Type | النوع
TypeCode | رمز النوع | type code
UnitQuantity | كمية الوحدة
UseDescription | وصف الاستعمال
Value | القيمة
ValueCode | رمز القيمة
ValueDateTime | تاريخ القيمة | date value
ValueIndicator | مؤشر القيمة
ValueMeasure | القيمة بوحدة قياس | measured value
ValueQualifier | محدّد القيمة
ValueQuantity | كمية القيمة
ValueSpecifiedBinaryFile | ملف القيمة | value file
VariableMeasureIndicator | مؤشر القياس المتغيّر
VerificationNumeric | رقم التحقق | verification number
"""

TABLE = MONEY + ITEMS
