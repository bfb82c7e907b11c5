"""Clauses on the logical structure: what a screen reader needs (PDF/A level A and PDF/UA)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from .clause import Document, clause

UA_ID = "http://www.aiim.org/pdfua/ns/id/"
DC = "http://purl.org/dc/elements/1.1/"
_STANDARD = frozenset(
    "/" + name
    for name in re.findall(
        r"\w+",
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH "
        "TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form",
    )
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PAINTING = frozenset(["f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Tj", "TJ", "'", '"', "Do", "sh"])


@clause("A3-6.7.2.2", "The catalog says that the document is tagged (MarkInfo, Marked).")
def marked(d: Document) -> Iterator[str]:
    info = d.pdf.Root.get("/MarkInfo")
    if not isinstance(info, pikepdf.Dictionary) or not info.get("/Marked", False):
        yield "Marked is not true"


@clause("A3-6.7.3.3", "The catalog has a structure tree with elements in it.")
def structure_tree(d: Document) -> Iterator[str]:
    if not d.elements:
        yield "there is no StructTreeRoot, or it is empty"


@clause("A3-6.7.3.4", "Every structure type is standard or mapped to a standard one.")
def standard_types(d: Document) -> Iterator[str]:
    roles: Any = d.pdf.Root.get("/StructTreeRoot", {}).get("/RoleMap", {})
    for name in {str(e.S) for e in d.elements}:
        seen: set[str] = set()
        target = name
        while target not in _STANDARD and target in roles and target not in seen:
            seen.add(target)
            target = str(roles[target])
        if target not in _STANDARD:
            yield f"the type {name}"


@clause("A3-6.7.4", "Languages are written as language tags (RFC 3066).")
def language_tags(d: Document) -> Iterator[str]:
    tags = [o["/Lang"] for o in [d.pdf.Root, *d.elements] if "/Lang" in o]
    yield from (f"the language {tag}" for tag in {str(t) for t in tags} if not _LANGUAGE.fullmatch(tag))


@clause("UA-5", "The metadata say PDF/UA part 1.")
def ua_identification(d: Document) -> Iterator[str]:
    part = d.xmp_value(UA_ID, "part")
    if part != "1":
        yield f"they say part {part}"


@clause("UA-7.1-content", "All drawn content is either tagged or an artifact.")
def all_content_is_marked(d: Document) -> Iterator[str]:
    for owner, operators in d.contents:
        if owner.get("/Subtype") == "/Form":  # marked where it is drawn
            continue
        depth = 0
        for op in operators:
            name = str(op.operator)
            depth += (name in ("BDC", "BMC")) - (name == "EMC")
            if name in _PAINTING and depth == 0:
                yield f"{name} stands outside marked content"
                break


@clause("UA-7.1-suspects", "The tags are not marked as suspect.")
def no_suspects(d: Document) -> Iterator[str]:
    if d.pdf.Root.get("/MarkInfo", {}).get("/Suspects", False):
        yield "Suspects is true"


@clause("UA-7.1-title", "The metadata hold the document's title.")
def titled(d: Document) -> Iterator[str]:
    if not d.xmp_value(DC, "title"):
        yield "there is no dc:title"


@clause("UA-7.1-display", "The window shows the document's title.")
def title_is_shown(d: Document) -> Iterator[str]:
    if not d.pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "DisplayDocTitle is not true"


@clause("UA-7.2", "The document says its language.")
def language(d: Document) -> Iterator[str]:
    if not str(d.pdf.Root.get("/Lang", "")):
        yield "the catalog has no Lang"


@clause("UA-7.3", "Every figure has an alternative text.")
def figures(d: Document) -> Iterator[str]:
    for e in d.elements:
        if e.S == "/Figure" and not str(e.get("/Alt", e.get("/ActualText", ""))):
            yield "a figure has neither Alt nor ActualText"


@clause("UA-7.4.2", "Headings begin at level 1 and skip no level.")
def headings(d: Document) -> Iterator[str]:
    last = 0
    for e in d.elements:
        found = re.fullmatch(r"/H([1-6])", str(e.S))
        if found:
            level = int(found[1])
            if level > last + 1:
                yield f"H{level} follows {f'H{last}' if last else 'nothing'}"
            last = level


@clause("UA-7.5", "Header cells of tables say what they are the head of (Scope).")
def table_headers(d: Document) -> Iterator[str]:
    for e in d.elements:
        if e.S == "/TH" and not any("/Scope" in a for a in _attributes(e)):
            yield "a TH has no Scope"


def _attributes(element: Any) -> list[Any]:
    found = element.get("/A", {})
    return list(found) if isinstance(found, pikepdf.Array) else [found]


@clause("UA-7.5-rows", "Table rows hold cells only, and cells stand in rows.")
def table_rows(d: Document) -> Iterator[str]:
    for e in d.elements:
        parent = str(e.get("/P", {}).get("/S", ""))
        if e.S in ("/TH", "/TD") and parent != "/TR":
            yield f"a cell stands in {parent or 'nothing'}"
        if e.S == "/TR" and parent not in ("/Table", "/THead", "/TBody", "/TFoot"):
            yield f"a row stands in {parent or 'nothing'}"


@clause("UA-7.18.1", "Links are part of the structure: each link annotation belongs to a Link element.")
def links_are_tagged(d: Document) -> Iterator[str]:
    kids = [kid for e in d.elements if e.S == "/Link" for kid in _kids(e)]
    owned = {kid.Obj.objgen for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid}
    for a in d.annotations:
        if a.get("/Subtype") == "/Link" and a.objgen not in owned:
            yield "a link belongs to no Link element"


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


@clause("UA-7.18.3", "On pages with annotations the tab order is the structure order.")
def tab_order(d: Document) -> Iterator[str]:
    for number, page in enumerate(d.pdf.pages, start=1):
        if len(page.obj.get("/Annots", [])) and page.obj.get("/Tabs") != "/S":
            yield f"page {number} has another tab order"


@clause("UA-7.18.5", "Every link describes itself (Contents).")
def links_describe_themselves(d: Document) -> Iterator[str]:
    for a in d.annotations:
        if a.get("/Subtype") == "/Link" and not str(a.get("/Contents", "")):
            yield "a link has no Contents"
