"""Every fixed word of the PDF, Arabic and English side by side (the glossary of the product)."""

from __future__ import annotations

Pair = tuple[str, str]

LABELS: dict[str, Pair] = {
    "no": ("م", "No"),
    "description": ("الوصف", "Description"),
    "quantity": ("الكمية", "Quantity"),
    "price": ("سعر الوحدة", "Unit price"),
    "changes": ("خصم / رسم", "Disc. / charge"),
    "tax": ("الضريبة", "VAT"),
    "amount": ("المبلغ", "Amount"),
    "tax_summary": ("ملخص الضريبة", "Tax summary"),
    "category": ("الفئة", "Category"),
    "base": ("المبلغ الخاضع للضريبة", "Taxable"),
    "tax_amount": ("الضريبة", "VAT"),
    "payment": ("طريقة السداد", "Payment"),
    "brought": ("مرحّل من الصفحة السابقة", "Brought forward"),
    "forward": ("مرحّل إلى الصفحة التالية", "Carried forward"),
    "page_total": ("مجموع هذه الصفحة", "Page total"),
    "seller": ("البائع", "Seller"),
    "buyer": ("المشتري", "Buyer"),
    "payee": ("المستفيد", "Payee"),
    "tax_representative": ("الممثل الضريبي", "Tax representative"),
    "delivery": ("مكان التوريد", "Delivered to"),
    "vat_number": ("الرقم الضريبي", "VAT no."),
    "tax_registration": ("التسجيل الضريبي", "Tax registration"),
    "registration": ("السجل التجاري", "Registration"),
    "identifier": ("المعرّف", "ID"),
    "electronic_address": ("العنوان الإلكتروني", "E-address"),
    "number": ("رقم الفاتورة", "Invoice no."),
    "note_number": ("رقم الإشعار", "Note no."),
    "issue_date": ("تاريخ الإصدار", "Issue date"),
    "due_date": ("تاريخ الاستحقاق", "Due date"),
    "supply_date": ("تاريخ التوريد", "Supply date"),
    "tax_point_date": ("تاريخ استحقاق الضريبة", "Tax point"),
    "period": ("الفترة", "Period"),
    "currency": ("العملة", "Currency"),
    "buyer_reference": ("مرجع المشتري", "Buyer reference"),
    "project": ("المشروع", "Project"),
    "contract": ("العقد", "Contract"),
    "order": ("أمر الشراء", "Purchase order"),
    "sales_order": ("أمر البيع", "Sales order"),
    "receiving": ("إشعار الاستلام", "Receiving advice"),
    "despatch": ("إشعار الشحن", "Despatch advice"),
    "tender": ("المناقصة", "Tender"),
    "object": ("موضوع الفاتورة", "Invoiced object"),
    "accounting": ("مرجع محاسبة المشتري", "Buyer accounting ref."),
    "corrects": ("يصحّح الفاتورة", "Corrects invoice"),
    "refers": ("فاتورة سابقة", "Preceding invoice"),
    "line_total": ("مجموع البنود", "Sum of lines"),
    "allowance": ("خصم", "Discount"),
    "charge": ("رسم إضافي", "Charge"),
    "subtotal": ("المجموع قبل الضريبة", "Subtotal"),
    "vat": ("ضريبة القيمة المضافة", "VAT"),
    "vat_in": ("ضريبة القيمة المضافة بعملة {0}", "VAT in {0}"),
    "total": ("الإجمالي شامل الضريبة", "Total with VAT"),
    "prepaid": ("المدفوع مقدمًا", "Prepaid"),
    "rounding": ("فرق التقريب", "Rounding"),
    "due": ("المبلغ المستحق", "Amount due"),
    "credited": ("المبلغ الدائن", "Amount credited"),
    "means": ("الوسيلة", "Means"),
    "iban": ("رقم الآيبان", "IBAN"),
    "account": ("رقم الحساب", "Account"),
    "account_name": ("اسم الحساب", "Account name"),
    "bic": ("رمز البنك", "BIC"),
    "remittance": ("الرقم المرجعي", "Reference"),
    "card": ("بطاقة", "Card"),
    "mandate": ("تفويض الخصم المباشر", "Direct debit mandate"),
    "creditor": ("معرّف الدائن", "Creditor ID"),
    "debited": ("الحساب المخصوم", "Debited account"),
    "terms": ("شروط السداد", "Payment terms"),
    "note": ("ملاحظة", "Note"),
    "legal": ("معلومات قانونية", "Legal information"),
    "pay": ("ادفع إلكترونيًا", "Pay online"),
    "pay_hint": ("امسح الرمز أو افتح الرابط.", "Scan the code or open the link."),
    "pay_alt": ("رمز استجابة سريعة يفتح صفحة الدفع", "QR code that opens the payment page"),
    "claim": ("رمز المطالبة", "Claim code"),
    "verify": ("تحقّق", "Verify"),
    "verify_hint": ("هل هو في السجل ولم يتغيّر؟", "Is it in the log, unchanged?"),
    "verify_alt": ("رمز استجابة سريعة يفتح صفحة التحقق", "QR code that opens the verification page"),
    "tax_qr_alt": ("رمز الاستجابة السريعة الضريبي", "Tax QR code"),
    "logo_alt": ("شعار {0}", "Logo of {0}"),
    "page": ("صفحة {} من {}", "Page {} of {}"),
    "sku": ("رمز الصنف", "Item no."),
    "buyer_sku": ("رمز الصنف لدى المشتري", "Buyer's item no."),
    "gtin": ("الرقم المعياري", "Standard no."),
    "origin": ("بلد المنشأ", "Origin"),
    "order_line": ("بند أمر الشراء", "Order line"),
    "sealed": (
        "الأصل المختوم هو الملف المرفق {0} وتوقيعه {1}، وهذه الصفحات صورته.",
        "The sealed original is the attached file {0}, its signature {1}; these pages are its picture.",
    ),
    "attached": (
        "الفاتورة الإلكترونية هي الملف المرفق {0}، وهذه الصفحات صورته.",
        "The electronic invoice is the attached file {0}; these pages are its picture.",
    ),
    "profile": ("وفق {0}.", "According to {0}."),
    "substituted": (
        "العلامة ◻ تحلّ محل حرف لا خط له هنا، وهو صحيح في الملف المرفق.",
        "The mark ◻ stands for a character without a font here; the attached file has it right.",
    ),
}

# UNTDID 1001: the name of the document. A seller with a VAT number issues a tax invoice.
TITLES: dict[str, Pair] = {
    "380": ("فاتورة", "INVOICE"),
    "381": ("إشعار دائن", "CREDIT NOTE"),
    "383": ("إشعار مدين", "DEBIT NOTE"),
    "384": ("فاتورة مصحّحة", "CORRECTED INVOICE"),
    "386": ("فاتورة دفعة مقدمة", "PREPAYMENT INVOICE"),
    "388": ("فاتورة ضريبية", "TAX INVOICE"),
    "389": ("فاتورة ذاتية", "SELF-BILLED INVOICE"),
    "325": ("فاتورة أولية", "PRO-FORMA INVOICE"),
    "326": ("فاتورة جزئية", "PARTIAL INVOICE"),
}
TAX_INVOICE: Pair = ("فاتورة ضريبية", "TAX INVOICE")
CREDIT_NOTE: Pair = TITLES["381"]

# UNTDID 5305
CATEGORIES: dict[str, Pair] = {
    "S": ("النسبة الأساسية", "Standard rate"),
    "Z": ("النسبة الصفرية", "Zero-rated"),
    "E": ("معفى من الضريبة", "Exempt"),
    "AE": ("الاحتساب العكسي", "Reverse charge"),
    "K": ("توريد داخل الاتحاد الأوروبي", "Intra-Community supply"),
    "G": ("تصدير", "Export"),
    "O": ("خارج نطاق الضريبة", "Out of scope"),
    "L": ("ضريبة جزر الكناري", "IGIC"),
    "M": ("ضريبة سبتة ومليلية", "IPSI"),
    "B": ("ضريبة محوّلة", "Split payment"),
}

# UNTDID 4461: the means people meet
MEANS: dict[str, Pair] = {
    "1": ("غير محدد", "Not defined"),
    "10": ("نقدًا", "Cash"),
    "20": ("شيك", "Cheque"),
    "30": ("تحويل بنكي", "Credit transfer"),
    "31": ("تحويل بنكي", "Debit transfer"),
    "42": ("تحويل بنكي", "Bank account"),
    "48": ("بطاقة بنكية", "Bank card"),
    "49": ("خصم مباشر", "Direct debit"),
    "54": ("بطاقة ائتمان", "Credit card"),
    "55": ("بطاقة خصم", "Debit card"),
    "57": ("اتفاق قائم", "Standing agreement"),
    "58": ("تحويل SEPA", "SEPA credit transfer"),
    "59": ("خصم مباشر SEPA", "SEPA direct debit"),
    "68": ("دفع إلكتروني", "Online payment"),
    "97": ("مقاصة", "Clearing between partners"),
    "ZZZ": ("باتفاق الطرفين", "Mutually defined"),
}


def pair(key: str, language: str, *values: str) -> list[str]:
    """The label in the document's order, its first language first, with its values put in."""
    ar, en = (text.format(*values) if values else text for text in LABELS[key])
    return ordered((ar, en), language)


def ordered(texts: Pair, language: str) -> list[str]:
    """(ar, en) in the document's order."""
    return [texts[0], texts[1]] if language == "ar" else [texts[1], texts[0]]
