"""What can go wrong between a person and a statement. Refusals of the file itself are WASL-STM-*."""

from __future__ import annotations

from wasl.app.errors import Refused


class FileUnknown(Refused):
    code, status = "WASL-PAY-50", 404
    en = "There is no such statement here."
    ar = "لم نجد هنا كشفًا بهذا المعرّف."


class LineUnknown(Refused):
    code, status = "WASL-PAY-51", 404
    en = "There is no such movement here."
    ar = "لم نجد هنا حركة بهذا المعرّف."


class LineTaken(Refused):
    """Two people decided on one movement: the first one counts."""

    code, status = "WASL-PAY-52", 409
    en = "This movement was decided in the meantime. Nothing was booked twice; look at it again."
    ar = "بُتّ في هذه الحركة أثناء عملك. لم يُسجَّل شيء مرتين، فأعد النظر فيها."


class PartsDoNotFit(Refused):
    code = "WASL-PAY-53"
    en = "The parts come to {parts}, the movement is {amount}. Fix: lower a part; what is left over becomes the customer's credit."
    ar = "مجموع الأجزاء {parts} والحركة {amount}. الحل: خفّض أحد الأجزاء، وما زاد يصير رصيدًا للعميل."


class PartTooLarge(Refused):
    code, status = "WASL-PAY-54", 409
    en = "Of invoice {number} only {left} is still to be paid. Fix: lower its part."
    ar = "لم يبقَ على الفاتورة {number} إلا {left}. الحل: خفّض جزأها."


class NothingChosen(Refused):
    code = "WASL-PAY-55"
    en = "Choose at least one invoice, and write an amount above zero beside it."
    ar = "اختر فاتورة واحدة على الأقل، واكتب أمامها مبلغًا أكبر من صفر."


class NotIncoming(Refused):
    code = "WASL-PAY-56"
    en = "This movement went out of the account; no invoice is paid by it."
    ar = "هذه الحركة خرجت من الحساب، فلا تُسدَّد بها فاتورة."


class NotThisPayout(Refused):
    code, status = "WASL-PAY-86", 409
    en = "The amount or the currency of this movement is not that of the payout."
    ar = "مبلغ هذه الحركة أو عملتها ليس مبلغ تحويل البوابة أو عملته."


class NotThisReturn(Refused):
    code, status = "WASL-PAY-89", 409
    en = "This movement does not take that payment back any more: its booking has changed. Nothing was booked; look at it again."
    ar = "لم تعد هذه الحركة استردادًا لتلك الدفعة، فقد تغيّر قيدها. لم يُسجَّل شيء، فأعد النظر فيها."


class AlreadyBegun(Refused):
    code, status = "WASL-PAY-57", 409
    en = "This file is already being imported."
    ar = "استيراد هذا الملف جارٍ بالفعل."


class OtherAccount(Refused):
    code = "WASL-PAY-58"
    en = "This statement is of account {account}, which is none of yours here. Fix: add the account first, or take the right file."
    ar = "هذا كشف الحساب {account}، وليس من حساباتك هنا. الحل: أضف الحساب أولًا، أو خذ الملف الصحيح."
