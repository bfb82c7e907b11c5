"""Which of the files in a PDF is the invoice. Reading reports all of them and says which one was taken, and why.

Only known names count (hybrid standards prescribe them); an XML file of any other name is somebody's attachment, perhaps the very
invoice that a credit note corrects. But where a second file claims to be the invoice too, by its name or by its relation to the
document, both must say the same of every core term: else there are two truths, and the PDF is refused.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec.structs import replace

from wasl.errors import UnreadableInput, Words
from wasl.formats import cii, compare, ubl
from wasl.formats.cii.levels import level_of, only
from wasl.formats.pdf import Attachment, NoDocumentInside, PdfRefused
from wasl.formats.result import Inside
from wasl.formats.roots import read_xml
from wasl.invoice.model import Invoice

# Lower case, best first: ours, then those of Factur-X and ZUGFeRD 2.1+, XRechnung, ZUGFeRD 2.0 and 1, and others in use.
DOCUMENT_NAMES = (
    "invoice.xml",
    "credit-note.xml",
    "factur-x.xml",
    "xrechnung.xml",
    "zugferd-invoice.xml",
    "cii.xml",
    "ubl.xml",
    "cii-invoice.xml",
    "ubl-invoice.xml",
    "peppol-invoice.xml",
    "einvoice.xml",
    "e-invoice.xml",
)
_OURS = frozenset(DOCUMENT_NAMES[:2])
ORDER_NAMES = frozenset({"order-x.xml"})
# AFRelationship of a file that stands for the whole document (ISO 32000-2, table 43)
_STANDS_FOR_THE_DOCUMENT = frozenset({"Data", "Source", "Alternative"})
NAMES_SHOWN_MAX = 5

_SAYS = {
    "only": Words("it is the only file with the name of an invoice", "الملف الوحيد الذي يحمل اسم فاتورة"),
    "ours": Words("it has the name of a sealed original, which comes before all others", "اسمه اسم الأصل المختوم، وهو مقدّم على غيره"),
    "first": Words("its name comes first among those of invoices, and the others say the same", "اسمه أول أسماء الفواتير، والبقية مطابقة له"),
    "same": Words("the same invoice once more", "الفاتورة نفسها مرة أخرى"),
    "unreadable": Words("it has the name of an invoice, but cannot be read as one", "يحمل اسم فاتورة لكن تعذّرت قراءته"),
    "other": Words("an attachment", "مرفق"),
}


class NoKnownName(NoDocumentInside):
    code = "WASL-PDF-04"
    en = "The PDF carries {names}, and none of these is a name by which an invoice is known. Fix: give the XML file itself."
    ar = "في ملف PDF المرفقات {names}، وليس بينها اسم تُعرف به الفواتير. الحل: أرفق ملف XML نفسه."


class OrderInside(NoDocumentInside):
    code = "WASL-PDF-05"
    en = "The PDF carries an order (Order-X), not an invoice. Fix: give the invoice."
    ar = "في ملف PDF أمر شراء (Order-X) وليس فاتورة. الحل: أرفق الفاتورة."


class InvoicesDiffer(PdfRefused):
    """T34: whoever reads the one would pay something else than who reads the other."""

    code = "WASL-PDF-06"
    en = "Two invoices are attached and they differ: {term} is “{left}” in {one} and “{right}” in {other}. Fix: ask the sender which one holds."
    ar = "في الملف فاتورتان مختلفتان: {term} قيمته «{left}» في {one} و«{right}» في {other}. الحل: اسأل المرسل أيتهما المعتمدة."


class Choice(msgspec.Struct, frozen=True):
    """The invoice among the attachments, and what each of them is."""

    taken: Attachment
    inside: tuple[Inside, ...]


def choose(found: list[Attachment]) -> Choice:
    """Raises `NoDocumentInside` (or a subclass) where none is an invoice, `PdfRefused` where it is not certain which one is."""
    named = sorted((each for each in found if _name(each) in DOCUMENT_NAMES), key=lambda each: DOCUMENT_NAMES.index(_name(each)))
    if not named:
        raise _nothing(found)
    taken = named[0]
    _refuse_namesakes(named)
    rivals = [each for each in found if each is not taken and (each in named or _stands_for_the_document(each))]
    roles = _roles(taken, rivals)
    why = "ours" if _name(taken) in _OURS and rivals else "first" if "same invoice" in roles.values() else "only"
    inside = (_inside(each, *_judged(each, taken, roles, why)) for each in found)
    return Choice(taken, tuple(inside))


def originals(found: list[Attachment]) -> list[Attachment]:
    """The files that a seal may cover: those with a name of ours or, where there is none, with any name of an invoice."""
    return [each for each in found if _name(each) in _OURS] or [each for each in found if _name(each) in DOCUMENT_NAMES]


def disagreement(left: Invoice, right: Invoice) -> compare.Difference | None:
    """The first core term in which two invoices differ. A term for which the smaller profile of the two has no place does not count,
    nor do BT-23 and BT-24, by which a file names its own kind."""
    for name in (level_of(left.specification), level_of(right.specification)):
        if name is not None:
            left, right = only(left, name), only(right, name)
    found = compare.differences(_bare(left), _bare(right))
    return found[0] if found else None


def _bare(invoice: Invoice) -> Invoice:
    return replace(cii.canonical(ubl.canonical(invoice)), specification=None, business_process=None)


def _name(each: Attachment) -> str:
    """The file name alone, in lower case: some tools write a path."""
    return each.name.replace("\\", "/").rpartition("/")[2].strip().lower()


def _nothing(found: list[Attachment]) -> NoDocumentInside:
    names = [_name(each) for each in found]
    if any(name in ORDER_NAMES for name in names):
        return OrderInside()
    if not names:
        return NoDocumentInside()
    shown = ", ".join(f"“{each.shown}”" for each in found[:NAMES_SHOWN_MAX])
    return NoKnownName(names=shown + (" …" if len(found) > NAMES_SHOWN_MAX else ""))


def _refuse_namesakes(named: list[Attachment]) -> None:
    """Two files of one name with different bytes: no reader can say which one is meant."""
    seen: dict[str, bytes] = {}
    for each in named:
        name = _name(each)
        if seen.setdefault(name, each.data) != each.data:
            raise PdfRefused(reason=Words(f"it holds several files called {name}", f"فيه أكثر من ملف باسم {name}"))


def _stands_for_the_document(each: Attachment) -> bool:
    return each.relationship in _STANDS_FOR_THE_DOCUMENT and each.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


_Role = Literal["taken", "same invoice", "unreadable", "other"]


def _roles(taken: Attachment, rivals: list[Attachment]) -> dict[int, _Role]:
    """What each rival is, by identity. Raises `InvoicesDiffer`. A file that cannot be read takes part in no comparison."""
    if not rivals:
        return {}
    invoice = _invoice(taken)
    roles: dict[int, _Role] = {}
    for rival in rivals:
        other = invoice if rival.data == taken.data else _invoice(rival)
        if other is None:
            roles[id(rival)] = "unreadable" if _name(rival) in DOCUMENT_NAMES else "other"
            continue
        found = disagreement(invoice, other) if invoice is not None else None
        if found is not None:
            raise _differ(found, taken, rival)
        roles[id(rival)] = "same invoice"
    return roles


def _invoice(each: Attachment) -> Invoice | None:
    try:
        return read_xml(each.data).invoice
    except UnreadableInput:
        return None


def _differ(found: compare.Difference, taken: Attachment, rival: Attachment) -> InvoicesDiffer:
    term = found.term
    label = Words(f"{term.en} ({term.id})", f"{term.ar} ({term.id})") if term else found.path
    one, other = (each.shown for each in (taken, rival))
    return InvoicesDiffer(term=label, left=compare.shown(found.left), right=compare.shown(found.right), one=one, other=other)


def _judged(each: Attachment, taken: Attachment, roles: dict[int, _Role], why: str) -> tuple[_Role, Words]:
    if each is taken:
        return "taken", _SAYS[why]
    role = roles.get(id(each), "other")
    return role, _SAYS["same" if role == "same invoice" else role]


def _inside(each: Attachment, role: _Role, why: Words) -> Inside:
    return Inside(name=each.name, size=len(each.data), relationship=each.relationship, role=role, en=str(why), ar=why.ar)
