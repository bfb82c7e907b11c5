"""The words of the verifier: each step and each outcome, in Arabic and English."""

from __future__ import annotations

from typing import Literal

State = Literal["ok", "pending", "absent", "failed"]
StepName = Literal["hash", "seal", "commitment", "inclusion", "log signature", "witnesses", "anchor"]

STEPS: dict[StepName, tuple[str, str]] = {
    "hash": ("Document hash", "بصمة الوثيقة"),
    "seal": ("Seal", "الختم"),
    "commitment": ("Event behind the entry", "الحدث وراء القيد"),
    "inclusion": ("Place in the log", "الموضع في السجل"),
    "log signature": ("Signature of the log", "توقيع السجل"),
    "witnesses": ("Witnesses", "الشهود"),
    "anchor": ("Public anchor", "التثبيت العلني"),
}

STATES: dict[State, tuple[str, str]] = {
    "ok": ("ok", "سليم"),
    "pending": ("pending", "قيد الانتظار"),
    "absent": ("absent", "غير موجود"),
    "failed": ("failed", "فشل"),
}

# What happened, as the log names it and as people do.
EVENTS: dict[str, tuple[str, str]] = {
    "issued": ("issued", "إصدار"),
    "sealed": ("sealed", "ختم"),
    "reported": ("reported to the authority", "إبلاغ الهيئة"),
    "cleared": ("cleared by the authority", "إجازة الهيئة"),
    "rejected": ("rejected by the authority", "رفض الهيئة"),
    "delivered": ("delivered", "تسليم"),
    "acknowledged": ("acknowledged", "إقرار بالاستلام"),
    "paid": ("paid", "سداد"),
    "refunded": ("refunded", "رد مبلغ"),
    "charged-back": ("charged back", "استرجاع عبر البطاقة"),
    "credited": ("credited", "إشعار دائن"),
    "cancelled": ("cancelled", "إلغاء"),
    "account-changed": ("bank account changed", "تغيير الحساب البنكي"),
    "erased": ("erased", "محو"),
    "key-rotated": ("key rotated", "تبديل المفتاح"),
    "shard-opened": ("log opened", "افتتاح السجل"),
    "shard-closed": ("log closed", "إقفال السجل"),
}

# (step, reason) -> English, Arabic. Placeholders are filled from the facts of the verdict.
OUTCOMES: dict[tuple[StepName, str], tuple[str, str]] = {
    ("hash", "ok"): ("The bytes are those that were issued: SHA-256 {sha256}.", "البايتات هي التي صدرت: {sha256} (SHA-256)."),
    ("hash", "sealed-only"): (
        "The bytes are those that were sealed; there is no proof from the log.",
        "البايتات هي التي خُتمت؛ ولا يوجد إثبات من السجل.",
    ),
    ("hash", "unknown"): ("There is nothing readable to compare the bytes with.", "لا يوجد ما يُقرأ لتُقارن به البايتات."),
    ("hash", "differs"): (
        "The bytes are not those that were issued: the document was changed, or this proof belongs to another.",
        "البايتات ليست التي صدرت: غُيّرت الوثيقة، أو أن هذا الإثبات لوثيقة أخرى.",
    ),
    ("seal", "ok"): ("Sealed for {organisation} at {signed_at}.", "مختومة لصالح {organisation} في {signed_at}."),
    ("seal", "absent"): ("There is no seal beside the document.", "لا يوجد ختم مع الوثيقة."),
    ("seal", "not-ours"): ("The seal is damaged or is not one of ours.", "الختم تالف أو ليس من أختامنا."),
    ("seal", "doctype"): ("The seal has a DOCTYPE and was not read.", "في الختم تعريف DOCTYPE فلم يُقرأ."),
    ("seal", "algorithm"): (
        "The seal uses another algorithm than ECDSA P-256 with SHA-256.",
        "يستعمل الختم خوارزمية غير ECDSA P-256 مع SHA-256.",
    ),
    ("seal", "duplicate-id"): ("The seal uses one Id twice.", "يستعمل الختم معرّفًا واحدًا مرتين."),
    ("seal", "wrapped"): ("Something was added to the seal or moved in it.", "أُضيف شيء إلى الختم أو نُقل فيه."),
    ("seal", "other-document"): ("The seal is of other bytes than this document.", "الختم لبايتات غير بايتات هذه الوثيقة."),
    ("seal", "properties"): ("The sealed time or properties were changed.", "غُيّر وقت الختم أو خصائصه."),
    ("seal", "signature"): ("The seal's signature does not fit its content.", "توقيع الختم لا يطابق محتواه."),
    ("seal", "certificate"): (
        "The seal's certificate is damaged or may not seal documents.",
        "شهادة الختم تالفة أو لا يحق لها ختم الوثائق.",
    ),
    ("seal", "certificate-digest"): ("The seal names another certificate than it carries.", "يسمّي الختم شهادة غير التي يحملها."),
    ("seal", "foreign"): (
        "The seal's certificate is not under a root that you trust.",
        "شهادة الختم ليست تحت جذر تثق به.",
    ),
    ("seal", "expired"): (
        "The seal's certificate was not in force when the document was sealed.",
        "لم تكن شهادة الختم سارية وقت ختم الوثيقة.",
    ),
    ("seal", "revoked"): ("The seal's certificate was revoked.", "أُلغيت شهادة الختم."),
    ("seal", "no-revocation-list"): (
        "The seal fits, but no revocation list is in your trust store: not fully checked.",
        "الختم صحيح، لكن قائمة الإلغاء ليست في مخزن ثقتك: لم يكتمل التحقق.",
    ),
    ("commitment", "ok"): (
        "The log entry was made of exactly this event: {type_en}, {time}.",
        "قيد السجل مصنوع من هذا الحدث بعينه: {type_ar}، {time}.",
    ),
    ("commitment", "absent"): ("There is no proof beside the document.", "لا يوجد إثبات مع الوثيقة."),
    ("commitment", "malformed"): ("The proof cannot be read: {reason}.", "تعذّرت قراءة الإثبات: {reason}."),
    ("commitment", "no-document"): ("The event in the proof names no document.", "لا يذكر الحدث في الإثبات أي وثيقة."),
    ("commitment", "not-in-leaf"): (
        "The event, its salt or its path was changed: no entry of this log was made of it.",
        "غُيّر الحدث أو ملحه أو مساره: ليس في هذا السجل قيد مصنوع منه.",
    ),
    ("inclusion", "ok"): ("Entry {place} of {size}.", "القيد {place} من {size}."),
    ("inclusion", "absent"): ("There is no proof beside the document.", "لا يوجد إثبات مع الوثيقة."),
    ("inclusion", "malformed"): ("The proof cannot be read.", "تعذّرت قراءة الإثبات."),
    ("inclusion", "not-included"): (
        "The path does not lead from this event to the log's root.",
        "المسار لا يصل من هذا الحدث إلى جذر السجل.",
    ),
    ("log signature", "ok"): ("Signed by {origin}, which you trust.", "موقّع من {origin}، وهو سجل تثق به."),
    ("log signature", "absent"): ("There is no proof beside the document.", "لا يوجد إثبات مع الوثيقة."),
    ("log signature", "malformed"): ("The checkpoint cannot be read.", "تعذّرت قراءة نقطة التحقق."),
    ("log signature", "unknown-log"): (
        "The log {origin} is not in your trust store. If its operator confirms the fingerprint, add it with `wasl trust add`.",
        "السجل {origin} ليس في مخزن ثقتك. إن أكد مشغّله البصمة فأضفه بالأمر `wasl trust add`.",
    ),
    ("log signature", "invalid"): (
        "The checkpoint is not signed by the key that you trust for {origin}.",
        "نقطة التحقق غير موقّعة بالمفتاح الذي تثق به للسجل {origin}.",
    ),
    ("log signature", "other-log"): (
        "The event was written for another log than the one that signed.",
        "كُتب الحدث لسجل غير السجل الموقّع.",
    ),
    ("witnesses", "absent"): ("No witness has signed this checkpoint.", "لم يوقّع أي شاهد نقطة التحقق هذه."),
    ("anchor", "absent"): ("This checkpoint is not anchored publicly.", "نقطة التحقق هذه غير مثبّتة علنًا."),
}


def outcome(step: StepName, reason: str, facts: dict[str, str]) -> tuple[str, str]:
    """Both sentences of an outcome with the verdict's facts."""
    english, arabic = OUTCOMES[step, reason]
    return english.format_map(facts), arabic.format_map(facts)
