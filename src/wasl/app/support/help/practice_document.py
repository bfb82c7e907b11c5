"""What stands on a practice invoice: a chair shop that does not exist, in both languages, and not one figure of anybody's.

It carries no bank account at all, so nobody can be led to pay it for real.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from wasl.invoice.model import Address, AllowanceCharge, Invoice, Item, Line, Note, Party, Price
from wasl.invoice.totals import totals

SELLER = {"ar": "متجر التدريب", "en": "Practice Shop"}
DUE_DAYS = 7
_VAT = Decimal(15)
_REASONS = {"ar": ("خصم الكمية", "توصيل"), "en": ("Quantity discount", "Delivery")}
_NOTE = "فاتورة تدريب: لا شيء فيها حقيقي ولا يُدفع عنها مال. Practice invoice: nothing in it is real and no money is due."


def document(number: str, *, on: date, lang: str) -> Invoice:
    """The practice invoice of that number and day, complete with its totals: SAR, one discount, one charge; reasons in `lang`."""
    return totals(Invoice(
        number=number, issue_date=on, due_date=on + timedelta(days=DUE_DAYS), type_code="380", currency="SAR",
        specification="urn:cen.eu:en16931:2017",
        notes=(Note(text=_NOTE),),
        seller=Party(
            name=SELLER["ar"], trading_name=SELLER["en"], vat_identifier="SA000000000000000",
            address=Address(line_1="شارع التجربة 1 · 1 Trial Street", city="الرياض", post_code="00000", country="SA"),
        ),
        buyer=Party(name="أنت · You", address=Address(city="الرياض", post_code="00000", country="SA")),
        lines=(
            _line("1", "كرسي مكتب", "Office chair", quantity="4", price="240.00", discount=(_REASONS[lang][0], "96.00")),
            _line("2", "طاولة اجتماعات", "Meeting table", quantity="1", price="1150.00"),
            _line("3", "تركيب، بالساعة", "Assembly, by the hour", quantity="3", price="80.00", unit="HUR"),
        ),
        charges=(AllowanceCharge(amount=Decimal("60.00"), reason=_REASONS[lang][1], tax_category="S", tax_rate=_VAT),),
    ))  # fmt: skip


def _line(place: str, ar: str, en: str, *, quantity: str, price: str, unit: str = "C62", discount: tuple[str, str] | None = None) -> Line:
    allowances = (AllowanceCharge(amount=Decimal(discount[1]), reason=discount[0]),) if discount else ()
    return Line(
        identifier=place, quantity=Decimal(quantity), unit=unit, price=Price(net=Decimal(price)), tax_category="S", tax_rate=_VAT,
        allowances=allowances, item=Item(name=ar, description=en),
    )  # fmt: skip
