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
        (b'{"wasl": 1}', ["--accent", "red"], 1),
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
