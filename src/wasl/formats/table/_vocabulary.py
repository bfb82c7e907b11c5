"""Words that people write in tables: headers, units, currencies, months, categories, kinds. Folded by `fold` before they are looked up."""

# A row is one fact and reads best on one line.
# ruff: noqa: E501

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_OTHER = re.compile(r"[^\w%]+")
_LETTERS = str.maketrans("أإآٱىةؤئ٪", "ااااىهوي%")


def fold(text: str) -> str:
    """Case, accents, Arabic spelling variants and punctuation dropped: "Référence N°", "reference n" alike."""
    plain = _MARKS.sub("", text).casefold().translate(_LETTERS).replace("ى", "ي").replace("ß", "ss")
    plain = "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    return " ".join(_OTHER.sub(" ", plain.replace("_", " ")).split())


# Term -> what people call its column, beside the labels of `wasl.invoice.terms`. Arabic | English | German | French mixed.
# A phrase under several terms is decided by the figures of the sample, or left to a person.
HEADERS: dict[str, str] = {
    "BT-1": "رقم الفاتورة|الفاتورة|رقم|رقم الفاتوره الضريبية|invoice no|invoice number|invoice #|invoice|inv no|invoice id|document no|document number|bill no|rechnungsnummer|rechnungsnr|rechnung nr|rechnung|belegnummer|belegnr|rg nr|re nr|numero de facture|facture|n facture|no facture|num facture|facture n",
    "BT-2": "تاريخ الإصدار|تاريخ الفاتورة|التاريخ|تاريخ|invoice date|issue date|date|date issued|document date|rechnungsdatum|datum|belegdatum|date de facture|date facture|date d emission",
    "BT-3": "نوع الفاتورة|نوع المستند|النوع|رمز نوع الفاتورة|invoice type|document type|type|type code|rechnungsart|belegart|type de facture|type de document",
    "BT-5": "العملة|عملة|عملة الفاتورة|currency|currency code|ccy|cur|wahrung|waehrung|wahrungscode|devise|monnaie",
    "BT-9": "تاريخ الاستحقاق|الاستحقاق|due date|due|payment due|payment due date|falligkeit|faelligkeit|fallig am|faellig am|falligkeitsdatum|zahlbar bis|date d echeance|echeance",
    "BT-10": "مرجع المشتري|مرجع العميل|رقم المرجع|buyer reference|customer reference|your reference|reference|leitweg id|leitwegid|kundenreferenz|ihr zeichen|reference client|reference acheteur",
    "BT-12": "رقم العقد|العقد|contract no|contract number|contract|vertragsnummer|vertrag|numero de contrat|contrat",
    "BT-13": "رقم أمر الشراء|أمر الشراء|طلب الشراء|رقم طلب الشراء|po|po no|po number|purchase order|purchase order no|order no|order number|bestellnummer|bestellnr|bestellung|auftragsnummer|numero de commande|commande|bon de commande",
    "BT-20": "شروط الدفع|طريقة السداد|payment terms|terms|zahlungsbedingungen|zahlungsziel|conditions de paiement",
    "BT-22": "ملاحظات|ملاحظة|ملاحظات الفاتورة|note|notes|remarks|remark|comment|comments|bemerkung|bemerkungen|anmerkung|remarque|remarques|commentaire",
    "BT-25": "رقم الفاتورة الأصلية|رقم الفاتورة السابقة|original invoice|original invoice no|preceding invoice|ursprungsrechnung|facture d origine",
    "BT-26": "تاريخ الفاتورة الأصلية|original invoice date",
    "BT-27": "اسم البائع|البائع|المورد|اسم المورد|seller|seller name|supplier|supplier name|vendor|vendor name|verkaufer|lieferant|vendeur|fournisseur",
    "BT-30": "السجل التجاري للبائع|سجل المورد|seller cr|seller registration|handelsregister",
    "BT-31": "الرقم الضريبي للبائع|الرقم الضريبي للمورد|seller vat|seller vat no|seller vat number|supplier vat|vendor vat|ust idnr verkaufer|tva vendeur|tva fournisseur",
    "BT-40": "بلد البائع|دولة البائع|seller country|supplier country",
    "BT-44": "اسم المشتري|المشتري|العميل|اسم العميل|الزبون|اسم الزبون|buyer|buyer name|customer|customer name|client|client name|bill to|sold to|kunde|kundenname|kaufer|empfanger|rechnungsempfanger|acheteur|nom du client|nom client",
    "BT-46": "رقم العميل|كود العميل|رمز العميل|customer no|customer id|customer code|customer number|client id|kundennummer|kundennr|code client|numero client",
    "BT-47": "السجل التجاري|السجل التجاري للعميل|سجل العميل|customer cr|buyer cr|cr no|cr number|commercial registration|siret client",
    "BT-48": "الرقم الضريبي|الرقم الضريبي للعميل|الرقم الضريبي للمشتري|رقم التسجيل الضريبي|customer vat|customer vat no|buyer vat|buyer vat no|vat no|vat number|vat id|trn|tax id|tax number|ust idnr|ust id|ustid|umsatzsteuer id|numero de tva|no tva|tva intracommunautaire|n tva",
    "BT-50": "العنوان|عنوان العميل|الشارع|address|customer address|buyer address|street|anschrift|adresse|strasse|rue",
    "BT-52": "المدينة|مدينة|مدينة العميل|city|town|customer city|buyer city|ort|stadt|ville",
    "BT-53": "الرمز البريدي|postal code|post code|postcode|zip|zip code|plz|postleitzahl|code postal",
    "BT-54": "المنطقة|المحافظة|region|state|province|bundesland|departement",
    "BT-55": "البلد|الدولة|رمز البلد|بلد العميل|دولة العميل|بلد المشتري|دولة المشتري|country|country code|customer country|buyer country|land|landercode|pays",
    "BT-57": "الهاتف|الجوال|هاتف العميل|phone|telephone|mobile|customer phone|telefon|tel",
    "BT-58": "البريد الإلكتروني|الايميل|بريد العميل|email|e mail|customer email|mail|courriel",
    "BT-72": "تاريخ التوريد|تاريخ التسليم|supply date|delivery date|date of supply|lieferdatum|leistungsdatum|date de livraison",
    "BT-73": "بداية الفترة|period start|period from|leistungszeitraum von|debut de periode",
    "BT-74": "نهاية الفترة|period end|period to|leistungszeitraum bis|fin de periode",
    "BT-81": "رمز طريقة الدفع|payment means code|payment method code",
    "BT-83": "مرجع الدفع|الرقم المرجعي للدفع|payment reference|verwendungszweck|reference de paiement",
    "BT-84": "الآيبان|رقم الآيبان|رقم الحساب|iban|account|account number|bank account|kontonummer|compte bancaire",
    "BT-86": "رمز البنك|bic|swift|swift code",
    "BT-92": "خصم الفاتورة|الخصم على الفاتورة|invoice discount|document discount|rechnungsrabatt|remise globale",
    "BT-94": "نسبة خصم الفاتورة|invoice discount %|document discount %",
    "BT-99": "رسوم الشحن|الشحن|رسوم التوصيل|shipping|freight|delivery charge|shipping charge|versandkosten|fracht|frais de port",
    "BT-106": "مجموع البنود|sum of lines|lines total|summe positionen",
    "BT-109": "المجموع قبل الضريبة|إجمالي الفاتورة قبل الضريبة|subtotal|total excluding vat|total excl vat|invoice net|net total|invoice net total|nettobetrag|nettosumme|rechnungsnetto|total ht facture",
    "BT-110": "مجموع ضريبة القيمة المضافة|إجمالي الضريبة|total vat|total tax|vat total|invoice vat|steuerbetrag gesamt|mwst gesamt|total tva",
    "BT-112": "إجمالي الفاتورة|الإجمالي شامل الضريبة|إجمالي الفاتورة شامل الضريبة|invoice total|grand total|total incl vat|total including vat|invoice amount|bruttobetrag|bruttosumme|rechnungsbetrag|gesamtbetrag|total ttc|montant ttc|الإجمالي|المجموع|total|gesamt|montant total",
    "BT-113": "المدفوع|المدفوع مقدما|الدفعة المقدمة|paid|prepaid|amount paid|paid amount|deposit|anzahlung|acompte",
    "BT-114": "فرق التقريب|rounding|rundung|arrondi",
    "BT-115": "المبلغ المستحق|المستحق|amount due|balance due|zahlbetrag|zahlbarer betrag|montant du|net a payer",
    "BT-120": "سبب الإعفاء|سبب تطبيق النسبة الصفرية|exemption reason|vat exemption reason|reason for exemption|befreiungsgrund|steuerbefreiungsgrund|motif d exoneration",
    "BT-121": "رمز سبب الإعفاء|exemption reason code|exemption code|vatex",
    "BT-126": "رقم البند|البند|م|تسلسل|مسلسل|رقم السطر|line|line no|line number|item no|pos|position|posnr|pos nr|ligne|no ligne|#",
    "BT-127": "ملاحظة البند|line note|positionstext|note de ligne",
    "BT-129": "الكمية|كمية|العدد|عدد|الكميه|qty|quantity|quantities|units|hours|menge|anzahl|stuckzahl|quantite|qte",
    "BT-130": "الوحدة|وحدة|وحدة القياس|رمز الوحدة|unit|uom|unit of measure|unit code|einheit|mengeneinheit|me|unite",
    "BT-131": "صافي البند|إجمالي البند|مبلغ البند|الصافي|المبلغ|القيمة|قيمة البند|الإجمالي قبل الضريبة|المبلغ قبل الضريبة|net|net amount|line total|line amount|line net|line net amount|amount|amount excl vat|total excl tax|netto|nettowert|positionsbetrag|positionssumme|betrag|montant|montant ht|total ht|total ligne|الإجمالي|المجموع|total|gesamt|summe|gesamtpreis",
    "BT-134": "بداية فترة البند|service from|from|von",
    "BT-135": "نهاية فترة البند|service to|to|bis",
    "BT-136": "الخصم|خصم|مبلغ الخصم|قيمة الخصم|خصم البند|discount|discount amount|line discount|rabatt|rabattbetrag|nachlass|remise|montant remise",
    "BT-138": "نسبة الخصم|الخصم %|خصم %|discount %|discount percent|discount rate|disc %|rabatt %|rabattsatz|remise %|taux de remise",
    "BT-139": "سبب الخصم|discount reason|rabattgrund|motif de remise",
    "BT-141": "رسوم البند|line charge|charge",
    "BT-144": "سبب الرسوم|charge reason",
    "BT-146": "سعر الوحدة|السعر|سعر|سعر الوحدة قبل الضريبة|سعر البيع|price|unit price|price per unit|rate|unit rate|price excl vat|net price|unit cost|einzelpreis|ep|preis|stuckpreis|einzelpreis netto|nettopreis|prix unitaire|prix|pu|p u|pu ht|prix unitaire ht",
    "BT-148": "السعر قبل الخصم|سعر الوحدة قبل الخصم|gross price|list price|bruttopreis|listenpreis|prix brut",
    "BT-149": "كمية أساس السعر|price per|per|price unit|preiseinheit",
    "BT-151": "فئة الضريبة|رمز الضريبة|رمز فئة الضريبة|نوع الضريبة|vat category|tax category|vat code|tax code|vat type|steuerkategorie|steuerschlussel|categorie tva|code tva",
    "BT-152": "نسبة الضريبة|الضريبة %|ضريبة %|نسبة ضريبة القيمة المضافة|ضريبة القيمة المضافة %|معدل الضريبة|النسبة|vat rate|vat %|tax %|tax rate|vat percent|gst %|mwst %|mwst satz|ust %|ust satz|steuersatz|steuer %|taux tva|tva %|taux de tva|الضريبة|ضريبة|ضريبة القيمة المضافة|vat|tax|gst|mwst|ust|steuer|tva",
    "BT-153": "الصنف|اسم الصنف|المنتج|اسم المنتج|الخدمة|البيان|الوصف|وصف|وصف الصنف|السلعة|item|item name|product|product name|service|description|item description|article|bezeichnung|artikel|artikelbezeichnung|produkt|leistung|beschreibung|designation|libelle|produit",
    "BT-154": "الوصف|وصف|وصف الصنف|التفاصيل|تفاصيل|description|item description|details|long description|beschreibung|langtext|detail",
    "BT-155": "كود الصنف|رمز الصنف|رقم الصنف|رمز المنتج|كود المنتج|item code|product code|sku|article no|article number|part no|part number|artikelnummer|artikelnr|art nr|reference article|code article|ref",
    "BT-157": "الباركود|باركود|barcode|ean|gtin|upc|code barres",
    "BT-158": "رمز تصنيف الصنف|hs code|hs|commodity code|classification code|zolltarifnummer|code sh",
    "BT-159": "بلد المنشأ|country of origin|origin|ursprungsland|pays d origine",
    "KSA-11": "مبلغ الضريبة|قيمة الضريبة|ضريبة البند|مبلغ ضريبة القيمة المضافة|vat amount|tax amount|line vat|line tax|gst amount|mwst betrag|ust betrag|steuerbetrag|montant tva|الضريبة|ضريبة|ضريبة القيمة المضافة|vat|tax|gst|mwst|ust|steuer|tva",
    "KSA-12": "إجمالي البند شامل الضريبة|المبلغ شامل الضريبة|الإجمالي مع الضريبة|line total incl vat|amount incl vat|line total with vat|gross amount|total with vat|brutto|positionsbetrag brutto|montant ttc ligne|الإجمالي شامل الضريبة|الإجمالي|المجموع|total|total incl vat|total including vat|gesamt|total ttc|montant ttc",
}

# Unit words -> UN/ECE Recommendation 20 and 21; the names of `wasl.invoice.plurals` are known besides.
UNIT_WORDS: dict[str, str] = {
    **dict.fromkeys(["وحده", "unit", "units", "einheit", "stk einheit", "unite", "unites", "each unit", "u"], "C62"),
    **dict.fromkeys(["قطعه", "قطع", "piece", "pieces", "pc", "pcs", "pce", "stuck", "stueck", "stk", "st", "piece s", "pieces s", "pz"], "H87"),
    **dict.fromkeys(["حبه", "حبات", "each", "ea"], "EA"),
    **dict.fromkeys(["ساعه", "ساعات", "hour", "hours", "hr", "hrs", "h", "std", "stunde", "stunden", "heure", "heures"], "HUR"),
    **dict.fromkeys(["يوم", "ايام", "day", "days", "tag", "tage", "jour", "jours", "manday"], "DAY"),
    **dict.fromkeys(["شهر", "اشهر", "شهور", "month", "months", "monat", "monate", "mois", "mo"], "MON"),
    **dict.fromkeys(["سنه", "سنوات", "year", "years", "jahr", "jahre", "an", "ans", "annee"], "ANN"),
    **dict.fromkeys(
        ["كجم", "كغم", "كيلو", "كيلوغرام", "كيلوجرام", "كيلو جرام", "كغ", "kg", "kgs", "kilo", "kilogram", "kilograms", "kilogramm", "kilogramme"],
        "KGM",
    ),
    **dict.fromkeys(["غرام", "جرام", "غ", "جم", "g", "gr", "gram", "grams", "gramm", "gramme"], "GRM"),
    **dict.fromkeys(["طن", "ton", "tons", "tonne", "tonnes", "t"], "TNE"),
    **dict.fromkeys(["متر", "امتار", "م", "m", "mtr", "meter", "meters", "metre", "metres"], "MTR"),
    **dict.fromkeys(["متر مربع", "م2", "م²", "m2", "sqm", "square meter", "quadratmeter", "qm", "metre carre"], "MTK"),
    **dict.fromkeys(["متر مكعب", "م3", "m3", "cbm", "cubic meter", "kubikmeter", "metre cube"], "MTQ"),
    **dict.fromkeys(["كم", "كيلومتر", "km", "kilometer", "kilometre"], "KMT"),
    **dict.fromkeys(["لتر", "ل", "l", "ltr", "liter", "litre", "liters", "litres"], "LTR"),
    **dict.fromkeys(["كرتون", "كرتونه", "كراتين", "carton", "cartons", "ctn", "karton"], "XCT"),
    **dict.fromkeys(["صندوق", "علبه", "علب", "box", "boxes", "kiste", "schachtel", "boite", "caisse"], "XBX"),
    **dict.fromkeys(["دزينه", "درزن", "dozen", "dz", "dutzend", "douzaine"], "DZN"),
    **dict.fromkeys(["طقم", "set", "sets", "satz"], "SET"),
    **dict.fromkeys(["مقطوعيه", "مبلغ مقطوع", "lump sum", "ls", "lumpsum", "pauschal", "pauschale", "psch", "forfait"], "LS"),
    **dict.fromkeys(["kwh", "كيلوواط ساعه"], "KWH"),
    **dict.fromkeys(["دقيقه", "minute", "minutes", "min", "minuten"], "MIN"),
}

# Currency words, case-folded, without spaces and outer points; None: several currencies bear the name.
CURRENCY_WORDS: dict[str, str | None] = {
    "ر.س": "SAR", "رس": "SAR", "ريالسعودي": "SAR", "ريالاسعوديا": "SAR", "sr": "SAR", "s.r": "SAR", "\u20c1": "SAR",
    "ر.ق": "QAR", "ريالقطري": "QAR", "qr": "QAR", "ر.ع": "OMR", "ريالعماني": "OMR", "ريال": None, "﷼": None,
    "د.إ": "AED", "د.ا": None, "درهمإماراتي": "AED", "درهماماراتي": "AED", "درهم": None, "dh": None, "dhs": "AED",
    "د.ك": "KWD", "دينار": None, "ديناركويتي": "KWD", "د.ب": "BHD", "ديناربحريني": "BHD", "bd": "BHD", "kd": "KWD", "jd": "JOD",
    "د.أ": "JOD", "دينارأردني": "JOD", "ديناراردني": "JOD", "د.ع": "IQD", "ج.م": "EGP", "جنيه": None, "جنيهمصري": "EGP", "le": "EGP", "l.e": "EGP",
    "€": "EUR", "euro": "EUR", "يورو": "EUR", "$": None, "us$": "USD", "دولار": None, "دولارأمريكي": "USD", "£": None, "¥": None, "chf": "CHF", "fr": None, "₺": "TRY", "₹": "INR",
}  # fmt: skip

# VAT categories as people write them: UNTDID 5305.
CATEGORY_WORDS: dict[str, str] = {
    **dict.fromkeys(
        [
            "s",
            "standard",
            "standard rate",
            "standard rated",
            "النسبه الاساسيه",
            "اساسيه",
            "خاضع",
            "خاضع للضريبه",
            "normal",
            "regelsteuersatz",
            "voll",
            "taux normal",
        ],
        "S",
    ),
    **dict.fromkeys(
        ["z", "zero", "zero rated", "zero rate", "صفريه", "نسبه صفريه", "النسبه الصفريه", "خاضع لنسبه صفريه", "nullsatz", "taux zero"], "Z"
    ),
    **dict.fromkeys(
        ["e", "exempt", "vat exempt", "exempted", "معفي", "معفي من الضريبه", "معفاه", "steuerfrei", "befreit", "exonere", "exoneree"], "E"
    ),
    **dict.fromkeys(["ae", "reverse charge", "الاحتساب العكسي", "احتساب عكسي", "autoliquidation"], "AE"),
    **dict.fromkeys(
        ["o", "out of scope", "outside scope", "not subject", "خارج نطاق الضريبه", "خارج النطاق", "غير خاضع", "nicht steuerbar", "hors champ"], "O"
    ),
    **dict.fromkeys(["g", "export", "تصدير", "ausfuhr"], "G"),
    **dict.fromkeys(["k", "intra community", "innergemeinschaftlich", "intracommunautaire", "توريد بين دول الاتحاد"], "K"),
}

# Kinds of documents as people write them: UNTDID 1001.
TYPE_WORDS: dict[str, str] = {
    **dict.fromkeys(
        ["invoice", "tax invoice", "standard", "فاتوره", "فاتوره ضريبيه", "فاتوره ضريبيه مبسطه", "فاتوره مبيعات", "rechnung", "facture", "inv"], "380"
    ),
    **dict.fromkeys(
        ["credit note", "credit", "credit memo", "cn", "اشعار دائن", "مرتجع", "gutschrift", "stornorechnung", "avoir", "note de credit"], "381"
    ),
    **dict.fromkeys(["debit note", "debit", "dn", "اشعار مدين", "lastschriftanzeige", "note de debit"], "383"),
}

# Countries by short names; the full ones come from CLDR.
COUNTRY_WORDS: dict[str, str] = {
    "السعوديه": "SA", "ksa": "SA", "saudi": "SA", "saudi arabia": "SA", "الامارات": "AE", "uae": "AE", "emirates": "AE", "المانيا": "DE", "فرنسا": "FR",
    "uk": "GB", "england": "GB", "great britain": "GB", "usa": "US", "us": "US", "امريكا": "US", "بريطانيا": "GB", "holland": "NL",
}  # fmt: skip

# First cell of a last row that sums up the table; such a row is no line.
SUM_WORDS = frozenset(
    [
        "total",
        "totals",
        "grand total",
        "sum",
        "الاجمالي",
        "المجموع",
        "اجمالي",
        "مجموع",
        "الاجمالي العام",
        "المجموع الكلي",
        "summe",
        "gesamt",
        "gesamtsumme",
        "total general",
        "somme",
    ]
)

# Months in German and French (and the Egyptian spellings), folded by case only; "/" parts variants.
FOREIGN_MONTHS = (
    "januar/jan/jänner|februar/feb|märz/mär/mrz/maerz|april/apr|mai|juni/jun|juli/jul|august/aug|september/sep|oktober/okt|november/nov|dezember/dez",
    "janvier/janv|février/févr/fevrier|mars|avril/avr|mai|juin|juillet/juil|août/aout|septembre/sept|octobre/oct|novembre/nov|décembre/déc/decembre",
    "يناير|فبراير|مارس|ابريل/إبريل|مايو|يونيو/يونيه|يوليو/يوليه|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر",
)
