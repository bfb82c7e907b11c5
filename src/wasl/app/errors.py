"""Refusals of the application: a `WaslError` that also knows its HTTP status."""

from __future__ import annotations

from typing import ClassVar

from wasl.errors import EnvironmentFault, WaslError, Words


class Refused(WaslError):
    """Base of what a service refuses to do."""

    status: ClassVar[int] = 422


# What can be asked for by its id, in the accusative of «لم نجد»
NAMES = {
    "organisation": "منشأة",
    "member": "عضوًا",
    "customer": "عميلًا",
    "item": "صنفًا",
    "draft": "مسودة",
    "invoice": "فاتورة",
    "document": "مستندًا",
    "bank account": "حسابًا بنكيًا",
    "link": "رابطًا",
    "event": "حدثًا",
    "proof": "إثباتًا",
    "invitation": "دعوة",
    "address": "عنوانًا",
    "inbox": "صندوقًا",
    "request": "طلبًا",
    "passkey": "مفتاح مرور",
    "session": "جهازًا",
    "help article": "مقالة مساعدة",
    "lesson": "درسًا",
    "practice invoice": "فاتورة تدريب",
    "conversation": "محادثة",
    "payment": "دفعة",
    "payment method": "وسيلة دفع",
    "refund": "استردادًا",
    "receipt": "مقبوضًا",
    "call": "اتصالًا",
    "answer": "ردًّا",
}


class NotFound(Refused):
    """Also said of other tenants' rows: what is not yours does not exist (T53)."""

    code, status = "WASL-APP-01", 404
    en = "There is no such {what} here."
    ar = "لم نجد هنا {what} بهذا المعرّف."

    def __init__(self, *, what: str) -> None:
        super().__init__(what=Words(what, NAMES[what]))


class NotAllowed(Refused):
    code, status = "WASL-APP-02", 403
    en = "Only an owner of this organisation may do this. Ask one of its owners."
    ar = "هذا الإجراء من صلاحيات مالك المنشأة وحده. اطلبه من أحد ملّاكها."


class ActWithoutPerson(Refused):
    """T3: nothing is done by nobody."""

    code, status = "WASL-APP-03", 401
    en = "Sign in first: every act here is written down with the person who does it."
    ar = "سجّل الدخول أولًا: كل إجراء هنا يُقيَّد باسم من قام به."


class StaleSave(Refused):
    code, status = "WASL-APP-04", 409
    en = "This draft was changed elsewhere in the meantime. Load it again, then repeat your change."
    ar = "عُدّلت هذه المسودة في مكان آخر أثناء عملك. أعد تحميلها ثم كرّر تعديلك."


class KeyMissing(EnvironmentFault):
    code = "WASL-ENV-11"
    en = "The key {name} is missing from the keystore. Restore the folder `keys` of the data directory from a backup."
    ar = "المفتاح {name} غير موجود في مخزن المفاتيح. استرجع المجلد keys في مجلد البيانات من نسخة احتياطية."
