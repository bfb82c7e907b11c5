"""What is refused in an inbox and its account."""

from __future__ import annotations

from wasl.app.errors import Refused


class LastInboxOwner(Refused):
    code, status = "WASL-PAYER-03", 409
    en = "A shared inbox keeps at least one owner. Make somebody else an owner first."
    ar = "لا بد للصندوق المشترك من مالك واحد على الأقل. عيّن مالكًا آخر أولًا."


class InviteGone(Refused):
    code, status = "WASL-PAYER-04", 410
    en = "This invitation is no longer good. Ask whoever invited you for a new one."
    ar = "لم تعد هذه الدعوة صالحة. اطلب دعوة جديدة ممّن دعاك."


class InviteForAnother(Refused):
    code, status = "WASL-PAYER-05", 403
    en = "This invitation was sent to {address}. Sign in with that address to take it."
    ar = "أُرسلت هذه الدعوة إلى {address}. ادخل بذلك العنوان لتقبلها."


class AddressInUse(Refused):
    code, status = "WASL-PAYER-06", 409
    en = "{address} signs in to a seller's desk here. It stays with that account."
    ar = "العنوان {address} يُستعمل للدخول إلى لوحة بائع هنا، فيبقى مع ذلك الحساب."


class LastAddress(Refused):
    code, status = "WASL-PAYER-07", 409
    en = "This is the address you sign in with. Make another one your main address first, then remove this one."
    ar = "هذا عنوان دخولك. اجعل عنوانًا آخر عنوانك الأساسي أولًا، ثم أزل هذا."


class TooManyInvites(Refused):
    code, status = "WASL-PAYER-08", 429
    en = "{limit} invitations are open already. Withdraw one, or wait until it is taken."
    ar = "هناك {limit} دعوة مفتوحة بالفعل. اسحب إحداها، أو انتظر حتى تُقبل."


class AlreadyInside(Refused):
    code, status = "WASL-PAYER-09", 409
    en = "This person is in the inbox already. Change the role in the list instead."
    ar = "هذا الشخص في الصندوق بالفعل. غيّر صلاحيته من القائمة."


class NameWanted(Refused):
    code = "WASL-PAYER-10"
    en = "Give the inbox a name, such as the company's."
    ar = "سمِّ الصندوق، باسم الشركة مثلًا."


class BadRole(Refused):
    code = "WASL-PAYER-11"
    en = "Choose one of the roles in the list."
    ar = "اختر صلاحية من القائمة."


class TooManyInboxes(Refused):
    code, status = "WASL-PAYER-12", 409
    en = "You have {limit} shared inboxes already. Leave one that you no longer need first."
    ar = "لديك {limit} صندوق مشترك بالفعل. اترك أولًا ما لم تعد تحتاج إليه."
