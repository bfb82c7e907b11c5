"""Clauses on the metadata of hybrid invoices: what PDF/A asks of properties that are not predefined, and what Factur-X asks of its four."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .clause import Document, clause

SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LEVELS = frozenset({"MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED", "XRECHNUNG"})
_STANDS_FOR_THE_DOCUMENT = frozenset({"/Data", "/Source", "/Alternative"})


@clause("A3-6.6.2.3", "A Factur-X property in the metadata is described in an extension schema.")
def extension_schema(d: Document) -> Iterator[str]:
    described = {(element.text or "").strip() for element in _schema(d)}
    yield from (f"{name} is not described" for name in sorted(set(_values(d)) - described))


@clause("A3-6.6.2.3-fx", "Factur-X metadata name an attached file that stands for the document, its type, version and level.")
def hybrid_metadata(d: Document) -> Iterator[str]:
    values = _values(d)
    if not values:
        return
    if values.get("DocumentType") != "INVOICE":
        yield f"DocumentType is {values.get('DocumentType')}"
    if values.get("ConformanceLevel") not in LEVELS:
        yield f"ConformanceLevel is {values.get('ConformanceLevel')}"
    if not values.get("Version"):
        yield "Version is missing"
    name = values.get("DocumentFileName")
    specs = [spec for spec in d.dictionaries if "/EF" in spec and str(spec.get("/UF", spec.get("/F", ""))) == name]
    if len(specs) != 1:
        yield f"{len(specs)} attached files are called {name}"
    elif str(specs[0].get("/AFRelationship")) not in _STANDS_FOR_THE_DOCUMENT:
        yield f"{name} has the relationship {specs[0].get('/AFRelationship')}"


def _values(d: Document) -> dict[str, str]:
    """The fx: properties, elements or attributes of a description."""
    if d.xmp is None:
        return {}
    start = f"{{{FX}}}"
    found = {e.tag.removeprefix(start): "".join(e.itertext()).strip() for e in d.xmp.iter("*") if e.tag.startswith(start)}
    written = (pair for e in d.xmp.iter(f"{{{RDF}}}Description") for pair in e.attrib.items() if pair[0].startswith(start))
    return found | {key.removeprefix(start): value.strip() for key, value in written}


def _schema(d: Document) -> Iterator[Any]:
    """The names of the properties that the extension schema of the fx namespace describes."""
    if d.xmp is None:
        return
    for space in d.xmp.iter(f"{{{SCHEMA}}}namespaceURI"):
        holder = space.getparent()
        if (space.text or "").strip() == FX and holder is not None:
            yield from holder.iter(f"{{{PROPERTY}}}name")
