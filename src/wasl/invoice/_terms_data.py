"""The table behind `wasl.invoice.terms`: term | gender of the Arabic label | Arabic | English | model path | UBL path."""

# A row is one fact and reads best on one line.
# ruff: noqa: E501

_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"
_REPRESENTATIVE = "cac:TaxRepresentativeParty"
_DELIVERY = "cac:Delivery/cac:DeliveryLocation"
_ALLOWANCE = "cac:AllowanceCharge[cbc:ChargeIndicator='false']"
_CHARGE = "cac:AllowanceCharge[cbc:ChargeIndicator='true']"
_TOTALS = "cac:LegalMonetaryTotal"
_TAX = "cac:TaxTotal/cac:TaxSubtotal"
_LINE = "cac:InvoiceLine"
_ITEM = "cac:InvoiceLine/cac:Item"
_PRICE = "cac:InvoiceLine/cac:Price"
_DOCUMENT = "cac:AdditionalDocumentReference"
_OBJECT = "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']"

HEADER = f"""
BG-0 | f | الفاتورة | invoice | |
BT-1 | m | رقم الفاتورة | invoice number | number | cbc:ID
BT-2 | m | تاريخ الإصدار | issue date | issue_date | cbc:IssueDate
BT-3 | m | رمز نوع الفاتورة | invoice type code | type_code | cbc:InvoiceTypeCode
BT-5 | f | عملة الفاتورة | invoice currency | currency | cbc:DocumentCurrencyCode
BT-6 | f | عملة حساب الضريبة | VAT accounting currency | tax_currency | cbc:TaxCurrencyCode
BT-7 | m | تاريخ وجوب الضريبة | tax point date | tax_point_date | cbc:TaxPointDate
BT-8 | m | رمز تاريخ وجوب الضريبة | tax point date code | tax_point_date_code | cac:InvoicePeriod/cbc:DescriptionCode
BT-9 | m | تاريخ الاستحقاق | due date | due_date | cbc:DueDate
BT-10 | m | مرجع المشتري | buyer reference | buyer_reference | cbc:BuyerReference
BT-11 | m | مرجع المشروع | project reference | project_reference | cac:ProjectReference/cbc:ID
BT-12 | m | رقم العقد | contract number | contract_reference | cac:ContractDocumentReference/cbc:ID
BT-13 | m | رقم أمر الشراء | purchase order number | purchase_order_reference | cac:OrderReference/cbc:ID
BT-14 | m | رقم أمر البيع | sales order number | sales_order_reference | cac:OrderReference/cbc:SalesOrderID
BT-15 | m | رقم إشعار الاستلام | receiving advice number | receiving_advice_reference | cac:ReceiptDocumentReference/cbc:ID
BT-16 | m | رقم إشعار الشحن | despatch advice number | despatch_advice_reference | cac:DespatchDocumentReference/cbc:ID
BT-17 | m | مرجع المناقصة | tender or lot reference | tender_reference | cac:OriginatorDocumentReference/cbc:ID
BT-18 | m | معرّف موضوع الفاتورة | invoiced object identifier | invoiced_object.value | {_OBJECT}/cbc:ID
BT-18-1 | m | نظام معرّف موضوع الفاتورة | scheme of the invoiced object identifier | invoiced_object.scheme | {_OBJECT}/cbc:ID/@schemeID
BT-19 | m | مرجع الحساب لدى المشتري | buyer accounting reference | buyer_accounting_reference | cbc:AccountingCost
BT-20 | f | شروط الدفع | payment terms | payment_terms | cac:PaymentTerms/cbc:Note
BG-1 | f | الملاحظة | invoice note | notes[] | cbc:Note
BT-21 | m | رمز موضوع الملاحظة | note subject code | notes[].subject_code | cbc:Note
BT-22 | m | نص الملاحظة | note text | notes[].text | cbc:Note
BG-2 | m | نظام المعالجة | process control | |
BT-23 | m | نوع سير العمل | business process | business_process | cbc:ProfileID
BT-24 | m | معرّف المواصفة | specification identifier | specification | cbc:CustomizationID
BG-3 | m | مرجع الفاتورة السابقة | preceding invoice reference | preceding_invoices[] | cac:BillingReference/cac:InvoiceDocumentReference
BT-25 | m | رقم الفاتورة السابقة | preceding invoice number | preceding_invoices[].number | cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID
BT-26 | m | تاريخ الفاتورة السابقة | preceding invoice date | preceding_invoices[].issue_date | cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate
"""

PARTIES = f"""
BG-4 | m | البائع | seller | seller | {_SELLER}
BT-27 | m | اسم البائع | seller name | seller.name | {_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName
BT-28 | m | الاسم التجاري للبائع | seller trading name | seller.trading_name | {_SELLER}/cac:PartyName/cbc:Name
BT-29 | m | معرّف البائع | seller identifier | seller.identifiers[].value | {_SELLER}/cac:PartyIdentification/cbc:ID
BT-29-1 | m | نظام معرّف البائع | scheme of the seller identifier | seller.identifiers[].scheme | {_SELLER}/cac:PartyIdentification/cbc:ID/@schemeID
BT-30 | m | السجل التجاري للبائع | seller legal registration | seller.legal_registration.value | {_SELLER}/cac:PartyLegalEntity/cbc:CompanyID
BT-30-1 | m | نظام السجل التجاري للبائع | scheme of the seller legal registration | seller.legal_registration.scheme | {_SELLER}/cac:PartyLegalEntity/cbc:CompanyID/@schemeID
BT-31 | m | الرقم الضريبي للبائع | seller VAT number | seller.vat_identifier | {_SELLER}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID
BT-32 | m | رقم التسجيل الضريبي للبائع | seller tax registration | seller.tax_registration | {_SELLER}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID!='VAT']/cbc:CompanyID
BT-33 | f | المعلومات القانونية الإضافية للبائع | seller additional legal information | seller.additional_legal_information | {_SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm
BT-34 | m | العنوان الإلكتروني للبائع | seller electronic address | seller.electronic_address.value | {_SELLER}/cbc:EndpointID
BT-34-1 | m | نظام العنوان الإلكتروني للبائع | scheme of the seller electronic address | seller.electronic_address.scheme | {_SELLER}/cbc:EndpointID/@schemeID
BG-5 | m | عنوان البائع | seller address | seller.address | {_SELLER}/cac:PostalAddress
BT-35 | m | السطر الأول من عنوان البائع | seller address line 1 | seller.address.line_1 | {_SELLER}/cac:PostalAddress/cbc:StreetName
BT-36 | m | السطر الثاني من عنوان البائع | seller address line 2 | seller.address.line_2 | {_SELLER}/cac:PostalAddress/cbc:AdditionalStreetName
BT-162 | m | السطر الثالث من عنوان البائع | seller address line 3 | seller.address.line_3 | {_SELLER}/cac:PostalAddress/cac:AddressLine/cbc:Line
BT-37 | f | مدينة البائع | seller city | seller.address.city | {_SELLER}/cac:PostalAddress/cbc:CityName
BT-38 | m | الرمز البريدي للبائع | seller post code | seller.address.post_code | {_SELLER}/cac:PostalAddress/cbc:PostalZone
BT-39 | f | منطقة البائع | seller region | seller.address.subdivision | {_SELLER}/cac:PostalAddress/cbc:CountrySubentity
BT-40 | m | رمز بلد البائع | seller country | seller.address.country | {_SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode
BG-6 | f | بيانات التواصل مع البائع | seller contact | seller.contact | {_SELLER}/cac:Contact
BT-41 | m | اسم مسؤول التواصل لدى البائع | seller contact name | seller.contact.name | {_SELLER}/cac:Contact/cbc:Name
BT-42 | m | هاتف البائع | seller telephone | seller.contact.telephone | {_SELLER}/cac:Contact/cbc:Telephone
BT-43 | m | بريد البائع الإلكتروني | seller e-mail | seller.contact.email | {_SELLER}/cac:Contact/cbc:ElectronicMail
BG-7 | m | المشتري | buyer | buyer | {_BUYER}
BT-44 | m | اسم المشتري | buyer name | buyer.name | {_BUYER}/cac:PartyLegalEntity/cbc:RegistrationName
BT-45 | m | الاسم التجاري للمشتري | buyer trading name | buyer.trading_name | {_BUYER}/cac:PartyName/cbc:Name
BT-46 | m | معرّف المشتري | buyer identifier | buyer.identifiers[].value | {_BUYER}/cac:PartyIdentification/cbc:ID
BT-46-1 | m | نظام معرّف المشتري | scheme of the buyer identifier | buyer.identifiers[].scheme | {_BUYER}/cac:PartyIdentification/cbc:ID/@schemeID
BT-47 | m | السجل التجاري للمشتري | buyer legal registration | buyer.legal_registration.value | {_BUYER}/cac:PartyLegalEntity/cbc:CompanyID
BT-47-1 | m | نظام السجل التجاري للمشتري | scheme of the buyer legal registration | buyer.legal_registration.scheme | {_BUYER}/cac:PartyLegalEntity/cbc:CompanyID/@schemeID
BT-48 | m | الرقم الضريبي للمشتري | buyer VAT number | buyer.vat_identifier | {_BUYER}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID
BT-49 | m | العنوان الإلكتروني للمشتري | buyer electronic address | buyer.electronic_address.value | {_BUYER}/cbc:EndpointID
BT-49-1 | m | نظام العنوان الإلكتروني للمشتري | scheme of the buyer electronic address | buyer.electronic_address.scheme | {_BUYER}/cbc:EndpointID/@schemeID
BG-8 | m | عنوان المشتري | buyer address | buyer.address | {_BUYER}/cac:PostalAddress
BT-50 | m | السطر الأول من عنوان المشتري | buyer address line 1 | buyer.address.line_1 | {_BUYER}/cac:PostalAddress/cbc:StreetName
BT-51 | m | السطر الثاني من عنوان المشتري | buyer address line 2 | buyer.address.line_2 | {_BUYER}/cac:PostalAddress/cbc:AdditionalStreetName
BT-163 | m | السطر الثالث من عنوان المشتري | buyer address line 3 | buyer.address.line_3 | {_BUYER}/cac:PostalAddress/cac:AddressLine/cbc:Line
BT-52 | f | مدينة المشتري | buyer city | buyer.address.city | {_BUYER}/cac:PostalAddress/cbc:CityName
BT-53 | m | الرمز البريدي للمشتري | buyer post code | buyer.address.post_code | {_BUYER}/cac:PostalAddress/cbc:PostalZone
BT-54 | f | منطقة المشتري | buyer region | buyer.address.subdivision | {_BUYER}/cac:PostalAddress/cbc:CountrySubentity
BT-55 | m | رمز بلد المشتري | buyer country | buyer.address.country | {_BUYER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode
BG-9 | f | بيانات التواصل مع المشتري | buyer contact | buyer.contact | {_BUYER}/cac:Contact
BT-56 | m | اسم مسؤول التواصل لدى المشتري | buyer contact name | buyer.contact.name | {_BUYER}/cac:Contact/cbc:Name
BT-57 | m | هاتف المشتري | buyer telephone | buyer.contact.telephone | {_BUYER}/cac:Contact/cbc:Telephone
BT-58 | m | بريد المشتري الإلكتروني | buyer e-mail | buyer.contact.email | {_BUYER}/cac:Contact/cbc:ElectronicMail
BG-10 | m | المستفيد من الدفع | payee | payee | cac:PayeeParty
BT-59 | m | اسم المستفيد | payee name | payee.name | cac:PayeeParty/cac:PartyName/cbc:Name
BT-60 | m | معرّف المستفيد | payee identifier | payee.identifier.value | cac:PayeeParty/cac:PartyIdentification/cbc:ID
BT-60-1 | m | نظام معرّف المستفيد | scheme of the payee identifier | payee.identifier.scheme | cac:PayeeParty/cac:PartyIdentification/cbc:ID/@schemeID
BT-61 | m | السجل التجاري للمستفيد | payee legal registration | payee.legal_registration.value | cac:PayeeParty/cac:PartyLegalEntity/cbc:CompanyID
BT-61-1 | m | نظام السجل التجاري للمستفيد | scheme of the payee legal registration | payee.legal_registration.scheme | cac:PayeeParty/cac:PartyLegalEntity/cbc:CompanyID/@schemeID
BG-11 | m | الممثل الضريبي للبائع | seller tax representative | tax_representative | {_REPRESENTATIVE}
BT-62 | m | اسم الممثل الضريبي | tax representative name | tax_representative.name | {_REPRESENTATIVE}/cac:PartyName/cbc:Name
BT-63 | m | الرقم الضريبي للممثل الضريبي | tax representative VAT number | tax_representative.vat_identifier | {_REPRESENTATIVE}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID
BG-12 | m | عنوان الممثل الضريبي | tax representative address | tax_representative.address | {_REPRESENTATIVE}/cac:PostalAddress
BT-64 | m | السطر الأول من عنوان الممثل الضريبي | tax representative address line 1 | tax_representative.address.line_1 | {_REPRESENTATIVE}/cac:PostalAddress/cbc:StreetName
BT-65 | m | السطر الثاني من عنوان الممثل الضريبي | tax representative address line 2 | tax_representative.address.line_2 | {_REPRESENTATIVE}/cac:PostalAddress/cbc:AdditionalStreetName
BT-164 | m | السطر الثالث من عنوان الممثل الضريبي | tax representative address line 3 | tax_representative.address.line_3 | {_REPRESENTATIVE}/cac:PostalAddress/cac:AddressLine/cbc:Line
BT-66 | f | مدينة الممثل الضريبي | tax representative city | tax_representative.address.city | {_REPRESENTATIVE}/cac:PostalAddress/cbc:CityName
BT-67 | m | الرمز البريدي للممثل الضريبي | tax representative post code | tax_representative.address.post_code | {_REPRESENTATIVE}/cac:PostalAddress/cbc:PostalZone
BT-68 | f | منطقة الممثل الضريبي | tax representative region | tax_representative.address.subdivision | {_REPRESENTATIVE}/cac:PostalAddress/cbc:CountrySubentity
BT-69 | m | رمز بلد الممثل الضريبي | tax representative country | tax_representative.address.country | {_REPRESENTATIVE}/cac:PostalAddress/cac:Country/cbc:IdentificationCode
BG-13 | f | بيانات التسليم | delivery | delivery | cac:Delivery
BT-70 | m | اسم المستلم | deliver-to name | delivery.name | cac:Delivery/cac:DeliveryParty/cac:PartyName/cbc:Name
BT-71 | m | معرّف مكان التسليم | delivery location identifier | delivery.location.value | {_DELIVERY}/cbc:ID
BT-71-1 | m | نظام معرّف مكان التسليم | scheme of the delivery location identifier | delivery.location.scheme | {_DELIVERY}/cbc:ID/@schemeID
BT-72 | m | تاريخ التوريد | supply date | delivery.actual_date | cac:Delivery/cbc:ActualDeliveryDate
BG-14 | f | فترة الفوترة | invoicing period | period | cac:InvoicePeriod
BT-73 | f | بداية فترة الفوترة | start of the invoicing period | period.start | cac:InvoicePeriod/cbc:StartDate
BT-74 | f | نهاية فترة الفوترة | end of the invoicing period | period.end | cac:InvoicePeriod/cbc:EndDate
BG-15 | m | عنوان التسليم | delivery address | delivery.address | {_DELIVERY}/cac:Address
BT-75 | m | السطر الأول من عنوان التسليم | delivery address line 1 | delivery.address.line_1 | {_DELIVERY}/cac:Address/cbc:StreetName
BT-76 | m | السطر الثاني من عنوان التسليم | delivery address line 2 | delivery.address.line_2 | {_DELIVERY}/cac:Address/cbc:AdditionalStreetName
BT-165 | m | السطر الثالث من عنوان التسليم | delivery address line 3 | delivery.address.line_3 | {_DELIVERY}/cac:Address/cac:AddressLine/cbc:Line
BT-77 | f | مدينة التسليم | delivery city | delivery.address.city | {_DELIVERY}/cac:Address/cbc:CityName
BT-78 | m | الرمز البريدي للتسليم | delivery post code | delivery.address.post_code | {_DELIVERY}/cac:Address/cbc:PostalZone
BT-79 | f | منطقة التسليم | delivery region | delivery.address.subdivision | {_DELIVERY}/cac:Address/cbc:CountrySubentity
BT-80 | m | رمز بلد التسليم | delivery country | delivery.address.country | {_DELIVERY}/cac:Address/cac:Country/cbc:IdentificationCode
"""

MONEY = f"""
BG-16 | f | تعليمات الدفع | payment instructions | payment | cac:PaymentMeans
BT-81 | m | رمز طريقة الدفع | payment means code | payment.means_code | cac:PaymentMeans/cbc:PaymentMeansCode
BT-82 | m | وصف طريقة الدفع | payment means text | payment.means_text | cac:PaymentMeans/cbc:PaymentMeansCode/@name
BT-83 | m | الرقم المرجعي للدفع | payment reference | payment.remittance_information | cac:PaymentMeans/cbc:PaymentID
BG-17 | m | التحويل البنكي | bank transfer | payment.credit_transfers[] | cac:PaymentMeans/cac:PayeeFinancialAccount
BT-84 | m | رقم الحساب البنكي (الآيبان) | account number (IBAN) | payment.credit_transfers[].account | cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID
BT-85 | m | اسم الحساب البنكي | account name | payment.credit_transfers[].account_name | cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name
BT-86 | m | رمز البنك | bank identifier (BIC) | payment.credit_transfers[].service_provider | cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID
BG-18 | f | بيانات البطاقة | card details | payment.card | cac:PaymentMeans/cac:CardAccount
BT-87 | m | رقم البطاقة | card number | payment.card.account_number | cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID
BT-88 | m | اسم حامل البطاقة | card holder name | payment.card.holder_name | cac:PaymentMeans/cac:CardAccount/cbc:HolderName
BG-19 | m | الخصم المباشر من الحساب | direct debit | payment.direct_debit | cac:PaymentMeans/cac:PaymentMandate
BT-89 | m | مرجع تفويض الخصم المباشر | direct debit mandate | payment.direct_debit.mandate | cac:PaymentMeans/cac:PaymentMandate/cbc:ID
BT-90 | m | معرّف الدائن لدى البنك | bank creditor identifier | payment.direct_debit.creditor | {_SELLER}/cac:PartyIdentification/cbc:ID[@schemeID='SEPA']
BT-91 | m | رقم الحساب المخصوم منه | debited account number | payment.direct_debit.debited_account | cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID
BG-20 | m | الخصم على الفاتورة | document discount | allowances[] | {_ALLOWANCE}
BT-92 | m | مبلغ الخصم على الفاتورة | document discount amount | allowances[].amount | {_ALLOWANCE}/cbc:Amount
BT-93 | m | أساس الخصم على الفاتورة | base of the document discount | allowances[].base_amount | {_ALLOWANCE}/cbc:BaseAmount
BT-94 | f | نسبة الخصم على الفاتورة | percentage of the document discount | allowances[].percentage | {_ALLOWANCE}/cbc:MultiplierFactorNumeric
BT-95 | m | رمز فئة ضريبة الخصم على الفاتورة | VAT category of the document discount | allowances[].tax_category | {_ALLOWANCE}/cac:TaxCategory/cbc:ID
BT-96 | f | نسبة ضريبة الخصم على الفاتورة | VAT rate of the document discount | allowances[].tax_rate | {_ALLOWANCE}/cac:TaxCategory/cbc:Percent
BT-97 | m | سبب الخصم على الفاتورة | reason of the document discount | allowances[].reason | {_ALLOWANCE}/cbc:AllowanceChargeReason
BT-98 | m | رمز سبب الخصم على الفاتورة | reason code of the document discount | allowances[].reason_code | {_ALLOWANCE}/cbc:AllowanceChargeReasonCode
BG-21 | m | الرسم الإضافي على الفاتورة | document charge | charges[] | {_CHARGE}
BT-99 | m | مبلغ الرسم الإضافي على الفاتورة | document charge amount | charges[].amount | {_CHARGE}/cbc:Amount
BT-100 | m | أساس الرسم الإضافي على الفاتورة | base of the document charge | charges[].base_amount | {_CHARGE}/cbc:BaseAmount
BT-101 | f | نسبة الرسم الإضافي على الفاتورة | percentage of the document charge | charges[].percentage | {_CHARGE}/cbc:MultiplierFactorNumeric
BT-102 | m | رمز فئة ضريبة الرسم الإضافي على الفاتورة | VAT category of the document charge | charges[].tax_category | {_CHARGE}/cac:TaxCategory/cbc:ID
BT-103 | f | نسبة ضريبة الرسم الإضافي على الفاتورة | VAT rate of the document charge | charges[].tax_rate | {_CHARGE}/cac:TaxCategory/cbc:Percent
BT-104 | m | سبب الرسم الإضافي على الفاتورة | reason of the document charge | charges[].reason | {_CHARGE}/cbc:AllowanceChargeReason
BT-105 | m | رمز سبب الرسم الإضافي على الفاتورة | reason code of the document charge | charges[].reason_code | {_CHARGE}/cbc:AllowanceChargeReasonCode
BG-22 | f | إجماليات الفاتورة | document totals | totals | {_TOTALS}
BT-106 | m | مجموع البنود | sum of the lines | totals.line_extension_amount | {_TOTALS}/cbc:LineExtensionAmount
BT-107 | m | مجموع الخصومات على الفاتورة | sum of the document discounts | totals.allowance_total_amount | {_TOTALS}/cbc:AllowanceTotalAmount
BT-108 | m | مجموع الرسوم الإضافية على الفاتورة | sum of the document charges | totals.charge_total_amount | {_TOTALS}/cbc:ChargeTotalAmount
BT-109 | m | المجموع قبل الضريبة | total without VAT | totals.tax_exclusive_amount | {_TOTALS}/cbc:TaxExclusiveAmount
BT-110 | m | مجموع ضريبة القيمة المضافة | total VAT | totals.tax_amount | cac:TaxTotal/cbc:TaxAmount
BT-111 | m | مجموع الضريبة بعملة حساب الضريبة | total VAT in the accounting currency | totals.tax_amount_accounting | cac:TaxTotal/cbc:TaxAmount
BT-112 | m | الإجمالي شامل الضريبة | total with VAT | totals.tax_inclusive_amount | {_TOTALS}/cbc:TaxInclusiveAmount
BT-113 | m | المدفوع مقدمًا | prepaid amount | totals.prepaid_amount | {_TOTALS}/cbc:PrepaidAmount
BT-114 | m | فرق التقريب | rounding amount | totals.rounding_amount | {_TOTALS}/cbc:PayableRoundingAmount
BT-115 | m | المبلغ المستحق | amount due | totals.payable_amount | {_TOTALS}/cbc:PayableAmount
BG-23 | m | تفصيل الضريبة | VAT breakdown | tax_breakdown[] | {_TAX}
BT-116 | m | المبلغ الخاضع للضريبة | taxable amount | tax_breakdown[].taxable_amount | {_TAX}/cbc:TaxableAmount
BT-117 | m | مبلغ ضريبة الفئة | VAT amount of the category | tax_breakdown[].tax_amount | {_TAX}/cbc:TaxAmount
BT-118 | m | رمز فئة الضريبة | VAT category | tax_breakdown[].category | {_TAX}/cac:TaxCategory/cbc:ID
BT-119 | f | نسبة الضريبة | VAT rate | tax_breakdown[].rate | {_TAX}/cac:TaxCategory/cbc:Percent
BT-120 | m | سبب الإعفاء | exemption reason | tax_breakdown[].exemption_reason | {_TAX}/cac:TaxCategory/cbc:TaxExemptionReason
BT-121 | m | رمز سبب الإعفاء | exemption reason code | tax_breakdown[].exemption_reason_code | {_TAX}/cac:TaxCategory/cbc:TaxExemptionReasonCode
BG-24 | m | المستند المرفق | supporting document | supporting_documents[] | {_DOCUMENT}
BT-122 | m | مرجع المستند المرفق | supporting document reference | supporting_documents[].reference | {_DOCUMENT}/cbc:ID
BT-123 | m | وصف المستند المرفق | supporting document description | supporting_documents[].description | {_DOCUMENT}/cbc:DocumentDescription
BT-124 | m | رابط المستند المرفق | supporting document location | supporting_documents[].location | {_DOCUMENT}/cac:Attachment/cac:ExternalReference/cbc:URI
BT-125 | m | الملف المرفق | attached file | supporting_documents[].content | {_DOCUMENT}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject
BT-125-1 | m | نوع الملف المرفق | type of the attached file | supporting_documents[].mime_code | {_DOCUMENT}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode
BT-125-2 | m | اسم الملف المرفق | name of the attached file | supporting_documents[].filename | {_DOCUMENT}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename
"""

LINES = f"""
BG-25 | m | البند | line | lines[] | {_LINE}
BT-126 | m | رقم البند | line number | lines[].identifier | {_LINE}/cbc:ID
BT-127 | f | ملاحظة البند | line note | lines[].note | {_LINE}/cbc:Note
BT-128 | m | معرّف موضوع البند | object identifier of the line | lines[].invoiced_object.value | {_LINE}/cac:DocumentReference/cbc:ID
BT-128-1 | m | نظام معرّف موضوع البند | scheme of the line object identifier | lines[].invoiced_object.scheme | {_LINE}/cac:DocumentReference/cbc:ID/@schemeID
BT-129 | f | الكمية | quantity | lines[].quantity | {_LINE}/cbc:InvoicedQuantity
BT-130 | m | رمز الوحدة | unit code | lines[].unit | {_LINE}/cbc:InvoicedQuantity/@unitCode
BT-131 | m | صافي البند | line net amount | lines[].net_amount | {_LINE}/cbc:LineExtensionAmount
BT-132 | m | رقم البند في أمر الشراء | purchase order line | lines[].order_line_reference | {_LINE}/cac:OrderLineReference/cbc:LineID
BT-133 | m | مرجع حساب البند لدى المشتري | buyer accounting reference of the line | lines[].buyer_accounting_reference | {_LINE}/cbc:AccountingCost
BG-26 | f | فترة البند | line period | lines[].period | {_LINE}/cac:InvoicePeriod
BT-134 | f | بداية فترة البند | start of the line period | lines[].period.start | {_LINE}/cac:InvoicePeriod/cbc:StartDate
BT-135 | f | نهاية فترة البند | end of the line period | lines[].period.end | {_LINE}/cac:InvoicePeriod/cbc:EndDate
BG-27 | m | الخصم على البند | line discount | lines[].allowances[] | {_LINE}/{_ALLOWANCE}
BT-136 | m | مبلغ الخصم على البند | line discount amount | lines[].allowances[].amount | {_LINE}/{_ALLOWANCE}/cbc:Amount
BT-137 | m | أساس الخصم على البند | base of the line discount | lines[].allowances[].base_amount | {_LINE}/{_ALLOWANCE}/cbc:BaseAmount
BT-138 | f | نسبة الخصم على البند | percentage of the line discount | lines[].allowances[].percentage | {_LINE}/{_ALLOWANCE}/cbc:MultiplierFactorNumeric
BT-139 | m | سبب الخصم على البند | reason of the line discount | lines[].allowances[].reason | {_LINE}/{_ALLOWANCE}/cbc:AllowanceChargeReason
BT-140 | m | رمز سبب الخصم على البند | reason code of the line discount | lines[].allowances[].reason_code | {_LINE}/{_ALLOWANCE}/cbc:AllowanceChargeReasonCode
BG-28 | m | الرسم الإضافي على البند | line charge | lines[].charges[] | {_LINE}/{_CHARGE}
BT-141 | m | مبلغ الرسم الإضافي على البند | line charge amount | lines[].charges[].amount | {_LINE}/{_CHARGE}/cbc:Amount
BT-142 | m | أساس الرسم الإضافي على البند | base of the line charge | lines[].charges[].base_amount | {_LINE}/{_CHARGE}/cbc:BaseAmount
BT-143 | f | نسبة الرسم الإضافي على البند | percentage of the line charge | lines[].charges[].percentage | {_LINE}/{_CHARGE}/cbc:MultiplierFactorNumeric
BT-144 | m | سبب الرسم الإضافي على البند | reason of the line charge | lines[].charges[].reason | {_LINE}/{_CHARGE}/cbc:AllowanceChargeReason
BT-145 | m | رمز سبب الرسم الإضافي على البند | reason code of the line charge | lines[].charges[].reason_code | {_LINE}/{_CHARGE}/cbc:AllowanceChargeReasonCode
BG-29 | f | تفاصيل السعر | price details | lines[].price | {_PRICE}
BT-146 | m | سعر الوحدة | unit price | lines[].price.net | {_PRICE}/cbc:PriceAmount
BT-147 | m | الخصم على سعر الوحدة | discount on the unit price | lines[].price.discount | {_PRICE}/cac:AllowanceCharge/cbc:Amount
BT-148 | m | سعر الوحدة قبل الخصم | unit price before discount | lines[].price.gross | {_PRICE}/cac:AllowanceCharge/cbc:BaseAmount
BT-149 | f | كمية أساس السعر | price base quantity | lines[].price.base_quantity | {_PRICE}/cbc:BaseQuantity
BT-150 | m | رمز وحدة كمية أساس السعر | unit code of the price base quantity | lines[].price.base_quantity_unit | {_PRICE}/cbc:BaseQuantity/@unitCode
BG-30 | f | ضريبة البند | line VAT | lines[] | {_ITEM}/cac:ClassifiedTaxCategory
BT-151 | m | رمز فئة ضريبة البند | VAT category of the line | lines[].tax_category | {_ITEM}/cac:ClassifiedTaxCategory/cbc:ID
BT-152 | f | نسبة ضريبة البند | VAT rate of the line | lines[].tax_rate | {_ITEM}/cac:ClassifiedTaxCategory/cbc:Percent
BG-31 | m | الصنف | item | lines[].item | {_ITEM}
BT-153 | m | اسم الصنف | item name | lines[].item.name | {_ITEM}/cbc:Name
BT-154 | m | وصف الصنف | item description | lines[].item.description | {_ITEM}/cbc:Description
BT-155 | m | رمز الصنف لدى البائع | seller item code | lines[].item.seller_identifier | {_ITEM}/cac:SellersItemIdentification/cbc:ID
BT-156 | m | رمز الصنف لدى المشتري | buyer item code | lines[].item.buyer_identifier | {_ITEM}/cac:BuyersItemIdentification/cbc:ID
BT-157 | m | الرمز القياسي للصنف | standard item code | lines[].item.standard_identifier.value | {_ITEM}/cac:StandardItemIdentification/cbc:ID
BT-157-1 | m | نظام الرمز القياسي للصنف | scheme of the standard item code | lines[].item.standard_identifier.scheme | {_ITEM}/cac:StandardItemIdentification/cbc:ID/@schemeID
BT-158 | m | رمز تصنيف الصنف | item classification code | lines[].item.classifications[].value | {_ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode
BT-158-1 | m | نظام تصنيف الصنف | scheme of the item classification | lines[].item.classifications[].scheme | {_ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode/@listID
BT-158-2 | m | إصدار نظام تصنيف الصنف | version of the item classification scheme | lines[].item.classifications[].scheme_version | {_ITEM}/cac:CommodityClassification/cbc:ItemClassificationCode/@listVersionID
BT-159 | m | رمز بلد المنشأ | country of origin | lines[].item.country_of_origin | {_ITEM}/cac:OriginCountry/cbc:IdentificationCode
BG-32 | f | خاصية الصنف | item attribute | lines[].item.attributes[] | {_ITEM}/cac:AdditionalItemProperty
BT-160 | m | اسم خاصية الصنف | item attribute name | lines[].item.attributes[].name | {_ITEM}/cac:AdditionalItemProperty/cbc:Name
BT-161 | f | قيمة خاصية الصنف | item attribute value | lines[].item.attributes[].value | {_ITEM}/cac:AdditionalItemProperty/cbc:Value
"""

TABLE = HEADER + PARTIES + MONEY + LINES
