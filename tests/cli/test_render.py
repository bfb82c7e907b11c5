"""`wasl render`: a file in, a PDF with that file inside out; every refusal one line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from wasl.cli.main import main
from wasl.formats import ubl, wasljson
from wasl.formats.pdf import attachments
from wasl.invoice.model import Invoice, Item, Line, Party, Price
from wasl.invoice.totals import totals


def wasl(arguments: list[str]) -> int:
    """The command's exit code."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


@pytest.fixture
def invoice() -> Invoice:
    price = Price(net=Decimal("50"))
    line = Line(identifier="1", quantity=Decimal(2), unit="HUR", price=price, tax_category="S", tax_rate=Decimal(15), item=Item(name="x"))
    base = Invoice(number="R-1", issue_date=date(2026, 11, 23), type_code="380", currency="SAR", seller=Party(name="شركة"), lines=(line,))
    return totals(base)


def test_the_xml_goes_in_byte_for_byte_with_its_seal(tmp_path: Path, invoice: Invoice):
    source, out = tmp_path / "فاتورة 1.xml", tmp_path / "out.pdf"
    source.write_bytes(ubl.write(invoice))
    (tmp_path / "فاتورة 1.xml.xades").write_bytes(b"<seal/>")

    assert wasl(["render", str(source), "-o", str(out), "--lang", "en"]) == 0

    assert {a.name: a.data for a in attachments(out.read_bytes())} == {"invoice.xml": source.read_bytes(), "invoice.xml.xades": b"<seal/>"}


def test_a_pdf_rendered_again_keeps_its_originals(tmp_path: Path, invoice: Invoice):
    source, first, second = tmp_path / "a.xml", tmp_path / "1.pdf", tmp_path / "2.pdf"
    source.write_bytes(ubl.write(invoice))
    (tmp_path / "a.xml.xades").write_bytes(b"<seal/>")
    wasl(["render", str(source), "-o", str(first)])

    assert wasl(["render", str(first), "-o", str(second), "--lang", "en"]) == 0

    assert attachments(first.read_bytes()) == attachments(second.read_bytes())


def test_the_same_input_gives_the_same_file(tmp_path: Path, invoice: Invoice):
    source = tmp_path / "a.json"
    source.write_bytes(wasljson.write(invoice))

    for name in ("1.pdf", "2.pdf"):
        assert wasl(["render", str(source), "-o", str(tmp_path / name)]) == 0

    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()


def test_a_character_without_a_font_is_a_warning(tmp_path: Path, invoice: Invoice, capsys):
    source = tmp_path / "a.json"
    source.write_bytes(wasljson.write(invoice).replace("شركة".encode(), "\U0001d518".encode()))

    assert wasl(["render", str(source), "-o", str(tmp_path / "a.pdf")]) == 0

    assert "U+1D518" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        (b"", [], 2),
        (b"\x00\x01binary", [], 2),
        (b"<!DOCTYPE a><Invoice/>", [], 2),
        (b"<other/>", [], 2),
        (b'{"wasl": 1, "number": "\\u0007"}', [], 2),
        (b'{"wasl": 1}', ["--pay-url", "javascript:alert(1)"], 1),
        (b'{"wasl": 1}', ["--accent", "red"], 2),
    ],
)
def test_a_refusal_is_one_line_and_writes_nothing(tmp_path: Path, capsys, content: bytes, more: list[str], code: int):
    source, out = tmp_path / "in", tmp_path / "out.pdf"
    source.write_bytes(content)

    assert wasl(["render", str(source), "-o", str(out), *more]) == code

    assert not out.exists()
    error = capsys.readouterr().err
    assert "Traceback" not in error
    assert len(error.strip().splitlines()) == 1


def test_the_ending_of_the_output_says_what_is_made(tmp_path: Path, invoice: Invoice):
    source, out = tmp_path / "a.xml", tmp_path / "a.html"
    source.write_bytes(ubl.write(invoice))

    assert wasl(["render", str(source), "-o", str(out), "--lang", "en", "--footer", "Ours & theirs"]) == 0

    page = out.read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert 'lang="en"' in page
    assert "Ours &amp; theirs" in page


@pytest.mark.parametrize("arguments", [[], ["{in}"], ["{in}", "-o", "{out}.docx"], ["-o", "{out}.pdf"]])
def test_an_output_of_another_kind_or_none_is_refused(tmp_path: Path, capsys, invoice: Invoice, arguments: list[str]):
    source = tmp_path / "a.json"
    source.write_bytes(wasljson.write(invoice))

    given = [each.replace("{in}", str(source)).replace("{out}", str(tmp_path / "out")) for each in arguments]

    assert wasl(["render", *given]) == 2
    assert "OUT.html" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [source]


def test_themes_are_listed_in_both_languages(capsys):
    assert wasl(["render", "--list-themes"]) == 0

    listed = capsys.readouterr().out
    assert [name for name in ("classic", "modern", "plain", "receipt", "80mm", "كلاسيكي") if name not in listed] == []


def test_a_folder_is_a_theme_by_its_path_and_listed(tmp_path: Path, invoice: Invoice, capsys):
    from wasl.render import find_theme

    place = tmp_path / "themes" / "ours"
    place.mkdir(parents=True)
    for name, content in find_theme("plain").files:
        (place / name).write_bytes(content)
    source, out = tmp_path / "a.json", tmp_path / "out.pdf"
    source.write_bytes(wasljson.write(invoice))

    assert wasl(["render", str(source), "-o", str(out), "--theme", str(place)]) == 0
    assert wasl(["render", "--list-themes", "--theme", str(place.parent)]) == 0

    assert out.read_bytes().startswith(b"%PDF")
    assert "ours" in capsys.readouterr().out


@pytest.mark.parametrize(("theme", "code"), [("nothing", 2), ("./nowhere", 1), ("..", 1), ("../x", 1), ("/etc", 1)])
def test_a_theme_that_is_none_is_one_line(tmp_path: Path, capsys, invoice: Invoice, theme: str, code: int):
    source, out = tmp_path / "a.json", tmp_path / "out.pdf"
    source.write_bytes(wasljson.write(invoice))

    assert wasl(["render", str(source), "-o", str(out), "--theme", theme]) == code

    assert not out.exists()
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_t39_t52_a_theme_of_ones_own_cannot_read_the_machine(tmp_path: Path, capsys, invoice: Invoice):
    place = tmp_path / "evil"
    place.mkdir()
    (place / "theme.toml").write_text('[name]\nar = "س"\nen = "x"\n[about]\nar = "س"\nen = "x"\n', "utf-8")
    (place / "main.typ").write_text('#import "@preview/cetz:0.2.0": canvas')
    source, out = tmp_path / "a.json", tmp_path / "out.pdf"
    source.write_bytes(wasljson.write(invoice))

    assert wasl(["render", str(source), "-o", str(out), "--theme", str(place)]) == 1
    (place / "main.typ").write_text('#set document(title: "t", date: none)\n#read("/etc/passwd")')
    assert wasl(["render", str(source), "-o", str(out), "--theme", str(place)]) == 1

    printed = capsys.readouterr()
    assert not out.exists()
    assert "root:" not in printed.out + printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_a_foreign_invoice_is_shown_as_it_is(tmp_path: Path, ending: str):
    """Negative, three decimals in a currency of two, codes nobody knows, parts that are missing, another script."""
    from wasl.formats import cii

    price = Price(net=Decimal("-1.005"))
    line = Line(identifier="A-1", quantity=Decimal("-3"), unit="QQQ", net_amount=Decimal("3.015"), price=price, tax_category="XX", item=Item(name="商品 ઉત્પાદન"))
    foreign = Invoice(number="Ü/1", type_code="999", currency="EUR", seller=Party(name="Ελλάς Α.Ε."), lines=(line,))
    source, out = tmp_path / "a.xml", tmp_path / f"a.{ending}"
    source.write_bytes(cii.write(foreign))

    assert wasl(["render", str(source), "-o", str(out), "--lang", "en"]) == 0

    if ending == "html":
        page = out.read_text("utf-8")
        assert [each for each in ("Ü/1", "999", "-1.005", "3.015", "QQQ", "XX", "商品", "Ελλάς") if each not in page] == []


def test_a_file_without_totals_from_elsewhere_gets_none_of_ours(tmp_path: Path):
    line = Line(identifier="1", quantity=Decimal(1), net_amount=Decimal("9.99"), price=Price(net=Decimal("9.99")), item=Item(name="x"))
    source, out = tmp_path / "a.xml", tmp_path / "a.html"
    source.write_bytes(ubl.write(Invoice(number="1", currency="EUR", lines=(line,))))

    assert wasl(["render", str(source), "-o", str(out)]) == 0

    assert out.read_text("utf-8").count("9.99") == 2


def test_what_it_is_may_be_said(tmp_path: Path, invoice: Invoice):
    source, out = tmp_path / "a.json", tmp_path / "a.html"
    source.write_bytes(wasljson.write(invoice))

    assert wasl(["render", str(source), "-o", str(out), "--as", "quote"]) == 0

    assert "عرض سعر" in out.read_text("utf-8")
