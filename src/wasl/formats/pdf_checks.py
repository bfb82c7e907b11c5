"""What is suspicious about a PDF that came with an invoice: things that run, that changed after signing, that hide or cover an account.

The invoice is the XML inside; the pages are a picture of it, and people pay what the picture says. These checks look where fraud is
done: T30 (actions and programs), T32 (changes after a signature), T33 (something over the account, hidden layers), T35 (another IBAN on
the page than in the file). They report and never repair; that nothing is reported is no proof, and `complete` says whether all was seen.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from wasl.errors import Words
from wasl.formats import pdf as pdf_files
from wasl.formats.iban import ibans
from wasl.formats.pdf import PDF_BYTES_MAX, Attachment, PdfRefused, library
from wasl.formats.pdf_text import Pages, Piece, lines
from wasl.invoice.model import Invoice

OBJECTS_MAX = 60_000
NESTED_MAX = 200_000  # dictionaries and arrays looked into
PAGES_MAX = 50  # whose annotations are looked at
SHOWN_MAX = 20  # findings of one kind

_RUNS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute", "/Rendition", "/SubmitForm", "/GoToE"})
_PROGRAMS = re.compile(
    r"\.(?:exe|com|scr|bat|cmd|ps1|vbs?|vbe|jse?|wsf|hta|msi|msp|jar|lnk|dll|cpl|reg|app|sh|py|iso|img|docm|xlsm|pptm|html?|xhtml|svg|pdf)\Z", re.I
)
_DECLARED = re.compile(r"\.pdf\Z", re.I)  # a PDF in a PDF is usual, unless it begins like a program
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\x00\x00\x00\x01\x14\x02\x00")
_COVERS = frozenset({"/FreeText", "/Stamp", "/Square", "/Circle", "/Polygon", "/Ink", "/Redact", "/Watermark", "/Screen", "/Movie", "/3D", "/Widget"})


class PdfFinding(msgspec.Struct, frozen=True, kw_only=True):
    """`rule` is stable: PDF-ACTION, PDF-PROGRAM, PDF-CHANGED, PDF-COVERED, PDF-HIDDEN, PDF-IBAN, PDF-UNSEEN."""

    rule: str
    severity: Literal["fatal", "warning", "information"]
    page: int | None
    en: str
    ar: str


def check(data: bytes, invoice: Invoice | None = None) -> list[PdfFinding]:
    """Everything suspicious, worst first; `invoice` is what was read out of it, for the accounts.

    Raises `PdfRefused` where the file is not a readable, bounded PDF.
    """
    if len(data) > PDF_BYTES_MAX:
        raise PdfRefused(reason=Words(f"it has {len(data)} bytes, the limit is {PDF_BYTES_MAX}", f"حجمه {len(data)} بايت والحد {PDF_BYTES_MAX}"))
    pikepdf = library()
    found = [*_programs(pdf_files.attachments(data))]
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            found += _objects(document, len(data))
            found += _pages(document, invoice)
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, IndexError, RecursionError):
        en, ar = "The pages cannot be looked at: the file is damaged there.", "تعذّر فحص الصفحات: الملف تالف فيها."
        found.append(_finding("PDF-UNSEEN", "warning", None, en, ar))
    return sorted(found, key=lambda each: ("fatal", "warning", "information").index(each.severity))


def _finding(rule: str, severity: Literal["fatal", "warning", "information"], page: int | None, en: str, ar: str) -> PdfFinding:
    return PdfFinding(rule=rule, severity=severity, page=page, en=en, ar=ar)


def _programs(found: list[Attachment]) -> Iterator[PdfFinding]:
    """T30: attachments that a computer would run."""
    for each in found:
        named = _PROGRAMS.search(each.name) is not None and _DECLARED.search(each.name) is None
        if named or each.data.startswith(_PROGRAM_STARTS):
            name = each.shown
            yield _finding(
                "PDF-PROGRAM", "fatal", None,
                f"The attached file “{name}” can run on a computer. Fix: do not open it; ask the sender why it is there.",
                f"الملف المرفق «{name}» قابل للتشغيل. الحل: لا تفتحه، واسأل المرسل عن سبب وجوده.",
            )  # fmt: skip


def _objects(document: Any, size: int) -> Iterator[PdfFinding]:
    """T30 and T32: one walk over every dictionary of the file."""
    kinds: set[str] = set()
    ranges: list[tuple[int, int]] = []
    walk = _Walk(document)
    for each in walk:
        kind = str(each.get("/S", "")) if "/S" in each else ""
        if kind in _RUNS:
            kinds.add(kind)
        elif "/JS" in each:
            kinds.add("/JavaScript")
        signed = each.get("/ByteRange")
        if signed is not None and "/Contents" in each:
            numbers = [int(value) for value in signed]
            ranges.append((numbers[0], numbers[-2] + numbers[-1]) if len(numbers) >= 4 else (0, 0))
    for kind in sorted(kinds):
        yield _finding(
            "PDF-ACTION", "fatal" if kind in ("/JavaScript", "/Launch") else "warning", None,
            f"The PDF acts by itself ({kind[1:]}); an invoice has no reason to. Fix: open it only in a viewer that runs nothing.",
            f"في ملف PDF إجراء يعمل من تلقاء نفسه ({kind[1:]})، ولا حاجة للفاتورة إليه. الحل: لا تفتحه إلا في عارض لا يشغّل شيئًا.",
        )  # fmt: skip
    signed_to = max((end for _, end in ranges), default=None)
    if signed_to is not None and signed_to < size:
        yield _finding(
            "PDF-CHANGED", "fatal", None,
            f"{size - signed_to} bytes were added after the signature of this PDF: it was changed after signing. Fix: ask for the signed file.",
            f"أُضيف {size - signed_to} بايت بعد توقيع ملف PDF، أي أنه عُدّل بعد التوقيع. الحل: اطلب الملف الموقّع نفسه.",
        )  # fmt: skip
    if not walk.complete:
        yield _unseen()


def _unseen() -> PdfFinding:
    return _finding(
        "PDF-UNSEEN", "information", None,
        "The PDF is too large to be looked at whole; what stands further on was not checked.",
        "ملف PDF أكبر من أن يُفحص كله؛ فما بعد الحد لم يُفحص.",
    )  # fmt: skip


class _Walk:
    """Every dictionary of a file, also those inside others, each once; bounded."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.complete = True

    def __iter__(self) -> Iterator[Any]:
        pikepdf = library()
        left = NESTED_MAX
        for at, value in enumerate(self.document.objects):
            if at >= OBJECTS_MAX:
                self.complete = False
                return
            pending = [value]
            while pending:
                left -= 1
                if left < 0:
                    self.complete = False
                    return
                each = pending.pop()
                if isinstance(each, pikepdf.Array):
                    pending += [inner for inner in each if _direct(inner)]
                elif isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
                    yield each
                    pending += [inner for inner in dict(each).values() if _direct(inner)]


def _direct(value: Any) -> bool:
    pikepdf = library()
    return isinstance(value, (pikepdf.Array, pikepdf.Dictionary)) and not value.is_indirect


def _pages(document: Any, invoice: Invoice | None) -> Iterator[PdfFinding]:
    """T33 and T35."""
    pages = Pages(document)
    pieces = pages.pieces()
    accounts = _accounts(invoice)
    printed = [found for row in lines(pieces) for found in _printed(row)]
    yield from _hidden(printed)
    yield from _covered(document, [row for _, row in printed], accounts)
    if accounts:
        yield from _foreign(printed, accounts)
    if not pages.complete:
        yield _unseen()


def _accounts(invoice: Invoice | None) -> set[str]:
    """BT-84 and BT-91, as far as they are IBANs."""
    if invoice is None or invoice.payment is None:
        return set()
    debit = invoice.payment.direct_debit
    given = [each.account or "" for each in invoice.payment.credit_transfers] + [(debit.debited_account or "") if debit else ""]
    return {account for text in given for account, _, _ in ibans(text.upper())}


def _printed(row: list[Piece]) -> Iterator[tuple[str, list[Piece]]]:
    """The accounts in one line, each with the pieces that show it."""
    places: list[tuple[int, int, Piece]] = []
    text = ""
    for piece in row:
        places.append((len(text), len(text) + len(piece.text), piece))
        text += piece.text + " "
    for account, start, end in ibans(text):
        yield account, [piece for low, high, piece in places if low < end and high > start]


def _foreign(printed: list[tuple[str, list[Piece]]], accounts: set[str]) -> Iterator[PdfFinding]:
    """T35: an account on the page that is not in the invoice."""
    strange = {account: row[0].page for account, row in printed if account not in accounts}
    for account, page in sorted(strange.items())[:SHOWN_MAX]:
        yield _finding(
            "PDF-IBAN", "fatal", page,
            f"Page {page} shows the account {account}, which is not in the invoice (BT-84). Fix: do not pay; ask the seller by telephone.",
            f"في الصفحة {page} رقم الحساب {account} وليس في الفاتورة (BT-84). الحل: لا تدفع، واتصل بالبائع للتأكد.",
        )  # fmt: skip


def _hidden(printed: list[tuple[str, list[Piece]]]) -> Iterator[PdfFinding]:
    """T33: an account in a layer or a mode that nobody sees, but programs read."""
    for page in sorted({row[0].page for _, row in printed if not all(piece.visible for piece in row)})[:SHOWN_MAX]:
        yield _finding(
            "PDF-HIDDEN", "fatal", page,
            f"Page {page} holds an account number that is not visible. Fix: do not pay by this PDF; ask the seller.",
            f"في الصفحة {page} رقم حساب مخفي عن العين. الحل: لا تدفع بناءً على هذا الملف، واسأل البائع.",
        )  # fmt: skip


def _covered(document: Any, rows: list[list[Piece]], accounts: set[str]) -> Iterator[PdfFinding]:
    """T33: an annotation over an account, or one that shows an account itself."""
    for number, page in enumerate(document.pages, 1):
        if number > PAGES_MAX:
            return
        pieces = [piece for row in rows for piece in row if piece.page == number]
        for each in page.obj.get("/Annots", ()):
            if str(each.get("/Subtype", "")) not in _COVERS:
                continue
            box = [float(value) for value in each.get("/Rect", ())]
            writes = any(account not in accounts for account, _, _ in ibans(str(each.get("/Contents", ""))))
            if writes or (len(box) == 4 and any(_over(box, piece) for piece in pieces)):
                yield _finding(
                    "PDF-COVERED", "fatal", number,
                    f"On page {number} a remark lies over an account number or shows another one. Fix: do not pay by this PDF; ask the seller.",
                    f"في الصفحة {number} إضافة تغطي رقم حساب أو تعرض رقمًا آخر. الحل: لا تدفع بناءً على هذا الملف، واسأل البائع.",
                )  # fmt: skip
                break


def _over(box: list[float], piece: Piece) -> bool:
    left, right = sorted((box[0], box[2]))
    low, high = sorted((box[1], box[3]))
    return left < piece.x + piece.width and right > piece.x and low < piece.y + piece.height and high > piece.y
