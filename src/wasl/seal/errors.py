"""What can go wrong with keys and seals, in both languages. No message ever holds a key or a part of one."""

from __future__ import annotations

from wasl.errors import EnvironmentFault, WaslError


class MasterKeyMissing(EnvironmentFault):
    """Neither WASL_MASTER_KEY nor a key file is set."""

    code = "WASL-KEY-01"
    en = "There is no master key. Fix: set WASL_MASTER_KEY_FILE to a file with mode 0600 that holds 32 bytes in base64."
    ar = "المفتاح الرئيسي غير موجود. الحل: اجعل WASL_MASTER_KEY_FILE يشير إلى ملف بصلاحية 0600 فيه 32 بايتًا بصيغة base64."


class MasterKeyMalformed(EnvironmentFault):
    """The master key is not 32 bytes in base64."""

    code = "WASL-KEY-02"
    en = "The master key is not 32 bytes in base64. Fix: copy it again without changes, or make a new one of 32 random bytes."
    ar = "المفتاح الرئيسي ليس 32 بايتًا بصيغة base64. الحل: انسخ المفتاح من جديد دون تغيير، أو أنشئ مفتاحًا جديدًا من 32 بايتًا عشوائيًا."


class SecretFileMode(EnvironmentFault):
    """A file or folder of secrets can be read by other accounts."""

    code = "WASL-KEY-03"
    en = "{path} has mode {mode}; other accounts could read the secret. Fix: chmod {want} on it."
    ar = "صلاحية {path} هي {mode}، وقد تقرأ حساباتٌ أخرى السرّ. الحل: غيّر صلاحيته إلى {want}."


class SecretUnreadable(EnvironmentFault):
    """A wrapped secret does not open: another master key, another place, or changed bytes."""

    code = "WASL-KEY-04"
    en = "The secret {name} does not open with this master key. Fix: use the master key it was made with, or restore the file."
    ar = "السرّ {name} لا يُفتح بهذا المفتاح الرئيسي. الحل: استعمل المفتاح الذي أُنشئ به، أو استرجع الملف."


class SecretMissing(EnvironmentFault):
    """The keystore holds no secret of this name."""

    code = "WASL-KEY-05"
    en = "The keystore holds no secret named {name}. Fix: restore the keystore from the backup."
    ar = "لا يوجد في مخزن المفاتيح سرّ باسم {name}. الحل: استرجع مخزن المفاتيح من النسخة الاحتياطية."


class SecretExists(EnvironmentFault):
    """A new secret would replace one that seals or opens what already exists."""

    code = "WASL-KEY-06"
    en = "The keystore already holds a secret named {name}; it is never overwritten. Fix: choose another name."
    ar = "في مخزن المفاتيح سرّ باسم {name} ولا يُستبدل أبدًا. الحل: اختر اسمًا آخر."


class SecretName(WaslError):
    """A name that could leave the keystore's folder."""

    code = "WASL-KEY-07"
    en = "A secret's name has 1 to 100 of a-z, 0-9, dot, dash and underscore; {name!r} does not fit."
    ar = "يتكوّن اسم السرّ من 1 إلى 100 من الحروف اللاتينية الصغيرة والأرقام والنقطة والشرطة؛ الاسم {name!r} لا يناسب."


class CertificateSubject(WaslError):
    """The seller's name or number does not fit in a certificate."""

    code = "WASL-SEAL-01"
    term = "BT-27"
    en = "The seller's {part} does not fit in a certificate: {reason}. Fix: correct it in the organisation's settings."
    ar = "{part} لدى البائع لا يصلح لشهادة: {reason}. الحل: صحّحه في إعدادات المنشأة."


class TagTooLong(WaslError):
    """A TLV value over 255 bytes: the length is one byte."""

    code = "WASL-SEAL-02"
    en = "Field {tag} of the QR code has {length} bytes in UTF-8; at most {limit} fit. Fix: shorten the text."
    ar = "الحقل {tag} في رمز الاستجابة طوله {length} بايتًا بترميز UTF-8، والحد الأقصى {limit}. الحل: اختصر النص."


class TagInvalid(WaslError):
    """A TLV tag outside 1..255, repeated or out of order, or a code that cannot be read."""

    code = "WASL-SEAL-03"
    en = "The fields of the QR code are wrong: {reason}. Fix: give each field once, in rising order, numbered 1 to 255."
    ar = "حقول رمز الاستجابة غير صحيحة: {reason}. الحل: أورد كل حقل مرة واحدة بترتيب تصاعدي من 1 إلى 255."


class DocumentName(WaslError):
    """The file name that the seal refers to is empty, a path, or too long."""

    code = "WASL-SEAL-04"
    en = "The sealed document's file name {name!r} is empty, holds a path or is too long. Fix: give a plain file name."
    ar = "اسم ملف الوثيقة المختومة {name!r} فارغ أو يتضمن مسارًا أو طويل جدًا. الحل: اختر اسم ملف بسيطًا."


class SignatureUnusable(EnvironmentFault):
    """A signer answered with something that is not an ECDSA P-256 signature."""

    code = "WASL-SEAL-05"
    en = "The signing key did not give an ECDSA P-256 signature. Fix: check the key module."
    ar = "لم يُنتج مفتاح الختم توقيع ECDSA P-256. الحل: افحص وحدة المفاتيح."
