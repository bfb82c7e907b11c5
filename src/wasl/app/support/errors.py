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


class FileUnknown(Refused):
    code = "WASL-LIV-01"
    en = "We take pictures (JPEG, PNG, WebP), PDF files and plain text. This file is none of them; your text is kept."
    ar = "نقبل الصور (JPEG وPNG وWebP) وملفات PDF والنص العادي. هذا الملف ليس منها، ونصّك محفوظ."


class FileUnsafe(Refused):
    code = "WASL-LIV-02"
    en = "This PDF is locked, damaged, or holds something that runs, so it was not sent. Print it to a new PDF and send that; your text is kept."
    ar = "ملف PDF هذا مقفل أو تالف أو فيه ما يُشغَّل، فلم يُرسل. اطبعه إلى ملف PDF جديد وأرسله، ونصّك محفوظ."


class TooFast(Refused):
    code, status = "WASL-LIV-03", 429
    en = "That was very fast. Wait a few seconds and press again; your text is kept."
    ar = "كان ذلك سريعًا جدًّا. انتظر ثواني ثم أعد المحاولة، ونصّك محفوظ."


class ScannerAway(EnvironmentFault):
    code = "WASL-ENV-13"
    en = "The file scanner does not answer, so files cannot be taken just now. Send the text alone, or try again in a minute."
    ar = "فاحص الملفات لا يجيب، فلا يمكن قبول الملفات الآن. أرسل النص وحده أو أعد المحاولة بعد دقيقة."


class BadHours(Refused):
    code = "WASL-SUP-01"
    en = "These hours do not fit: each opening ends after it begins, the second begins after the first has ended, and all lie within one day."
    ar = "هذه الأوقات غير متسقة: كل فترة تنتهي بعد بدايتها، والثانية تبدأ بعد نهاية الأولى، وكلها في يوم واحد."


class ClosedDayUnknown(Refused):
    code, status = "WASL-SUP-02", 404
    en = "These days are no longer in the list."
    ar = "لم تعد هذه الأيام في القائمة."


class BadPhone(Refused):
    code = "WASL-SUP-03"
    en = "We do not recognise this telephone number. Write it with its country code, such as +966 50 123 4567."
    ar = "لم نتعرّف على رقم الهاتف هذا. اكتبه مع رمز البلد، مثل ‎+966 50 123 4567‎."


class HotlineKnown(Refused):
    code, status = "WASL-SUP-04", 409
    en = "This number is in the list already, or the list is full: up to {limit} numbers."
    ar = "هذا الرقم في القائمة، أو امتلأت القائمة: الحد {limit} أرقام."


class SlotTaken(Refused):
    code, status = "WASL-SUP-05", 409
    en = "This time is no longer free. Choose another one; the rest of the form is kept."
    ar = "لم يعد هذا الموعد متاحًا. اختر موعدًا آخر، وبقية ما كتبته محفوظ."


class CallWaits(Refused):
    code, status = "WASL-SUP-06", 409
    en = "A call about this invoice is planned already. Cancel it first to choose another time."
    ar = "هناك اتصال مجدول بشأن هذه الفاتورة. ألغه أولًا لتختار موعدًا آخر."


class CallOver(Refused):
    code, status = "WASL-SUP-07", 409
    en = "This call is over already. Load the page again."
    ar = "انتهى أمر هذا الاتصال. أعد تحميل الصفحة."


class TooManyCalls(Refused):
    code, status = "WASL-SUP-08", 429
    en = "That is a lot of requests for a call. Write a message instead; we answer it in this conversation."
    ar = "طلبات اتصال كثيرة. اكتب رسالة بدلًا من ذلك، وسنجيب عنها في هذه المحادثة."


class NoCalls(Refused):
    code, status = "WASL-SUP-09", 404
    en = "This seller does not offer to call back. Write a message instead."
    ar = "لا يقدّم هذا البائع معاودة الاتصال. اكتب رسالة بدلًا من ذلك."


class CannedKnown(Refused):
    code, status = "WASL-SUP-10", 409
    en = "There is an answer with this name already, or the list is full: up to {limit} answers."
    ar = "هناك رد جاهز بهذا الاسم، أو امتلأت القائمة: الحد {limit} ردًّا."


class CannedEmpty(Refused):
    code = "WASL-SUP-11"
    en = "Give the answer a name, and write it in at least one language."
    ar = "اكتب اسمًا للرد الجاهز، ونصّه بلغة واحدة على الأقل."


class LabelKnown(Refused):
    code, status = "WASL-SUP-12", 409
    en = "There is a label with this name already, or the list is full: up to {limit} labels."
    ar = "هناك وسم بهذا الاسم، أو امتلأت القائمة: الحد {limit} وسمًا."


class LabelUnknown(Refused):
    code, status = "WASL-SUP-13", 404
    en = "This label is no longer there. Load the page again."
    ar = "لم يعد هذا الوسم موجودًا. أعد تحميل الصفحة."


class LabelNameless(Refused):
    code = "WASL-SUP-14"
    en = "Give the label a name of up to 40 characters."
    ar = "اكتب اسمًا للوسم لا يزيد على 40 حرفًا."


class NothingChosen(Refused):
    code = "WASL-SUP-15"
    en = "Tick at least one conversation first."
    ar = "اختر محادثة واحدة على الأقل أولًا."


class NotClosed(Refused):
    code, status = "WASL-SUP-16", 409
    en = "This conversation cannot be opened again: it lives already, the customer closed it, or a credit note settled it."
    ar = "لا يمكن فتح هذه المحادثة من جديد: هي مفتوحة أصلًا، أو أغلقها العميل، أو أنهاها إشعار دائن."
