"""One document, bytes to a report in words: what kind it is, the official rules, and the law's own checks where the profile is a law."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from wasl.errors import UnreadableInput, WaslError, Words
from wasl.rules.report.shown import FileReport, described, refused

if TYPE_CHECKING:
    from wasl.formats.pdf_checks import PdfFinding
    from wasl.rules.explain import Explanation
    from wasl.rules.profiles import Profile

# `<` in ASCII, UTF-16 with and without a byte order mark, and EBCDIC: the parser says what is wrong with the last ones.
XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"\x4c\x6f")
SNIFFED_BYTES = 1024
ACCOUNTS = frozenset({"PDF-IBAN", "PDF-HIDDEN", "PDF-COVERED"})


class NotAnInvoice(UnreadableInput):
    """Neither XML nor JSON nor PDF nor a sheet."""

    code = "WASL-CLI-01"
    en = "This is neither XML nor Wasl JSON nor PDF. Give an invoice in one of these."
    ar = "ليس هذا الملف XML ولا Wasl JSON ولا PDF. أعطِ فاتورة بإحدى هذه الصيغ."


class Document(NamedTuple):
    """The XML that is checked. `given` is False where we wrote it ourselves from another syntax; `inside` names a PDF's attachment."""

    data: bytes
    given: bool = True
    inside: str = ""


def kind_of(data: bytes) -> Words | None:
    """What a file is where it is no XML, for a sentence; None for XML and for what the parser will refuse."""
    head = data[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if head.startswith(XML_STARTS) or not head:
        return None
    if b"%PDF-" in data[:SNIFFED_BYTES]:
        return Words("a PDF", "ملف PDF")
    return Words("JSON", "ملف JSON") if head.startswith((b"{", b"[")) else Words("another kind of file", "ملف من نوع آخر")


def document(data: bytes) -> Document:
    """The document's XML: as it stands, taken out of a PDF, or written from Wasl JSON or a sheet of one invoice."""
    head = data[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if head.startswith(XML_STARTS) or not head:
        return Document(data)  # what is empty is refused by the parser
    if b"%PDF-" in data[:SNIFFED_BYTES]:
        from wasl.formats import carried, pdf

        taken = carried.choose(pdf.attachments(data)).taken
        return Document(taken.data, inside=taken.name)
    from wasl.formats import read, ubl

    if read.sniff(data) == "unknown":
        from wasl.formats.table import reader as table

        if not table.looks_like_one(data):
            raise NotAnInvoice
    return Document(ubl.write(read.read(data).invoice), given=False)


def examine(data: bytes, file: str, profile: Profile | str) -> FileReport:
    """Check one document. Whatever is wrong with its bytes becomes part of the report; other errors are raised."""
    started = time.perf_counter()
    try:
        found = document(data)
        report, extra = check(found.data, profile)
        if found.inside:
            extra += suspicious(data, found.data)
        seconds = time.perf_counter() - started
        return described(report, found.data, file=file, extra=extra, seconds=seconds, inside=found.inside, located=found.given)
    except WaslError as error:
        if error.exit_code != UnreadableInput.exit_code:
            raise
        return refused(file, error)


def check(data: bytes, profile: Profile | str) -> tuple[Any, tuple[Any, ...]]:
    """(report of the rules, findings of the law's own checks)."""
    from wasl.rules import profiles, validate

    chosen = profiles.get(profile)
    report = validate(data, profile=chosen, schema=True)
    if not chosen.excluded:
        return report, ()
    from wasl.regimes import REGIMES, regime

    if chosen.id not in REGIMES:
        return report, ()
    from wasl.formats import ubl

    return report, tuple(regime(chosen.id).checks(ubl.read(data).invoice))


@dataclass(frozen=True, slots=True)
class PdfNote:
    """What is suspicious about the PDF around an invoice, shaped like a finding of the rules."""

    rule: str
    severity: str
    explanation: Explanation
    official: str = ""
    xpath: str = ""


def suspicious(pdf: bytes, inside: bytes) -> tuple[PdfNote, ...]:
    """Programs, actions, changes after a signature, and accounts on the pages that are not those of the invoice (T30, T32, T33, T35)."""
    from wasl.formats import pdf_checks
    from wasl.formats.roots import read_xml

    return tuple(_note(each) for each in pdf_checks.check(pdf, read_xml(inside).invoice))


def _note(finding: PdfFinding) -> PdfNote:
    from wasl.rules.explain import Explanation

    (en, _, fix_en), (ar, _, fix_ar) = finding.en.partition(" Fix: "), finding.ar.partition(" الحل: ")
    where = (f"page {finding.page}", f"الصفحة {finding.page}") if finding.page else ("the PDF file", "ملف PDF")
    term = "BT-84" if finding.rule in ACCOUNTS else "BG-0"
    fix = (_capital(fix_en) or "Check the rest yourself.", fix_ar or "افحص الباقي بنفسك.")
    return PdfNote(finding.rule, finding.severity, Explanation(*where, en, ar, *fix, term))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
