"""Totals that follow from their parts: BR-CO-10 to BR-CO-17, the taxable amounts of the breakdown, and line amounts where price and
quantity say the same as the total.

Every proposal is one figure (or the amounts of several lines). That it is right is not believed here: the rules judge it, and a figure that
contradicts another equation brings a new finding and is dropped. Only the amount due stands at the end of the chain, so that no other
equation vouches for it; where a prepayment or a rounding amount could be missing instead, nothing is proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from wasl.formats.xml import Element, text_of
from wasl.invoice.money import exactly, minor_units, round_half_up
from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import number
from wasl.rules.fix.proposal import Doubt, Edit, Proposal
from wasl.rules.fix.view import NAMES, View
from wasl.rules.report.shown import Both

_FORMULAS = {
    "BT-106": Both("مجموع صافي البنود", "the sum of the line net amounts"),
    "BT-107": Both("مجموع خصومات المستند", "the sum of the document's discounts"),
    "BT-108": Both("مجموع رسوم المستند الإضافية", "the sum of the document's charges"),
    "BT-109": Both("مجموع البنود − الخصومات + الرسوم الإضافية", "sum of the lines − discounts + charges"),
    "BT-110": Both("مجموع ضرائب الفئات", "the sum of the VAT of all categories"),
    "BT-112": Both("المجموع قبل الضريبة + الضريبة", "total without VAT + VAT"),
    "BT-115": Both("الإجمالي شامل الضريبة − المدفوع مقدمًا + فرق التقريب", "total with VAT − prepaid + rounding"),
    "BT-116": Both("مجموع ما يخضع لهذه الفئة والنسبة من بنود وخصومات ورسوم", "the lines, discounts and charges of this category and rate"),
    "BT-117": Both("المبلغ الخاضع للضريبة × النسبة", "taxable amount × rate"),
    "BT-131": Both("الكمية × السعر − الخصومات + الرسوم، وبها يصح المجموع", "quantity × price − discounts + charges, and with it the totals agree"),
}  # fmt: skip
_PREPAID = Both(
    "المبلغ المستحق أقل مما يحسبه الباقي: إما أن المدفوع مقدمًا أو فرق التقريب غير مذكور، وإما أن المبلغ المستحق خطأ. لا يعرف ذلك إلا البائع.",
    "The amount due is less than the other figures give: either a prepaid or a rounding amount is missing, or the amount due is wrong. "
    "Only the seller knows.",
)
_UNSURE = Both(
    "المبلغ المستحق يُحسب من الإجمالي شامل الضريبة، وهذا نفسه لم يثبت بعد.",
    "The amount due follows from the total with VAT, and that one is not settled itself.",
)
_TAX_ORDER = ("RoundingAmount", "TaxEvidenceIndicator", "TaxIncludedIndicator", "TaxSubtotal")  # of a UBL TaxTotal, after its amount
_DUE = frozenset({"BR-15", "BR-CO-16"})
_VOUCH = frozenset({"BR-12", "BR-13", "BR-14", "BR-CO-10", "BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-14", "BR-CO-15"})
_ROUNDING = Both(
    "الفرق أقل من وحدة: إما أن فرق التقريب غير مذكور وإما أن المبلغ المستحق خطأ.",
    "They differ by less than one unit: either a rounding amount is missing, or the amount due is wrong.",
)


def propose(view: View) -> Iterator[Proposal | Doubt]:
    """All sums from the lines up. Figures that cannot be read stop the sums that need them."""
    with exactly():
        yield from _line_amounts(view)
        for term in ("BT-107", "BT-108", "BT-106", "BT-109"):
            yield from _total(view, term)
        yield from _rows(view)
        yield from _tax_total(view)
        for term in ("BT-112", "BT-115"):
            yield from _total(view, term)


# -- lines -------------------------------------------------------------------------------------------------------------------------


def _line_amounts(view: View) -> Iterator[Proposal]:
    syntax = view.syntax
    wrong: list[tuple[Element, Decimal]] = []
    for line in view.lines():
        right = _line_net(view, line)
        net = view.find(syntax.net, line)
        if right is not None and net is not None and number(text_of(net)) != right:
            wrong.append((net, right))
    for net, right in wrong:
        yield _proposal(view, "BT-131", [(net, right)])
    if len(wrong) > 1:
        yield _proposal(view, "BT-131", wrong)


def _line_net(view: View, line: Element) -> Decimal | None:
    """quantity × price / base quantity − discounts + charges; None where one of them is missing or no figure."""
    syntax = view.syntax
    quantity = next((found for path in syntax.quantity if (found := view.number(path, line)) is not None), None)
    price = view.number(syntax.price, line)
    base = view.number(syntax.base, line) if view.find(syntax.base, line) is not None else Decimal(1)
    if quantity is None or price is None or not base:
        return None
    total = quantity * price / base
    for each in view.all(syntax.line_allowances, line):
        amount = view.number(syntax.amount, each)
        if amount is None:
            return None
        total += amount if is_charge(view, each) else -amount
    return round_half_up(total, places(view))


def is_charge(view: View, allowance: Element) -> bool:
    return view.text(view.syntax.indicator, allowance) in ("true", "1")


# -- totals ------------------------------------------------------------------------------------------------------------------------


def _total(view: View, term: str) -> Iterator[Proposal | Doubt]:
    totals = view.find(view.syntax.totals)
    if totals is None:
        return
    right = _right(view, totals, term)
    if right is None:
        return
    if term == "BT-115" and view.broken & _VOUCH:
        yield Doubt(view.path(totals), _UNSURE, _DUE)
        return
    name = view.syntax.names[term]
    found = totals.find(f"{{{view.syntax.uri}}}{name}")
    if found is None:
        yield _new(view, totals, term, name, right)
        return
    given = number(text_of(found))
    if given is None or given == right:
        if given is None:
            yield _proposal(view, term, [(found, right)])
        return
    if term == "BT-115":
        doubt = _doubt(view, totals, given, right)
        if doubt is not None:
            yield Doubt(view.path(totals), doubt, _DUE)
            return
    yield _proposal(view, term, [(found, right)])


def _right(view: View, totals: Element, term: str) -> Decimal | None:
    """What a total comes to; None where a part is missing or unreadable."""
    syntax = view.syntax

    def given(of: str) -> Decimal | None:
        """A total that is there; an absent optional one is nothing, one that is no figure stops the sum."""
        found = totals.find(f"{{{syntax.uri}}}{syntax.names[of]}")
        return Decimal(0) if found is None and of in ("BT-107", "BT-108", "BT-113", "BT-114") else None if found is None else number(text_of(found))

    if term == "BT-106":
        return _sum(view, [view.number(syntax.net, line) for line in view.lines()])
    if term in ("BT-107", "BT-108"):
        wanted = term == "BT-108"
        return _sum(view, [view.number(syntax.amount, each) for each in view.all(syntax.allowances) if is_charge(view, each) == wanted])
    if term == "BT-109":
        parts = [given("BT-106"), _minus(given("BT-107")), given("BT-108")]
    elif term == "BT-112":
        tax = tax_total(view)
        parts = [given("BT-109"), None if tax is None else number(text_of(tax))]
    else:
        parts = [given("BT-112"), _minus(given("BT-113")), given("BT-114")]
    return _sum(view, parts)


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def _sum(view: View, parts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of parts that are all there; nothing adds up to None."""
    found = list(parts)
    if not found or any(part is None for part in found):
        return None
    total = sum((part for part in found if part is not None), Decimal(0))
    return round_half_up(total, max(places(view), 2))  # the rules round sums to two decimals, whatever the currency


def _doubt(view: View, totals: Element, given: Decimal, right: Decimal) -> Both | None:
    """The two figures that may be missing where only the amount due disagrees."""
    names = view.syntax.names
    has_prepaid = totals.find(f"{{{view.syntax.uri}}}{names['BT-113']}") is not None
    has_rounding = totals.find(f"{{{view.syntax.uri}}}{names['BT-114']}") is not None
    if not has_rounding and abs(given - right) < 1:
        return _ROUNDING
    if not has_prepaid and abs(given) < abs(right):
        return _PREPAID
    return None


def tax_total(view: View) -> Element | None:
    """BT-110: the VAT total in the invoice's currency; None where there is none, or more than one could be meant."""
    if view.is_cii:
        found = view.all(f"{view.syntax.totals}/ram:TaxTotalAmount")
    else:
        found = view.all("cac:TaxTotal/cbc:TaxAmount")
    own = [each for each in found if (each.get("currencyID") or "").strip() == view.currency] if len(found) > 1 else found
    return own[0] if len(own) == 1 else None


def _tax_total(view: View) -> Iterator[Proposal]:
    total = tax_total(view)
    parent = total.getparent() if total is not None else _without_total(view)
    if parent is None:
        return
    rows = view.all(view.syntax.rows) if view.is_cii else parent.findall("cac:TaxSubtotal", NAMES)
    right = _sum(view, [view.number(view.syntax.tax, row) for row in rows])
    if right is None:
        return
    if total is None:
        yield _new_tax_total(view, parent, right)
    elif number(text_of(total)) != right:
        yield _proposal(view, "BT-110", [(total, right)])


def _without_total(view: View) -> Element | None:
    """The one group that should hold the VAT total and does not."""
    groups = view.all(view.syntax.totals if view.is_cii else "cac:TaxTotal")
    name = "ram:TaxTotalAmount" if view.is_cii else "cbc:TaxAmount"
    return groups[0] if len(groups) == 1 and view.find(name, groups[0]) is None else None


def _new_tax_total(view: View, parent: Element, right: Decimal) -> Proposal:
    order = view.syntax.order
    name = "TaxTotalAmount" if view.is_cii else "TaxAmount"
    following = order[order.index(name) + 1 :] if view.is_cii else _TAX_ORDER
    currency = (("currencyID", view.currency),)
    edit = Edit(view.path(parent), written(view, right), child=name, uri=view.syntax.uri, following=following, attributes=currency)
    return Proposal("sum", (edit,), _reason("BT-110", written(view, right)), "BT-110")


def _rows(view: View) -> Iterator[Proposal]:
    """Taxable amounts from lines, discounts and charges of the same category and rate; then the tax of each row."""
    syntax = view.syntax
    for row in view.all(syntax.rows):
        category, rate = view.text(syntax.category, row), view.number(syntax.rate, row)
        taxable, tax = view.find(syntax.taxable, row), view.find(syntax.tax, row)
        right = _sum(view, _of_category(view, category, rate))
        if taxable is not None and right is not None and number(text_of(taxable)) != right:
            yield _proposal(view, "BT-116", [(taxable, right)])
        base = view.number(syntax.taxable, row)
        if tax is not None and base is not None and rate is not None:
            right = round_half_up(base * rate / 100, places(view))
            if number(text_of(tax)) != right:
                yield _proposal(view, "BT-117", [(tax, right)])


def _of_category(view: View, category: str, rate: Decimal | None) -> list[Decimal | None]:
    syntax = view.syntax
    found: list[Decimal | None] = []
    for line in view.lines():
        if view.text(syntax.line_category, line) == category and view.number(syntax.line_rate, line) == rate:
            found.append(view.number(syntax.net, line))
    for each in view.all(syntax.allowances):
        if view.text(syntax.allowance_category, each) == category and view.number(syntax.allowance_rate, each) == rate:
            amount = view.number(syntax.amount, each)
            found.append(amount if is_charge(view, each) else _minus(amount))
    return found


# -- pieces ------------------------------------------------------------------------------------------------------------------------


def places(view: View) -> int:
    return minor_units(view.currency)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def written(view: View, value: Decimal) -> str:
    """An amount as the document writes it: the decimals of its currency, more only where the value has them."""
    count = max(places(view), _decimals(value))
    return format(round_half_up(value, count), "f")


def _proposal(view: View, term: str, figures: list[tuple[Element, Decimal]]) -> Proposal:
    edits = tuple(Edit(view.path(element), written(view, right)) for element, right in figures)
    return Proposal("sum", edits, _reason(term, written(view, figures[0][1]) if len(figures) == 1 else ""), term)


def _new(view: View, totals: Element, term: str, name: str, right: Decimal) -> Proposal:
    order = view.syntax.order
    currency = () if view.is_cii else (("currencyID", view.currency),)
    following = order[order.index(name) + 1 :]
    edit = Edit(view.path(totals), written(view, right), child=name, uri=view.syntax.uri, following=following, attributes=currency)
    return Proposal("sum", (edit,), _reason(term, written(view, right)), term)


def _reason(term: str, figure: str) -> Both:
    info, formula = TERMS[term], _FORMULAS[term]
    shown = f" = {figure}" if figure else ""
    return Both(f"{info.ar} = {formula.ar}{shown}", f"{info.en} = {formula.en}{shown}")
