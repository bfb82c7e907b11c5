"""One door for every file: tells PDF, Wasl JSON and XML apart by their first bytes, never by their name."""

from __future__ import annotations

from msgspec.structs import replace

from wasl.errors import UnreadableInput, Words
from wasl.formats import carried, pdf, wasljson
from wasl.formats.result import ReadResult
from wasl.formats.roots import read_xml

SNIFFED_BYTES = 1024  # a PDF's header may stand behind some junk (ISO 32000-1, implementation note 13)
_XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"Lo\xa7\x94", b"\x00\x00\xfe\xff")

_REFUSED = {
    "empty": Words("it is empty", "الملف فارغ"),
    "unknown": Words("it is none of the known kinds", "ليس من الأنواع المعروفة"),
}


def read(data: bytes, *, name: str | None = None) -> ReadResult:
    """The invoice in `data` with its losses; for a PDF, `inside` names every file in it and says which one was taken, and why.

    `name` is only used to name the file in a refusal.

    Raises subclasses of `UnreadableInput` (exit code 2), nothing else.
    """
    kind = sniff(data)
    if kind == "pdf":
        choice = carried.choose(pdf.attachments(data))
        return replace(read_xml(choice.taken.data), inside=choice.inside)
    if kind == "json":
        return wasljson.read(data)
    if kind == "xml":
        return read_xml(data)
    if kind == "unknown":
        from wasl.formats.table import reader as table  # loaded where nothing else fits

        if table.looks_like_one(data):
            return table.read_one(data)
    what = _REFUSED[kind]
    raise UnreadableInput(reason=Words(f"{name}: {what}", f"{name}: {what.ar}") if name else what)


def sniff(data: bytes) -> str:
    """"pdf", "json", "xml", or what is wrong: "empty", "unknown"."""
    if not hasattr(data, "strip") or isinstance(data, str):
        raise TypeError(f"the bytes of a file are wanted, such as Path(name).read_bytes(), not {type(data).__name__}")
    if not data.strip(b" \t\r\n\x00"):
        return "empty"
    head = data[:SNIFFED_BYTES]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if start.startswith((b"{", b"[")):
        return "json"
    if start.startswith(_XML_STARTS):
        return "xml"
    return "pdf" if b"%PDF-" in head else "unknown"
