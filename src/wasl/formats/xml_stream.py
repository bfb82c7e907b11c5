"""XML that is too long for a tree, read in pieces by the same hardened rules as `formats.xml`: memory does not grow with the file.

The prolog goes through `xml.guard` (no DOCTYPE, known encoding); everything after it cannot declare anything any more. What
stands between two elements that are asked for is bounded in bytes and in nodes, so nothing can be piled up unasked.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

from lxml import etree

from wasl.errors import Words
from wasl.formats import xml
from wasl.formats.xml import NODE_BYTES_MIN, NODES_FREE, Element, EmptyFile, EncodingRefused, Malformed, TooDense, TooLarge

HEAD_BYTES = 64 * 1024  # a prolog longer than this is no bank's
STEP_BYTES = 64 * 1024
PIECE_BYTES_MAX = 24_000_000  # between two elements asked for: one batch of 20,000 payments
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def elements(chunks: Iterable[bytes], *, starts: frozenset[str], ends: frozenset[str], bytes_max: int) -> Iterator[tuple[str, str, Element]]:
    """("start" | "end", local name, element) for the local names asked for, in document order.

    After an "end" is handled the element is emptied and everything before it beside it is dropped. Raises `XmlRefused` only.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in sorted(starts | ends)],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        recover=False,
        huge_tree=False,
        collect_ids=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )
    fed = piece = nodes = 0
    try:
        for chunk in _utf8(chunks):
            fed, piece = fed + len(chunk), piece + len(chunk)
            nodes += 2 * chunk.count(b"<") + 3 * chunk.count(b"=")
            if fed > bytes_max:
                raise TooLarge(size=fed, limit=bytes_max)
            limit = NODES_FREE + piece // (NODE_BYTES_MIN // 2)  # both tags of an element were counted
            if piece > PIECE_BYTES_MAX or nodes > limit:
                raise TooDense(size=fed, limit=limit)
            parser.feed(chunk)
            for found in _events(parser, starts, ends):
                yield found
                piece = nodes = 0
        parser.close()
        yield from _events(parser, starts, ends)
    except etree.XMLSyntaxError as error:
        raise xml.refusal(error) from None


def _events(parser: etree.XMLPullParser, starts: frozenset[str], ends: frozenset[str]) -> Iterator[tuple[str, str, Element]]:
    for event, node in parser.read_events():
        if not isinstance(node, etree._Element):  # pyright: ignore[reportPrivateUsage]
            continue
        name = node.tag.rpartition("}")[2]
        if event == "start":
            if name in starts:
                yield "start", name, node
        elif name in ends:
            yield "end", name, node
            _drop(node)


def _drop(node: Element) -> None:
    """Free what was handled: the element's content, and its elder siblings."""
    node.clear()
    parent = node.getparent()
    if parent is not None:
        while parent[0] is not node:
            parent.remove(parent[0])


def _utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The file as UTF-8 in steps, its prolog checked first."""
    pieces = iter(chunks)
    head = b""
    for chunk in pieces:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    if not head.strip(b" \t\r\n\x00"):
        raise EmptyFile
    encoding = _encoding(head)
    if encoding is None:
        yield from _steps(_guarded(head.removeprefix(codecs.BOM_UTF8)), pieces)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        first = decoder.decode(head).removeprefix("\ufeff").encode()
        yield from _steps(_guarded(_without_declaration(first)), (decoder.decode(chunk).encode() for chunk in pieces))
        decoder.decode(b"", True)
    except UnicodeError:
        raise EncodingRefused(encoding=encoding) from None


def _encoding(head: bytes) -> str | None:
    """None for UTF-8; else the codec. Refuses what hides ASCII."""
    for bom, name in _UTF16:
        if head.startswith(bom) and not head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return name
    if head[:2] in (b"<\x00", b"\x00<") and head[:4] not in (b"<\x00\x00\x00", b"\x00\x00\x00<"):
        return "utf-16-le" if head[:1] == b"<" else "utf-16-be"
    declared = xml.declared_encoding(head.removeprefix(codecs.BOM_UTF8))
    if declared in (None, "utf-8", "utf8"):
        return None
    if declared not in xml.ASCII_SAFE:
        raise EncodingRefused(encoding=declared)
    return declared


def _without_declaration(head: bytes) -> bytes:
    """It names an encoding that is no longer the truth."""
    end = head.find(b"?>")
    return head[end + 2 :].lstrip() if head.startswith(b"<?xml ") and end > 0 else head


def _guarded(head: bytes) -> bytes:
    """`head` itself, if a root element begins in it and nothing forbidden stands before."""
    safe = xml.guard(head, attributes=False)
    if b">" not in safe:
        raise Malformed(line=1, column=1, reason=Words("no element begins in it", "لا عنصر في الملف"))
    return safe


def _steps(head: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    for block in chain((head,), rest):
        yield from (block[at : at + STEP_BYTES] for at in range(0, len(block), STEP_BYTES))
