"""The one XML parser of Wasl: hardened, bounded, and the first to see any XML that comes from outside.

Refused before lxml is called: a DOCTYPE in any encoding (so no entity, no external subset, no expansion), an encoding
that hides ASCII (UTF-7, EBCDIC, UTF-32, ...), more than 100 MB, an element with more than 64 attributes, markup so dense
that its tree would take more than ten times the file. Refused by it: nesting deeper than 100. XInclude, stylesheet
instructions and schema hints are inert: nothing is ever fetched.

Comments and processing instructions stay in the tree; `text_of` joins the text around them, so that
`100<!-- -->0` reads 1000 everywhere.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from lxml import etree

from wasl.errors import UnreadableInput, Words

Element = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml's public type has a private name

BYTES_MAX = 100_000_000  # an invoice with large attachments; more is an attack or a mistake
DEPTH_MAX = 100  # UBL nests 12 deep
ATTRIBUTES_MAX = 64  # UBL knows 12 on one element
# A node of libxml2's tree takes 128 bytes, be it an element or a text, and an attribute as much as three, however short. A real
# invoice has 17 bytes a node and more; `<a/>` has 4, and 20 MB of it would take 3.5 GB with what is read out of it.
NODE_BYTES_MIN = 14
NODES_FREE = 60_000
REASON_CHARS_MAX = 100
ENCODING_CHARS_MAX = 40
HUGE_TEXT_BYTES = 10_000_000  # libxml2's own limit of one text node, lifted only for files that need it
# A start tag with one attribute more than the limit has at least this many bytes after its "<": a="" and a space each.
_TAG_BYTES_SUSPECT = 5 * ATTRIBUTES_MAX


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one parse."""

    bytes_max: int = BYTES_MAX
    depth_max: int = DEPTH_MAX
    attributes_max: int = ATTRIBUTES_MAX


class XmlRefused(UnreadableInput):
    """Base of every refusal of this parser."""

    code = "WASL-XML-00"


class DoctypeRefused(XmlRefused):
    code = "WASL-XML-01"
    en = "The file has a document type declaration (DOCTYPE), which can hide attacks. Fix: remove it; an invoice needs none."
    ar = "في الملف تعريف لنوع المستند (DOCTYPE)، وقد يُخفي هجومًا. الحل: احذفه؛ فالفاتورة لا تحتاج إليه."


class TooLarge(XmlRefused):
    code = "WASL-XML-02"
    en = "The file has {size} bytes; at most {limit} are read. Fix: move large attachments out of it."
    ar = "حجم الملف {size} بايت، والحد الأقصى {limit}. الحل: أخرِج المرفقات الكبيرة منه."


class TooDeep(XmlRefused):
    code = "WASL-XML-03"
    en = "Elements are nested deeper than {limit} levels; that is not an invoice. Fix: export the file again."
    ar = "العناصر متداخلة أعمق من {limit} مستوى، وليست هذه فاتورة. الحل: صدّر الملف من جديد."


class TooManyAttributes(XmlRefused):
    code = "WASL-XML-04"
    en = "An element has more than {limit} attributes; that is not an invoice. Fix: export the file again."
    ar = "في أحد العناصر أكثر من {limit} سمة، وليست هذه فاتورة. الحل: صدّر الملف من جديد."


class EncodingRefused(XmlRefused):
    code = "WASL-XML-05"
    en = "The character encoding “{encoding}” is not accepted or does not fit the bytes. Fix: save the file as UTF-8."
    ar = "ترميز المحارف «{encoding}» غير مقبول أو لا يطابق محتوى الملف. الحل: احفظ الملف بترميز UTF-8."


class Malformed(XmlRefused):
    code = "WASL-XML-06"
    en = "The XML is damaged at line {line}, column {column}: {reason}. Fix: export the file again."
    ar = "ملف XML تالف في السطر {line}، العمود {column}: {reason}. الحل: صدّر الملف من جديد."


class TooDense(XmlRefused):
    code = "WASL-XML-09"
    en = "The file has {size} bytes and more than {limit} elements, texts and attributes; that is not an invoice. Fix: export the file again."
    ar = "حجم الملف {size} بايت وفيه أكثر من {limit} عنصر ونص وسمة، وليست هذه فاتورة. الحل: صدّر الملف من جديد."


class EmptyFile(XmlRefused):
    code = "WASL-XML-07"
    en = "The file is empty. Fix: choose the file again."
    ar = "الملف فارغ. الحل: اختر الملف من جديد."


# Only encodings in which every byte below 0x80 is that ASCII character: a DOCTYPE cannot hide in them.
ASCII_SAFE = frozenset(
    ["utf-8", "utf8", "us-ascii", "ascii", *(f"iso-8859-{part}" for part in range(1, 17) if part != 12)]
    + [f"windows-125{part}" for part in range(9)]
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UTF32_BOMS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")

_SPACE = b" \t\r\n"
_DECLARATION = re.compile(
    rb"""<\?xml\s+version\s*=\s*(?:"([^"]*)"|'([^']*)')"""
    rb"""(?:\s+encoding\s*=\s*(?:"([^"]*)"|'([^']*)'))?(?:\s+standalone\s*=\s*(?:"[^"]*"|'[^']*'))?\s*\?>"""
)
_PROLOG_ITEM = re.compile(rb"[ \t\r\n]+|<!--.*?-->|<\?(?!xml[\s?]).*?\?>", re.DOTALL)
_LONG_TAG = re.compile(rb"<[^<]{%d,}" % _TAG_BYTES_SUSPECT)
_NAME = re.compile(rb"<[^\s<>/\"'=]+")
_ATTRIBUTE = re.compile(rb"""\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*')""")


def parse(data: bytes, *, limits: Limits | None = None, blanks: bool = True) -> Element:
    """The root element of `data`. Raises a subclass of `XmlRefused` (exit code 2) and nothing else.

    `blanks` False leaves out the white space between elements: half of the tree of an indented file.
    """
    limits = limits or _DEFAULT
    safe = guard(data, limits=limits)
    refuse_density(safe)
    try:
        root = etree.fromstring(safe, _parser(huge=len(safe) > HUGE_TEXT_BYTES, blanks=blanks))
    except etree.XMLSyntaxError as error:
        raise refusal(error, limits) from None
    except ValueError as error:  # lxml's own pre-checks
        raise Malformed(line=1, column=1, reason=_said(str(error))) from None
    if _deeper_than(root, limits.depth_max):
        raise TooDeep(limit=limits.depth_max)
    return root


def guard(data: bytes, *, limits: Limits | None = None, attributes: bool = True) -> bytes:
    """`data` as bytes that any XML parser may see: no DOCTYPE, bounded, ASCII-compatible encoding.

    UTF-8 input comes back as the same object; other encodings come back as UTF-8 without a declaration. Without `attributes`, elements with
    too many of them pass: for a reader that bounds them itself and does not compare them pairwise.
    """
    limits = limits or _DEFAULT
    if len(data) > limits.bytes_max:
        raise TooLarge(size=len(data), limit=limits.bytes_max)
    if not data.strip(_SPACE + b"\x00"):
        raise EmptyFile
    safe = _as_utf8(data)
    _refuse_doctype(safe)
    if attributes:
        _refuse_attribute_flood(safe, limits)
    return safe


def text_of(element: Element) -> str:
    """The element's own text with comments and instructions skipped; text of child elements is not included."""
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        parts.append(child.tail or "")
    return "".join(parts)


_DEFAULT = Limits()
_local = threading.local()


def _parser(*, huge: bool, blanks: bool) -> etree.XMLParser:
    """One parser a thread (lxml locks a shared one): no DTD, no entity, no network, no recovery."""
    name = f"{huge} {blanks}"
    found: etree.XMLParser | None = getattr(_local, name, None)
    if found is None:
        found = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            recover=False,
            huge_tree=huge,
            collect_ids=False,
            strip_cdata=True,
            remove_blank_text=not blanks,
        )
        setattr(_local, name, found)
    return found


def _as_utf8(data: bytes) -> bytes:
    if data.startswith(_UTF32_BOMS):
        raise EncodingRefused(encoding="UTF-32")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _with_bom(data, bom, encoding)
    if data[:4] in (b"<\x00\x00\x00", b"\x00\x00\x00<"):
        raise EncodingRefused(encoding="UTF-32")
    if data[:2] in (b"<\x00", b"\x00<"):  # UTF-16 without a byte order mark
        return _decoded(data, "utf-16-le" if data[:1] == b"<" else "utf-16-be")
    if data[:4] == b"Lo\xa7\x94":
        raise EncodingRefused(encoding="EBCDIC")
    declared = declared_encoding(data)
    if declared is None or declared in ("utf-8", "utf8"):
        return data
    if declared not in ASCII_SAFE:
        raise EncodingRefused(encoding=declared)
    return _decoded(data, declared)


def _with_bom(data: bytes, bom: bytes, encoding: str) -> bytes:
    if encoding != "utf-8":
        return _decoded(data[len(bom) :], encoding)
    declared = declared_encoding(data[len(bom) :])
    if declared not in (None, "utf-8", "utf8"):
        raise EncodingRefused(encoding=declared)
    return data[len(bom) :]


def declared_encoding(data: bytes) -> str | None:
    """The lower-case name in the XML declaration; None where there is none. Refuses a declaration it cannot read."""
    if not data.startswith(b"<?xml") or data[5:6] not in (b" ", b"\t", b"\r", b"\n", b"?"):
        return None
    match = _DECLARATION.match(data)
    if match is None:
        raise Malformed(line=1, column=1, reason=Words("the XML declaration is not well written", "إعلان XML غير مكتوب على وجهه"))
    if (match[1] or match[2]) != b"1.0":
        raise Malformed(line=1, column=1, reason=Words("it is not XML 1.0", "الإصدار ليس XML 1.0"))
    name = match[3] or match[4]
    return " ".join(name.decode("latin-1").lower().split())[:ENCODING_CHARS_MAX] if name else None


def _decoded(data: bytes, encoding: str) -> bytes:
    """The document re-encoded as UTF-8, its declaration dropped because it would now be false."""
    try:
        text = data.decode(encoding).encode()
    except (UnicodeError, LookupError):
        raise EncodingRefused(encoding=encoding) from None
    declared = declared_encoding(text)
    fitting = {encoding, "utf-16", encoding.replace("-16-", "-16")} if encoding.startswith("utf-16") else {encoding}
    if declared is not None and declared not in fitting:
        raise EncodingRefused(encoding=declared)
    match = _DECLARATION.match(text)
    return text[match.end() :].lstrip(_SPACE) if match else text


def _refuse_doctype(data: bytes) -> None:
    """Walk the prolog: a DOCTYPE can stand only there, and what we cannot walk is not XML."""
    match = _DECLARATION.match(data)
    at = match.end() if match else 0
    while (item := _PROLOG_ITEM.match(data, at)) is not None:
        at = item.end()
    if data.startswith(b"<!", at) and not data.startswith(b"<!--", at):
        raise DoctypeRefused
    if not data.startswith(b"<", at) or data.startswith(b"<!--", at):
        line = data.count(b"\n", 0, at) + 1
        raise Malformed(line=line, column=at - data.rfind(b"\n", 0, at), reason=Words("there is no root element", "لا عنصر جذر في الملف"))


def _refuse_attribute_flood(data: bytes, limits: Limits) -> None:
    """Before the tree is built: libxml2 compares the attributes of one element pairwise."""
    for match in _LONG_TAG.finditer(data):
        if data.count(b"=", match.start(), match.end()) > limits.attributes_max:
            _count_attributes(data, match.start(), match.end(), limits)


def _count_attributes(data: bytes, start: int, end: int, limits: Limits) -> None:
    """Walk the attributes of the tag at `start`, and stop at the first one too many; what is no start tag has none."""
    name = _NAME.match(data, start, end)
    at = start if name is None or data[start + 1 : start + 2] in (b"!", b"?") else name.end()
    for _ in range(limits.attributes_max + 1):
        attribute = _ATTRIBUTE.match(data, at, end)
        if attribute is None:
            return
        at = attribute.end()
    raise TooManyAttributes(limit=limits.attributes_max)


def refuse_density(data: bytes) -> None:
    """Counted from above by the signs that every node is written with; exactly only where that is too many."""
    limit = NODES_FREE + len(data) // NODE_BYTES_MIN
    opened = data.count(b"<")
    if 2 * opened + 3 * data.count(b"=") <= limit:
        return
    nodes = opened - data.count(b"</") + 3 * (data.count(b'="') + data.count(b"='"))
    # Texts between two signs; one of white space alone is none, for it is not kept
    nodes += data.count(b">") - data.translate(None, _SPACE).count(b"><")
    if nodes > limit:
        raise TooDense(size=len(data), limit=limit)


def refusal(error: etree.XMLSyntaxError, limits: Limits | None = None) -> XmlRefused:
    """What libxml2 did not like, in both languages."""
    limits = limits or _DEFAULT
    reason = (error.msg or "syntax").split(", line ")[0].strip()
    if "Excessive depth" in reason or "xmlParserMaxDepth" in reason or "Maximum depth" in reason:
        return TooDeep(limit=limits.depth_max)
    line, column = error.position
    return Malformed(line=line, column=column, reason=_said(reason))


# What the XML libraries say most often, by a part of it; they speak English only
_SAID = (
    ("mismatch", "وسم النهاية لا يطابق وسم البداية"),
    ("Premature end", "الملف مقطوع قبل نهايته"),
    ("unclosed", "الملف مقطوع قبل نهايته"),
    ("no element found", "لا عنصر في الملف"),
    ("Extra content", "بعد نهاية المستند محتوى زائد"),
    ("junk after", "بعد نهاية المستند محتوى زائد"),
    ("Entity", "اسم كيان لا تعريف له، أو العلامة & مكتوبة وحدها"),
    ("entity", "اسم كيان لا تعريف له، أو العلامة & مكتوبة وحدها"),
    ("redefined", "سمة مذكورة مرتين في عنصر واحد"),
    ("duplicate attribute", "سمة مذكورة مرتين في عنصر واحد"),
    ("Namespace prefix", "بادئة لا نطاق أسماء لها"),
    ("unbound prefix", "بادئة لا نطاق أسماء لها"),
    ("encoding", "ترميز الحروف غير سليم"),
    ("UTF-8", "ترميز الحروف غير سليم"),
    ("Char", "فيه حرف لا يجوز في XML"),
    ("Comment", "تعليق لم يُغلق"),
    ("CData", "مقطع CDATA لم يُغلق"),
)


def _said(reason: str) -> Words:
    reason = " ".join(reason.split())[:REASON_CHARS_MAX]  # libxml2 repeats a piece of the file
    return Words(reason, next((ar for part, ar in _SAID if part in reason), "الصياغة غير سليمة"))


def _deeper_than(root: Element, depth: int) -> bool:
    """Whether any element has `depth` ancestors or more; walked level by level inside libxml2."""
    return bool(_depth_path(depth)(root))


_depth_paths: dict[int, etree.XPath] = {}


def _depth_path(depth: int) -> etree.XPath:
    found = _depth_paths.get(depth)
    if found is None:
        found = _depth_paths[depth] = etree.XPath("boolean(/" + "/".join(["*"] * (depth + 1)) + ")")
    return found
