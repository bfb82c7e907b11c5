"""Code lists of the model, with the names that people see: currencies, countries, VAT categories, UNTDID lists, VATEX.

Whether a code is allowed is decided by the official rules, never here: these lists feed choices and labels. Names of
currencies and countries come from CLDR; the others are written here. A code without a name is shown as it is.
"""

from __future__ import annotations

from functools import cache

_CURRENCIES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC
CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR
ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE
SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF
YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CURRENCIES.split())  # ISO 4217, money in circulation

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())  # ISO 3166-1 alpha-2

Names = dict[str, tuple[str, str]]  # code -> (Arabic, English)

# UNTDID 5305, as EN 16931 uses it (BT-95, BT-102, BT-118, BT-151).
VAT_CATEGORIES: Names = {
    "S": ("النسبة الأساسية", "Standard rate"),
    "Z": ("النسبة الصفرية", "Zero-rated"),
    "E": ("معفى من الضريبة", "Exempt from VAT"),
    "AE": ("الاحتساب العكسي", "Reverse charge"),
    "K": ("توريد بين دول الاتحاد", "Intra-community supply"),
    "G": ("تصدير معفى من الضريبة", "Export, VAT not charged"),
    "O": ("خارج نطاق الضريبة", "Outside the scope of VAT"),
    "L": ("ضريبة جزر الكناري", "Canary Islands general indirect tax"),
    "M": ("ضريبة سبتة ومليلية", "Tax for Ceuta and Melilla"),
    "B": ("ضريبة منقولة", "Transferred VAT"),
}
# Categories that must say why no VAT is charged (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10).
NEED_REASON = frozenset({"E", "AE", "K", "G", "O"})

# UNTDID 1001 (BT-3): the kinds that are shown by name.
DOCUMENT_TYPES: Names = {
    "380": ("فاتورة", "Invoice"),
    "388": ("فاتورة ضريبية", "Tax invoice"),
    "381": ("إشعار دائن", "Credit note"),
    "383": ("إشعار مدين", "Debit note"),
    "384": ("فاتورة مصحَّحة", "Corrected invoice"),
    "386": ("فاتورة دفعة مقدمة", "Prepayment invoice"),
    "389": ("فاتورة ذاتية", "Self-billed invoice"),
    "326": ("فاتورة جزئية", "Partial invoice"),
    "325": ("فاتورة أولية", "Pro-forma invoice"),
    "393": ("فاتورة محالة", "Factored invoice"),
    "396": ("إشعار دائن محال", "Factored credit note"),
    "261": ("إشعار دائن ذاتي", "Self-billed credit note"),
    "875": ("فاتورة أعمال جزئية", "Partial construction invoice"),
    "876": ("فاتورة أعمال جزئية ختامية", "Partial final construction invoice"),
    "877": ("فاتورة أعمال ختامية", "Final construction invoice"),
}

# UNTDID 4461 (BT-81).
PAYMENT_MEANS: Names = {
    "1": ("غير محددة", "Not defined"),
    "10": ("نقدًا", "Cash"),
    "20": ("شيك", "Cheque"),
    "30": ("تحويل دائن", "Credit transfer"),
    "31": ("تحويل مدين", "Debit transfer"),
    "42": ("إيداع في حساب بنكي", "Payment to bank account"),
    "48": ("بطاقة بنكية", "Bank card"),
    "49": ("خصم مباشر", "Direct debit"),
    "54": ("بطاقة ائتمان", "Credit card"),
    "55": ("بطاقة خصم", "Debit card"),
    "57": ("اتفاق قائم", "Standing agreement"),
    "58": ("تحويل دائن ضمن سيبا", "SEPA credit transfer"),
    "59": ("خصم مباشر ضمن سيبا", "SEPA direct debit"),
    "68": ("خدمة دفع إلكترونية", "Online payment service"),
    "97": ("مقاصة بين الشركاء", "Clearing between partners"),
    "ZZZ": ("طريقة متفق عليها", "Mutually defined"),
}

# UNTDID 5189 (BT-98, BT-140): the whole list that EN 16931 allows.
ALLOWANCE_REASONS: Names = {
    "41": ("مكافأة إنجاز قبل الموعد", "Bonus for works ahead of schedule"),
    "42": ("مكافأة أخرى", "Other bonus"),
    "60": ("خصم مصنّع للمستهلك", "Manufacturer's consumer discount"),
    "62": ("خصم للعسكريين", "Due to military status"),
    "63": ("خصم بسبب حادث عمل", "Due to work accident"),
    "64": ("اتفاق خاص", "Special agreement"),
    "65": ("خصم عيب في الإنتاج", "Production error discount"),
    "66": ("خصم فرع جديد", "New outlet discount"),
    "67": ("خصم عيّنة", "Sample discount"),
    "68": ("خصم نهاية التشكيلة", "End-of-range discount"),
    "70": ("خصم شروط التسليم", "Incoterm discount"),
    "71": ("خصم حدّ نقطة البيع", "Point of sales threshold allowance"),
    "88": ("فرق مادة محمّل", "Material surcharge or deduction"),
    "95": ("خصم", "Discount"),
    "100": ("خصم خاص", "Special rebate"),
    "102": ("خصم ثابت طويل الأجل", "Fixed long term"),
    "103": ("خصم مؤقت", "Temporary"),
    "104": ("خصم قياسي", "Standard"),
    "105": ("خصم حجم المبيعات السنوي", "Yearly turnover"),
}

# UNTDID 7161 (BT-105, BT-145): the charges that are offered by name.
CHARGE_REASONS: Names = {
    "AAA": ("اتصالات", "Telecommunication"),
    "ABK": ("متفرقات", "Miscellaneous"),
    "ABL": ("تغليف إضافي", "Additional packaging"),
    "ADR": ("خدمات أخرى", "Other services"),
    "ADT": ("استلام", "Pick-up"),
    "AEP": ("حقوق مؤلف", "Copyright fee collection"),
    "CAI": ("تحميل وتنزيل", "Loading and handling"),
    "CG": ("تنظيف", "Cleaning"),
    "DL": ("توصيل", "Delivery"),
    "FC": ("خدمة شحن", "Freight service"),
    "FI": ("تمويل", "Financing"),
    "LA": ("وسم", "Labelling"),
    "PC": ("تعبئة", "Packing"),
    "SAA": ("شحن ومناولة", "Shipping and handling"),
    "SH": ("مناولة خاصة", "Special handling"),
    "TAC": ("اختبار", "Testing"),
    "ZZZ": ("متفق عليه", "Mutually defined"),
}

# UNTDID 4451 (BT-21): the subjects that are offered by name.
NOTE_SUBJECTS: Names = {
    "AAI": ("معلومات عامة", "General information"),
    "AAK": ("شروط السعر", "Price conditions"),
    "ABL": ("معلومات قانونية", "Legal information"),
    "ADU": ("ملاحظة", "Note"),
    "PMD": ("معلومات الدفعة", "Payment detail"),
    "PMT": ("شروط الدفع", "Payment information"),
    "REG": ("معلومات تنظيمية", "Regulatory information"),
    "SUR": ("ملاحظات المورّد", "Supplier remarks"),
    "TXD": ("إقرار ضريبي", "Tax declaration"),
}

# VATEX (BT-121): the reasons that are offered by name. Articles are those of Directive 2006/112/EC.
VATEX: Names = {
    "VATEX-EU-AE": ("احتساب عكسي", "Reverse charge"),
    "VATEX-EU-IC": ("توريد بين دول الاتحاد الأوروبي", "Intra-community supply"),
    "VATEX-EU-G": ("تصدير خارج الاتحاد الأوروبي", "Export outside the EU"),
    "VATEX-EU-O": ("خارج نطاق ضريبة القيمة المضافة", "Not subject to VAT"),
    "VATEX-EU-D": ("هامش ربح: وكالات السفر", "Travel agents: margin scheme"),
    "VATEX-EU-F": ("هامش ربح: سلع مستعملة", "Second-hand goods: margin scheme"),
    "VATEX-EU-I": ("هامش ربح: أعمال فنية", "Works of art: margin scheme"),
    "VATEX-EU-J": ("هامش ربح: تحف ومقتنيات", "Collectors' items and antiques: margin scheme"),
    "VATEX-EU-79-C": ("مدفوعات نيابة عن العميل (المادة 79)", "Expenses repaid on the customer's behalf (article 79)"),
    "VATEX-EU-132": ("نشاط للمصلحة العامة (المادة 132)", "Activity in the public interest (article 132)"),
    "VATEX-EU-135-1": ("إعفاء مالي أو عقاري أو تأميني (المادة 135)", "Finance, property, insurance (article 135)"),
    "VATEX-EU-143": ("إعفاء عند الاستيراد (المادة 143)", "Exempt on importation (article 143)"),
    "VATEX-EU-144": ("خدمات متصلة بالاستيراد (المادة 144)", "Services connected to importation (article 144)"),
    "VATEX-EU-148": ("نقل دولي (المادة 148)", "International transport (article 148)"),
    "VATEX-EU-151": ("جهات دبلوماسية ومنظمات دولية (المادة 151)", "Diplomatic and international bodies (article 151)"),
    "VATEX-EU-309": ("وكالات سفر خارج الاتحاد (المادة 309)", "Travel agents outside the EU (article 309)"),
    "VATEX-FR-FRANCHISE": ("منشأة فرنسية صغيرة معفاة", "French small business franchise"),
}


def name_of(names: Names, code: str | None, lang: str) -> str:
    """The name of `code` in one of the lists above; the code itself where it has none."""
    found = names.get(code or "")
    if found is None:
        return code or ""
    return found[0] if lang == "ar" else found[1]


@cache
def currency_name(code: str, lang: str) -> str:
    """CLDR's name of a currency («ريال سعودي», "Saudi Riyal"); the code where CLDR has none."""
    from babel.numbers import get_currency_name  # CLDR data: loaded where names are shown

    return get_currency_name(code, locale="ar" if lang == "ar" else "en")


@cache
def country_name(code: str, lang: str) -> str:
    """CLDR's name of a country («الأردن», "Jordan"); the code where CLDR has none."""
    from babel import Locale

    return Locale.parse("ar" if lang == "ar" else "en").territories.get(code, code)
