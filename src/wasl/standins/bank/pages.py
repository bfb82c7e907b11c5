"""The hosted page: who is paid, for what, how much; a card form; a code where the card wants one. No script."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from wasl.standins.bank.api import MINOR_UNITS
from wasl.standins.bank.store import BILLER, Bank
from wasl.standins.web import POLICY, Request, Response, Site, page

CODE = "123456"
PAYS, ASKS, SLOW = "4111111111111111", "4000000000003220", "4000000000000119"
DECLINES = {"4000000000000002": "declined", "4000000000009995": "no_funds"}
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
WORDS = {
    "declined": ("رفض بنكك هذه البطاقة. جرّب بطاقة أخرى.", "Your bank declined this card. Try another one."),
    "no_funds": ("الرصيد غير كافٍ. جرّب بطاقة أخرى.", "Not enough money on this card. Try another one."),
    "card": ("رقم البطاقة غير مكتمل أو فيه خطأ. راجعه.", "The card number is incomplete or mistyped. Check it."),
    "unknown_card": ("هذا مصرف تجريبي: استعمل بطاقة من الجدول أدناه.", "This is a sandbox: use a card from the table below."),
    "expiry": ("تاريخ الانتهاء بصيغة شهر/سنة، ولم يمضِ بعد.", "Give the expiry date as month/year, in the future."),
    "cvc": ("رمز الأمان ثلاثة أرقام.", "The security code has three digits."),
    "bill": ("لا فاتورة مفتوحة بهذين الرقمين. راجعهما.", "There is no open bill under these numbers. Check them."),
    "code": ("الرمز غير صحيح. في هذا المصرف التجريبي هو 123456.", "That is not the code. In this sandbox it is 123456."),
}


def decimal_text(amount: int, currency: str) -> str:
    """1234567 SAR (2 minor units) -> `12,345.67`: integers only."""
    units = MINOR_UNITS[currency]
    whole, rest = divmod(amount, 10**units)
    return f"{whole:,}.{rest:0{units}}" if units else f"{whole:,}"


def luhn(number: str) -> bool:
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def charge(bank: Bank, payment_id: str, card: str) -> str:
    """What the card does to the payment: succeeded, code, processing, or the reason of a decline."""
    if card in DECLINES:
        bank.decline(payment_id, DECLINES[card])
        return DECLINES[card]
    if card == ASKS:
        bank.set_status(payment_id, "code", last4=card[-4:])
        return "code"
    if card == SLOW:
        bank.set_status(payment_id, "processing", last4=card[-4:], due=time.time() + bank.slow_seconds)
        return "processing"
    if card != PAYS:
        return "unknown_card"
    bank.succeed(payment_id, card[-4:])
    return "succeeded"


def problem(form: dict[str, str]) -> str | None:
    """The first thing wrong with a card form; Arabic and Persian digits are as good as ASCII ones."""
    if not re.fullmatch(r"[0-9]{13,19}", form["card"]) or not luhn(form["card"]):
        return "card"
    match = re.fullmatch(r"(0?[1-9]|1[0-2])/(\d\d)", form["expiry"])
    now = datetime.now(UTC)
    if match is None or (2000 + int(match[2]), int(match[1])) < (now.year, now.month):
        return "expiry"
    return None if re.fullmatch(r"[0-9]{3}", form["cvc"]) else "cvc"


class Pages:
    """Routes under /pay."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def mount(self, site: Site) -> None:
        site.add("GET", r"/pay/(?P<id>pay_[0-9a-f]{32})", self.show)
        site.add("POST", r"/pay/(?P<id>pay_[0-9a-f]{32})", self.card)
        site.add("POST", r"/pay/(?P<id>pay_[0-9a-f]{32})/code", self.code)
        site.add("POST", r"/pay/(?P<id>pay_[0-9a-f]{32})/cancel", self.cancel)
        site.add("GET", r"/bills", lambda r: self.bills(r))
        site.add("POST", r"/bills", self.bill)
        site.add("GET", r"/", lambda r: page("bank_home.html", r))
        site.add("GET", r"/health", lambda r: Response.json({"ok": True}))

    def _view(self, request: Request, wrong: str | None = None) -> Response:
        payment = self.bank.books.payment(request.matched["id"])
        if payment is None:
            return Response.json({"error": "not_found"}, 404)
        merchant = self.bank.books.row("SELECT * FROM merchant WHERE id = ?", payment["merchant"])
        assert merchant is not None
        lang = request.lang
        wrong = wrong or (payment["failure"] if payment["status"] == "pending" else None)
        request.path = f"/pay/{payment['id']}"
        response = page(
            "bank_pay.html",
            request,
            p=payment,
            merchant=merchant[f"name_{lang}"],
            description=json.loads(payment["description"])[lang],
            amount=decimal_text(payment["amount"], payment["currency"]),
            wrong=(WORDS[wrong][0 if lang == "ar" else 1] if wrong in WORDS else None),
            wrong_field=wrong,
            back=back_url(payment),
        )
        if payment["status"] == "processing":
            response.headers["Refresh"] = "2"
        if payment["status"] == "succeeded":
            response.headers["Refresh"] = f"3;url={back_url(payment)}"
        # The form may lead back to the seller's page after the bank's answer.
        seller = urlsplit(payment["return_url"])
        response.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {seller.scheme}://{seller.netloc}")
        return response

    def show(self, request: Request) -> Response:
        return self._view(request)

    def card(self, request: Request) -> Response:
        form = {name: request.form().get(name, "").translate(DIGITS).replace(" ", "").replace("-", "") for name in ("card", "expiry", "cvc")}
        wrong = problem(form)
        if wrong is None:
            result = charge(self.bank, request.matched["id"], form["card"]) if self.bank.books.payment(request.matched["id"]) else ""
            wrong = result if result in WORDS and result != "code" else None
        if wrong is None:
            return Response.see(f"/pay/{request.matched['id']}")
        response = self._view(request, wrong)
        response.status = 422 if response.status == 200 else response.status
        return response

    def code(self, request: Request) -> Response:
        payment = self.bank.books.payment(request.matched["id"])
        if payment is None:
            return Response.json({"error": "not_found"}, 404)
        if request.form().get("code", "").translate(DIGITS).strip() != CODE:
            response = self._view(request, "code")
            response.status = 422
            return response
        if payment["status"] == "code":
            self.bank.succeed(payment["id"], payment["last4"])
        return Response.see(f"/pay/{payment['id']}")

    def bills(self, request: Request, wrong: str | None = None, status: int = 200) -> Response:
        """What a payer's own bank shows: pay a bill by its biller and its number."""
        response = page("bank_bills.html", request, wrong=(WORDS[wrong][0 if request.lang == "ar" else 1] if wrong else None), biller=BILLER)
        response.status = status
        return response

    def bill(self, request: Request) -> Response:
        form = {name: request.form().get(name, "").translate(DIGITS).strip() for name in ("biller", "number")}
        payment = self.bank.billed(form["biller"], form["number"])
        if payment is None or payment["status"] != "pending":
            return self.bills(request, "bill", 422)
        self.bank.succeed(payment["id"], "")
        amount = decimal_text(payment["amount"], payment["currency"])
        return page("bank_bills.html", request, paid=amount, currency=payment["currency"], biller=BILLER)

    def cancel(self, request: Request) -> Response:
        payment: dict[str, Any] | None = self.bank.books.payment(request.matched["id"])
        if payment is None:
            return Response.json({"error": "not_found"}, 404)
        self.bank.set_status(payment["id"], "cancelled")
        return Response.see(back_url(payment))


def back_url(payment: dict[str, Any]) -> str:
    """The seller's page. It carries the payment's id and no result: who trusts a redirect pays for it."""
    joint = "&" if urlsplit(payment["return_url"]).query else "?"
    return f"{payment['return_url']}{joint}payment={payment['id']}"
