"""The Arabic of pages, mails and PDF: the terms of the glossary, the tone, the signs. Errors are held to the same tone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wasl.app.support.help import articles
from wasl.app.ui import catalogue
from wasl.errors import WaslError

# One English term has one Arabic term everywhere; where the law has a term, the law's wins
GLOSSARY = {
    "Invoice": "فاتورة", "Tax invoice": "فاتورة ضريبية", "Credit note": "إشعار دائن", "Debit note": "إشعار مدين",
    "Seller": "البائع", "Buyer": "المشتري", "Customer": "العميل", "Invoice number": "رقم الفاتورة", "Issue date": "تاريخ الإصدار",
    "Due date": "تاريخ الاستحقاق", "Supply date": "تاريخ التوريد", "Line": "بند", "Description": "الوصف", "Quantity": "الكمية", "Unit": "الوحدة",
    "Unit price": "سعر الوحدة", "Discount": "خصم", "Charge": "رسم إضافي", "Rounding": "فرق التقريب", "Prepaid": "دفعة مقدمة",
    "Subtotal": "المجموع قبل الضريبة", "Subtotal before tax": "المجموع قبل الضريبة", "Amount before tax": "المجموع قبل الضريبة",
    "Total with VAT": "الإجمالي شامل الضريبة", "Amount due": "المبلغ المستحق", "Standard rate": "النسبة الأساسية", "Zero-rated": "النسبة الصفرية",
    "Exempt": "معفى من الضريبة", "Out of scope": "خارج نطاق الضريبة", "Reverse charge": "الاحتساب العكسي", "VAT number": "الرقم الضريبي",
    "Commercial registration": "السجل التجاري", "Receipt": "إيصال", "IBAN": "رقم الآيبان", "Overdue": "متأخرة", "Due soon": "تستحق قريبًا",
    "Awaiting payment": "بانتظار الدفع", "Paid": "مدفوعة", "Partly paid": "مدفوعة جزئيًا", "Opened": "فُتحت", "Downloaded": "نُزّلت",
    "Receipt confirmed": "أُكّد استلامها", "Sign in": "دخول", "Search": "بحث", "Download": "تنزيل", "Proof": "الإثبات", "Verify": "تحقّق",
}  # fmt: skip
# Equal English in two roles, told apart by context: an event and a state, a column's head and a state, an act and a sum, a part of the inbox
# and the PDF's label, «افتحه» of an inbox and «افتحها» of an invoice, «ملغاة» of an invoice and «ملغى» of a call (الاتصال)
TWO_ROLES = {"cancelled", "cancelled by a credit note", "vat", "account", "open", "open it", "overdue", "paid", "payment", "until"}
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|\{[^}]*\}|<[^>]*>|`[^`]*`")
FAULTS = {
    "«تم» before a verbal noun": re.compile(r"(?<![\u0621-\u0652])(و)?(تم|يتم|سيتم|تمت)(?![\u0621-\u0652])"),
    "a phrase of officials": re.compile(r"يرجى|الرجاء|نرجو|(?<![\u0621-\u0652])قم ب|القيام ب"),
    "a Latin comma, semicolon or question mark": re.compile(r"[\u0621-\u0652»]\s*[,;?]"),
    "a space before a sign": re.compile(r"[\u0621-\u0652»] [،؛؟.!:]"),
    "a Latin per cent sign": re.compile("%"),
    "Arabic-Indic digits in a fixed text": re.compile("[٠-٩۰-۹]"),
    "straight quotation marks": re.compile('"'),
    "tanwin after the alef": re.compile("اً"),
    "two forms with a slash": re.compile(r"[\u0621-\u0652]{2,}/[\u0621-\u0652]{2,}"),
}


def sentences() -> Iterator[tuple[str, str]]:
    for message in catalogue.read("ar"):
        if message.id:
            for text in message.string if isinstance(message.string, tuple) else (message.string,):
                yield str(message.id), text


def errors(base: type[WaslError] = WaslError) -> Iterator[tuple[str, str]]:
    for each in base.__subclasses__():
        if each.__module__.startswith("wasl."):
            yield each.code, each.ar
        yield from errors(each)


def content() -> Iterator[tuple[str, str]]:
    """Help articles, lessons and notes: the same tone; Markdown's marks, names of files and headings of files are no words."""
    folder = Path(articles.CONTENT) / "ar"
    for path in sorted(folder.rglob("*.md")):
        yield str(path.relative_to(folder)), re.sub(r"\]\([^)]*\)|^[a-z]+:", "", path.read_text(encoding="utf-8"), flags=re.M)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_tone_and_the_signs_of_the_help_articles(fault: str) -> None:
    texts = list(content())

    assert len(texts) >= 20
    assert [(name, found[0]) for name, text in texts if (found := FAULTS[fault].search(PLACEHOLDERS.sub("س", text)))] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_the_tone_and_the_signs(fault: str) -> None:
    texts = [*sentences(), *errors()]

    assert len(texts) > 400
    assert [(name, text) for name, text in texts if FAULTS[fault].search(PLACEHOLDERS.sub("س", text))] == []


@pytest.mark.parametrize(
    ("fault", "planted"),
    [
        ("«تم» before a verbal noun", "تم إصدار الفاتورة"), ("a phrase of officials", "يرجى الانتظار"), ("a Latin comma, semicolon or question mark", "نعم, لا"),
        ("a space before a sign", "نعم ، لا"), ("a Latin per cent sign", "خصم 5%"), ("Arabic-Indic digits in a fixed text", "٣ أيام"),
        ("straight quotation marks", 'الحقل "أ"'), ("tanwin after the alef", "جداً"), ("two forms with a slash", "فاتورة/فواتير"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(fault: str, planted: str) -> None:
    assert FAULTS[fault].search(planted)


def test_terms_of_the_glossary() -> None:
    others = ("column", "sum")  # there the same word has another form
    found = {(message.id, message.string) for message in catalogue.read("ar") if message.id in GLOSSARY and message.context not in others}

    assert {name for name, _text in found} >= {"Invoice", "Amount due", "Seller", "Overdue", "Standard rate"}
    assert [(name, text, GLOSSARY[name]) for name, text in found if text != GLOSSARY[name]] == []


def test_one_english_term_has_one_arabic_term() -> None:
    said: dict[str, set[str]] = {}
    for message in catalogue.read("ar"):
        if isinstance(message.id, str) and message.id:
            said.setdefault(message.id.lower(), set()).add(str(message.string))

    assert {name for name, texts in said.items() if len(texts) > 1} == TWO_ROLES


def test_every_counted_word_has_six_forms() -> None:
    counted = [message for message in catalogue.read("ar") if message.pluralizable]

    assert len(counted) >= 6
    assert [message.id for message in counted if len(message.string) != 6 or not all(message.string)] == []
    assert [message.id for message in counted if len(set(message.string[1:5])) != 4] == []  # one, two, few and many differ
