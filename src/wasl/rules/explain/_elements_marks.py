"""The last part of `_elements_data`: attributes, and elements of lines that are terms in one kind of document only."""

# A row is one fact and reads best on one line.

MORE = """
@unitCodeListAgencyIdentifier | جهة قائمة رموز الوحدات | unit code list agency
@unitCodeListIdentifier | قائمة رموز الوحدات | unit code list
AddressLine | سطر العنوان
CreditNoteLine | البند | line
CreditNoteTypeCode | رمز نوع الإشعار الدائن
CreditedQuantity | الكمية | quantity
DueDate | تاريخ الاستحقاق
ElectronicMail | البريد الإلكتروني | e-mail
InvoiceLine | البند | line
InvoiceTypeCode | رمز نوع الفاتورة
InvoicedQuantity | الكمية | quantity
ItemClassificationCode | رمز تصنيف الصنف
LineExtensionAmount | صافي البند | line net amount
PartyName | الاسم التجاري | trading name
PriceAmount | سعر الوحدة | unit price
TaxExclusiveAmount | المجموع قبل الضريبة | total without VAT
TaxInclusiveAmount | الإجمالي شامل الضريبة | total with VAT
HolderName | اسم حامل البطاقة | card holder name
Line | سطر العنوان | address line
"""

ATTRIBUTES = """
@schemeID | نظام المعرّف | scheme identifier
@schemeName | اسم نظام المعرّف | scheme name
@schemeAgencyID | جهة نظام المعرّف | scheme agency
@schemeAgencyName | اسم جهة نظام المعرّف | scheme agency name
@schemeDataURI | رابط بيانات نظام المعرّف | scheme data link
@schemeURI | رابط نظام المعرّف | scheme link
@schemeVersionID | إصدار نظام المعرّف | scheme version
@listID | معرّف قائمة الرموز | code list
@listName | اسم قائمة الرموز | code list name
@listAgencyID | جهة قائمة الرموز | code list agency
@listAgencyName | اسم جهة قائمة الرموز | code list agency name
@listSchemeURI | رابط نظام قائمة الرموز | code list scheme link
@listURI | رابط قائمة الرموز | code list link
@listVersionID | إصدار قائمة الرموز | code list version
@currencyID | رمز العملة | currency code
@currencyCodeListVersionID | إصدار قائمة العملات | currency list version
@unitCode | رمز الوحدة | unit code
@unitCodeListID | قائمة رموز الوحدات | unit code list
@unitCodeListAgencyID | جهة قائمة رموز الوحدات | unit code list agency
@unitCodeListAgencyName | اسم جهة قائمة رموز الوحدات | unit code list agency name
@unitCodeListVersionID | إصدار قائمة رموز الوحدات | unit code list version
@mimeCode | نوع الملف | file type
@filename | اسم الملف | file name
@format | صيغة التاريخ | date format
@formatCode | صيغة الملف | file format
@encodingCode | ترميز الملف | file encoding
@characterSetCode | مجموعة المحارف | character set
@uri | رابط الملف | file link
@objectCurrencyCode | عملة الملف | file currency
@languageID | اللغة | language
@languageLocaleID | اللغة والبلد | language and country
@name | الاسم | name
@copyIndicator | مؤشر النسخة | copy indicator
"""

TABLE = MORE + ATTRIBUTES
