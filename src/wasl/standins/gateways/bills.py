"""What a payer's own bank shows: pay a bill by its biller and its number."""

from __future__ import annotations

from typing import Any

from wasl.standins.gateways.bank import BILLER, Bank
from wasl.standins.gateways.cards import decimal_text
from wasl.standins.gateways.pages import WORDS, ascii_digits
from wasl.standins.web import Request, Response, Site, page


class Bills:
    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def mount(self, site: Site) -> None:
        site.add("GET", f"{self.bank.prefix}/bills", self.show)
        site.add("POST", f"{self.bank.prefix}/bills", self.pay)

    def show(self, request: Request, status: int = 200, **more: Any) -> Response:
        values = {"wrong": None, "paid": None, "currency": "", "biller": BILLER, "action": f"{self.bank.prefix}/bills"} | more
        response = page("bank_bills.html", request, **values)
        response.status = status
        return response

    def pay(self, request: Request) -> Response:
        form = request.form()
        payment = self.bank.billed(ascii_digits(form, "biller"), ascii_digits(form, "number"))
        if payment is None or payment["state"] != "open":
            return self.show(request, 422, wrong=WORDS["bill"][0 if request.lang == "ar" else 1])
        self.bank.engine.wallet(payment, "bill")
        return self.show(request, paid=decimal_text(payment["amount"], payment["currency"]), currency=payment["currency"])
