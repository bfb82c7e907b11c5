"""500 broken CII files and 500 broken hybrid PDFs: an invoice or one clear refusal, never anything else, and in no time."""

from __future__ import annotations

import contextlib
import io
import random
from pathlib import Path
from time import process_time

import pikepdf
import pytest

from wasl.errors import UnreadableInput
from wasl.formats import cii, pdf_checks, ubl, wasljson
from wasl.formats.pdf import PdfRefused
from wasl.formats.read import read

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
INVOICE = wasljson.read((GOLDEN / "every-term.json").read_bytes()).invoice
EACH = 500
SECONDS_MAX = 3.0  # of one file; they have kilobytes


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def flip(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8, 40))):
        out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def move(data: bytes, dice: random.Random) -> bytes:
    """A piece taken out, doubled, or put elsewhere."""
    start = dice.randrange(len(data))
    piece = data[start : start + dice.randrange(1, 400)]
    rest = data[:start] + data[start + len(piece) :]
    at = dice.randrange(len(rest) + 1)
    return dice.choice((rest, rest[:at] + piece + rest[at:], data[:at] + piece + data[at:]))


def lines(data: bytes, dice: random.Random) -> bytes:
    """An element (our XML has one a line) or an end tag taken out, doubled, or put elsewhere."""
    rows = data.splitlines(keepends=True)
    row = rows.pop(dice.randrange(1, len(rows)))
    for _ in range(dice.randrange(3)):
        rows.insert(dice.randrange(1, len(rows)), row)
    return b"".join(rows)


def words(data: bytes, dice: random.Random) -> bytes:
    """A value or a name replaced by one that breaks readers."""
    old, new = dice.choice(WORDS)
    parts = data.split(old)
    at = dice.randrange(len(parts))
    return old.join(parts[:at]) + new + old.join(parts[at:]) if at else data.replace(old, new)


WORDS = [
    (b"<ram:", b"<rsm:"), (b"</ram:", b"</x:"), (b">", b">\x00"), (b"102", b"203"), (b"EUR", b"\xff\xfe"), (b"0", b"1e999"), (b"1", "٣".encode()),
    (b".", b","), (b'"', b"'"), (b"ram:ID", b"ram:TypeCode"), (b"udt:", b"qdt:"), (b"true", b"maybe"), (b"<", b"<!DOCTYPE x [<!ENTITY a 'b'>]><"),
    (b"2", b"<!-- -->"), (b"</ram:ApplicableHeaderTradeSettlement>", b""), (b"obj", b"objj"), (b"stream", b"streem"), (b"/Type", b"/Typo"),
    (b"EmbeddedFiles", b"EmbeddedFilez"), (b"/EF", b"/AF"), (b"xref", b"xrev"), (b"/Length", b"/Length -"), (b"FlateDecode", b"LZWDecode"),
]  # fmt: skip
MUTATIONS = (cut, flip, move, lines, words)


def hybrid() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for name, data in (("invoice.xml", ubl.write(INVOICE)), ("factur-x.xml", cii.write(INVOICE))):
        spec = pikepdf.AttachedFileSpec(document, data, filename=name, mime_type="text/xml", relationship=pikepdf.Name.Data)
        document.attachments[name] = spec
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda each: each.__name__)
def test_a_broken_cii_file_is_read_or_refused(mutate):
    dice = random.Random(f"cii {mutate.__name__}")  # the same files every time
    whole = cii.write(INVOICE)
    read_all = 0
    for _ in range(EACH // len(MUTATIONS)):
        data = mutate(whole, dice)
        began = process_time()
        try:
            result = read(data)
        except UnreadableInput as refusal:
            assert refusal.message("en")
            assert refusal.message("ar")
        else:
            read_all += 1
            again = cii.read(cii.write(result.invoice))
            assert again.invoice == cii.canonical(again.invoice)
            assert all(loss.xpath and loss.en for loss in result.losses)
        assert process_time() - began < SECONDS_MAX
    assert read_all or mutate in (cut, move)  # the others often leave well-formed XML, which is then read with its losses


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda each: each.__name__)
def test_a_broken_hybrid_pdf_is_read_or_refused(mutate):
    dice = random.Random(f"pdf {mutate.__name__}")  # the same files every time
    whole = hybrid()
    for _ in range(EACH // len(MUTATIONS)):
        data = mutate(whole, dice)
        began = process_time()
        try:
            assert read(data).invoice
        except UnreadableInput as refusal:
            assert refusal.message("ar")
        with contextlib.suppress(PdfRefused):
            assert pdf_checks.check(data, INVOICE) is not None
        assert process_time() - began < SECONDS_MAX
