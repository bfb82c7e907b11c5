"""What a clause of a standard is here: an id, where it stands, what it asks, and a function that finds what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf

Check = Callable[["Document"], Iterator[str]]


@dataclass(frozen=True)
class Clause:
    """One requirement: `id` is "A3-6.3.2" for ISO 19005-3 (through 19005-2) or "UA-7.2" for ISO 14289-1."""

    id: str
    asks: str
    check: Check

    @property
    def standard(self) -> str:
        return "ISO 19005-3:2012" if self.id.startswith("A3-") else "ISO 14289-1:2014"

    @property
    def number(self) -> str:
        return self.id.partition("-")[2]


@dataclass(frozen=True)
class Violation:
    """A clause that a file breaks, and what in the file breaks it."""

    clause: str
    detail: str


CLAUSES: list[Clause] = []


def clause(clause_id: str, asks: str) -> Callable[[Check], Check]:
    """Registers a check under its clause."""

    def register(check: Check) -> Check:
        CLAUSES.append(Clause(clause_id, asks, check))
        return check

    return register


@dataclass
class Document:
    """A file being checked: its bytes, its objects, and the views that several clauses share."""

    data: bytes
    pdf: pikepdf.Pdf

    @cached_property
    def objects(self) -> list[Any]:
        return [o for o in self.pdf.objects if isinstance(o, (pikepdf.Dictionary, pikepdf.Stream))]

    @cached_property
    def dictionaries(self) -> list[Any]:
        """Every dictionary, also those inside others, each once."""
        found: list[Any] = []
        pending: list[Any] = [self.pdf.trailer, *self.pdf.objects]
        while pending:
            value = pending.pop()
            if isinstance(value, pikepdf.Array):
                pending.extend(v for v in value if not _indirect(v))
            elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
                found.append(value)
                pending.extend(v for v in dict(value).values() if not _indirect(v))
        return found

    @cached_property
    def xmp(self) -> Any:
        """The metadata as an lxml tree through the product's one parser, or None."""
        from wasl.errors import WaslError
        from wasl.formats.xml import parse

        metadata = self.pdf.Root.get("/Metadata")
        if not isinstance(metadata, pikepdf.Stream):
            return None
        try:
            return parse(metadata.read_bytes())
        except WaslError:
            return None

    def xmp_value(self, namespace: str, name: str) -> str | None:
        """A simple XMP property, written as an element or as an attribute."""
        if self.xmp is None:
            return None
        element = next(self.xmp.iter(f"{{{namespace}}}{name}"), None)
        if element is not None:
            return "".join(element.itertext()).strip()
        return next((v for e in self.xmp.iter() for k, v in e.attrib.items() if k == f"{{{namespace}}}{name}"), None)

    @cached_property
    def elements(self) -> list[Any]:
        """The structure elements in reading order."""
        root = self.pdf.Root.get("/StructTreeRoot")
        return list(_elements(root.get("/K"))) if isinstance(root, pikepdf.Dictionary) else []

    @cached_property
    def fonts(self) -> list[Any]:
        return [d for d in self.dictionaries if d.get("/Type") == "/Font" and "/BaseFont" in d]

    @cached_property
    def annotations(self) -> list[Any]:
        return [a for page in self.pdf.pages for a in page.obj.get("/Annots", [])]

    @cached_property
    def contents(self) -> list[tuple[Any, list[Any]]]:
        """(owner with /Resources, operators) of every page and form."""
        forms = [o for o in self.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form"]
        return [(o, list(pikepdf.parse_content_stream(o))) for o in [*(p.obj for p in self.pdf.pages), *forms]]


def _indirect(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect


def _elements(kids: Any) -> Iterator[Any]:
    """Depth first; marked-content and object references are not elements."""
    if isinstance(kids, pikepdf.Array):
        for kid in kids:
            yield from _elements(kid)
    elif isinstance(kids, pikepdf.Dictionary) and "/S" in kids:
        yield kids
        yield from _elements(kids.get("/K"))
