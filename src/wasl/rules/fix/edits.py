"""Edits as byte spans of the original document: what is outside them stays as it is, to the byte.

Every edit is placed in the original, never in what an earlier edit made of it, so that any subset can be applied, and line numbers stay those
of the file. Two edits of one span replace each other; insertions at one point keep the order of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from wasl.rules.fix.proposal import Edit
from wasl.rules.report.spans import Path, Source, Span, spans

_NAME = re.compile(rb"<([^\s/>]+)")
_CHILD = re.compile(rb"<(?![/?!])([^\s/>]+)")


class Overlap(Exception):
    """Two edits of one place that cannot both be made."""


class Splice(NamedTuple):
    """`data` takes the place of [start, end) of the original; `rank` orders insertions at one point."""

    start: int
    end: int
    rank: int
    data: bytes


def splices(source: Source, edits: Iterable[Edit]) -> list[Splice] | None:
    """The splices of edits; None where one of them cannot be placed safely (markup inside a value, an element we made ourselves)."""
    edits = list(edits)
    found = spans(source.data, {path for edit in edits for path in _needed(edit)})
    made: list[Splice] = []
    for edit in edits:
        one = _splice(source.data, edit, found)
        if one is None:
            return None
        made.append(one)
    return made


def applied(data: bytes, made: Iterable[Splice]) -> bytes:
    """The original with splices in place; of two for one span the later counts. Raises Overlap."""
    chosen: dict[tuple[int, int, int], Splice] = {(each.start, each.end, each.rank): each for each in made}
    pieces: list[bytes] = []
    at = 0
    for each in sorted(chosen.values(), key=lambda splice: (splice.start, splice.rank)):
        if each.start < at:
            raise Overlap
        pieces += (data[at : each.start], each.data)
        at = each.end
    return b"".join((*pieces, data[at:]))


def _needed(edit: Edit) -> list[Path]:
    """The element itself and, for a new child, the siblings that could follow it."""
    if not edit.child:
        return [edit.path]
    uris = {edit.uri, *(uri for uri, _, _ in edit.path)}
    return [edit.path, *((*edit.path, (uri, name, 1)) for name in edit.following for uri in uris)]


def _splice(data: bytes, edit: Edit, found: dict[Path, Span]) -> Splice | None:
    span = found.get(edit.path)
    if span is None:
        return None
    if edit.child:
        return _insertion(data, edit, span, found)
    if edit.attribute:
        return _attribute(data, edit, span)
    value = escape(edit.value).encode()
    if b"<" in data[span.inner : span.close]:
        return None  # a comment, CDATA or another element inside: not ours to drop
    if span.empty_tag:
        name = _NAME.match(data, span.start)
        assert name is not None, "a span begins with its tag"
        tag = data[span.start : span.inner].removesuffix(b"/>").rstrip()
        return Splice(span.start, span.end, 0, tag + b">" + value + b"</" + name[1] + b">")
    return Splice(span.inner, span.close, 0, value)


def _attribute(data: bytes, edit: Edit, span: Span) -> Splice:
    tag = data[span.start : span.inner]
    written = re.search(rb"\s" + re.escape(edit.attribute.encode()) + rb"""\s*=\s*("[^"]*"|'[^']*')""", tag)
    if written is not None:
        return Splice(span.start + written.start(1), span.start + written.end(1), 0, quoteattr(edit.value).encode())
    end = span.inner - (2 if tag.endswith(b"/>") else 1)
    while data[end - 1 : end].isspace():
        end -= 1
    return Splice(end, end, 0, f" {edit.attribute}={quoteattr(edit.value)}".encode())


def _insertion(data: bytes, edit: Edit, parent: Span, found: dict[Path, Span]) -> Splice | None:
    after = [found[path] for path in _needed(edit)[1:] if path in found]
    prefix = _prefix(data, edit, parent)
    if prefix is None or parent.empty_tag:
        return None
    name = prefix + edit.child
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in edit.attributes)
    element = f"<{name}{attributes}>{escape(edit.value)}</{name}>".encode()
    rank = -len(edit.following)
    if after:
        start = min(span.start for span in after)
        gap = _space_before(data, start)
        return Splice(start, start, rank, element + gap)
    end = parent.close - len(_space_before(data, parent.close))
    return Splice(end, end, rank, _first_gap(data, parent) + element)


def _space_before(data: bytes, at: int) -> bytes:
    start = at
    while start > 0 and data[start - 1 : start] in (b" ", b"\t", b"\r", b"\n"):
        start -= 1
    return data[start:at]


def _first_gap(data: bytes, parent: Span) -> bytes:
    """The white space before the parent's first child: how its children are indented."""
    child = _CHILD.search(data, parent.inner, parent.close)
    return _space_before(data, child.start()) if child else b""


def _prefix(data: bytes, edit: Edit, parent: Span) -> str | None:
    """The prefix that the document gives the new element's namespace there, "" for the default one, with its colon; None where it has none."""
    head = data[: parent.inner]
    declared = re.findall(rb"""\sxmlns(?::([^\s=]+))?\s*=\s*["']""" + re.escape(edit.uri.encode()) + rb"""["']""", head)
    if not declared:
        return None
    name = declared[-1].decode()
    return f"{name}:" if name else ""
