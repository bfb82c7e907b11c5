"""National rules that Peppol carries, second half: Greece, Iceland, the Netherlands."""

from __future__ import annotations

from wasl.rules.explain.checks import Needs, Says
from wasl.rules.explain.parts import Condition
from wasl.rules.explain.presence import Missing


def book() -> dict[str, Condition]:
    return {**_greece(), **_iceland(), **_netherlands()}


_TIN = "EL090000045"
_GR_NUMBER = "090000045|23/11/2026|1|1.1|A|1"


def _greece() -> dict[str, Condition]:
    fix = ("Write the {term} with its six parts, for example {0}.", "اكتب {term} بأجزائه الستة، مثل {0}.")
    parts = (
        ("1", "A Greek {term} has six parts with | between them.", "يتكوّن {term} اليوناني من ستة أجزاء تفصل بينها علامة |."),
        (
            "2",
            "The first part of a Greek {term} is the tax number of the seller or of its tax representative.",
            "الجزء الأول من {term} اليوناني هو الرقم الضريبي للبائع أو لممثله الضريبي.",
        ),
        (
            "3",
            "The second part of a Greek {term} is the issue date as day/month/year.",
            "الجزء الثاني من {term} اليوناني هو تاريخ الإصدار: اليوم ثم الشهر ثم السنة.",
        ),
        (
            "4",
            "The third part of a Greek {term} is a whole number, the branch, 0 or more.",
            "الجزء الثالث من {term} اليوناني هو رقم الفرع، صفر أو أكثر.",
        ),
        (
            "5",
            "The fourth part of a Greek {term} is the Greek document type: 1.1, 1.6, 2.1, 2.4, 5.1 or 5.2.",
            "الجزء الرابع من {term} اليوناني هو نوع المستند اليوناني: 1.1 أو 1.6 أو 2.1 أو 2.4 أو 5.1 أو 5.2.",
        ),
        ("6", "The fifth part of a Greek {term} is the series and must not be empty.", "الجزء الخامس من {term} اليوناني هو السلسلة، ولا يُترك فارغًا."),
        (
            "7",
            "The sixth part of a Greek {term} is the running number and must not be empty.",
            "الجزء السادس من {term} اليوناني هو الرقم المتسلسل، ولا يُترك فارغًا.",
        ),
    )
    book: dict[str, Condition] = {f"GR-R-001-{n}": Says("BT-1", (en, ar), fix, raw=(_GR_NUMBER,)) for n, en, ar in parts}
    tin = ("Enter the {term} as EL and the nine digits of the tax number, for example {0}.", "أدخل {term} برمز البلد وتسعة أرقام، مثل {0}.")
    endpoint = ("Enter the Greek tax number as the {term}, with the scheme {0}.", "أدخل الرقم الضريبي اليوناني في {term} مع النظام {0}.")
    mark, url = "##M.AR.K##", "##INVOICE|URL##"
    return book | {
        "GR-R-002": Missing(
            "BT-28", ("Greek sellers give the full name that is in their register.", "والبائع اليوناني يذكر اسمه الكامل كما في السجل.")
        ),
        "GR-R-003": Says(
            "BT-31",
            ("In Greece the {term} is EL followed by a valid tax number.", "في اليونان يتكوّن {term} من رمز البلد ثم رقم ضريبي صحيح."),
            tin,
            raw=(_TIN,),
        ),
        "GR-R-004-1": Says(
            "BT-122",
            (
                "A Greek invoice refers exactly once to its MARK, the number of the tax authority: the {term} with the description {0}.",
                "تشير الفاتورة اليونانية مرة واحدة إلى رقمها لدى الضرائب: {term} ووصفه {0}.",
            ),
            (
                "Add a supporting document with the MARK as the {term} and {0} as its description.",
                "أضف مستندًا مرفقًا فيه رقم الضرائب هو {term} ووصفه {0}.",
            ),
            silent=True,
            raw=(mark,),
        ),
        "GR-R-004-2": Says(
            "BT-122",
            ("The MARK given as the {term} must be a positive whole number.", "رقم الضرائب المذكور في {term} عدد صحيح موجب."),
            ("Enter the MARK as the {term}, digits only.", "أدخل رقم الضرائب في {term} بالأرقام وحدها."),
        ),
        "GR-R-005": Missing("BT-45", ("Greek sellers give the full name of the buyer.", "والبائع اليوناني يذكر اسم المشتري كاملًا.")),
        "GR-R-006": Says(
            "BT-48",
            ("For a Greek buyer the {term} is needed: EL and a valid tax number.", "للمشتري اليوناني لا بدّ من {term}: رمز البلد ثم رقم ضريبي صحيح."),
            tin,
            raw=(_TIN,),
        ),
        "GR-S-008-1": Says(
            "BT-122",
            (
                "A Greek invoice should refer once to its page at the tax authority: a {term} with the description {0}.",
                "يُستحسن أن تشير الفاتورة اليونانية مرة واحدة إلى صفحتها لدى الضرائب: {term} ووصفه {0}.",
            ),
            ("Add a supporting document whose {term} has the description {0}, with the link.", "أضف مستندًا مرفقًا فيه {term} ووصفه {0} ومعه الرابط."),
            silent=True,
            raw=(url,),
        ),
        "GR-R-008-2": Says(
            "BT-122",
            (
                "A Greek invoice refers to its page at the tax authority once at most: a {term} with the description {0}.",
                "لا تشير الفاتورة اليونانية إلى صفحتها لدى الضرائب أكثر من مرة: {term} ووصفه {0}.",
            ),
            ("Keep one {term} with the description {0} and remove the others.", "أبقِ {term} الموصوف {0} مرة واحدة واحذف ما زاد."),
            silent=True,
            raw=(url,),
        ),
        "GR-R-008-3": Missing("BT-124", ("The reference to the page of the invoice needs it.", "والإشارة إلى صفحة الفاتورة تحتاج إليه.")),
        "GR-R-009": Says(
            "BT-34",
            ("A Greek seller's {term} is its tax number with the scheme {0}.", "{term} اليوناني هو رقمه الضريبي مع النظام {0}."),
            endpoint,
            raw=("9933",),
        ),
        "GR-R-010": Says(
            "BT-49",
            ("A Greek buyer's {term} is its tax number with the scheme {0}.", "{term} اليوناني هو رقمه الضريبي مع النظام {0}."),
            endpoint,
            raw=("9933",),
        ),
        "GR-S-011": Says(
            "BT-31",
            ("Greek sellers give one {term}, EL and a valid tax number.", "يُذكر {term} اليوناني مرة واحدة: رمز البلد ثم رقم ضريبي صحيح."),
            tin,
            raw=(_TIN,),
        ),
    }


_KENNITALA = "0196"
_EINDAGI = "EINDAGI"


def _iceland() -> dict[str, Condition]:
    account = ("Enter the {term} with 12 digits: bank, ledger and account.", "أدخل {term} باثني عشر رقمًا: البنك ودفتر الحساب والحساب.")
    return {
        "IS-R-001": Says(
            "BT-3",
            (
                "In Iceland the {term} should be 380 for an invoice or 381 for a credit note.",
                "في آيسلندا يكون {term} 380 للفاتورة أو 381 للإشعار الدائن.",
            ),
            ("Set the {term} to 380 or 381.", "اجعل {term} 380 أو 381."),
        ),
        "IS-R-002": Says(
            "BT-30",
            (
                "Icelandic law wants the national number of the seller: the {term} with the scheme {0}.",
                "يشترط القانون الآيسلندي الرقم الوطني للبائع: {term} مع النظام {0}.",
            ),
            ("Enter the ten digits as the {term}, with the scheme {0}.", "أدخل الأرقام العشرة في {term} مع النظام {0}."),
            raw=(_KENNITALA,),
        ),
        "IS-R-003": Needs(
            ("BT-35", "BT-38"),
            ("In Iceland the address of the seller has street and post code.", "في آيسلندا يُذكر في عنوان البائع الشارع والرمز البريدي."),
        ),
        "IS-R-004": Says(
            "BT-47",
            (
                "Between Icelandic parties the national number of the buyer is needed: the {term} with the scheme {0}.",
                "بين طرفين آيسلنديين لا بدّ من الرقم الوطني للمشتري: {term} مع النظام {0}.",
            ),
            ("Enter the ten digits as the {term}, with the scheme {0}.", "أدخل الأرقام العشرة في {term} مع النظام {0}."),
            raw=(_KENNITALA,),
        ),
        "IS-R-005": Needs(
            ("BT-50", "BT-53"),
            (
                "Between Icelandic parties the address of the buyer has street and post code.",
                "بين طرفين آيسلنديين يُذكر في عنوان المشتري الشارع والرمز البريدي.",
            ),
        ),
        "IS-R-006": Says(
            "BT-84", ("In Iceland payment means 9 needs the {term} with 12 digits.", "في آيسلندا تحتاج طريقة الدفع 9 إلى {term} من 12 رقمًا."), account
        ),
        "IS-R-007": Says(
            "BT-84",
            ("In Iceland payment means 42 needs the {term} with 12 digits.", "في آيسلندا تحتاج طريقة الدفع 42 إلى {term} من 12 رقمًا."),
            account,
        ),
        "IS-R-008": Says(
            "BT-122",
            (
                "The final due date described as {0} is written as year-month-day in the {term}.",
                "آخر موعد للدفع الموصوف بالكلمة {0} يُكتب في {term} بالسنة ثم الشهر ثم اليوم.",
            ),
            ("Write the {term} like {1}.", "اكتب {term} مثل {1}."),
            silent=True,
            raw=(_EINDAGI, "2026-12-23"),
        ),
        "IS-R-009": Missing("BT-9", ("A final due date (EINDAGI) is given, so it is needed too.", "وقد ذُكر آخر موعد للدفع فلا بدّ منه.")),
        "IS-R-010": Says(
            "BT-9",
            ("The final due date described as {0} must not be earlier than the {term}.", "يجب ألّا يسبق آخر موعد للدفع الموصوف بالكلمة {0} {term}."),
            ("Correct the final due date {0} or the {term}.", "صحّح آخر موعد للدفع {0} أو {term}."),
            raw=(_EINDAGI,),
        ),
    }


_KVK = ("0106", "0190")


def _netherlands() -> dict[str, Condition]:
    address = "In the Netherlands the address has street, city and post code.", "في هولندا يُذكر في العنوان الشارع والمدينة والرمز البريدي."
    number = (
        "In the Netherlands the {term} is a KVK number (scheme {0}) or an OIN (scheme {1}).",
        "في هولندا يكون {term} برقم السجل التجاري (النظام {0}) أو رقم الجهة الحكومية (النظام {1}).",
    )
    scheme = ("Enter the {term} with the scheme {0} or {1}.", "أدخل {term} مع النظام {0} أو {1}.")
    return {
        "NL-R-001": Missing(
            "BT-25", ("In the Netherlands a credit note names the invoice it belongs to.", "وفي هولندا يشير الإشعار الدائن إلى فاتورته.")
        ),
        "NL-R-002": Needs(("BT-35", "BT-37", "BT-38"), address),
        "NL-R-003": Says("BT-30", number, scheme, raw=_KVK),
        "NL-R-004": Needs(("BT-50", "BT-52", "BT-53"), address),
        "NL-R-005": Says("BT-47", number, scheme, raw=_KVK),
        "NL-R-006": Needs(("BT-64", "BT-66", "BT-67"), address),
        "NL-R-007": Missing("BG-16", ("There is an amount to be paid to a Dutch seller.", "وهناك مبلغ يُدفع إلى بائع هولندي.")),
        "NL-R-008": Says(
            "BT-81",
            ("Between Dutch parties the {term} must be one of {0}.", "بين طرفين هولنديين يجب أن يكون {term} إحدى القيم {0}."),
            ("Choose the {term} among {0}.", "اختر {term} من {0}."),
            raw=("30, 48, 49, 57, 58, 59",),
        ),
        "NL-R-009": Missing(
            "BT-13", ("A line names a line of the order, so the order must be named too.", "وقد ذُكر رقم بند في أمر الشراء فلا بدّ من رقم الأمر.")
        ),
    }
