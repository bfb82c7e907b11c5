"""The hosted page of every gateway: who is paid, for what, how much, a way back; wallets, a card, the bank's own question. No script."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from wasl.standins.gateways.cards import CODE, DIGITS, decimal_text, problem
from wasl.standins.gateways.dialect import Dialect
from wasl.standins.gateways.engine import Engine
from wasl.standins.gateways.store import Row
from wasl.standins.web import POLICY, Request, Response, Site, page

WORDS = {
    "declined": ("رفض بنكك هذه البطاقة. جرّب بطاقة أخرى.", "Your bank declined this card. Try another one."),
    "no_funds": ("الرصيد غير كافٍ. جرّب بطاقة أخرى.", "Not enough money on this card. Try another one."),
    "expired_card": ("انتهت صلاحية هذه البطاقة. جرّب بطاقة أخرى.", "This card has expired. Try another one."),
    "wrong_cvc": ("رمز الأمان لا يطابق البطاقة. راجعه.", "The security code does not fit the card. Check it."),
    "lost_card": ("رفض بنكك هذه البطاقة. جرّب بطاقة أخرى.", "Your bank declined this card. Try another one."),
    "stolen_card": ("رفض بنكك هذه البطاقة. جرّب بطاقة أخرى.", "Your bank declined this card. Try another one."),
    "timeout": ("لم يجب بنكك في الوقت المحدد، ولم يُخصم شيء. جرّب مرة أخرى.", "Your bank did not answer in time; nothing was taken. Try again."),
    "authentication": ("لم يتأكد بنكك أنك أنت صاحب البطاقة، ولم يُخصم شيء.", "Your bank could not confirm that it is you; nothing was taken."),
    "other": ("لم تتم العملية، ولم يُخصم شيء. جرّب بطاقة أخرى.", "The payment did not go through; nothing was taken. Try another card."),
    "card": ("رقم البطاقة غير مكتمل أو فيه خطأ. راجعه.", "The card number is incomplete or mistyped. Check it."),
    "unknown_card": ("هذه بوابة تجريبية: استعمل بطاقة من الجدول أدناه.", "This is a sandbox: use a card from the table below."),
    "expiry": ("تاريخ الانتهاء بصيغة شهر/سنة، ولم يمضِ بعد.", "Give the expiry date as month/year, in the future."),
    "cvc": ("رمز الأمان ثلاثة أرقام.", "The security code has three digits."),
    "bill": ("لا فاتورة مفتوحة بهذين الرقمين. راجعهما.", "There is no open bill under these numbers. Check them."),
    "code": ("الرمز غير صحيح. في هذه البوابة التجريبية هو 123456.", "That is not the code. In this sandbox it is 123456."),
    "mobile": ("رقم الجوال عشرة أرقام ويبدأ بـ 05.", "A mobile number has ten digits and begins with 05."),
    "pin": ("الرقم السري أربعة أرقام.", "The PIN has four digits."),
}
TITLES = {
    "bank": ("المصرف التجريبي", "Sandbox bank"), "stripe": ("بوابة Stripe التجريبية", "Stripe sandbox"),
    "moyasar": ("بوابة Moyasar التجريبية", "Moyasar sandbox"),
    "tap": ("بوابة Tap التجريبية", "Tap sandbox"), "paytabs": ("بوابة PayTabs التجريبية", "PayTabs sandbox"),
}  # fmt: skip
STATES = {
    "open": ("تنتظر", "waiting"), "challenge": ("تنتظر رمزًا", "waits for a code"), "processing": ("قيد التنفيذ", "in progress"),
    "paid": ("دُفعت", "paid"),
    "failed": ("فشلت", "failed"), "cancelled": ("أُلغيت", "cancelled"), "expired": ("انتهت مدتها", "expired"),
}  # fmt: skip
NAMES = {"bank": TITLES["bank"], "stripe": ("Stripe",) * 2, "moyasar": ("Moyasar",) * 2, "tap": ("Tap",) * 2, "paytabs": ("PayTabs",) * 2}
METHODS = {
    "apple_pay": ("Apple Pay", "Apple Pay"), "stc_pay": ("STC Pay", "STC Pay"), "knet": ("كي نت", "KNET"), "mada": ("مدى", "mada"),
    "card": ("بطاقة", "Card"), "benefit": ("بنفت", "BENEFIT"),
}  # fmt: skip
CARDS = {
    "bank": (
        "4111111111111111",
        "4000000000003220",
        "4000000000000002",
        "4000000000009995",
        "4000000000000069",
        "4000000000000119",
        "4000000000000408",
    ),
    "stripe": (
        "4242424242424242",
        "4000000000003220",
        "4000000000000002",
        "4000000000009995",
        "4000000000000069",
        "4000000000000408",
        "4000000000000259",
    ),
    "moyasar": (
        "4201320111111010",
        "4111111111111111",
        "4000000000003220",
        "4201321234411220",
        "4201320000311101",
        "4201322267774310",
        "4000000000000408",
    ),
    "tap": (
        "4464040000000007",
        "5588480000000003",
        "4508750015741019",
        "4000000000000002",
        "4000000000009995",
        "4000000000000069",
        "4000000000000408",
    ),
    "paytabs": (
        "4201320111111010",
        "4111111111111111",
        "4000000000003220",
        "4000000000000002",
        "4201320000311101",
        "4000000000000069",
        "4000000000000408",
    ),
}
CARD_WORDS = {
    "ok": ("تدفع", "pays"), "challenge": ("تسأل عن رمز: 123456", "asks for a code: 123456"),
    "slow": ("يتأخر جوابها ثم تدفع", "answers late, then pays"), "declined": ("تُرفض", "declined"),
    "no_funds": ("رصيد غير كافٍ", "not enough money"),
    "expired_card": ("منتهية الصلاحية", "expired"), "timeout": ("لا جواب من بنكها", "its bank does not answer"),
    "unavailable": ("خلل لدى بنكها", "its bank has a fault"), "disputed": ("تدفع ثم يُعترض عليها", "pays, then is disputed"),
}  # fmt: skip


AGAIN = re.compile(r" (?:جرّب|راجعه|Try|Check)[^.]*\.$")
FROM_THE_INVOICE = ("ابدأ الدفع من صفحة الفاتورة من جديد.", "Start again from the invoice.")


def in_language(text: str, *, arabic: bool) -> str:
    """The half that the reader reads, of a description that a seller wrote in both: `فاتورة 1 · Invoice 1`."""
    halves = [half for half in text.split(" · ") if bool(re.search("[\u0600-\u06ff]", half)) is arabic]
    return halves[0] if len(halves) == 1 and text.count(" · ") == 1 else text


def wrong_words(wrong: str, state: str, *, arabic: bool) -> str:
    """What went wrong; with a gateway that ends the payment at the first refusal, the way on is the invoice."""
    column = 0 if arabic else 1
    words = WORDS[wrong][column]
    return f"{AGAIN.sub('', words)} {FROM_THE_INVOICE[column]}" if state == "failed" else words


def ascii_digits(form: dict[str, str], name: str) -> str:
    return form.get(name, "").translate(DIGITS).replace(" ", "").replace("-", "").strip()


class Pages:
    """Routes of one dialect's page, under `pattern`, which has the group `page`."""

    def __init__(self, engine: Engine, dialect: Dialect, pattern: str) -> None:
        self.engine, self.dialect, self.pattern = engine, dialect, dialect.prefix + pattern

    def mount(self, site: Site) -> None:
        for method, tail, verb in (
            ("GET", "", self.show), ("POST", "", self.card), ("POST", "/code", self.code), ("POST", "/cancel", self.cancel),
            ("POST", "/wallet/(?P<way>apple_pay|benefit)", self.wallet), ("POST", "/stc", self.stc), ("POST", "/knet", self.knet),
        ):  # fmt: skip
            site.add(method, self.pattern + tail, lambda request, verb=verb: self._of(request, verb))

    def _of(self, request: Request, verb: Any) -> Response:
        payment = self.engine.payment(self.engine.pages.get(request.matched["page"], ""))
        if payment is None or payment["gateway"] != self.dialect.name or not payment["hosted"]:
            return Response.json({"error": "not_found"}, 404)
        if payment["expires_at"] and payment["expires_at"] <= self.engine.store.now():
            self.engine.close(payment, "expired")
        if not request.query.get("lang") and payment["lang"] and "lang=" not in request.headers.get("cookie", ""):
            request.lang = payment["lang"]
        response: Response = verb(request, payment)
        return response

    def show(self, request: Request, payment: Row, wrong: str | None = None, status: int = 200) -> Response:
        account, arabic = self.engine.account_of(payment), request.lang == "ar"
        merchant = self.engine.store.get("merchant", f"{payment['account']}:{payment['merchant']}") or account
        base = self.dialect.page_path(payment)
        request.path = base
        wrong = wrong or (payment["failure"] if payment["state"] in ("open", "failed") else None)
        way = request.query.get("way", "")
        if payment["state"] == "challenge":
            way = "stc_pay" if payment["pending"]["method"] == "stc_pay" else "challenge"
        elif way not in payment["methods"]:
            way = payment["methods"][0] if payment["methods"] == ["knet"] or payment["methods"] == ["stc_pay"] else ""
        back = self.dialect.way_back(payment)
        response = page(
            "gateway_pay.html", request, p=payment, base=base, title=TITLES[self.dialect.name][0 if arabic else 1], gateway=self.dialect.name,
            way=way,
            merchant=merchant[f"name_{request.lang}"],
            description=in_language(payment["description"][request.lang] or payment["description"]["en"], arabic=arabic),
            number=payment["number"], amount=decimal_text(payment["amount"], payment["currency"]),
            wrong=wrong_words(wrong, payment["state"], arabic=arabic) if wrong in WORDS else None, wrong_field=wrong, back=back,
            methods=payment["methods"],
            names={k: v[0 if arabic else 1] for k, v in METHODS.items()},
            cards=[(number, CARD_WORDS[self._does(number)][0 if arabic else 1]) for number in CARDS[self.dialect.name]],
            may_save=payment["save"] or self.dialect.name == "moyasar", saves=payment["save"],
            post_back=self.dialect.post_back(payment),
        )  # fmt: skip
        response.status = status
        if payment["state"] == "processing":
            response.headers["Refresh"] = "2"
        if payment["state"] in ("paid", "failed") and not self.dialect.post_back(payment):
            response.headers["Refresh"] = f"{3 if payment['state'] == 'paid' else 8};url={back}"
        seller = urlsplit(back)
        response.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {seller.scheme}://{seller.netloc}")
        return response

    def _does(self, number: str) -> str:
        from wasl.standins.gateways.cards import DISPUTED, OUTCOMES

        return "disputed" if number == DISPUTED else self.dialect.outcomes.get(number) or OUTCOMES[number]

    def _next(self, request: Request, payment: Row, result: str) -> Response:
        """After an act: the page again, or the page with what is wrong."""
        if result in ("ok", "challenge", "slow", "closed") or payment["state"] in ("failed", "paid"):
            return Response.see(self.dialect.page_path(payment))
        return self.show(request, payment, result, 422)

    def card(self, request: Request, payment: Row) -> Response:
        form = request.form()
        fields = {name: ascii_digits(form, name) for name in ("card", "expiry", "cvc")}
        if payment["state"] != "open":
            return Response.see(self.dialect.page_path(payment))
        wrong = problem(fields, datetime.fromtimestamp(self.engine.store.now(), UTC))
        if wrong:
            return self.show(request, payment, wrong, 422)
        result = self.engine.use(
            payment, fields["card"], expires=fields["expiry"].zfill(5), name=form.get("name") or "Test Payer", save=form.get("save") == "on"
        )
        return self._next(request, payment, result)

    def code(self, request: Request, payment: Row) -> Response:
        form = request.form()
        if payment["state"] != "challenge":
            return Response.see(self.dialect.page_path(payment))
        if form.get("refuse"):
            return self._next(request, payment, self._refuse(payment))
        if ascii_digits(form, "code") != CODE:
            return self.show(request, payment, "code", 422)
        if payment["pending"]["method"] == "stc_pay":
            return self._next(request, payment, self.engine.wallet(payment, "stc_pay"))
        return self._next(request, payment, self.engine.confirm(payment, passed=True))

    def _refuse(self, payment: Row) -> str:
        if payment["pending"]["method"] == "stc_pay":
            payment |= {"state": "open", "pending": None}
            self.engine.store.touch("payment", payment["id"])
            return "ok"
        return self.engine.confirm(payment, passed=False)

    def cancel(self, request: Request, payment: Row) -> Response:
        self.dialect.payer_leaves(payment)
        return Response.see(self.dialect.way_back(payment)) if not self.dialect.post_back(payment) else Response.see(self.dialect.page_path(payment))

    def wallet(self, request: Request, payment: Row) -> Response:
        if request.matched["way"] not in payment["methods"]:
            return Response.json({"error": "not_found"}, 404)
        return self._next(request, payment, self.engine.wallet(payment, request.matched["way"]))

    def stc(self, request: Request, payment: Row) -> Response:
        mobile = ascii_digits(request.form(), "mobile")
        request.query["way"] = "stc_pay"
        if "stc_pay" not in payment["methods"] or payment["state"] != "open":
            return Response.see(self.dialect.page_path(payment))
        if not (len(mobile) == 10 and mobile.startswith("05")):
            return self.show(request, payment, "mobile", 422)
        payment |= {"state": "challenge", "pending": {"method": "stc_pay", "mobile": mobile}}
        self.engine.store.touch("payment", payment["id"])
        return Response.see(self.dialect.page_path(payment))

    def knet(self, request: Request, payment: Row) -> Response:
        form = request.form()
        request.query["way"] = "knet"
        fields = {"card": ascii_digits(form, "card"), "expiry": ascii_digits(form, "expiry"), "cvc": "000"}
        if "knet" not in payment["methods"] or payment["state"] != "open":
            return Response.see(self.dialect.page_path(payment))
        wrong = problem(fields, datetime.fromtimestamp(self.engine.store.now(), UTC)) or (None if len(ascii_digits(form, "pin")) == 4 else "pin")
        if wrong:
            return self.show(request, payment, wrong, 422)
        return self._next(request, payment, self.engine.use(payment, fields["card"], expires=fields["expiry"].zfill(5), method="knet"))
