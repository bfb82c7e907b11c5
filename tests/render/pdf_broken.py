"""One broken fixture a clause: each takes a good file and breaks exactly what the clause asks."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

Breaker = Callable[[Pdf], None]
BREAKERS: dict[str, Breaker] = {}
BYTES: dict[str, Callable[[bytes], bytes]] = {
    "A3-6.1.2": lambda data: data.replace(b"%\x80\x80\x80\x80", b"%abcd", 1),
    "A3-6.1.3-id": lambda data: data.replace(b"/ID", b"/IX"),
    "A3-6.1.3-encrypt": lambda data: _save(_open(data), encryption=pikepdf.Encryption(owner="o", user="", R=6)),
    "A3-6.1.3-end": lambda data: data + b"<html>a second file behind the first</html>",
}


def broken(clause: str, good: bytes) -> bytes:
    """The good file, broken for this clause."""
    if clause in BYTES:
        return BYTES[clause](good)
    pdf = _open(good)
    BREAKERS[clause](pdf)
    return _save(pdf)


def _open(data: bytes) -> Pdf:
    return pikepdf.open(io.BytesIO(data))


def _save(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, fix_metadata_version=False, compress_streams=False, **options)  # type: ignore[arg-type]
    return out.getvalue()


def breaks(clause: str) -> Callable[[Breaker], Breaker]:
    def register(breaker: Breaker) -> Breaker:
        BREAKERS[clause] = breaker
        return breaker

    return register


def _add_content(pdf: Pdf, operators: bytes) -> None:
    page = pdf.pages[0]
    page.contents_add(b"/Artifact BMC " + operators + b" EMC")


def _replace_xmp(pdf: Pdf, old: bytes, new: bytes) -> None:
    data = pdf.Root.Metadata.read_bytes()
    assert old in data
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, data.replace(old, new), Type=Name.Metadata, Subtype=Name.XML))


def _elements(pdf: Pdf, kind: str) -> list[pikepdf.Object]:
    return [o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/S") == kind and "/P" in o]


def _font(pdf: Pdf, subtype: str = "/Type0") -> pikepdf.Object:
    return next(o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Type") == "/Font" and o.get("/Subtype") == subtype)


def _annotate(pdf: Pdf, **keys: object) -> None:
    fields = {"Type": Name.Annot, "Rect": Array([0, 0, 9, 9]), "F": 4, **keys}
    pdf.pages[0].Annots.append(pdf.make_indirect(Dictionary(**fields)))


def _graphics_state(pdf: Pdf, **keys: object) -> None:
    pdf.pages[0].Resources.ExtGState = Dictionary(Broken=Dictionary(**keys))


@breaks("A3-6.1.7.1")
def _(pdf: Pdf) -> None:
    pdf.Root.Metadata.F = String("elsewhere.xml")


@breaks("A3-6.1.7.2")
def _(pdf: Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Filter=Name.LZWDecode))


@breaks("A3-6.1.12")
def _(pdf: Pdf) -> None:
    pdf.Root.Perms = Dictionary(Mine=Dictionary())


@breaks("A3-6.1.13")
def _(pdf: Pdf) -> None:
    pdf.Root.Large = 2**40


@breaks("A3-6.1.13-page")
def _(pdf: Pdf) -> None:
    pdf.pages[0].MediaBox = [0, 0, 600, 14401]


@breaks("A3-6.2.2")
def _(pdf: Pdf) -> None:
    _add_content(pdf, b"1 1 xyz")


@breaks("A3-6.2.3")
def _(pdf: Pdf) -> None:
    del pdf.Root.OutputIntents


@breaks("A3-6.2.4.3")
def _(pdf: Pdf) -> None:
    _add_content(pdf, b"1 0 0 0 k")


@breaks("A3-6.2.5")
def _(pdf: Pdf) -> None:
    _graphics_state(pdf, TR=Name.Identity)


@breaks("A3-6.2.6")
def _(pdf: Pdf) -> None:
    _add_content(pdf, b"/Vivid ri")


@breaks("A3-6.2.8")
def _(pdf: Pdf) -> None:
    pixel = {"Width": 1, "Height": 1, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    pdf.Root.Extra = pdf.make_indirect(Stream(pdf, b"\x00", Type=Name.XObject, Subtype=Name.Image, Interpolate=True, **pixel))


@breaks("A3-6.2.9")
def _(pdf: Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(Stream(pdf, b"", Type=Name.XObject, Subtype=Name.PS))


@breaks("A3-6.2.10")
def _(pdf: Pdf) -> None:
    _graphics_state(pdf, BM=Name("/Glow"))


@breaks("A3-6.2.11.3")
def _(pdf: Pdf) -> None:
    del _font(pdf, "/CIDFontType2").CIDToGIDMap


@breaks("A3-6.2.11.4")
def _(pdf: Pdf) -> None:
    descriptor = _font(pdf, "/CIDFontType2").FontDescriptor
    for key in ("/FontFile2", "/FontFile3"):
        if key in descriptor:
            del descriptor[key]


@breaks("A3-6.2.11.7.2")
def _(pdf: Pdf) -> None:
    del _font(pdf).ToUnicode


@breaks("A3-6.2.11.8")
def _(pdf: Pdf) -> None:
    name = next(iter(pdf.pages[0].Resources.Font.keys()))
    _add_content(pdf, f"BT {name} 9 Tf <0000> Tj ET".encode())


@breaks("A3-6.3.1")
def _(pdf: Pdf) -> None:
    _annotate(pdf, Subtype=Name.Movie, AP=Dictionary(N=Stream(pdf, b"")))


@breaks("A3-6.3.2")
def _(pdf: Pdf) -> None:
    pdf.pages[0].Annots[0].F = 2


@breaks("A3-6.3.3")
def _(pdf: Pdf) -> None:
    _annotate(pdf, Subtype=Name.Square)


@breaks("A3-6.4")
def _(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), NeedAppearances=True)


@breaks("A3-6.5.1")
def _(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


@breaks("A3-6.5.2")
def _(pdf: Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("https://x.example")))


@breaks("A3-6.6.2.1")
def _(pdf: Pdf) -> None:
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, b"<x:xmpmeta", Type=Name.Metadata, Subtype=Name.XML))


@breaks("A3-6.6.4")
def _(pdf: Pdf) -> None:
    _replace_xmp(pdf, b"<pdfaid:conformance>A<", b"<pdfaid:conformance>B<")


@breaks("A3-6.7.2.2")
def _(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


@breaks("A3-6.7.3.3")
def _(pdf: Pdf) -> None:
    del pdf.Root.StructTreeRoot


@breaks("A3-6.7.3.4")
def _(pdf: Pdf) -> None:
    _elements(pdf, "/P")[0].S = Name("/Paragraf")


@breaks("A3-6.7.4")
def _(pdf: Pdf) -> None:
    pdf.Root.Lang = String("العربية")


@breaks("A3-6.8-spec")
def _(pdf: Pdf) -> None:
    del pdf.Root.AF[0].AFRelationship


@breaks("A3-6.8-type")
def _(pdf: Pdf) -> None:
    del pdf.Root.AF[0].EF.F.Subtype


@breaks("A3-6.8-association")
def _(pdf: Pdf) -> None:
    del pdf.Root.AF


@breaks("A3-6.9")
def _(pdf: Pdf) -> None:
    pdf.Root.OCProperties = Dictionary(OCGs=Array([]), D=Dictionary())


@breaks("A3-6.10")
def _(pdf: Pdf) -> None:
    pdf.pages[0].PresSteps = Dictionary()


@breaks("A3-6.11")
def _(pdf: Pdf) -> None:
    pdf.Root.Requirements = Array([])


@breaks("UA-5")
def _(pdf: Pdf) -> None:
    _replace_xmp(pdf, b"<pdfuaid:part>1<", b"<pdfuaid:part>9<")


@breaks("UA-7.1-content")
def _(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 9 9 re f")


@breaks("UA-7.1-suspects")
def _(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Suspects = True


@breaks("UA-7.1-title")
def _(pdf: Pdf) -> None:
    _replace_xmp(pdf, b"dc:title>", b"dc:subject>")


@breaks("UA-7.1-display")
def _(pdf: Pdf) -> None:
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


@breaks("UA-7.2")
def _(pdf: Pdf) -> None:
    del pdf.Root.Lang


@breaks("UA-7.3")
def _(pdf: Pdf) -> None:
    del _elements(pdf, "/Figure")[0].Alt


@breaks("UA-7.4.2")
def _(pdf: Pdf) -> None:
    _elements(pdf, "/H1")[0].S = Name.H3


@breaks("UA-7.5")
def _(pdf: Pdf) -> None:
    del _elements(pdf, "/TH")[0].A


@breaks("UA-7.5-rows")
def _(pdf: Pdf) -> None:
    _elements(pdf, "/TR")[0].S = Name.Div


@breaks("UA-7.18.1")
def _(pdf: Pdf) -> None:
    _elements(pdf, "/Link")[0].S = Name.Span


@breaks("UA-7.18.3")
def _(pdf: Pdf) -> None:
    pdf.pages[0].Tabs = Name.R


@breaks("UA-7.18.5")
def _(pdf: Pdf) -> None:
    del pdf.pages[0].Annots[0].Contents


_FX = b'<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">%s</rdf:Description></rdf:RDF>'


@breaks("A3-6.6.2.3")
def property_of_no_schema(pdf: Pdf) -> None:
    _replace_xmp(pdf, b"</rdf:RDF>", _FX % b"<fx:DocumentType>INVOICE</fx:DocumentType>")


@breaks("A3-6.6.2.3-fx")
def metadata_of_a_file_that_is_not_there(pdf: Pdf) -> None:
    from wasl.render.context import Hybrid
    from wasl.render.facturx import xmp

    hybrid = Hybrid(data=b"", name="factur-x.xml", level="EN 16931", version="1.0", relationship="alternative", derived=False)
    data = xmp(pdf.Root.Metadata.read_bytes(), hybrid)
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, data, Type=Name.Metadata, Subtype=Name.XML))
