"""What notices refuse."""

from __future__ import annotations

from wasl.app.errors import Refused


class BadPreference(Refused):
    code = "WASL-NOTICE-01"
    en = "“{field}” cannot be set to that. Choose one of the values that the page offers."
    ar = "لا تصلح هذه القيمة للحقل «{field}». اختر إحدى القيم المعروضة في الصفحة."


class BadSchedule(Refused):
    code = "WASL-NOTICE-02"
    en = "A schedule has at most {steps} reminders, each from {before} days before to {after} days after the due date. Change the days."
    ar = "في الجدول {steps} تذكيرات على الأكثر، من {before} يومًا قبل الاستحقاق إلى {after} يومًا بعده. غيّر الأيام."


class BadTemplate(Refused):
    code = "WASL-NOTICE-03"
    en = "The text holds “{found}”, which is none of the variables: {allowed}. Take it out or choose one of these."
    ar = "في النص «{found}» وليست من المتغيرات المتاحة: {allowed}. احذفها أو اختر واحدًا منها."


class DueDateNotLater(Refused):
    code, term = "WASL-NOTICE-04", "BT-9"
    en = "The new due date must come after {before}, and within two years of it. Choose a later day."
    ar = "يجب أن يكون تاريخ الاستحقاق الجديد بعد {before} وخلال سنتين منه. اختر يومًا بعده."


class NothingOwed(Refused):
    code, status = "WASL-NOTICE-05", 409
    en = "Nothing is left to pay on {number}, so there is no due date to move."
    ar = "لم يبقَ على {number} ما يُدفع، فلا استحقاق يُؤجَّل."


class BadSubscription(Refused):
    code = "WASL-NOTICE-06"
    en = "This browser's subscription cannot be used: {reason}. Switch notifications off and on again in the browser."
    ar = "تعذّر استخدام اشتراك هذا المتصفح: {reason}. أوقف التنبيهات في المتصفح ثم فعّلها من جديد."


class TooManySubscriptions(Refused):
    code, status = "WASL-NOTICE-07", 409
    en = "This address already has {count} devices. Remove one first."
    ar = "لهذا العنوان {count} أجهزة مسجّلة. أزل أحدها أولًا."
