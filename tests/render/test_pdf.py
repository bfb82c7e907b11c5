"""The PDF as a file: what is in it, what it says, that it is the same every time."""

from __future__ import annotations

import base64
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pdf_samples as samples
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from pdfminer.high_level import extract_text
from test_text import flat, page_text

from wasl.formats import ubl
from wasl.formats.pdf import attachments
from wasl.invoice.model import CreditTransfer, DocumentTotals, Invoice, PaymentInstructions
from wasl.render import RenderContext, cache_key, fonts, render_pdf, structure
from wasl.render.colour import ColourRefused, readable
from wasl.render.theme import UnknownTheme, find_theme, themes
from wasl.render.view.links import LinkRefused, check_url

NAMES = ["ar-1", "ar-10", "ar-60", "en-1", "en-60", "credit-note", "jordanian"]


@pytest.mark.parametrize("name", NAMES)
def test_three_readers_open_it(rendered, name):
    made = rendered(name)

    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == made.pages
    assert len(pypdfium2.PdfDocument(io.BytesIO(made.data))) == made.pages
    assert "SHA-256" in extract_text(io.BytesIO(made.data))


def test_the_attachments_are_the_sealed_bytes(rendered):
    found = {a.name: a for a in attachments(rendered("ar-10").data)}

    assert found["invoice.xml"].data == samples.XML
    assert found["invoice.xml"].relationship == "Alternative"
    assert found["invoice.xml.xades"].data == samples.XADES
    assert found["invoice.xml.xades"].relationship == "Supplement"
    assert {a.mime for a in found.values()} == {"application/xml"}


@pytest.mark.parametrize("data", ["<a>é</a>".encode("utf-16"), b"<a>\r\n\x80\xff</a>", "\ufeff<a/>\n".encode(), b""])
def test_any_bytes_are_attached_as_they_are(data):
    made = render_pdf(samples.invoice(1), context=samples.context(document_xml=data))

    assert {a.name: a.data for a in attachments(made.data)}["invoice.xml"] == data


def test_without_a_document_nothing_is_attached_and_nothing_is_claimed():
    made = render_pdf(samples.invoice(1), context=RenderContext(issued_at=samples.AT, language="en"))

    assert attachments(made.data) == []
    assert "attached" not in page_text(made.data)


@pytest.mark.parametrize(("name", "language"), [("ar-10", "ar"), ("en-60", "en")])
def test_title_language_and_date(rendered, name, language):
    with pikepdf.open(io.BytesIO(rendered(name).data)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert "INV-2026-004217" in str(pdf.docinfo["/Title"])
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261123093000Z"
        assert pdf.Root.ViewerPreferences.Direction == ("/R2L" if language == "ar" else "/L2R")


def test_the_same_input_gives_the_same_bytes_in_every_thread():
    def draw(_: int) -> bytes:
        return render_pdf(samples.invoice(3), context=samples.context()).data

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(draw, range(6)))) == 1


def test_the_zone_of_the_issue_time_does_not_change_the_bytes():
    riyadh = samples.AT.astimezone(timezone(timedelta(hours=3)))

    one, other = (render_pdf(samples.invoice(1), context=samples.context(issued_at=at)).data for at in (samples.AT, riyadh))

    assert one == other


def test_lines_run_over_pages_with_heads_and_sums(rendered):
    """Page totals add up to the sum of lines; what is carried forward is brought forward."""
    made = rendered("en-60")
    pages = extract_text(io.BytesIO(made.data)).split("\f")[: made.pages]

    sums = [Decimal(amount.replace(",", "")) for page in pages for amount in re.findall(r"Page total[^\d\n]*([\d,.]+)", page)]
    forward = [amount for page in pages for amount in re.findall(r"Carried forward[^\d\n]*([\d,.]+)", page)]
    brought = [amount for page in pages for amount in re.findall(r"Brought forward[^\d\n]*([\d,.]+)", page)]

    assert made.pages == len(sums) == 2
    assert all("Unit price" in page for page in pages)
    assert sum(sums) == samples.english(60).totals.line_extension_amount
    assert forward == brought == [f"{sums[0]:,}"]


def test_a_thousand_lines_are_all_there():
    made = render_pdf(samples.english(1000), context=samples.context(language="en"))

    text = page_text(made.data)
    assert made.pages > 15
    assert all(re.search(rf"^{n} ", text, re.MULTILINE) for n in (1, 500, 1000))


def test_the_codes_on_the_page_are_read_back(rendered):
    page = pypdfium2.PdfDocument(io.BytesIO(rendered("ar-10").data))[0]

    read = {code.text for code in zxingcpp.read_barcodes(page.render(scale=4).to_pil())}

    context = samples.context()
    assert read == {context.pay_url, context.verify_url, base64.b64encode(samples.TLV).decode()}


def test_a_credit_note_names_the_invoice_and_offers_no_payment():
    text = page_text(render_pdf(samples.credit_note(), context=samples.context(language="en")).data)

    assert "CREDIT NOTE" in text
    assert "INV-2026-004217" in text
    assert "Corrects" in text
    assert "Amount credited" in text
    assert "Pay online" not in text
    assert "7KQ4" not in text


def test_a_note_without_bg3_takes_the_original_from_the_context():
    note = msgspec.structs.replace(samples.credit_note(), preceding_invoices=())

    context = samples.context(language="en", original_invoice_number="INV-77", original_invoice_date=date(2026, 1, 2))

    made = render_pdf(note, context=context)

    assert "INV-77" in page_text(made.data)


def test_figures_of_three_decimals_discount_and_words():
    text = page_text(render_pdf(samples.jordanian(), context=samples.context(language="en")).data)

    for figure in ("24.750", "-1.250", "35.875", "-2.500", "17.220", "124.845"):
        assert figure in text
    assert "one hundred and twenty-four" in text.lower()


def test_a_negative_total_keeps_its_sign_before_the_figures():
    line = samples.line(1, "Refund", None, "-2", "HUR", "100.00")

    text = page_text(render_pdf(samples.invoice(1, lines=(line,)), context=samples.context(language="en")).data)

    assert "-200.00" in text
    assert "-230.00" in text


def test_a_number_copied_from_the_page_is_the_number(rendered):
    text = page_text(rendered("en-60").data)

    assert text.count("INV-2026-004217") >= 2
    assert samples.context().verify_url.removeprefix("https://") in text


def test_an_iban_is_printed_in_groups_and_another_account_as_it_is():
    accounts = (CreditTransfer(account="SA0380000000608010167519"), CreditTransfer(account="12-34-56 7890"))
    invoice = samples.invoice(1, payment=PaymentInstructions(means_code="30", credit_transfers=accounts))

    text = page_text(render_pdf(invoice, context=samples.context(language="en")).data)

    assert "SA03 8000 0000 6080 1016 7519" in text
    assert "12-34-56" in text


def test_an_empty_invoice_renders():
    made = render_pdf(Invoice(), context=RenderContext(issued_at=samples.AT))

    assert made.pages == 1


def test_an_unknown_currency_has_no_words_and_still_renders():
    invoice = Invoice(currency="XTS", totals=DocumentTotals(payable_amount=Decimal("5.00")))

    assert "5.00" in page_text(render_pdf(invoice, context=samples.context(language="en")).data)


@pytest.mark.parametrize(("given", "printed"), [("en16931", "EN 16931."), ("xx", "EN 16931 (XX)."), ("Peppol BIS", "Peppol BIS.")])
def test_the_profile_is_named_as_a_reader_writes_it(given, printed):
    made = render_pdf(samples.invoice(1), context=samples.context(language="en", profile_name=given))

    assert flat(f"According to {printed}") in flat(extract_text(io.BytesIO(made.data))).replace("\u200e", "")


def test_hijri_dates_stand_beside_in_arabic_and_only_there_by_default(rendered):
    hijri = "1448"

    assert hijri in page_text(rendered("ar-10").data)
    assert hijri not in page_text(rendered("en-1").data)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://u:p@x.example/", "//x.example", "https://x.example/a b", "https://"]
)
def test_t38_only_plain_web_addresses_become_links(url):
    with pytest.raises(LinkRefused):
        render_pdf(samples.invoice(1), context=samples.context(pay_url=url))


def test_the_longest_address_is_printed_whole_inside_its_card():
    url = "https://pay.example/" + "/".join(["part-of-a-path"] * 18)

    text = flat(page_text(render_pdf(samples.invoice(1), context=samples.context(language="en", pay_url=url)).data))

    assert len(url) > 280
    assert url.removeprefix("https://").replace("-", "") in text.replace("-", "")


def test_a_web_address_is_kept_as_it_is():
    assert check_url("http://127.0.0.1:8000/i/abc?x=1") == "http://127.0.0.1:8000/i/abc?x=1"


@pytest.mark.parametrize("theme", ["../wasl", "/etc", "", "wasl/../wasl", "nothing"])
def test_an_unknown_theme_is_refused_before_it_becomes_a_path(theme):
    with pytest.raises(UnknownTheme):
        render_pdf(samples.invoice(1), context=samples.context(theme=theme))


def test_the_themes_are_installed_and_the_first_one_keeps_its_name():
    assert themes() == ("classic", "modern", "plain", "receipt")
    assert find_theme("wasl") is find_theme("modern")
    assert cache_key(samples.invoice(1), samples.context(theme="wasl")) == cache_key(samples.invoice(1), samples.context(theme="modern"))


def test_a_pale_colour_is_darkened_and_nonsense_refused():
    assert readable("#0b4f4a") == "#0b4f4a"
    assert readable("#ffffff") < "#808080"
    with pytest.raises(ColourRefused):
        readable('red"); #read("/etc/passwd")')


def test_the_cache_key_changes_with_everything_that_changes_the_bytes(monkeypatch):
    invoice, context = samples.invoice(1), samples.context()
    changed = [
        replace(context, **{name: value})
        for name, value in {
            "issued_at": datetime(2026, 11, 24, tzinfo=UTC), "language": "en", "logo": None, "accent": "#112233", "pay_url": "https://a.example",
            "theme": "plain", "footer": "f", "terms": "t", "kind": "quote", "claim_code": "X", "verify_url": None, "tax_qr": b"y", "document_xml": b"<b/>", "xades": None, "profile_name": None,
        }.items()
    ]  # fmt: skip

    keys = [cache_key(invoice, context), cache_key(samples.invoice(2), context), *(cache_key(invoice, c) for c in changed)]
    monkeypatch.setattr(fonts, "fingerprint", lambda: "other fonts")
    keys.append(cache_key(invoice, context))

    assert len(set(keys)) == len(keys)


def test_the_cache_key_is_the_same_for_equal_input():
    assert cache_key(samples.invoice(1), samples.context()) == cache_key(samples.invoice(1), samples.context())


def test_arabic_text_is_searchable_through_the_attachment_and_numbers_on_the_page(rendered):
    text = flat(page_text(rendered("ar-10").data))

    assert "75,734.85" in text
    assert "310122393500003" in text


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_official_example_renders_within_the_standards(corpus, language):
    """Real documents of many countries, with everything they hold."""
    examples = sorted((corpus / "en16931" / "ubl" / "examples").glob("*.xml"))

    for example in examples:
        data = example.read_bytes()
        made = render_pdf(ubl.read(data).invoice, context=samples.context(language=language, document_xml=data))
        assert structure.check(made.data) == [], example.name
        assert made.substitutes == (), example.name
        assert {a.name: a.data for a in attachments(made.data)}["invoice.xml"] == data
    assert len(examples) == 16
