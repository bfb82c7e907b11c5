"""The VAT categories of EN 16931 (UNTDID 5305): what an accountant calls them, and where each rule family names them."""

from __future__ import annotations

from typing import NamedTuple

from wasl.rules.explain.nodes import number
from wasl.rules.explain.text import Bi, isolate, plain, quote


class Category(NamedTuple):
    code: str
    family: str  # BR-<family>-nn
    name: Bi

    @property
    def shown(self) -> Bi:
        """ "zero-rated (Z)" / «النسبة الصفرية (Z)»."""
        return Bi(f"“{self.name.en}” ({self.code})", f"«{self.name.ar}» ({isolate(self.code)})")


CATEGORIES = {
    row[0]: Category(row[0], row[1], Bi(row[2], row[3]))
    for row in (
        ("S", "S", "standard rate", "النسبة الأساسية"),
        ("Z", "Z", "zero-rated", "النسبة الصفرية"),
        ("E", "E", "exempt from VAT", "معفى من الضريبة"),
        ("AE", "AE", "reverse charge", "الاحتساب العكسي"),
        ("K", "IC", "intra-community supply", "التوريد بين دول الاتحاد الأوروبي"),
        ("G", "G", "export outside the EU", "التصدير خارج الاتحاد الأوروبي"),
        ("O", "O", "out of scope of VAT", "خارج نطاق الضريبة"),
        ("L", "AF", "Canary Islands tax (IGIC)", "ضريبة جزر الكناري"),
        ("M", "AG", "Ceuta and Melilla tax (IPSI)", "ضريبة سبتة ومليلية"),
        ("B", "B", "split payment", "الدفع المجزّأ"),
    )
}
BY_FAMILY = {category.family: category for category in CATEGORIES.values()}


def rate_of(code: str | None, percent: str | None) -> Bi | None:
    """ "standard rate 15%" / «النسبة الأساسية 15٪» of a category code and its rate."""
    if not code:
        return None
    known = CATEGORIES.get(code)
    name = known.name if known else Bi(quote(code), isolate(quote(code)))
    rate = number(percent)
    if rate is None or not rate:
        return name
    return Bi(f"{name.en} {plain(rate)}%", f"{name.ar} {plain(rate)}٪")


def exempts(code: str) -> bool:
    """Whether a category needs a reason why no VAT is charged."""
    return code in ("E", "AE", "K", "G", "O")
