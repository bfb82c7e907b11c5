"""What the validator service allows one caller, and its refusals in both languages."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

from wasl.errors import WaslError

ENVIRONMENT = "WASL_VALIDATOR_"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one worker process. Set by `wasl validate-service`; the names are those of its environment, WASL_VALIDATOR_..."""

    bytes_max: int = 20_000_000  # of a body, before and after it is unpacked: an invoice with large attachments
    body_seconds: int = 20  # until a body has arrived whole; a slow one holds memory, no thread
    check_seconds: int = 20  # for all documents of one request; what is left over says so
    documents_max: int = 500  # in one request, by a ZIP or a form
    at_once: int = 1  # large documents in work, in a process; the interpreter runs one at a time
    waiting_max: int = 32  # requests that may wait for a turn
    held_bytes_max: int = 120_000_000  # bodies of all requests together

    @classmethod
    def from_environment(cls) -> Limits:
        found = {each.name: os.environ.get(ENVIRONMENT + each.name.upper()) for each in fields(cls)}
        return cls(**{name: int(value) for name, value in found.items() if value})

    def environment(self) -> dict[str, str]:
        return {ENVIRONMENT + each.name.upper(): str(getattr(self, each.name)) for each in fields(self)}


class ServiceRefusal(WaslError):
    """A request that is not answered. `status` is the HTTP status."""

    code = "WASL-SERVICE-00"
    status = 400


class BodyTooLarge(ServiceRefusal):
    code = "WASL-SERVICE-01"
    status = 413
    en = "The document is larger than {limit} MB, packed or unpacked. Fix: check it with `wasl validate`, or move attachments out of it."
    ar = "حجم المستند يتجاوز {limit} م.ب مضغوطًا أو بعد فك الضغط. الحل: افحصه بالأمر wasl validate، أو أخرِج المرفقات منه."


class BodyTooSlow(ServiceRefusal):
    code = "WASL-SERVICE-02"
    status = 408
    en = "The document did not arrive within {seconds} seconds. Fix: send it again on a better line."
    ar = "لم يصل المستند خلال {seconds} ثانية. الحل: أرسله من جديد على اتصال أسرع."


class Busy(ServiceRefusal):
    code = "WASL-SERVICE-03"
    status = 503
    en = "The validator has too much to do. Fix: try again in a moment."
    ar = "الفاحص مشغول فوق طاقته الآن. الحل: حاول بعد قليل."


class EncodingUnknown(ServiceRefusal):
    code = "WASL-SERVICE-04"
    status = 415
    en = "The body is packed in a way that is not accepted ({encoding}). Fix: send it as it is, or packed with gzip."
    ar = "المستند مضغوط بطريقة لا نقبلها ({encoding}). الحل: أرسله كما هو، أو مضغوطًا بصيغة gzip."


class PackingDamaged(ServiceRefusal):
    code = "WASL-SERVICE-05"
    status = 400
    en = "The packed body does not unpack. Fix: send it again."
    ar = "تعذّر فك ضغط المستند. الحل: أرسله من جديد."


class FormDamaged(ServiceRefusal):
    code = "WASL-SERVICE-06"
    status = 400
    en = "The form cannot be read. Fix: send one field “file” with the document, or the document alone as the body."
    ar = "تعذّرت قراءة النموذج. الحل: أرسل الحقل «file» وفيه المستند، أو المستند وحده في جسم الطلب."


class NoFile(ServiceRefusal):
    code = "WASL-SERVICE-07"
    status = 400
    en = "No document came with the request. Fix: choose a file and press Check."
    ar = "لم يصل مع الطلب أي مستند. الحل: اختر ملفًا ثم اضغط «افحص»."


class AmbiguousLength(ServiceRefusal):
    code = "WASL-SERVICE-08"
    status = 400
    en = "The request gives its length in two ways. Fix: send either Content-Length or chunks."
    ar = "ذُكر طول الطلب بطريقتين. الحل: أرسل Content-Length أو أجزاءً، لا كليهما."


class TooManyDocuments(ServiceRefusal):
    code = "WASL-SERVICE-09"
    status = 413
    en = "There are more than {limit} documents in the request. Fix: send them in several requests, or use `wasl validate`."
    ar = "في الطلب أكثر من {limit} مستند. الحل: وزّعها على عدة طلبات، أو استعمل الأمر wasl validate."


class UnknownChoice(ServiceRefusal):
    code = "WASL-SERVICE-10"
    status = 400
    en = "“{value}” is not a value of {name}. Use one of: {known}."
    ar = "«{value}» ليست من قيم {name}. استعمل واحدة مما يلي: {known}."


class NotThere(ServiceRefusal):
    code = "WASL-SERVICE-11"
    status = 404
    en = "There is no such page here. POST a document to /, or open / to drop a file."
    ar = "لا صفحة هنا بهذا العنوان. أرسل مستندًا إلى / بطريقة POST، أو افتح / واختر ملفًا."


class WrongMethod(ServiceRefusal):
    code = "WASL-SERVICE-12"
    status = 405
    en = "This address takes only {allowed}."
    ar = "لا يقبل هذا العنوان إلا {allowed}."


class OutOfTime(ServiceRefusal):
    """Of one document among many, when the request's time is over."""

    code = "WASL-SERVICE-13"
    status = 503
    en = "Not checked: the {seconds} seconds of this request were over. Fix: send it in a request of its own."
    ar = "لم يُفحص: انتهت مهلة هذا الطلب وهي {seconds} ثانية. الحل: أرسله في طلب مستقل."


class Fault(ServiceRefusal):
    """Ours: no word of the document or of the error leaves."""

    code = "WASL-SERVICE-99"
    status = 500
    en = "This is a fault in Wasl; the document was not checked. Please report it with the version of Wasl."
    ar = "هذا عطل في وصل، ولم يُفحص المستند. أبلغ عنه مع رقم إصدار وصل."
