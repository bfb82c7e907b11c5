"""What delivery refuses."""

from __future__ import annotations

from wasl.app.errors import Refused


class BadAddress(Refused):
    code, term = "WASL-MAIL-01", "BT-58"
    en = "“{address}” is not an e-mail address that mail can go to. Write it as name@example.com."
    ar = "«{address}» ليس عنوان بريد يمكن الإرسال إليه. اكتبه هكذا: name@example.com."


class NoRecipient(Refused):
    code, term = "WASL-MAIL-02", "BT-58"
    en = "{number} has no e-mail address to go to. Give one, or add it to the customer."
    ar = "لا عنوان بريد تُرسل إليه {number}. اكتب عنوانًا، أو أضفه إلى بيانات العميل."


class ControlInHeader(Refused):
    code = "WASL-MAIL-03"
    en = "The {field} holds a line break or control character, which a mail header must not. Delete the text and type it again."
    ar = "في {field} سطر جديد أو حرف تحكّم لا يجوز في ترويسة البريد. احذف النص واكتبه من جديد."


class MailLeaving(Refused):
    code, status = "WASL-MAIL-04", 409
    en = "A mail about this document is leaving at this moment. Wait a few minutes, then erase again."
    ar = "تُرسل الآن رسالة عن هذا المستند. انتظر بضع دقائق ثم أعد المحو."


class MailQuota(Refused):
    code, status = "WASL-MAIL-05", 429
    en = "A new seller may send {count} mails a day, and a week's worth is waiting already. Send the rest later, or ask the operator."
    ar = "للبائع الجديد {count} رسالة في اليوم، وفي الانتظار ما يكفي أسبوعًا. أرسل الباقي لاحقًا أو راجع مشغّل المنصة."
