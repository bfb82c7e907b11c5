"""Clauses on the file itself: header, trailer, streams, metadata, colour, what may not be in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf

from .clause import Document, clause

PDFA_ID = "http://www.aiim.org/pdfa/ns/id/"
INTEGER_MAX = 2**31 - 1
STRING_BYTES_MAX = 32_767
PAGE_UNITS_MIN, PAGE_UNITS_MAX = 3, 14_400
NAME_BYTES_MAX = 127


@clause("A3-6.1.2", "The file begins with %PDF-1.0 to 1.7 and a comment of at least four bytes above 127.")
def header(d: Document) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7](\r\n|\r|\n)%[\x80-\xff]{4}", d.data):
        yield "the first two lines are something else"


@clause("A3-6.1.3-id", "The trailer holds the file identifier ID.")
def file_identifier(d: Document) -> Iterator[str]:
    if "/ID" not in d.pdf.trailer:
        yield "the trailer has no ID"


@clause("A3-6.1.3-encrypt", "The file is not encrypted.")
def not_encrypted(d: Document) -> Iterator[str]:
    if d.pdf.is_encrypted or "/Encrypt" in d.pdf.trailer:
        yield "the trailer has Encrypt"


@clause("A3-6.1.3-end", "Nothing but one end-of-line follows the last %%EOF.")
def nothing_after_the_end(d: Document) -> Iterator[str]:
    if not re.search(rb"%%EOF(\r\n|\r|\n)?\Z", d.data):
        yield "other bytes follow the last %%EOF"


@clause("A3-6.1.7.1", "No stream takes its data from outside: F, FFilter and FDecodeParms are absent.")
def no_external_streams(d: Document) -> Iterator[str]:
    for o in d.objects:
        if isinstance(o, pikepdf.Stream):
            yield from (f"a stream has {key}" for key in ("/F", "/FFilter", "/FDecodeParms") if key in o)


@clause("A3-6.1.7.2", "Streams use the filters of ISO 32000-1 except LZWDecode, and Crypt only as Identity.")
def allowed_filters(d: Document) -> Iterator[str]:
    allowed = {f"/{name}Decode" for name in ("ASCIIHex", "ASCII85", "Flate", "RunLength", "CCITTFax", "JBIG2", "DCT", "JPX")}
    for o in d.objects:
        named = o.get("/Filter") if isinstance(o, pikepdf.Stream) else None
        for name in named if isinstance(named, pikepdf.Array) else [named] if named is not None else []:
            if str(name) not in allowed:
                yield f"a stream uses {name}"


@clause("A3-6.1.12", "A permissions dictionary holds nothing but UR3 and DocMDP.")
def permissions(d: Document) -> Iterator[str]:
    perms = d.pdf.Root.get("/Perms")
    if isinstance(perms, pikepdf.Dictionary):
        yield from (f"Perms has {key}" for key in perms.keys() if key not in ("/UR3", "/DocMDP"))  # noqa: SIM118


@clause("A3-6.1.13", "Integers fit 32 bits, strings 32767 bytes, names 127 bytes.")
def limits(d: Document) -> Iterator[str]:
    for dictionary in d.dictionaries:
        for key, value in dict(dictionary).items():
            if len(key.encode()) > NAME_BYTES_MAX + 1:
                yield f"the name {key[:40]} is too long"
            if isinstance(value, int) and abs(value) > INTEGER_MAX:
                yield f"{key} is {value}"
            if isinstance(value, pikepdf.String) and len(bytes(value)) > STRING_BYTES_MAX:
                yield f"the string {key} is too long"


@clause("A3-6.1.13-page", "No boundary of a page is shorter than 3 or longer than 14400 units in either direction.")
def page_sizes(d: Document) -> Iterator[str]:
    for number, page in enumerate(d.pdf.pages, start=1):
        for name in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
            if name in page.obj:
                left, bottom, right, top = (float(each) for each in page.obj[name])
                if not all(PAGE_UNITS_MIN <= abs(side) <= PAGE_UNITS_MAX for side in (right - left, top - bottom)):
                    yield f"the {name[1:]} of page {number} is {right - left:g} x {top - bottom:g}"


@clause("A3-6.2.3", "A PDF/A output intent carries an ICC profile of the right number of components.")
def output_intent(d: Document) -> Iterator[str]:
    intents = [i for i in d.pdf.Root.get("/OutputIntents", []) if i.get("/S") == "/GTS_PDFA1"]
    if not intents:
        yield "there is no output intent GTS_PDFA1"
    for intent in intents:
        profile = intent.get("/DestOutputProfile")
        if not isinstance(profile, pikepdf.Stream):
            yield "the output intent has no profile"
            continue
        data = profile.read_bytes()
        parts = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}.get(data[16:20])
        if data[36:40] != b"acsp" or parts != profile.get("/N"):
            yield "the output profile is damaged or N is wrong"


@clause("A3-6.6.2.1", "The catalog has a metadata stream: well-formed XMP, not compressed, no bytes or encoding in its packet header.")
def metadata(d: Document) -> Iterator[str]:
    stream = d.pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        yield "the catalog has no Metadata"
        return
    if "/Filter" in stream:
        yield "the metadata are compressed"
    packet = re.match(rb"<\?xpacket([^?]*)\?>", stream.read_bytes())
    if packet and re.search(rb"\b(bytes|encoding)\s*=", packet[1]):
        yield "the packet header has bytes or encoding"
    if d.xmp is None:
        yield "the metadata are not well-formed XML"


@clause("A3-6.6.4", "The metadata say PDF/A part 3, conformance A.")
def identification(d: Document) -> Iterator[str]:
    part, level = d.xmp_value(PDFA_ID, "part"), d.xmp_value(PDFA_ID, "conformance")
    if (part, level) != ("3", "A"):
        yield f"they say part {part}, conformance {level}"


@clause("A3-6.8-spec", "Every embedded file has F, UF and AFRelationship in its specification.")
def file_specifications(d: Document) -> Iterator[str]:
    for spec in _embedding(d):
        yield from (f"a file specification lacks {key}" for key in ("/F", "/UF", "/AFRelationship") if key not in spec)


@clause("A3-6.8-type", "Every embedded file names its MIME type and its modification date.")
def embedded_types(d: Document) -> Iterator[str]:
    for spec in _embedding(d):
        stream = spec.EF.get("/F")
        if not isinstance(stream, pikepdf.Stream) or "/" not in str(stream.get("/Subtype", ""))[1:]:
            yield "an embedded file has no MIME type"
        elif "/ModDate" not in stream.get("/Params", {}):
            yield "an embedded file has no modification date"


@clause("A3-6.8-association", "Every embedded file is associated with the document or a part of it by AF.")
def associated(d: Document) -> Iterator[str]:
    linked = {spec.objgen for o in d.dictionaries if isinstance(o.get("/AF"), pikepdf.Array) for spec in o.AF}
    for spec in _embedding(d):
        if spec.objgen not in linked:
            yield f"{spec.get('/UF', '?')} is associated with nothing"


def _embedding(d: Document) -> list[pikepdf.Object]:
    return [o for o in d.dictionaries if isinstance(o.get("/EF"), pikepdf.Dictionary)]


@clause("A3-6.9", "Optional content, where there is any, has a named default configuration without automatic states.")
def optional_content(d: Document) -> Iterator[str]:
    properties = d.pdf.Root.get("/OCProperties")
    if isinstance(properties, pikepdf.Dictionary):
        default = properties.get("/D")
        if not isinstance(default, pikepdf.Dictionary) or "/Name" not in default:
            yield "the default configuration has no Name"
        elif "/AS" in default:
            yield "the default configuration has AS"


@clause("A3-6.10", "There are no alternate presentations and no presentation steps.")
def presentations(d: Document) -> Iterator[str]:
    if "/AlternatePresentations" in d.pdf.Root.get("/Names", {}):
        yield "the names have AlternatePresentations"
    if any("/PresSteps" in page.obj for page in d.pdf.pages):
        yield "a page has PresSteps"


@clause("A3-6.11", "The catalog asks for no reader features (Requirements).")
def requirements(d: Document) -> Iterator[str]:
    if "/Requirements" in d.pdf.Root:
        yield "the catalog has Requirements"
