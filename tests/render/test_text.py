"""Whatever text is accepted at issue renders: every text field, every script, hostile strings as themselves."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import msgspec
import pdf_samples as samples
import pypdfium2
import pytest

from wasl.invoice import model
from wasl.invoice.model import Invoice, Term
from wasl.render import render_pdf, structure, substitutions, themes
from wasl.render.text import MARK, ControlCharacter, Pen, TooLongToPrint, check_printable, check_text, texts

SCRIPTS = {
    "arabic": "فاتورة الخدمات",
    "latin": "Œuvre façade Łódź ß",
    "greek": "Ελληνικά τιμολόγιο",
    "cyrillic": "Счёт-фактура № 7",
    "hebrew": "חשבונית מס",
    "devanagari": "क्षत्रिय चालान",
    "bengali": "বাংলা চালান",
    "thai": "ใบแจ้งหนี้ภาษาไทย",
    "han": "發票漢字",
    "kana": "カタカナひらがな",
    "hangul": "한국어 송장",
    "amharic": "የአማርኛ ደረሰኝ",
    "emoji": "😀 👨‍👩‍👧 🇸🇦 ❤️ 👍🏽",
    "bidi-marks": "a\u200eb\u200fc\u202ed\u202c\u2066e\u2069\u061cf",
    "long-word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "long-arabic": "أفاستسقيناكموها" * 12,
    "mixed-marks": "א\u0301 क\u064e ب\u0301 x\u0323\u0301\u0652",
    "unknown": "\U0001d518 \ue000 \U00012000 \u20c1",
    "spaces": "a\u00a0b\u202fc\u2003d\u3000e\nf\tg",
}

HOSTILE = [
    '#read("/etc/passwd")',
    '#import "/etc/passwd"',
    "{{7*7}}",
    "${7*7}",
    "$x^2$",
    "\\input{/etc/passwd}",
    "#{1+1}",
    "*bold* _it_ `raw` = head <label> @ref // comment /* c */",
    '"}],"lang":"en"',
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "#sys.inputs",
    "%PDF-1.7",
]


def filled(kind: Any, text: str) -> Any:
    """A value of the model's type with `text` in every text field, all groups present."""
    if kind is str:
        return text
    if kind is Decimal:
        return Decimal("12.50")
    if kind is date:
        return date(2026, 11, 23)
    if kind is bytes:
        return b"x"
    if isinstance(kind, type) and issubclass(kind, Term):
        return kind(**{name: filled(hint, text) for name, hint in get_type_hints(kind).items()})
    options = [a for a in get_args(kind) if a not in (type(None), Ellipsis)]
    return (filled(options[0], text),) if getattr(kind, "__origin__", None) is tuple else filled(options[0], text)


def page_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def flat(text: str) -> str:
    """Extracted text without what line breaks and break opportunities put in."""
    return "".join(c for c in text if not c.isspace() and c not in "\u200b\ufffe\u00ad\u2066\u2067\u2068\u2069\u0002")


def described(text: str) -> Invoice:
    line = samples.line(1, text, text, "3", "C62", "10.00")
    return samples.invoice(1, lines=(line,), payment=None, delivery=None)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_text_field_takes_every_script(script, language):
    invoice = msgspec.structs.replace(filled(Invoice, SCRIPTS[script]), currency="SAR", type_code="380")

    made = render_pdf(invoice, context=samples.context(language=language))

    assert structure.check(made.data) == []
    assert list(made.substitutes) == substitutions(invoice)


def test_the_filled_invoice_reaches_every_text_of_the_model():
    kinds = [v for v in vars(model).values() if isinstance(v, type) and issubclass(v, Term) and v is not Term]
    fields = {f"{k.__name__}.{n}" for k in kinds for n, h in get_type_hints(k).items() if h in (str, str | None)}

    assert len(list(texts(filled(Invoice, "x")))) >= len(fields)


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("text", HOSTILE)
def test_t38_t39_hostile_text_is_printed_as_itself_by_every_theme(text, theme):
    made = render_pdf(described(text), context=samples.context(language="en", theme=theme))

    assert flat(text) in flat(page_text(made.data))
    assert "root:" not in page_text(made.data)


def test_a_character_without_a_font_is_marked_named_and_explained():
    invoice = described("Fraktur \U0001d518")

    made = render_pdf(invoice, context=samples.context(language="en"))

    assert substitutions(invoice) == ["\U0001d518"] == list(made.substitutes)
    assert f"Fraktur {MARK}" in page_text(made.data)
    assert flat("stands for a character without a font") in flat(page_text(made.data))


def test_what_every_font_draws_is_not_replaced():
    assert substitutions(described("شركة Sanad № 5 – 80 g/m² 😀")) == []
    assert render_pdf(described("😀"), context=samples.context()).substitutes == ()


def test_a_mark_that_shares_no_font_with_its_letter_does_not_take_the_letter_along():
    assert Pen("en").plain("א\u0301 x\u0301") == f"א{MARK} x\u0301"


def test_the_riyal_sign_is_spelled():
    made = render_pdf(described("price 5 \u20c1"), context=samples.context(language="en"))

    assert made.substitutes == ()
    assert "ر.س" in Pen("en").plain("5 \u20c1")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\U0001ffff"])
def test_control_characters_are_refused_with_their_place(character):
    with pytest.raises(ControlCharacter) as refusal:
        render_pdf(described(f"a{character}b"), context=samples.context())

    assert "lines[0].item.name" in refusal.value.message("en")
    assert f"U+{ord(character):04X}" in refusal.value.message("ar")


def test_a_document_beyond_all_bounds_is_refused_before_it_is_set():
    one = samples.invoice(1)

    with pytest.raises(TooLongToPrint):
        check_printable(msgspec.structs.replace(one, lines=one.lines * 10_001))
    with pytest.raises(TooLongToPrint):
        check_printable(msgspec.structs.replace(one, payment_terms="x" * 5_000_001))


def test_tabs_and_line_ends_are_no_control_characters():
    check_text("a\tb\r\nc", "note")


def test_direction_overrides_are_dropped_because_they_turn_figures_round():
    assert Pen("en").plain("pay \u202e001\u202c now \u2067x\u2069") == "pay 001 now x"


def test_a_long_word_gets_places_to_break_and_loses_nothing():
    word = "x" * 100

    prepared = Pen("en").plain(word)

    assert prepared.replace("\u200b", "") == word
    assert max(map(len, prepared.split("\u200b"))) <= 8


def test_a_joined_emoji_is_never_broken():
    family = "👨‍👩‍👧"

    assert family in Pen("en").plain(family * 20)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("text", ["W" * 400, "شركةالاتصالات" * 30, "1" * 300, "a-b/c_" * 60])
def test_long_words_stay_inside_the_page(text, language):
    """No glyph of any page lies outside the margins."""
    invoice = msgspec.structs.replace(filled(Invoice, text), currency="SAR", type_code="380")
    made = render_pdf(invoice, context=samples.context(language=language))

    for page in pypdfium2.PdfDocument(io.BytesIO(made.data)):
        width, _ = page.get_size()
        textpage = page.get_textpage()
        boxes = [textpage.get_charbox(i) for i in range(textpage.count_chars())]
        drawn = [box for box in boxes if box[2] - box[0] > 0.5]
        assert min(box[0] for box in drawn) >= 40
        assert max(box[2] for box in drawn) <= width - 40


def test_amounts_of_eighteen_digits_fit():
    lines = (samples.line(1, "x", None, "1", "C62", "999999999999999999.12"),)
    invoice = samples.invoice(1, lines=lines)

    text = flat(page_text(render_pdf(invoice, context=replace(samples.context(), language="en")).data))

    assert "999,999,999,999,999,999.12" in text
    assert text.count("1,149,999,999,999,999,998.99") == 2


def test_a_telephone_number_keeps_its_order_in_an_arabic_document():
    assert Pen("ar")("+966 11 555 01 30") == {"s": "+966 11 555 01 30", "l": "en"}
    assert Pen("ar")("12") == "12"
    assert Pen("ar")("شارع 12") == "شارع 12"
