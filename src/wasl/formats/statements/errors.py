"""What can be wrong with a statement. Nothing of a refused file is used."""

from __future__ import annotations

from wasl.errors import UnreadableInput


class StatementRefused(UnreadableInput):
    """Base of every refusal of the statement readers."""

    code = "WASL-STM-00"


class NotAStatement(StatementRefused):
    code = "WASL-STM-01"
    en = "This is not a bank statement that can be read: {reason}. Fix: export it as CAMT.053, MT940, OFX or CSV."
    ar = "ليس هذا كشف حساب يمكن قراءته: {reason}. الحل: صدّره بصيغة CAMT.053 أو MT940 أو OFX أو CSV."


class StatementTooLarge(StatementRefused):
    code = "WASL-STM-02"
    en = "The statement is too large: {reason}. Fix: export a shorter period."
    ar = "الكشف أكبر مما يُقبل: {reason}. الحل: صدّر فترة أقصر."


class LineUnreadable(StatementRefused):
    code = "WASL-STM-03"
    en = "{place}: {reason}. Nothing was imported. Fix: export the statement again."
    ar = "{place}: {reason}. لم يُستورد شيء. الحل: صدّر الكشف من جديد."


class SumsDiffer(StatementRefused):
    code = "WASL-STM-04"
    en = (
        "Statement {number}: it opens with {opening}, its {count} lines come to {total}, which makes {reached}; it says it closes with {closing}. "
        "{difference} are missing or too many. Nothing was imported. Fix: export the statement again, whole."
    )
    ar = (
        "الكشف {number}: رصيده الافتتاحي {opening}، ومجموع حركاته ({count}) هو {total}، فيكون الناتج {reached}، "
        "والكشف يقول إن رصيده الختامي {closing}. "
        "الفرق {difference}. لم يُستورد شيء. الحل: صدّر الكشف كاملًا من جديد."
    )


class BalanceBroken(StatementRefused):
    code = "WASL-STM-05"
    en = (
        "{place}: the balance should be {want} after this line, and the file says {got}. A line is missing or doubled. "
        "Fix: export the statement again."
    )
    ar = "{place}: ينبغي أن يكون الرصيد بعد هذه الحركة {want}، وفي الملف {got}. حركة ناقصة أو مكررة. الحل: صدّر الكشف من جديد."


class PackageRefused(StatementRefused):
    code = "WASL-STM-06"
    en = "This package is not opened: {reason}. Fix: unpack it yourself and give the statement in it."
    ar = "لا نفتح هذه الحزمة: {reason}. الحل: فُكّها بنفسك وأرفق الكشف الذي فيها."


class ColumnsUnknown(StatementRefused):
    code = "WASL-STM-07"
    en = "No column of this table gives {what}. Fix: choose the column."
    ar = "لا عمود في هذا الجدول يعطي {what}. الحل: اختر العمود."
