"""What an accountant calls each element of UBL and CII that has no term of its own: name | Arabic | English where the name does not say it."""

# A row is one fact and reads best on one line.

from __future__ import annotations

from wasl.rules.explain._elements_marks import TABLE as MARKS
from wasl.rules.explain._elements_more import TABLE as MORE

PARTIES = """
AccountingContact | مسؤول المحاسبة
AccountingCustomerParty | المشتري | buyer
AccountingSupplierParty | البائع | seller
AgentParty | الوكيل | agent
BrandOwnerTradeParty | مالك العلامة التجارية | brand owner
BuyerAgentTradeParty | وكيل المشتري | buyer's agent
BuyerAssignedAccountantTradeParty | محاسب المشتري | buyer's accountant
BuyerContact | مسؤول التواصل لدى المشتري
BuyerCustomerParty | الجهة المشترية | buyer customer
BuyerRequisitionerTradeParty | طالب الشراء لدى المشتري | buyer's requisitioner
BuyerTaxRepresentativeTradeParty | الممثل الضريبي للمشتري | buyer's tax representative
BuyerTradeParty | المشتري | buyer
CarrierParty | الناقل | carrier
DefinedTradeContact | بيانات التواصل | contact
DeliveryContact | مسؤول التواصل عند التسليم
DeliveryParty | الجهة المستلمة | delivery party
DespatchContact | مسؤول التواصل عند الشحن
HeadOfficeParty | المقر الرئيسي | head office
InformationContentProviderParty | مزوّد المعلومات | information provider
InvoiceeTradeParty | الجهة المُفوتَر لها | invoicee
InvoicerTradeParty | جهة إصدار الفاتورة | invoicer
InvoicingPartyReference | مرجع جهة الفوترة
IssuerParty | الجهة المصدرة | issuer
IssuerTradeParty | الجهة المصدرة | issuer
ItemBuyerTradeParty | مشتري الصنف | item buyer
ItemSellerTradeParty | بائع الصنف | item seller
LegalRightsOwnerTradeParty | صاحب الحقوق القانونية | legal rights owner
ManufacturerParty | المُصنِّع | manufacturer
ManufacturerTradeParty | المُصنِّع | manufacturer
NotifyParty | الجهة الواجب إخطارها | notify party
OriginatorParty | الجهة الطالبة | originator
Party | الطرف
PartyIdentification | تعريف الطرف | party identification
PartyLegalEntity | الكيان القانوني | legal entity
PartyTaxScheme | التسجيل الضريبي | tax registration
PayeeParty | المستفيد من الدفع | payee
PayeeTradeParty | المستفيد من الدفع | payee
PayerParty | الدافع | payer
PayerTradeParty | الدافع | payer
Person | الشخص
PersonID | معرّف الشخص
PersonName | اسم مسؤول التواصل | contact name
PowerOfAttorney | الوكالة الرسمية
ProductEndUserTradeParty | المستعمل النهائي للمنتج | product end user
SalesAgentTradeParty | وكيل المبيعات | sales agent
SellerAssignedAccountantTradeParty | محاسب البائع | seller's accountant
SellerContact | مسؤول التواصل لدى البائع
SellerSupplierParty | الجهة البائعة | seller supplier
SellerTaxRepresentativeTradeParty | الممثل الضريبي للبائع | seller's tax representative
SellerTradeParty | البائع | seller
ServiceProviderParty | مقدّم الخدمة | service provider
ShareholderParty | المساهم | shareholder
ShipFromTradeParty | جهة الشحن | ship-from party
ShipToTradeParty | جهة التسليم | ship-to party
SpecifiedContactPerson | الشخص المسؤول عن التواصل | contact person
SpecifiedLegalOrganization | الكيان القانوني | legal organisation
SpecifiedTaxRegistration | التسجيل الضريبي | tax registration
TaxRepresentativeParty | الممثل الضريبي للبائع | tax representative
UltimatePayeeTradeParty | المستفيد النهائي من الدفع | ultimate payee
UltimateShipToTradeParty | جهة التسليم النهائية | final ship-to party
AssociatedRegisteredTax | الضريبة المسجّل فيها | registered tax
AuthorizedLegalRegistration | التسجيل القانوني المعتمد | legal registration
CompanyID | رقم التسجيل | registration number
CompanyLegalForm | الشكل القانوني للشركة
CompanyLegalFormCode | رمز الشكل القانوني للشركة
CompanyLiquidationStatusCode | رمز حالة التصفية
Contact | بيانات التواصل
CorporateRegistrationScheme | نظام تسجيل الشركات
CorporateStockAmount | رأس مال الشركة
Department | القسم
DepartmentName | اسم القسم
DirectTelephoneUniversalCommunication | الهاتف المباشر | direct telephone
EmailURIUniversalCommunication | البريد الإلكتروني | e-mail
EndPointURIUniversalCommunication | العنوان الإلكتروني للنظام | endpoint address
EndpointID | العنوان الإلكتروني | electronic address
FaxUniversalCommunication | الفاكس | fax
FullyPaidSharesIndicator | مؤشر سداد كامل الأسهم
IndustryClassificationCode | رمز تصنيف النشاط
InhouseMail | البريد الداخلي
InstantMessagingUniversalCommunication | المراسلة الفورية | instant messaging
JobTitle | المسمى الوظيفي
LegalClassificationCode | رمز التصنيف القانوني
LogoAssociatedSpecifiedBinaryFile | ملف الشعار | logo file
LogoReferenceID | مرجع الشعار
MarkAttention | عناية
MarkAttentionIndicator | مؤشر العناية
MarkCare | بواسطة | care of
MarkCareIndicator | مؤشر العناية بواسطة | care-of indicator
AttentionOf | لعناية | attention of
CareOf | بواسطة | care of
MobileTelephoneUniversalCommunication | الهاتف المحمول | mobile telephone
OtherCommunication | وسيلة تواصل أخرى
RegistrationDate | تاريخ التسجيل
RegistrationExpirationDate | تاريخ انتهاء التسجيل
RegistrationName | الاسم المسجّل
Responsibility | المسؤولية
RoleCode | رمز الدور
SoleProprietorshipIndicator | مؤشر المؤسسة الفردية
Telefax | الفاكس | fax
Telephone | الهاتف
TelephoneUniversalCommunication | الهاتف | telephone
TelexUniversalCommunication | التلكس | telex
TradeName | الاسم التجاري
TradingBusinessName | الاسم التجاري | trading name
URIUniversalCommunication | العنوان الإلكتروني | electronic address
VOIPUniversalCommunication | الهاتف عبر الإنترنت | internet telephone
WebsiteURI | الموقع الإلكتروني | web site
"""

ADDRESSES = """
AdditionalStreetName | الشارع الإضافي
Address | العنوان
AddressFormatCode | رمز صيغة العنوان
AddressTypeCode | رمز نوع العنوان
AlternativeDeliveryLocation | مكان التسليم البديل
BlockName | اسم المجمّع
BuildingName | اسم المبنى
BuildingNumber | رقم المبنى
CityName | المدينة | city
CitySubDivisionName | الحي | city district
CitySubdivisionName | الحي | city district
Country | البلد
CountryID | رمز البلد | country code
CountryName | اسم البلد
CountrySubDivisionID | رمز المنطقة | region code
CountrySubDivisionName | المنطقة | region
CountrySubentity | المنطقة | region
CountrySubentityCode | رمز المنطقة | region code
DeliveryAddress | عنوان التسليم
DeliveryLocation | مكان التسليم
DeliveryTradeLocation | مكان التسليم | delivery location
District | الناحية
Floor | الطابق
IdentificationCode | رمز التعريف
JurisdictionRegionAddress | عنوان نطاق الاختصاص
LineFive | السطر الخامس من العنوان | address line 5
LineFour | السطر الرابع من العنوان | address line 4
LineOne | السطر الأول من العنوان | address line 1
LineThree | السطر الثالث من العنوان | address line 3
LineTwo | السطر الثاني من العنوان | address line 2
Location | المكان
LocationCoordinate | إحداثيات المكان
LocationFinancialInstitutionAddress | عنوان البنك | bank address
LocationTypeCode | رمز نوع المكان
OccurrenceLogisticsLocation | مكان الحدث | place of the event
OriginAddress | عنوان المنشأ
PhysicalLocation | الموقع الفعلي
PlaceApplicableTradeLocation | مكان التطبيق | place it applies to
PlotIdentification | رقم قطعة الأرض
PostOfficeBox | صندوق البريد
PostalAddress | العنوان البريدي
PostalTradeAddress | العنوان البريدي | postal address
PostalZone | الرمز البريدي | post code
Postbox | صندوق البريد | post office box
PostcodeCode | الرمز البريدي | post code
Region | الإقليم
RegistrationAddress | عنوان التسجيل
RelevantTradeLocation | مكان التسليم المتفق عليه | agreed place
Room | الغرفة
StreetName | الشارع | street
SubordinateTradeCountrySubDivision | التقسيم الإداري التابع | subordinate region
SubsidiaryLocation | الموقع الفرعي
TimezoneOffset | فرق التوقيت
"""

DOCUMENTS = """
AdditionalDocumentReference | المستند المرفق | supporting document
AdditionalReferenceReferencedDocument | المستند الإضافي | additional document
AdditionalReferencedDocument | المستند المرفق | supporting document
ApplicationSpecifiedDocumentContextParameter | سياق التطبيق | application context
AssociatedDocumentLineDocument | بيانات البند | line document
AssociatedReferencedDocument | المستند المرتبط | associated document
AttachedSpecifiedBinaryFile | الملف الملحق | attached binary file
Attachment | المرفق
AttachmentBinaryObject | الملف المرفق | attached file
BIMSpecifiedDocumentContextParameter | سياق نموذج البناء | BIM context
BillingReference | مرجع الفاتورة السابقة | preceding invoice reference
BillingReferenceLine | بند الفاتورة السابقة | preceding invoice line
BusinessProcessSpecifiedDocumentContextParameter | نوع سير العمل | business process
BuyerOrderReferencedDocument | أمر الشراء | purchase order
CatalogueDocumentReference | مرجع الفهرس
CategoryName | اسم الفئة
CertificationEvidenceReferenceReferencedDocument | شهادة الإثبات | certification evidence
ConsumptionReportReferencedDocument | تقرير الاستهلاك | consumption report
Content | النص
ContentCode | رمز النص
ContentTypeCode | رمز نوع النص
ContractDocumentReference | العقد | contract
ContractReferencedDocument | العقد | contract
ControlRequirementIndicator | مؤشر طلب الرقابة
CopyIndicator | مؤشر النسخة
CostReferenceDimensionPattern | نمط أبعاد التكلفة
CreditNoteDocumentReference | مرجع الإشعار الدائن
CrossIndustryInvoice | الفاتورة | invoice
CustomerReference | مرجع العميل
CustomizationID | معرّف المواصفة | specification identifier
DateTime | التاريخ والوقت
DateTimeString | التاريخ | date
DateString | التاريخ | date
DebitNoteDocumentReference | مرجع الإشعار المدين
DeliveryNoteReferencedDocument | سند التسليم | delivery note
DemandForecastReferencedDocument | توقّع الطلب | demand forecast
DespatchAdviceReferencedDocument | إشعار الشحن | despatch advice
DespatchDocumentReference | إشعار الشحن | despatch advice
DespatchLineReference | بند إشعار الشحن
DocumentDescription | وصف المستند
DocumentHash | بصمة المستند
DocumentReference | مرجع المستند
DocumentStatusCode | رمز حالة المستند
DocumentType | نوع المستند
DocumentTypeCode | رمز نوع المستند
EffectiveSpecifiedPeriod | فترة السريان | effective period
EmbeddedDocumentBinaryObject | الملف المضمّن | embedded file
EncodingCode | رمز الترميز
ExchangedDocument | بيانات الفاتورة | invoice document
ExchangedDocumentContext | سياق المستند | document context
ExternalReference | المرجع الخارجي
FactoringAgreementReferencedDocument | اتفاقية التخصيم | factoring agreement
FactoringListReferencedDocument | قائمة التخصيم | factoring list
FileName | اسم الملف
FormatCode | رمز الصيغة
FormattedIssueDateTime | تاريخ الإصدار | issue date
FormattedReceivedDateTime | تاريخ الاستلام | date of receipt
GuidelineSpecifiedDocumentContextParameter | معرّف المواصفة | specification
HashAlgorithmMethod | خوارزمية البصمة
IncludedNote | الملاحظة | note
Information | معلومات
InformationNote | ملاحظة للعلم
InspectionReferenceReferencedDocument | تقرير الفحص | inspection report
InvoiceDocumentReference | مرجع الفاتورة السابقة | preceding invoice
InvoiceReferencedDocument | الفاتورة السابقة | preceding invoice
InvoiceIssuerReference | مرجع مُصدر الفاتورة
IssueDate | تاريخ الإصدار
IssueDateTime | تاريخ الإصدار | issue date
IssueNumberID | رقم الإصدار
IssueTime | وقت الإصدار
IssuerAssignedID | رقم المستند | document number
LetterOfCreditReferencedDocument | الاعتماد المستندي | letter of credit
LineID | رقم البند | line number
LocaleCode | رمز اللغة والبلد
MSDSReferenceReferencedDocument | صحيفة سلامة المادة | safety data sheet
MessageStandardSpecifiedDocumentContextParameter | سياق معيار الرسالة | message standard
MimeCode | نوع الملف | file type
Note | الملاحظة
OrderLineReference | بند أمر الشراء
OrderReference | أمر الشراء | purchase order
OrderResponseReferencedDocument | الرد على أمر الشراء | order response
OrderTypeCode | رمز نوع أمر الشراء
OriginatorDocumentReference | مرجع المناقصة | tender reference
PackingListReferencedDocument | قائمة التعبئة | packing list
PresentationSpecifiedBinaryFile | ملف العرض | presentation file
PreviousRevisionID | رقم المراجعة السابقة
PriceListReferencedDocument | قائمة الأسعار | price list
ProFormaInvoiceReferencedDocument | الفاتورة الأولية | pro-forma invoice
ProfileExecutionID | معرّف تنفيذ سير العمل
ProfileID | نوع سير العمل | business process
ProjectReference | مرجع المشروع
PromotionalDealReferencedDocument | العرض الترويجي | promotional deal
PurchaseConditionsReferencedDocument | شروط الشراء | purchase conditions
Purpose | الغرض
PurposeCode | رمز الغرض
QuotationReferencedDocument | عرض السعر | quotation
ReceiptDocumentReference | إشعار الاستلام | receiving advice
ReceiptLineReference | بند إشعار الاستلام
ReceivingAdviceReferencedDocument | إشعار الاستلام | receiving advice
Reference | المرجع
ReferenceTypeCode | رمز نوع المرجع
ReminderDocumentReference | مرجع التذكير
RequisitionerReferencedDocument | مستند طالب الشراء | requisitioner document
RevisionDateTime | تاريخ المراجعة
RevisionID | رقم المراجعة
SalesOrderID | رقم أمر البيع | sales order number
SalesOrderLineID | رقم البند في أمر البيع
ScenarioSpecifiedDocumentContextParameter | سياق الحالة | scenario context
SectionName | اسم القسم من المستند
SelfBilledCreditNoteDocumentReference | مرجع الإشعار الدائن الذاتي
SelfBilledInvoiceDocumentReference | مرجع الفاتورة الذاتية
SellerOrderReferencedDocument | أمر البيع | sales order
Signature | التوقيع
SignatureID | معرّف التوقيع
SpecifiedDocumentVersion | إصدار المستند | document version
SpecifiedNote | الملاحظة | note
SpecifiedProcuringProject | المشروع | project
SpecifiedTransactionID | رقم المعاملة | transaction number
StatementDocumentReference | مرجع كشف الحساب
StatusCode | رمز الحالة
Subject | الموضوع
SubjectCode | رمز الموضوع
SubsetSpecifiedDocumentContextParameter | سياق المجموعة الفرعية | subset context
SupplyChainTradeTransaction | بيانات المعاملة | trade transaction
SupplyInstructionReferencedDocument | تعليمات التوريد | supply instruction
TestIndicator | مؤشر التجربة
UBLExtensions | إضافات الصيغة | extensions
UBLVersionID | إصدار الصيغة | UBL version
URI | الرابط | link
URIID | العنوان أو الرابط | address or link
UUID | المعرّف الفريد | unique identifier
UltimateCustomerOrderReferencedDocument | أمر الشراء من العميل النهائي | final customer's order
VersionID | رقم الإصدار
WorkPhaseReference | مرجع مرحلة العمل
XPath | مسار داخل المستند | path into the document
CharacterSetCode | رمز مجموعة المحارف
LanguageID | رمز اللغة | language
Language | اللغة
LineStatusCode | رمز حالة البند
LineStatusReasonCode | نوع البند (تفصيل أو مجموعة) | kind of line (detail or group)
ParentLineID | رقم البند الأعلى | parent line number
"""

DELIVERY = """
ActualDeliverySupplyChainEvent | التسليم الفعلي | actual delivery
ActualDeliveryDate | تاريخ التوريد | supply date
ActualDeliveryTime | وقت التسليم الفعلي
ActualDespatchSupplyChainEvent | الشحن الفعلي | actual despatch
ActualPickUpSupplyChainEvent | الاستلام الفعلي من البائع | actual pick-up
ActualReceiptSupplyChainEvent | الاستلام الفعلي | actual receipt
ApplicableTradeDeliveryTerms | شروط التسليم | delivery terms
BillingSpecifiedPeriod | فترة الفوترة | invoicing period
CompleteDateTime | تاريخ الاكتمال | complete date
ContinuousIndicator | مؤشر الاستمرار
Delivery | التسليم
DeliveryTerms | شروط التسليم
DeliveryTypeCode | رمز شروط التسليم | delivery terms code
DescriptionCode | رمز الوصف
Despatch | الشحن
DespatchedQuantity | الكمية المشحونة
DurationMeasure | المدة | duration
EarliestOccurrenceDateTime | أبكر موعد | earliest date
EndDate | تاريخ النهاية
EndDateTime | تاريخ النهاية | end date
EndTime | وقت النهاية
EstimatedDeliveryPeriod | فترة التسليم المتوقعة
InclusiveIndicator | مؤشر شمول الطرفين
InvoicePeriod | فترة الفوترة | invoicing period
LatestDeliveryDate | آخر تاريخ للتسليم
LatestDeliveryTime | آخر وقت للتسليم
LatestOccurrenceDateTime | آخر موعد | latest date
MaximumDeliveryUnit | أكبر وحدة تسليم
MinimumDeliveryUnit | أصغر وحدة تسليم
ModeCode | رمز وسيلة النقل | transport mode
OccurrenceDateTime | تاريخ الحدث | date of the event
OccurrenceSpecifiedPeriod | فترة الحدث | period of the event
OpenIndicator | مؤشر الفترة المفتوحة
PreviousDeliverySupplyChainEvent | التسليم السابق | previous delivery
ReceivedQuantity | الكمية المستلمة
ReleaseID | رقم الإفراج
RelatedSupplyChainConsignment | الشحنة | consignment
RequestedDeliveryPeriod | فترة التسليم المطلوبة
RequestedDeliverySupplyChainEvent | التسليم المطلوب | requested delivery
RequestedQuantity | الكمية المطلوبة
SeasonCode | رمز الموسم
Shipment | الشحنة
SpecifiedDeliveryAdjustment | تسوية التسليم | delivery adjustment
SpecifiedLogisticsTransportMovement | حركة النقل | transport movement
StartDate | تاريخ البداية
StartDateFlexibilityCode | رمز مرونة تاريخ البداية
StartDateTime | تاريخ البداية | start date
StartTime | وقت البداية
TrackingID | رقم التتبع
UsabilityPeriod | فترة الصلاحية للاستعمال
ValidFromDateTime | تاريخ بدء السريان | valid from
ValidityPeriod | فترة السريان
ValiditySpecifiedPeriod | فترة السريان | validity period
ValidityStartDate | تاريخ بدء السريان
"""

TABLE = PARTIES + ADDRESSES + DOCUMENTS + DELIVERY + MORE + MARKS
