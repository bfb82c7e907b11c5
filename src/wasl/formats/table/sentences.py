"""What is said about a row that lacks something, each in both languages with its remedy."""

from __future__ import annotations

from wasl.errors import Words

NO_NUMBER = Words(
    "there is no invoice number. Fix: write it in the first row of each invoice.",
    "لا رقم فاتورة فيه. الحل: اكتبه في الصف الأول من كل فاتورة.",
)
EMPTY_RATE = Words("there is no VAT rate. Fix: write it, for example 15.", "لا نسبة ضريبة فيه. الحل: اكتبها، مثل 15.")
ZERO_RATE = Words(
    "the VAT rate is 0, and nothing says why. Fix: add a column for the VAT category (Z zero-rated, E exempt, O out of scope), or a constant BT-151.",
    "نسبة الضريبة 0 ولا شيء يقول لماذا. الحل: أضف عمودًا لفئة الضريبة (Z صفرية، E معفى، O خارج النطاق)، أو قيمة ثابتة للبند BT-151.",
)
RATE_OUTSIDE = Words(
    "what is out of scope of VAT has no rate. Fix: empty the cell, or correct the category.",
    "ما هو خارج نطاق الضريبة لا نسبة له. الحل: أفرغ الخلية أو صحّح الفئة.",
)
EMPTY_AMOUNT = Words(
    "the cell is empty, so the line has no amount. Fix: fill it in, or remove the row.", "الخلية فارغة فلا مبلغ للبند. الحل: املأها أو احذف الصف."
)
TWO_REASONS = Words(
    "lines of one category give two reasons. Fix: write the same reason, or another category.",
    "بنود من فئة واحدة تذكر سببين. الحل: وحّد السبب أو غيّر الفئة.",
)
NO_CURRENCY = Words(
    "nothing says the currency. Fix: add a currency column, or the constant BT-5 in the mapping.",
    "لا شيء يذكر العملة. الحل: أضف عمودًا للعملة، أو قيمة ثابتة للبند BT-5 في ملف الربط.",
)
