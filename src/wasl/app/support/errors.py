"""What a conversation refuses, each with the way out. Whatever was written comes back in the form."""

from __future__ import annotations

from wasl.app.errors import Refused
from wasl.errors import EnvironmentFault


class NothingSaid(Refused):
    code = "WASL-ASK-01"
    en = "Write a sentence first, so that the other side knows what it is about."
    ar = "اكتب جملة أولًا ليعرف الطرف الآخر عمّ تسأل."


class ReasonUnknown(Refused):
    code = "WASL-ASK-02"
    en = "Choose what it is about."
    ar = "اختر موضوع رسالتك."


class LineUnknown(Refused):
    code, term, status = "WASL-ASK-03", "BT-126", 404
    en = "This invoice has no line {line}. Choose one of its lines, or ask about the whole invoice."
    ar = "لا يوجد بند {line} في هذه الفاتورة. اختر أحد بنودها أو اسأل عن الفاتورة كلها."


class NotLive(Refused):
    code, status = "WASL-ASK-04", 409
    en = "This conversation was closed in the meantime. Load the page again; writing to it opens it again."
    ar = "أُغلقت هذه المحادثة في هذه الأثناء. أعد تحميل الصفحة، والكتابة فيها تفتحها من جديد."


class TooMuchSaid(Refused):
    code, status = "WASL-ASK-05", 429
    en = "That is a lot of messages within an hour. Wait a little; the other side has what you wrote so far."
    ar = "رسائل كثيرة خلال ساعة. انتظر قليلًا، فما كتبته حتى الآن قد وصل."


class OutcomeUnknown(Refused):
    code = "WASL-ASK-06"
    en = "Choose how it was settled: explained, corrected, or with a credit note on this invoice."
    ar = "اختر كيف انتهى الأمر: بتوضيح، أو بتصحيح، أو بإشعار دائن على هذه الفاتورة."


class PhotoUnreadable(Refused):
    code = "WASL-ASK-07"
    en = "This file is not a photo we can open. Choose a JPEG, PNG or WebP picture; your text is kept."
    ar = "هذا الملف ليس صورة نستطيع فتحها. اختر صورة JPEG أو PNG أو WebP، ونصّك محفوظ."


class PhotoTooLarge(Refused):
    code = "WASL-ASK-08"
    en = "This photo is too large: at most {megabytes} MB and {megapixels} million pixels. Choose a smaller one; your text is kept."
    ar = "هذه الصورة كبيرة: الحد {megabytes} ميغابايت و{megapixels} مليون بكسل. اختر صورة أصغر، ونصّك محفوظ."


class PhotoInfected(Refused):
    code = "WASL-ASK-09"
    en = "The virus scanner refused this file, so it was not sent. Choose another one; your text is kept."
    ar = "رفض فاحص الفيروسات هذا الملف فلم يُرسل. اختر ملفًا آخر، ونصّك محفوظ."


class TooManyPhotos(Refused):
    code = "WASL-ASK-10"
    en = "At most {limit} photos go with one message. Send the others with the next one."
    ar = "الحد {limit} صور مع كل رسالة. أرسل الباقي مع الرسالة التالية."


class ScannerAway(EnvironmentFault):
    code = "WASL-ENV-13"
    en = "The file scanner does not answer, so files cannot be taken just now. Send the text alone, or try again in a minute."
    ar = "فاحص الملفات لا يجيب، فلا يمكن قبول الملفات الآن. أرسل النص وحده أو أعد المحاولة بعد دقيقة."
