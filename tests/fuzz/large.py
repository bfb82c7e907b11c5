"""Inputs of any size that cost most for their bytes: each kind is a function of the size wanted."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
UBL_HEAD = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)
CII_HEAD = (
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">'
)
HEADS = {"ubl": (UBL_HEAD, "</Invoice>"), "cii": (CII_HEAD, "</rsm:CrossIndustryInvoice>")}
Kind = Callable[[int], bytes]


def filled(head: str, piece: str, tail: str, size: int) -> bytes:
    """`piece` as often as it takes; {n} in it is its number."""
    body: list[str] = []
    total = len(head) + len(tail)
    number = 0
    while total < size:
        number += 1
        text = piece.replace("{n}", str(number))
        body.append(text)
        total += len(text.encode())
    return (head + "".join(body) + tail).encode()


def repeated(head: str, piece: str, tail: str, size: int) -> bytes:
    encoded = piece.encode()
    return head.encode() + encoded * max(1, (size - len(head) - len(tail)) // len(encoded)) + tail.encode()


def lines(syntax: str) -> Kind:
    """A real invoice with as many lines as fit."""

    def make(size: int) -> bytes:
        from msgspec.structs import replace

        from wasl.formats import cii, ubl, wasljson
        from wasl.invoice.totals import totals

        write = {"ubl": ubl.write, "cii": cii.write, "json": wasljson.write}[syntax]
        invoice = wasljson.read((GOLDEN / "several-rates.json").read_bytes()).invoice
        one = len(write(replace(invoice, lines=invoice.lines * 20))) - len(write(replace(invoice, lines=invoice.lines * 10)))
        count = max(1, size * 10 // one)
        numbered = tuple(replace(line, identifier=str(at)) for at, line in enumerate(invoice.lines * count))
        return write(totals(replace(invoice, lines=numbered)))

    return make


def xml_kinds(syntax: str) -> dict[str, Kind]:
    head, tail = HEADS[syntax]
    ns = "cbc" if syntax == "ubl" else "ram"
    line = "<cac:InvoiceLine/>" if syntax == "ubl" else "<ram:IncludedSupplyChainTradeLineItem/>"
    into = "" if syntax == "ubl" else "<rsm:SupplyChainTradeTransaction>"
    out = "" if syntax == "ubl" else "</rsm:SupplyChainTradeTransaction>"
    return {
        "lines": lines(syntax),
        "empty lines": lambda size: repeated(head + into, line, out + tail, size),
        "depth": lambda size: head.encode() + b"<a>" * ((size - len(head)) // 7) + b"</a>" * ((size - len(head)) // 7) + tail.encode(),
        "attributes": lambda size: filled(head + "<a ", 'a{n}="" ', "/>" + tail, size),
        "attributes everywhere": lambda size: repeated(head, "<a " + " ".join(f'{chr(97 + at % 26)}{at}="1"' for at in range(60)) + "/>", tail, size),
        "one text": lambda size: repeated(head + f"<{ns}:ID>", "x", f"</{ns}:ID>" + tail, size),
        "one text of another script": lambda size: repeated(head + f"<{ns}:ID>", "😀", f"</{ns}:ID>" + tail, size),
        "empty elements": lambda size: repeated(head, "<a/>", tail, size),
        "short texts": lambda size: repeated(head, "<a>b</a>", tail, size),
        "mixed text": lambda size: repeated(head, "<a/>x", tail, size),
        "comments": lambda size: repeated(head, "<!---->", tail, size),
        "comments in a value": lambda size: repeated(head + f"<{ns}:ID>", "x<!---->", f"</{ns}:ID>" + tail, size),
        "instructions": lambda size: repeated(head, "<?a?>", tail, size),
        "references": lambda size: repeated(head + f"<{ns}:ID>", "&amp;", f"</{ns}:ID>" + tail, size),
        "namespaces": lambda size: filled(head, '<a xmlns:p{n}="u{n}"/>', tail, size),
        "notes": lambda size: repeated(head, "<cbc:Note>n</cbc:Note>" if syntax == "ubl" else "<rsm:ExchangedDocument/>", tail, size),
        "white space": lambda size: repeated(head, " \n", tail, size),
    }


def json_kinds() -> dict[str, Kind]:
    return {
        "lines": lines("json"),
        "zeros": lambda size: repeated('{"wasl":1,"lines":[0', ",0", "]}", size),
        "empty objects": lambda size: repeated('{"wasl":1,"lines":[{}', ",{}", "]}", size),
        "empty lists": lambda size: repeated('{"wasl":1,"lines":[[]', ",[]", "]}", size),
        "short texts": lambda size: repeated('{"wasl":1,"lines":["ab"', ',"ab"', "]}", size),
        "depth": lambda size: b"[" * (size // 2) + b"]" * (size // 2),
        "objects in depth": lambda size: b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6),
        "one number": lambda size: b'{"wasl":1,"number":' + b"9" * size + b"}",
        "one text": lambda size: repeated('{"wasl":1,"number":"', "x", '"}', size),
        "one text of another script": lambda size: repeated('{"wasl":1,"number":"', "😀", '"}', size),
        "escapes": lambda size: repeated('{"wasl":1,"number":"', "\\u0041", '"}', size),
        "keys": lambda size: filled('{"wasl":1', ',"k{n}":1', "}", size),
        "one key": lambda size: repeated('{"wasl":1', ',"k":1', "}", size),
        "white space": lambda size: b" " * (size - 1) + b"{",
        "an open text": lambda size: b'{"wasl":1,"number":"' + b"x" * size,
    }


CSV_HEAD = "Invoice No,Date,Customer,Item,Qty,Unit price,VAT %,Currency,Details\n"


def csv_kinds() -> dict[str, Kind]:
    def rows(size: int) -> bytes:
        pad = "x" * max(1, size // 49_000 - 70)
        return (CSV_HEAD + "".join(f"INV-{at // 10},2026-12-31,Noor {at // 10},Item {at},{at % 7 + 1},{at % 1000}.50,15,SAR,{pad}\n" for at in range(49_000))).encode()

    return {
        "lines": rows,
        "short rows": lambda size: b"a,b\n" * (size // 4),
        "empty rows": lambda size: CSV_HEAD.encode() + b"\n" * size,
        "one line": lambda size: CSV_HEAD.encode() + b"x" * size,
        "one line of columns": lambda size: CSV_HEAD.encode() + b"x," * (size // 2),
        "many columns": lambda size: (b"a," * 499 + b"a\n") * (size // 1000),
        "quotes": lambda size: CSV_HEAD.encode() + b'""' * (size // 2),
        "an open quote": lambda size: CSV_HEAD.encode() + b'"' + b"x\n" * (size // 2),
        "quotes and delimiters": lambda size: CSV_HEAD.encode() + b'",' * (size // 2),
        "utf-16": lambda size: rows(size // 2).decode().encode("utf-16"),
        "another script": lambda size: repeated(CSV_HEAD, "INV-1,2026-12-31,😀,😀😀😀😀😀😀😀😀😀😀😀😀,1,1,15,SAR,😀\n", "", size),
        "wrong cells": lambda size: repeated(CSV_HEAD, "INV-1,2026-12-31,Noor,Item,1x,1,15,SAR," + "x" * 300 + "\n", "", size),
        "large cells": lambda size: repeated(CSV_HEAD, "INV-1,2026-12-31,Noor," + "y" * 32_000 + ",1,1,15,SAR,\n", "", size),
        "eight bits": lambda size: repeated("رقم الفاتورة,الصنف\n", "ف-1,استشارة وتدريب\n", "", size * 2).decode().encode("cp1256")[:size],
        "nothing known": lambda size: repeated("", "aaaa;bbbb,cccc\tdddd|eeee\n", "", size),
        "digits": lambda size: repeated(CSV_HEAD, "INV-1,2026-12-31,Noor,Item," + "1" * 20_000 + ",1,15,SAR,\n", "", size),
    }


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheet: bytes, strings: bytes | None = None, *, stored: bool = True) -> bytes:
    relation = '<Relationship Id="{}" Type="x/{}" Target="{}"/>'
    relations = relation.format("r1", "worksheet", "s.xml") + (relation.format("r2", "sharedStrings", "t.xml") if strings is not None else "")
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="u"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="u">{relations}</Relationships>'.encode(),
        "xl/s.xml": sheet,
        **({"xl/t.xml": strings} if strings is not None else {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def sheet_of(rows: bytes) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"


def strings_of(items: bytes) -> bytes:
    return f'<sst xmlns="{MAIN}">'.encode() + items + b"</sst>"


def xlsx_kinds() -> dict[str, Kind]:
    def cells(text: str) -> bytes:
        return "".join(f'<c t="inlineStr"><is><t>{each}</t></is></c>' for each in text.strip().split(",")).encode()

    head = b"<row>" + cells(CSV_HEAD) + b"</row>"

    def real(size: int) -> bytes:
        pad = random.Random(1)
        rows = b"".join(
            b"<row>" + cells(f"INV-{at // 10},2026-12-31,Noor {at // 10},Item {at},{at % 7 + 1},{at % 1000}.50,15,SAR,{pad.randbytes(size // 80_000).hex()}") + b"</row>"
            for at in range(40_000)
        )
        return workbook(sheet_of(head + rows), stored=False)

    return {
        "lines": real,
        "cells": lambda size: workbook(sheet_of(b"<row>" + b"<c><v>1</v></c>" * (size // 15) + b"</row>")),
        "rows of cells": lambda size: workbook(sheet_of((b"<row>" + b"<c><v>1</v></c>" * 400 + b"</row>") * (size // 6011))),
        "empty rows": lambda size: workbook(sheet_of(b"<row/>" * (size // 6))),
        "empty cells": lambda size: workbook(sheet_of((b"<row>" + b"<c/>" * 400 + b"</row>") * (size // 1611))),
        "unknown tags": lambda size: workbook(sheet_of(b"<x/>" * (size // 4))),
        "short strings": lambda size: workbook(sheet_of(head), strings_of(b"<si><t>ab</t></si>" * (size // 18))),
        "empty strings": lambda size: workbook(sheet_of(head), strings_of(b"<si/>" * (size // 5))),
        "long strings": lambda size: workbook(sheet_of(head), strings_of(b"<si><t>" + b"x" * (size - 20) + b"</t></si>")),
        "depth": lambda size: workbook(sheet_of(b"<a>" * (size // 7) + b"</a>" * (size // 7))),
        "attributes": lambda size: workbook(sheet_of(b"<c " + b" ".join(b'a%d=""' % at for at in range(size // 12)) + b"/>")),
        "bomb": lambda size: workbook(sheet_of(b"<row/>" * (size * 3)), stored=False),
        "bomb of strings": lambda size: workbook(sheet_of(head), strings_of(b"<si><t>" + b"x" * 300_000_000 + b"</t></si>"), stored=False),
        "many parts": lambda size: _many_parts(size),
        "no directory": lambda size: b"PK\x03\x04" + b"\0" * size,
    }


def _many_parts(size: int) -> bytes:
    out = io.BytesIO(workbook(sheet_of(b"")))
    with zipfile.ZipFile(out, "a") as package:
        for at in range(min(60_000, size // 120)):
            package.writestr(f"p{at}", b"")
    return out.getvalue()


def pdf_kinds() -> dict[str, Kind]:
    xml = (GOLDEN / "several-rates.xml").read_bytes()

    def carrier(extra: Callable[[object, int], None], size: int, attached: bytes = xml) -> bytes:
        import pikepdf

        document = pikepdf.new()
        document.add_blank_page()
        document.attachments["invoice.xml"] = pikepdf.AttachedFileSpec(document, attached, filename="invoice.xml", mime_type="text/xml")
        extra(document, size)
        out = io.BytesIO()
        document.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return out.getvalue()

    def pages(document: object, size: int) -> None:
        import pikepdf

        text = pikepdf.Stream(document, b"0" * max(1, size // 10_000 - 250))
        for _ in range(10_000):
            page = document.add_blank_page()
            page.Contents = document.make_indirect(pikepdf.Stream(document, text.read_bytes()))

    def objects(document: object, size: int) -> None:
        import pikepdf

        document.Root.Junk = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(A=at)) for at in range(size // 60)])

    def padded(document: object, size: int) -> None:
        import pikepdf

        document.Root.Junk = document.make_indirect(pikepdf.Stream(document, random.Random(1).randbytes(size)))

    def raw(body: bytes) -> bytes:
        return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/X " + body + b">>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF"

    return {
        "10,000 pages": lambda size: carrier(pages, size),
        "small objects": lambda size: carrier(objects, size),
        "one large stream": lambda size: carrier(padded, size),
        "a large attachment": lambda size: carrier(lambda *_: None, size, lines("ubl")(size)),
        "arrays in depth": lambda size: raw(b"[" * (size // 2) + b"]" * (size // 2)),
        "one array": lambda size: raw(b"[" + b"1 " * (size // 2) + b"]"),
        "names": lambda size: raw(b"[" + b"/a" * (size // 2) + b"]"),
        "no objects": lambda size: b"%PDF-1.7\n" + b"x" * size,
        "obj marks": lambda size: b"%PDF-1.7\n" + b"1 0 obj\n" * (size // 8),
        "end marks": lambda size: b"%PDF-1.7\n" + b"endobj\nstartxref\n1\n%%EOF\n" * (size // 25),
        "a bomb of objects": lambda size: raw(b"[]") + _object_stream(size),
    }


def _object_stream(size: int) -> bytes:
    packed = zlib.compress(b"1 0 " * (size // 4) + b"[" * size)
    return b"\n9 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (size // 4, size, len(packed)) + packed + b"\nendstream\nendobj\n"


KINDS: dict[str, dict[str, Kind]] = {
    "ubl": xml_kinds("ubl"),
    "cii": xml_kinds("cii"),
    "rules-ubl": xml_kinds("ubl"),
    "rules-cii": xml_kinds("cii"),
    "wasl-json": json_kinds(),
    "csv": csv_kinds(),
    "xlsx": xlsx_kinds(),
    "pdf": pdf_kinds(),
}
