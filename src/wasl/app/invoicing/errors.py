"""What issuing refuses, each with the term concerned and the way out."""

from __future__ import annotations

from typing import Any

from wasl.app.errors import Refused
from wasl.errors import EnvironmentFault


class SeriesUnknown(Refused):
    code, term, status = "WASL-ISS-01", "BT-1", 404
    en = "There is no open number series {series} for this kind of document. Choose another, or open it first."
    ar = "لا توجد سلسلة أرقام مفتوحة باسم {series} لهذا النوع من المستندات. اختر سلسلة أخرى أو افتحها أولًا."


class ClockSetBack(EnvironmentFault):
    code, term = "WASL-ISS-02", "BT-2"
    en = "This machine's clock says {now}, but the series already issued at {last}. Set the clock right, then issue again."
    ar = "ساعة الجهاز تشير إلى {now} بينما أصدرت السلسلة مستندًا عند {last}. اضبط الساعة ثم أعد الإصدار."


class IssueDateOutOfOrder(Refused):
    code, term = "WASL-ISS-03", "BT-2"
    en = "Today is {date} in the seller's time zone, before the last issue date {last} of this series. Check the time zone in the settings."
    ar = "تاريخ اليوم في منطقة البائع الزمنية هو {date}، وهو قبل آخر تاريخ إصدار {last} في هذه السلسلة. راجع المنطقة الزمنية في الإعدادات."


class IssueRefused(Refused):
    """Fatal findings of the seller's profile; `findings` carries them."""

    code = "WASL-ISS-04"
    en = "This document breaks {count} rules of the profile {profile} (the first is {first}), so it was not issued. Correct it and issue again."
    ar = "يخالف هذا المستند {count} من قواعد الملف {profile} (أولها {first}) فلم يُصدَر. صحّحه ثم أعد الإصدار."

    def __init__(self, *, examination: Any, document: bytes, profile: str) -> None:
        self.examination = examination
        self.report = examination.report
        self.document = document
        self.findings = examination.fatal
        first = self.findings[0].rule if self.findings else "?"
        super().__init__(count=len(self.findings), profile=profile, first=first)


class IssuingHeld(EnvironmentFault):
    code = "WASL-ISS-05"
    en = "Issuing is off: this database lies behind its own published log. Restore a newer backup, or run `wasl restore --accept-loss`."
    ar = "الإصدار متوقف: قاعدة البيانات أقدم من سجلّها المنشور. استرجع نسخة أحدث، أو شغّل wasl restore --accept-loss."


class KeyReused(Refused):
    code = "WASL-ISS-06"
    en = "The key {key} was already used for another document. Use a new key, or send the same document again."
    ar = "المفتاح {key} استُعمل من قبل لمستند آخر. استعمل مفتاحًا جديدًا أو أعد إرسال المستند نفسه."


class KeyRunning(Refused):
    code, status = "WASL-ISS-07", 409
    en = "A request with the key {key} is being worked on. Ask again in a moment to get its answer."
    ar = "طلب بالمفتاح {key} قيد التنفيذ. أعد السؤال بعد لحظة لتحصل على جوابه."


class AccountUnknown(Refused):
    code, term = "WASL-ISS-08", "BT-84"
    en = "The account ending in {tail} is not one of this organisation's bank accounts. Add it under Bank accounts, or remove it from the document."
    ar = "الحساب المنتهي بـ {tail} ليس من حسابات هذه المنشأة. أضفه في الحسابات البنكية أو احذفه من المستند."


class AmountTooLarge(Refused):
    code, term = "WASL-ISS-09", "BT-112"
    en = "The total {amount} is larger than this installation can account for. Check quantities and prices."
    ar = "الإجمالي {amount} أكبر مما يستطيع النظام قيده. راجع الكميات والأسعار."


class TextUnusable(Refused):
    code = "WASL-ISS-10"
    en = "The field “{field}” holds the character {char}, which no document may carry. Delete it and type the text again."
    ar = "في حقل «{field}» الرمز {char}، ولا يصح في أي مستند. احذفه وأعد كتابة النص."


class DraftAlreadyIssued(Refused):
    code, status = "WASL-ISS-11", 409
    en = "This draft was already issued as {number}."
    ar = "أُصدرت هذه المسودة من قبل بالرقم {number}."


class SellerForeign(Refused):
    code, term = "WASL-ISS-12", "BT-31"
    en = "The document names the seller {given}, but this organisation is {own}. Issue it from the organisation that sells."
    ar = "المستند يسمّي البائع {given} بينما هذه المنشأة {own}. أصدره من المنشأة البائعة."


class BadPattern(Refused):
    code = "WASL-ISS-13"
    en = "The number pattern {pattern} is not usable. Use letters, digits, / . - and {{YYYY}}, and once a counter such as {{000000}}."
    ar = "نمط الترقيم {pattern} غير صالح. استعمل حروفًا لاتينية وأرقامًا و / . - و {{YYYY}} وعدّادًا واحدًا مثل {{000000}}."


class OriginalRequired(Refused):
    code, term = "WASL-ISS-14", "BG-3"
    en = "A credit note is issued against an invoice. Open the invoice and choose Credit."
    ar = "الإشعار الدائن يصدر عن فاتورة. افتح الفاتورة واختر إصدار إشعار دائن."


class OriginalMoved(Refused):
    code, term, status = "WASL-ISS-15", "BG-3", 409
    en = "Other credit notes for this invoice are being issued at this moment. Look at what is left, then try again."
    ar = "تصدر الآن إشعارات دائنة أخرى لهذه الفاتورة. راجع المتبقي ثم أعد المحاولة."


class Unconfirmed(EnvironmentFault):
    """The database went away between the commit and its arrival on disk: the one moment in which nobody can know."""

    code, term = "WASL-ISS-16", "BT-1"
    en = "{number} was written, but the database stopped before it confirmed. Look for {number} in the list, or repeat with the same key."
    ar = "كُتب المستند {number} لكن قاعدة البيانات توقفت قبل التأكيد. ابحث عن {number} في القائمة أو كرّر الطلب بالمفتاح نفسه."


class TwoPeopleNeeded(Refused):
    code, term, status = "WASL-PAY-59", "BT-84", 403
    en = "An account number is changed by two people: one asks, another one approves, and it counts some days later."
    ar = "رقم الحساب لا يغيّره شخص وحده: يطلب أحدكم ويوافق غيره، ثم يسري بعد أيام."


class SamePerson(Refused):
    code, term, status = "WASL-PAY-60", "BT-84", 403
    en = "You asked for this change yourself. Another owner has to approve it."
    ar = "أنت من طلب هذا التغيير. يوافق عليه مالك آخر."


class ChangePending(Refused):
    code, term, status = "WASL-PAY-61", "BT-84", 409
    en = "A change of this account is already under way. Stop it first, or wait until it counts."
    ar = "هناك تغيير جارٍ لهذا الحساب. أوقفه أولًا أو انتظر حتى يسري."


class ChangeOver(Refused):
    code, term, status = "WASL-PAY-62", "BT-84", 409
    en = "This change is no longer open: it was stopped, or it counts already."
    ar = "لم يعد هذا التغيير مفتوحًا: أُوقف أو سرى بالفعل."


class SameAccount(Refused):
    code, term = "WASL-PAY-63", "BT-84"
    en = "This is the account number that is in use already."
    ar = "هذا رقم الحساب المستعمل الآن نفسه."


class BadAccount(Refused):
    code, term = "WASL-ACC-01", "BT-84"
    en = "{iban} is not a usable account number: {reason}."
    ar = "رقم الحساب {iban} غير صالح: {reason}."
