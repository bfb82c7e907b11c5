"""Seeded damage: the same seed gives the same file in every run, so a failure is repeated by its number."""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
import zlib
from typing import Any

_WORDS = {
    "xml": [
        b"<", b">", b"/>", b"</", b"&amp;", b"&#0;", b"&#xD800;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>", b"<!DOCTYPE a>", b' xmlns=""', b'="', b"\x00", b"\xff\xfe",
        b"<cbc:ID>", b"</cbc:ID>", b"currencyID", b"-0", b"1e9", b"NaN", b"INF", "٣".encode(), b"9" * 40, b"2026-02-30", b"\xc0\x80", b"\xed\xa0\x80", b"true", b" ",
    ],
    "json": [b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"NaN", b"Infinity", b"1e999", b"-0", b"\\u0000", b"\\ud800", b"9" * 60, b'"wasl":1,', b"\x00", b"\xff", b"true", b'""'],
    "csv": [b",", b";", b"\t", b'"', b"\n", b"\r", b"\r\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", "٬".encode(), "٫".encode(), "هـ".encode(), b"=1+1", b"%", b"-", b"1.234", b"31/12/2026", b"sep=;\n", b"\xd0\xe1"],
    "zip": [b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x00\x00", b"\xff\xff\xff\xff", b"\x08\x00", b"../", b"xl/workbook.xml"],
    "pdf": [b"obj", b"endobj", b"stream\n", b"endstream", b"<<", b">>", b"[", b"]", b"/EmbeddedFiles", b"/Names", b"/Kids", b"/AF", b"/EF", b"/UF", b"1 0 R", b"9 0 R", b"/FlateDecode", b"startxref", b"/Encrypt", b"(", b")", b"%%EOF"],
    "toml": [b"[", b"]", b"=", b'"', b"'''", b"\n", b"[columns]", b"[[a]]", b"1979-05-27", b"nan", b"\\u0000", b"BT-1", b"BT-160/2", b"{", b"#", b"\x00", b"\xff"],
    "sheet": [
        b"<xsl:import href='x'/>", b"document('x')", b"unparsed-text('x')", b"<xsl:template match='/'>", b"<", b">", b"&lt;", b"'", b"(", b")", b"[", b"]", b"//", b"::", b"$x", b"test=", b"context=", b"every $a in b satisfies",
        b"if (a) then b else c", b"matches(a, '((a+)+)+$')", b"<let name='x' value='x'/>", b"<extends rule='r'/>", b"abstract='true'", b"|", b"..", b"*", b"@", b"-", b"9" * 30, b"<!DOCTYPE a>",
    ],
}  # fmt: skip


def mutated(data: bytes, rng: random.Random, kind: str) -> bytes:
    """One to four wounds, sometimes cut off."""
    if kind == "xlsx":
        return _zipped(data, rng) if rng.random() < 0.7 else _wounded(data, rng, _WORDS["zip"])
    if kind in ("xml", "sheet") and rng.random() < 0.6:
        return _twisted(data, rng)
    if kind == "json" and rng.random() < 0.6:
        return _rearranged(data, rng)
    if kind == "pdf" and rng.random() < 0.4:
        return _streamed(data, rng)
    return _wounded(data, rng, _WORDS[kind])


def _twisted(data: bytes, rng: random.Random) -> bytes:
    """Still well-formed XML: elements gone, doubled, moved, renamed, emptied, with another text, or with an attribute too many."""
    from lxml import etree

    root = etree.fromstring(data)
    for _ in range(rng.choice([1, 1, 2, 4])):
        elements = [each for each in root.iter(etree.Element) if each is not root]
        if not elements:
            break
        element, other = rng.choice(elements), rng.choice(elements)
        parent = element.getparent()
        act = rng.randrange(8)
        if act == 0:
            parent.remove(element)
        elif act == 1:
            parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(element))
        elif act == 2 and element not in other.iterancestors() and other is not element:
            other.append(element)
        elif act == 3:
            element.tag = other.tag
        elif act == 4:
            element.text = rng.choice(_TEXTS)
        elif act == 5:
            element.set(rng.choice(["currencyID", "schemeID", "unitCode", "x", "{urn:z}y"]), rng.choice(_TEXTS))
        elif act == 6:
            element.append(rng.choice([etree.Comment("c"), etree.ProcessingInstruction("p", "x"), etree.Element("{urn:z}new")]))
        else:
            element.attrib.clear()
    return etree.tostring(root, encoding=rng.choice(["utf-8", "utf-8", "utf-16", "iso-8859-1"]))


_TEXTS = ["", " ", "0", "-0", "1e9", "NaN", "INF", "-1", "9" * 30, "0." + "1" * 40, "٣", "2026-02-30", "2026-12-31Z", "true", "TRUE", "x", "a b", "SAR", "S", "\u200f", "AA==", "é", "1\n2"]


def _rearranged(data: bytes, rng: random.Random) -> bytes:
    """Still JSON: a value replaced, moved, doubled or taken away."""
    found = json.loads(data)
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            places.append((node, key))
            walk(node[key])

    walk(found)
    for _ in range(rng.choice([1, 1, 2, 4])):
        node, key = rng.choice(places)
        other, at = rng.choice(places)
        try:
            node[key] = rng.choice([None, True, 0, -1.5, 10**30, [], {}, [{}], *_TEXTS, copy.deepcopy(other[at])])
        except (KeyError, IndexError):
            continue
    return json.dumps(found, ensure_ascii=rng.random() < 0.5).encode()


def _wounded(data: bytes, rng: random.Random, words: list[bytes]) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        at = rng.randrange(len(out) + 1)
        length = min(int(rng.paretovariate(0.7)), 200)
        act = rng.randrange(17) % 9  # the last one, which leaves least, half as often
        if act == 0:
            out[at : at + length] = b""
        elif act == 1:
            out[at:at] = rng.randbytes(min(length, 20))
        elif act == 2:
            out[at:at] = rng.choice(words)
        elif act == 3:
            word = rng.choice(words)
            out[at : at + len(word)] = word
        elif act == 4 and out:
            out[at % len(out)] = rng.randrange(256)
        elif act == 5:
            other = rng.randrange(len(out) + 1)
            out[at:at] = out[other : other + length]
        elif act == 6:
            other = rng.randrange(len(out) + 1)
            piece = out[other : other + length]
            out[at : at + length] = piece
        elif act == 7:
            _figure(out, rng)
        else:
            out[at:] = b"" if rng.random() < 0.5 else out[at:][::-1]
    return bytes(out)


_FIGURES = re.compile(rb"[0-9]+")


def _figure(out: bytearray, rng: random.Random) -> None:
    """A number that stands somewhere becomes an unlikely one."""
    found = list(_FIGURES.finditer(bytes(out[:100_000])))
    if found:
        match = rng.choice(found)
        out[match.start() : match.end()] = rng.choice([b"0", b"-1", b"4294967296", b"9" * 30, b"1e9", b"0.0000001", b"", b"00", b"2147483648", b"65536"])


def _zipped(data: bytes, rng: random.Random) -> bytes:
    """A part of the package wounded, the package itself whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen = rng.choice(names)
        for name in names:
            part = source.read(name)
            target.writestr(name, _wounded(part, rng, _WORDS["xml"]) if name == chosen else part)
    return out.getvalue()


_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def _streamed(data: bytes, rng: random.Random) -> bytes:
    """The content of a stream wounded and packed again, so that damage reaches behind the compression."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return _wounded(data, rng, _WORDS["pdf"])
    match = rng.choice(streams)
    try:
        content = zlib.compress(_wounded(zlib.decompress(match[1]), rng, _WORDS["pdf"] + _WORDS["xml"]))
    except zlib.error:
        content = _wounded(match[1], rng, _WORDS["pdf"])
    return data[: match.start(1)] + content + data[match.end(1) :]
