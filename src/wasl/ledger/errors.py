"""What can go wrong with the log, its proofs and the trust store, in both languages."""

from __future__ import annotations

from wasl.errors import EnvironmentFault, UnreadableInput, WaslError


class EventNotCanonical(WaslError):
    """An event field that has no single canonical form."""

    code = "WASL-LOG-01"
    en = "The event's field {field} cannot be logged: {reason}. Fix: ASCII keys, text, and whole numbers up to 2^53 - 1 only."
    ar = "لا يمكن تسجيل الحقل {field} من الحدث: {reason}. الحل: مفاتيح ASCII ونصوص وأعداد صحيحة لا تتجاوز 2^53 - 1."


class ProofMalformed(WaslError):
    """A proof or checkpoint that is not in its one strict form."""

    code = "WASL-LOG-02"
    en = "The proof cannot be used: {reason}. Fix: download the proof file again without changing it."
    ar = "لا يمكن استعمال الإثبات: {reason}. الحل: نزّل ملف الإثبات من جديد دون تغييره."


class TileMissing(EnvironmentFault):
    """A tile that the tree needs is not stored, or has the wrong length."""

    code = "WASL-LOG-03"
    en = "The log's tile {path} is missing or damaged. Fix: run `wasl fsck`, then restore the tile from the backup."
    ar = "القطعة {path} من السجل مفقودة أو تالفة. الحل: شغّل `wasl fsck` ثم استرجع القطعة من النسخة الاحتياطية."


class WouldFork(EnvironmentFault):
    """A tree that does not extend the last signed checkpoint is never signed."""

    code = "WASL-LOG-04"
    en = (
        "The log at size {size} does not extend the checkpoint signed at size {signed}; it is not signed. "
        "Fix: this is an older or changed copy; restore the newest backup, or accept the loss with `wasl restore --accept-loss`."
    )
    ar = (
        "السجل بحجم {size} لا يتابع آخر نقطة موقّعة بحجم {signed}، فلن يُوقَّع. "
        "الحل: هذه نسخة أقدم أو معدّلة؛ استرجع أحدث نسخة احتياطية، أو اقبل الفقد بالأمر `wasl restore --accept-loss`."
    )


class CheckpointRaced(EnvironmentFault):
    """Another process signed first: read again and try again."""

    code = "WASL-LOG-05"
    en = "Another process moved the checkpoint at the same time. Fix: try again."
    ar = "حرّكت عملية أخرى نقطة التحقق في الوقت نفسه. الحل: أعد المحاولة."


class CheckpointStoreDamaged(EnvironmentFault):
    """The second store holds something that is no checkpoint of this log."""

    code = "WASL-LOG-06"
    en = "The checkpoint store {path} is damaged: {reason}. Fix: restore it from its own copy; nothing is signed until then."
    ar = "مخزن نقاط التحقق {path} تالف: {reason}. الحل: استرجعه من نسخته الخاصة؛ لن يُوقَّع شيء قبل ذلك."


class TrustUnreadable(UnreadableInput):
    """A trust file that is not ours, or a trust store that was changed by hand."""

    code = "WASL-LOG-07"
    en = "The trust file cannot be read: {reason}. Fix: get it again from the installation, and compare its fingerprint."
    ar = "تعذّرت قراءة ملف الثقة: {reason}. الحل: احصل عليه من جديد من الجهة المشغّلة وقارن بصمته."


class TrustConflict(WaslError):
    """A log name that is already trusted under other keys."""

    code = "WASL-LOG-08"
    en = "{origin} is already trusted with other keys. Fix: compare fingerprints with its operator; then use --replace."
    ar = "السجل {origin} موثوق من قبل بمفاتيح أخرى. الحل: قارن البصمات مع مشغّله، ثم استعمل ‎--replace."


class NothingToVerify(WaslError):
    """There is neither a seal nor a proof to check."""

    code = "WASL-VERIFY-01"
    en = "There is nothing to verify in {name}: {reason}. Fix: give the seal with --seal and the proof with --proof."
    ar = "لا يوجد ما يُتحقق منه في {name}: {reason}. الحل: حدّد الختم بالخيار ‎--seal والإثبات بالخيار ‎--proof."
    exit_code = 3
