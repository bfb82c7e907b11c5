"""Findings of the schema in words: which element or value does not fit, and what belongs there."""

from __future__ import annotations

from wasl.invoice.terms import TermInfo
from wasl.rules.explain.elements import known_elements, named, words_of
from wasl.rules.explain.facts import Facts, FindingLike, local, string
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.termof import path_of, term_of
from wasl.rules.explain.text import Bi, Raw, isolate, label, listing, quote, say

_MESSAGE = {
    "unknown": ("The element {name} does not belong here.", "العنصر {name} ليس مكانه هنا."),
    "order": ("The element {name} stands too late: its place is before {wanted}.", "العنصر {name} متأخر عن موضعه: مكانه قبل {wanted}."),
    "early": ("The element {name} stands too early: its place is after {wanted}.", "العنصر {name} متقدم على موضعه: مكانه بعد {wanted}."),
    "twice": ("The element {name} stands here more than once; once is allowed.", "العنصر {name} مكرر هنا، والمسموح مرة واحدة."),
    "missing": ("In {name} something is missing: {wanted}.", "ينقص العنصر {name} ما يلي: {wanted}."),
    "missing-before": ("Before {name} something is missing: {wanted}.", "ينقص قبل العنصر {name} ما يلي: {wanted}."),
    "attribute-unknown": ("The element {name} has an attribute that does not belong there: {value}.", "في العنصر {name} سمة ليست له: {value}."),
    "attribute-missing": ("The element {name} lacks its attribute {value}.", "تنقص العنصر {name} السمة {value}."),
    "no-text": ("The element {name} holds text of its own; only elements belong there.", "في العنصر {name} نص، ولا يحوي إلا عناصر."),
    "no-elements": ("The element {name} holds other elements; only a value belongs there.", "في العنصر {name} عناصر أخرى، ولا يحوي إلا قيمة."),
    "code": ("“{value}” is not in the list of codes for {name}.", "«{value}» ليس من قائمة رموز {name}."),
    "value": ("“{value}” is not {kind}, which {name} needs.", "«{value}» ليس {kind}، وهو المطلوب في {name}."),
    "empty": ("{name} is empty; it needs {kind}.", "{name} فارغ، والمطلوب فيه {kind}."),
    "other": ("{name} is not built as its format requires.", "بناء {name} يخالف صيغته."),
    "more-exact": (
        "The document breaks its schema in {value} more places, which are not listed.",
        "يخالف المستند مخططه في {value} من المواضع الأخرى، ولم تُسرد.",
    ),
    "more-least": (
        "The document breaks its schema in at least {value} more places, which are not listed.",
        "يخالف المستند مخططه في {value} من المواضع الأخرى على الأقل، ولم تُسرد.",
    ),
}
_FIX = {
    "unknown": ("Remove {name}, or move it to where the format has it.", "احذف {name} أو انقله إلى موضعه في الصيغة."),
    "order": ("Move {name} before {wanted}.", "انقل {name} إلى ما قبل {wanted}."),
    "early": ("Move {name} after {wanted}.", "انقل {name} إلى ما بعد {wanted}."),
    "twice": ("Keep one {name} and remove the others.", "أبقِ {name} واحدًا واحذف ما زاد."),
    "missing": ("Add {wanted} inside {name}.", "أضف {wanted} داخل {name}."),
    "missing-before": ("Add {wanted} before {name}.", "أضف {wanted} قبل {name}."),
    "attribute-unknown": ("Remove the attribute {value}, or correct its name.", "احذف السمة {value} أو صحّح اسمها."),
    "attribute-missing": ("Add the attribute {value} to {name}.", "أضف السمة {value} إلى {name}."),
    "no-text": ("Remove the text, or put it into the element that it belongs to.", "احذف النص أو ضعه في عنصره."),
    "no-elements": ("Write the value alone into {name}.", "اكتب القيمة وحدها في {name}."),
    "code": ("Choose a code of the list for {name}.", "اختر رمزًا من قائمة {name}."),
    "value": ("Write {kind} into {name}, for example {example}.", "اكتب {kind} في {name}، مثل {example}."),
    "empty": ("Write {kind} into {name}, for example {example}, or remove it.", "اكتب {kind} في {name}، مثل {example}، أو احذفه."),
    "other": ("Export the document again, or correct this element.", "صدّر المستند من جديد أو صحّح هذا العنصر."),
    "more": ("Mend the places listed and check again.", "أصلح المواضع المذكورة ثم أعد الفحص."),
}
_KINDS = {
    "date": (Bi("a date", "تاريخًا"), "2026-03-31"),
    "time": (Bi("a time", "وقتًا"), "14:30:00"),
    "dateTime": (Bi("a date with time", "تاريخًا مع الوقت"), "2026-03-31T14:30:00"),
    "decimal": (Bi("a number", "رقمًا"), "1250.00"),
    "integer": (Bi("a whole number", "عددًا صحيحًا"), "3"),
    "boolean": (Bi("true or false", f"{isolate('true')} أو {isolate('false')}"), "true"),
    "base64Binary": (Bi("Base64 text", f"نصًّا بترميز {isolate('Base64')}"), "JVBERi0xLjcK"),
    "anyURI": (Bi("an address", "رابطًا"), "https://example.org/"),
}
_OTHER = (Bi("a value of this form", "قيمة بهذه الصيغة"), "")


def _called(name: str, info: TermInfo | None = None) -> Bi:
    """"issue date (IssueDate)" / «تاريخ الإصدار» (IssueDate): what it is, and its name for those who look it up in the file."""
    if info is None and name not in known_elements():
        return Bi(f"“{name}”", f"«{isolate(name)}»")
    words = label(info) if info is not None and not info.is_group else words_of(name)
    return Bi(f"{words.en} ({name})", f"«{words.ar}» ({isolate(name)})")


def _wanted(names: str, parent: str) -> Bi:
    """The elements that a schema expects below a path, each with its words; at most six."""
    found = [(name.rpartition(":")[2], named(f"{parent}/{name}".strip("/")).term) for name in names.split()]
    listed = listing([_called(name, term) for name, term in found[:6]])
    return listed if len(found) <= 6 else Bi(f"{listed.en} …", f"{listed.ar} …")


def explain_schema(finding: FindingLike, facts: Facts) -> Parts:
    """Built from the cause that the schema check left with the finding."""
    cause = getattr(finding, "cause", None)
    code, value, wanted = (cause.code, cause.value, cause.wanted) if cause is not None else ("other", "", "")
    node = facts.node
    attribute = value if code.startswith("attribute") else ""
    info: TermInfo | None = term_of(node, attribute or None) or term_of(node)
    if code == "more":
        return Parts(say(_MESSAGE[f"more-{wanted}"], value=Raw(value)), say(_FIX["more"]), None)
    if code == "value" and not value.strip() and not string(node).strip():
        code = "empty"
    kind, example = _KINDS.get(wanted, _OTHER) if code in ("value", "empty") else _OTHER
    if code in ("value", "empty") and not example:
        code = "other"
    parent = path_of(node) if code == "missing" else path_of(node).rpartition("/")[0]
    words = {"name": _called(local(node), info), "value": quote(value), "wanted": _wanted(wanted, parent), "kind": kind, "example": Raw(example)}
    return Parts(say(_MESSAGE[code], **words), say(_FIX[code], **words), info)
