"""The rules of XRechnung 3.0 (BR-DE, BR-DEX, BR-DE-CVD, BR-TMP), what German public buyers want, and how to give it."""

# One rule a line reads as the table it is.

from __future__ import annotations

from wasl.rules.explain.checks import Excluded, Says
from wasl.rules.explain.codes import CodeList
from wasl.rules.explain.extension import SubLines, ThirdPartyTotal
from wasl.rules.explain.german import SameNames, Skonto
from wasl.rules.explain.parts import Condition
from wasl.rules.explain.presence import Missing, Once, OneOf
from wasl.rules.explain.text import Bi, isolate, listing

_GERMAN = ("German public buyers ask for it.", "والجهات الحكومية الألمانية تشترطه.")
_GERMAN_F = ("German public buyers ask for it.", "والجهات الحكومية الألمانية تشترطها.")
_WITH_ADDRESS = ("A delivery address needs it.", "وعنوان التسليم يحتاج إليه.")
_WITH_ADDRESS_F = ("A delivery address needs it.", "وعنوان التسليم يحتاج إليها.")
_CVD = ("Invoices for clean vehicles (CVD) need it.", "وفواتير المركبات النظيفة تحتاج إليه.")
_TAXED = listing([Bi(code, isolate(code)) for code in ("S", "Z", "E", "AE", "K", "G", "L", "M")])
_TRANSFER = ("Payment means 30 and 58 are bank transfers.", "طريقتا الدفع 30 و58 تحويل بنكي.")
_CARD = ("Payment means 48, 54 and 55 are card payments.", "طرق الدفع 48 و54 و55 دفع بالبطاقة.")
_DEBIT = ("Payment means 59 is a SEPA direct debit.", "طريقة الدفع 59 خصم مباشر من الحساب.")
_IBAN = (
    "Enter the {term} as an IBAN without blanks: country, two check digits, account.",
    "أدخل {term} بصيغة الآيبان بلا مسافات: رمز البلد، ثم رقمان للتحقق، ثم الحساب.",
)
_DATES = (
    "A date is written with four digits for the year, two for the month, two for the day.",
    "يُكتب التاريخ بأربعة أرقام للسنة ورقمين للشهر ورقمين لليوم.",
)


def book() -> dict[str, Condition]:
    return {**_required(), **_payment(), **_forms(), **_extension(), **_vehicles()}


def _required() -> dict[str, Condition]:
    return {
        "BR-DE-1": Missing("BG-16", _GERMAN_F),
        "BR-DE-2": Missing("BG-6", _GERMAN_F, ("Add the {term}: name, telephone and e-mail.", "أضف {term}: الاسم والهاتف والبريد الإلكتروني.")),
        "BR-DE-3": Missing("BT-37", _GERMAN_F),
        "BR-DE-4": Missing("BT-38", _GERMAN),
        "BR-DE-5": Missing("BT-41", _GERMAN),
        "BR-DE-6": Missing("BT-42", _GERMAN),
        "BR-DE-7": Missing("BT-43", _GERMAN),
        "BR-DE-8": Missing("BT-52", _GERMAN_F),
        "BR-DE-9": Missing("BT-53", _GERMAN),
        "BR-DE-10": Missing("BT-77", _WITH_ADDRESS_F),
        "BR-DE-11": Missing("BT-78", _WITH_ADDRESS),
        "BR-DE-14": Missing(
            "BT-119",
            (
                "Every row of the VAT breakdown needs it, 0 where no VAT is charged.",
                "وكل سطر في تفصيل الضريبة يحتاج إليها، وتُكتب 0 إن لم تُحسب ضريبة.",
            ),
        ),
        "BR-DE-15": Missing(
            "BT-10",
            (
                "Public buyers in Germany name you a Leitweg-ID for it, which routes the invoice.",
                "والجهة الحكومية الألمانية تزوّدك برقم توجيه (لايتفيغ) يُكتب فيه لتصل الفاتورة إلى القسم المعني.",
            ),
            (
                "Enter the Leitweg-ID that your buyer gave you as the {term}, for example {0}; other buyers: any reference they name.",
                "أدخل في {term} رقم التوجيه الذي أعطاك إياه المشتري، مثل {0}، ولغيره أي مرجع يحدده.",
            ),
            raw=("04011000-12345-34",),
        ),
        "BR-DE-16": OneOf(
            ("BT-31", "BT-32", "BG-11"),
            (
                f"A line, discount or charge has one of the VAT categories {_TAXED.en}, so the seller must be known to a tax office.",
                f"في بند أو خصم أو رسم إضافي إحدى فئات الضريبة {_TAXED.ar}، فلا بدّ أن يُعرف تسجيل البائع لدى إدارة الضرائب.",
            ),
        ),
        "BR-DE-26": Missing(
            "BG-3",
            (
                "The type code 384 is a corrected invoice, which names the invoice it corrects.",
                "فالرمز 384 فاتورة مصحَّحة، ولا بدّ أن تشير إلى ما تصححه.",
            ),
        ),
        "BR-DE-30": Missing("BT-90", ("A direct debit needs it.", "والخصم المباشر يحتاج إليه.")),
        "BR-DE-31": Missing("BT-91", ("A direct debit needs it.", "والخصم المباشر يحتاج إليه.")),
        "BR-DE-TMP-32": OneOf(
            ("BT-72", "BG-14", "BG-26"),
            ("The invoice does not say when it was delivered or performed.", "لا تبيّن الفاتورة متى كان التوريد أو أداء الخدمة."),
        ),
        "BR-FX-EN-04": OneOf(
            ("BT-72", "BG-14", "BG-26", "BT-80"),
            (
                "Unless it is a down payment (type code 386), a German invoice says when it was delivered or performed.",
                "ما لم تكن دفعة مقدمة (الرمز 386) تبيّن الفاتورة الألمانية متى كان التوريد أو أداء الخدمة.",
            ),
        ),
    }


def _payment() -> dict[str, Condition]:
    return {
        "BR-DE-19": Says(
            "BT-84",
            (
                "Payment means 58 is a SEPA transfer, so the {term} must be a valid IBAN.",
                "طريقة الدفع 58 تحويل ضمن سيبا، فلا بدّ أن يكون {term} آيبان صحيحًا.",
            ),
            _IBAN,
        ),
        "BR-DE-20": Says(
            "BT-91",
            (
                "Payment means 59 is a SEPA direct debit, so the {term} must be a valid IBAN.",
                "طريقة الدفع 59 خصم مباشر ضمن سيبا، فلا بدّ أن يكون {term} آيبان صحيحًا.",
            ),
            _IBAN,
        ),
        "BR-DE-23-a": Missing(
            "BG-17", _TRANSFER, ("Add the {term} with its IBAN, or choose another payment means.", "أضف {term} ومعه الآيبان، أو اختر طريقة دفع أخرى.")
        ),
        "BR-DE-23-b": Excluded("BT-81", ("BG-18", "BG-19"), _TRANSFER),
        "BR-DE-24-a": Missing("BG-18", _CARD, ("Add the {term}, or choose another payment means.", "أضف {term}، أو اختر طريقة دفع أخرى.")),
        "BR-DE-24-b": Excluded("BT-81", ("BG-17", "BG-19"), _CARD),
        "BR-DE-25-a": Missing(
            "BG-19",
            _DEBIT,
            ("Add the {term} with its mandate, or choose another payment means.", "أضف {term} ومعه مرجع التفويض، أو اختر طريقة دفع أخرى."),
        ),
        "BR-DE-25-b": Excluded("BT-81", ("BG-17", "BG-18"), _DEBIT),
    }


def _forms() -> dict[str, Condition]:
    return {
        "BR-DE-17": Says(
            "BT-3",
            (
                "XRechnung uses these values of the {term} only: 326, 380, 381, 384, 389, 875, 876, 877.",
                "لا تستعمل الفاتورة الألمانية في {term} إلا 326 و380 و381 و384 و389 و875 و876 و877.",
            ),
            (
                "Choose the {term} among them: 380 for an invoice, 381 for a credit note, 384 for a correction.",
                "اختر {term} منها: 380 للفاتورة، 381 للإشعار الدائن، 384 للتصحيح.",
            ),
        ),
        "BR-DE-18": Skonto(),
        "BR-DE-21": Says(
            "BT-24",
            ("The {term} must be that of XRechnung 3.0.", "يجب أن يكون {term} معرّف الفاتورة الألمانية بإصدارها 3.0."),
            ("Write {0} as the {term}.", "اكتب في {term} القيمة {0}."),
            raw=("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",),
        ),
        "BR-DE-22": SameNames(),
        "BR-DE-27": Says(
            "BT-42",
            ("The {term} should hold at least three digits.", "يجب أن يكون في {term} ثلاثة أرقام على الأقل."),
            ("Enter the whole {term}, for example {0}.", "أدخل {term} كاملًا، مثل {0}."),
            raw=("+49 30 12345678",),
        ),
        "BR-DE-28": Says(
            "BT-43",
            (
                "The {term} should have one @ with a name before it and a domain after it.",
                "يجب أن يكون في {term} علامة @ واحدة قبلها اسم وبعدها نطاق.",
            ),
            ("Correct the {term}, for example {0}.", "صحّح {term}، مثل {0}."),
            raw=("billing@example.com",),
        ),
        "BR-TMP-2": Says(
            "BT-124",
            ("The {term} must be a whole link with its scheme.", "يجب أن يكون {term} رابطًا كاملًا."),
            ("Enter the {term} from {0} on.", "أدخل {term} كاملًا بدءًا من {0}."),
            raw=("https://",),
        ),
        "BR-TMP-3": Says(
            "BT-149",
            (
                "The {term} stands at both prices, and both must agree in value and unit.",
                "ورد {term} عند السعر قبل الخصم وبعده، ويجب أن تتطابق القيمة والوحدة.",
            ),
            ("Write the same {term} and unit at both prices.", "اكتب {term} ووحدتها نفسيهما عند السعرين."),
        ),
        "BR-TMP-4": Once("BT-123"),
        "BR-TMP-5": Once("BT-125"),
        "BR-TMP-6": Says(
            "BT-2", _DATES, ("Write the {term} as year-month-day, for example {0}.", "اكتب {term} هكذا: {0}."), at_node=True, raw=("2026-11-23",)
        ),
        "BR-TMP-7": Says(
            "BT-2",
            (f"{_DATES[0]} In CII they follow each other.", f"{_DATES[1]} وتتابع الأرقام بلا فواصل."),
            ("Write the {term} as YYYYMMDD with format 102, for example {0}.", "اكتب {term} بالصيغة 102، مثل {0}."),
            at_node=True,
            raw=("20261123",),
        ),
        "CII-DT-097": Says(
            "BT-2",
            (f"{_DATES[0]} Format 102 has no separators.", f"{_DATES[1]} والصيغة 102 بلا فواصل."),
            ("Write the {term} as YYYYMMDD, for example {0}.", "اكتب {term} مثل {0}."),
            at_node=True,
            raw=("20261123",),
        ),
        "BR-FXEXT-CII-DT-097a": Says(
            "BT-72",
            (f"{_DATES[0]} Format 205 adds hour and minute.", f"{_DATES[1]} والصيغة 205 تضيف الساعة والدقيقة."),
            ("Write the {term} as YYYYMMDDHHMM, for example {0}.", "اكتب {term} مثل {0}."),
            at_node=True,
            raw=("202611231430",),
        ),
    }


_ICD = ("ISO 6523 ICD", "0088, 0060")
_HEALTH = (  # codes of the German register of health applications
    "In the XRechnung extension XR01, XR02 and XR03 are allowed as well.",
    f"وفي امتداد {isolate('XRechnung')} تُقبل أيضًا {listing([Bi(code, isolate(code)) for code in ('XR01', 'XR02', 'XR03')], 'and').ar}.",
)


def _extension() -> dict[str, Condition]:
    third = "BT-113"
    return {
        "BR-DEX-01": CodeList("BT-125-1", "MIME", "application/pdf, image/png, application/xml", "mimeCode"),
        "BR-DEX-02": SubLines(),
        "BR-DEX-03": Says(
            "BT-151",
            ("Every sub-line needs exactly one VAT category: the {term}.", "يجب أن يُذكر {term} مرة واحدة لا غير في كل بند فرعي."),
            ("Give each sub-line one {term} and its rate.", "اذكر {term} ونسبته مرة واحدة في كل بند فرعي."),
            silent=True,
        ),
        "BR-DEX-04": CodeList("BT-29-1", *_ICD, "schemeID", clause=_HEALTH),
        "BR-DEX-05": CodeList("BT-30-1", *_ICD, "schemeID", clause=_HEALTH),
        "BR-DEX-06": CodeList("BT-157-1", "ISO 6523 ICD", "0160", "schemeID", clause=_HEALTH),
        "BR-DEX-07": CodeList("BT-34-1", "EAS", "0088, 0208, EM", "schemeID", clause=_HEALTH),
        "BR-DEX-08": CodeList("BT-71-1", "ISO 6523 ICD", "0088", "schemeID", clause=_HEALTH),
        "BR-DEX-09": ThirdPartyTotal(),
        "BR-DEX-10": Says(
            third,
            ("A payment by a third party needs its kind.", "دفعة الطرف الثالث تحتاج إلى بيان نوعها."),
            ("Enter the kind of the third party payment; it counts beside the {term}.", "أدخل نوع دفعة الطرف الثالث، فهي تُحسب مع {term}."),
            silent=True,
        ),
        "BR-DEX-11": Says(
            third,
            ("A payment by a third party needs its amount.", "دفعة الطرف الثالث تحتاج إلى مبلغها."),
            ("Enter the amount of the third party payment; it counts beside the {term}.", "أدخل مبلغ دفعة الطرف الثالث، فهو يُحسب مع {term}."),
            silent=True,
        ),
        "BR-DEX-12": Says(
            third,
            ("A payment by a third party needs a description.", "دفعة الطرف الثالث تحتاج إلى وصفها."),
            ("Enter the description of the third party payment; it counts beside the {term}.", "أدخل وصف دفعة الطرف الثالث، فهي تُحسب مع {term}."),
            silent=True,
        ),
        "BR-DEX-13": Says(
            third,
            (
                "The amount of a third party payment may have 2 decimals at most.",
                "يجب ألّا تزيد الخانات العشرية في مبلغ دفعة الطرف الثالث على اثنتين.",
            ),
            (
                "Round the amount of the third party payment to two decimals; it counts beside the {term}.",
                "قرّب مبلغ دفعة الطرف الثالث إلى خانتين عشريتين، فهو يُحسب مع {term}.",
            ),
            silent=True,
        ),
        "BR-DEX-14": Says(
            "BT-5",
            ("The amount of a third party payment must be in the {term}.", "يجب أن تكون عملة دفعة الطرف الثالث هي {term}."),
            ("Change the currency of the third party payment to the {term}.", "غيّر عملة دفعة الطرف الثالث إلى {term}."),
        ),
        "BR-DEX-15": Says(
            "BG-25",
            (
                "Some {term} names a line above it, but XRechnung in {0} has no sub-lines.",
                "{term} يذكر بندًا أعلى منه، وليس في الفاتورة الألمانية بصيغة {0} بنود فرعية.",
            ),
            (
                "Remove the number of the parent line from each {term}, or send the invoice as {1}.",
                "احذف رقم البند الأعلى من {term} الفرعي، أو أرسل الفاتورة بصيغة {1}.",
            ),
            raw=("CII", "UBL"),
        ),
    }


def _vehicles() -> dict[str, Condition]:
    return {
        "BR-DE-CVD-01": Missing("BT-12", _CVD),
        "BR-DE-CVD-02": Missing("BT-17", _CVD),
        "BR-DE-CVD-03": Says(
            "BT-158-1",
            (
                "An invoice for clean vehicles has at least one line whose {term} is {0} and whose {name} is {1}.",
                "في فاتورة المركبات النظيفة بند واحد على الأقل فيه {term} هو {0} و{name} هو {1}.",
            ),
            ("Enter {0} as the {term} and {1} as the {name} on the line of the vehicle.", "أدخل {0} في {term} و{1} في {name} في بند المركبة."),
            with_=(("name", "BT-160"),),
            silent=True,
            raw=("CVD", "cva"),
        ),
        "BR-DE-CVD-04": Says(
            "BT-158",
            ("With the scheme {1} the {term} must be a vehicle category: {0}.", "مع النظام {1} يجب أن يكون {term} فئة مركبة: {0}."),
            ("Choose the {term} among {0}.", "اختر {term} من {0}."),
            raw=("M1, M2, M3, N1, N2, N3", "CVD"),
        ),
        "BR-DE-CVD-05": Says(
            "BT-161",
            ("Where the attribute is {1}, the {term} must be one of {0}.", "إذا كانت الخاصية {1} وجب أن تكون {term} إحدى: {0}."),
            ("Choose the {term} among {0}.", "اختر {term} من {0}."),
            raw=("clean, zero-emission, other", "cva"),
        ),
        "BR-DE-CVD-06-a": Says(
            "BT-160",
            (
                "A line classified as {0} needs exactly one {term} with the value {1}.",
                "يجب أن يُذكر {term} مرة واحدة بالقيمة {1} في البند المصنّف {0}.",
            ),
            ("Enter one {term} {1} on this line.", "اذكر {term} مرة واحدة بالقيمة {1} في هذا البند."),
            silent=True,
            raw=("CVD", "cva"),
        ),
        "BR-DE-CVD-06-b": Says(
            "BT-158",
            (
                "A line with the attribute {1} needs exactly one {term} of the scheme {0}.",
                "يجب أن يُذكر {term} من النظام {0} مرة واحدة في البند الذي فيه الخاصية {1}.",
            ),
            ("Enter one {term} of the scheme {0} on this line.", "اذكر {term} من النظام {0} مرة واحدة في هذا البند."),
            silent=True,
            raw=("CVD", "cva"),
        ),
        "BR-TMP-CVD-01": CodeList("BT-158-1", "UNTDID 7143", "CVD, STI, SRV", "listID"),
    }
