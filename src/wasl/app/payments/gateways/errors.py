"""What can be wrong with what an owner gives for a gateway."""

from __future__ import annotations

from wasl.app.errors import Refused


class UnknownGateway(Refused):
    code, status = "WASL-PAY-40", 404
    en = "There is no gateway called {name}. There are: {names}."
    ar = "لا توجد بوابة دفع باسم {name}. البوابات المتاحة: {names}."


class NotConnected(Refused):
    code, status = "WASL-PAY-41", 404
    en = "{name} is not connected here. Connect it first."
    ar = "بوابة {name} غير مرتبطة هنا. اربطها أولًا."


class BadKey(Refused):
    code = "WASL-PAY-42"
    en = "This is no secret key of {name}. Copy the whole secret key from its dashboard, without spaces."
    ar = "هذا ليس مفتاحًا سريًا من {name}. انسخ المفتاح السري كاملًا من لوحة تحكمها، بلا مسافات."


class PublicKey(Refused):
    code = "WASL-PAY-43"
    en = "This is the publishable key; payments need the secret one. Keep this one for web pages."
    ar = "هذا هو المفتاح العام؛ الدفع يحتاج إلى المفتاح السري. المفتاح العام لصفحات الويب."


class BadSecret(Refused):
    code = "WASL-PAY-44"
    en = "A webhook secret is at least 8 characters without spaces. Copy it from the gateway's dashboard."
    ar = "سرّ الإشعارات 8 محارف على الأقل بلا مسافات. انسخه من لوحة تحكم البوابة."


class BadProfile(Refused):
    code = "WASL-PAY-45"
    en = "{name} needs the number of your profile: digits only, as its dashboard shows it."
    ar = "تحتاج {name} إلى رقم ملفك لديها: أرقام فقط كما تظهر في لوحة تحكمها."


class BadRegion(Refused):
    code = "WASL-PAY-46"
    en = "Choose the region where your account at {name} was opened."
    ar = "اختر المنطقة التي فُتح فيها حسابك لدى {name}."


class SameSecret(Refused):
    code = "WASL-PAY-47"
    en = "That secret is in use already. Make a new one at the gateway, then give it here."
    ar = "هذا السرّ مستعمل الآن. أنشئ سرًّا جديدًا لدى البوابة ثم ضعه هنا."


class CardInText(Refused):
    code = "WASL-PAY-48"
    en = "This looks like a card number. Card numbers are never given to Wasl."
    ar = "يبدو هذا رقم بطاقة. لا تُعطى أرقام البطاقات لوصل أبدًا."
