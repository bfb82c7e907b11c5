"""Rules that say how often an element may stand somewhere, or which values it takes: one condition for all that are worded alike.

The Factur-X sheets have 1,500 of them ("Element 'x' must occur exactly 1 times."), EN16931-CII 580 ("x should not be present"). What a rule
is about is read from its test and its text; which business term that is comes from the place in the document or from the rule's context.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.codes import MEANT, Values, values_at
from wasl.rules.explain.elements import Named, marked_path, named, named_at, out_of, within, words_of
from wasl.rules.explain.facts import Facts, Node, string
from wasl.rules.explain.parts import ENTER_LIKE, Parts, supply
from wasl.rules.explain.paths import select
from wasl.rules.explain.text import Bi, Raw, counted, isolate, join, label, listing, quote, say

Kind = Literal["unwanted", "most", "exactly", "least", "attribute", "value", "variant"]


class Shape(NamedTuple):
    """`relative` is the path from the rule's context ("" for the element itself), `limit` the number it names."""

    kind: Kind
    relative: str
    limit: int = 1
    name: str = ""  # of the element itself, for want of a context
    unless: bool = False  # the test goes on with an exception, which only a clause of the rule's own can tell


_OFFICIAL: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"Element (?:variant )?'(?P<name>.+)' is marked as not used"), "unwanted"),
    (re.compile(r"Attribute '?(?P<name>@\w+)' marked as not used"), "unwanted"),
    (re.compile(r"Element (?:variant )?'(?P<name>.+)' may occur at maximum (?P<n>\d+) times"), "most"),
    (re.compile(r"Element (?:variant )?'(?P<name>.+)' must occur exactly (?P<n>\d+) times"), "exactly"),
    (re.compile(r"Element (?:variant )?'(?P<name>.+)' must occur at least (?P<n>\d+) times"), "least"),
    (re.compile(r"Attribute '(?P<name>@\w+)' is required"), "attribute"),
    (re.compile(r"Value of '(?P<name>.+)' is not allowed"), "value"),
)
_VARIANT = re.compile(r"Element variant '(?P<name>.+)' is marked as not used")
_EXCLUDED = re.compile(r"""not\((?P<path>[@\w:/.]+)\s*=\s*(?:["'](?P<value>[^"']*)["']|(?P<ref>[\w:/.]+))\)""")
_NEGATED = re.compile(r"\(?\s*not\s*\((.*)\Z", re.S)
_COUNTED_ATTRIBUTE = re.compile(r"count\((//@\w+)\)")
_COUNT = re.compile(r"\(?\s*count\s*\((?P<path>.+)\)\s*(?P<sign><=|=|>=)\s*(?P<n>\d+)\s*\)?\Z", re.S)
_EITHER_LINE = re.compile(r"\((cac:InvoiceLine)\s*\|\s*cac:CreditNoteLine\)")
_A_PATH = re.compile(r"[@\w:/.*-]+(\[[^\]]*\][@\w:/.*-]*)*\Z")


def _unwanted(test: str) -> tuple[str, bool] | None:
    """The path that a test forbids, and whether it has an exception: `not(cac:X) or self::cac:Y` gives ("cac:X", True).

    None where the test is of another kind: `not(a) and not(b)` forbids two things.
    """
    text = test.strip()
    match = _NEGATED.match(text)
    if match is None:
        counted_path = _COUNTED_ATTRIBUTE.search(test)
        return (counted_path[1], " - " in test) if counted_path else None
    inner = _balanced(match[1].strip())
    rest = text[text.index(inner) + len(inner) :].lstrip(" )")
    path = _EITHER_LINE.sub(r"\1", inner)
    return (path, bool(rest)) if _A_PATH.match(path) and (not rest or rest.startswith("or")) else None


def _balanced(text: str) -> str:
    """Up to the parenthesis that closes `not(`."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return text[:at].strip()
    return text


@lru_cache(maxsize=4096)
def shape_of(test: str, official: str) -> Shape | None:
    """The shape of a rule by its official words, else by its test; None where it is of no such kind."""
    match = _VARIANT.match(official)
    if match:
        return Shape("variant", match["name"])
    for pattern, kind in _OFFICIAL:
        match = pattern.match(official)
        if match:
            # An element that is "not used", and a value, are the context itself; the other kinds look below it.
            itself = not match["name"].startswith("@") and kind in ("unwanted", "value")
            return Shape(kind, "" if itself else match["name"], int(match.groupdict().get("n") or 1), match["name"] if itself else "")
    unwanted = _unwanted(test)
    if unwanted is not None:
        return Shape("unwanted", unwanted[0], unless=unwanted[1])
    match = _COUNT.match(test)
    if match and match["path"].count("(") == match["path"].count(")"):
        kinds: dict[str, Kind] = {"<=": "most", "=": "exactly", ">=": "least"}
        return Shape(kinds[match["sign"]], match["path"], int(match["n"]))
    return None


_UNWANTED = (
    "EN 16931 has no use for the {thing} {within}.",
    "لا تستعمل المواصفة {standard} العنصر {thing} {within}.",
)
_UNWANTED_ATTRIBUTE = (
    "EN 16931 has no use for the attribute {thing} {within}.",
    "لا تستعمل المواصفة {standard} السمة {thing} {within}.",
)
_UNWANTED_TERM = (
    "EN 16931 does not expect the {thing} here.",
    "لا تتوقع المواصفة {standard} ذكر {thing} هنا.",
)
_OUTSIDE = (
    "This Factur-X profile has no place for the {thing} {within}.",
    "ليس في مستوى {standard} هذا مكان للعنصر {thing} {within}.",
)
_OUTSIDE_ATTRIBUTE = (
    "This Factur-X profile has no place for the attribute {thing} {within}.",
    "ليس في مستوى {standard} هذا مكان للسمة {thing} {within}.",
)
_OUTSIDE_TERM = (
    "This Factur-X profile has no place for the {thing}.",
    "مستوى {standard} هذا لا يتسع لذكر {thing}.",
)
_SEEN = ("It is there {times}.", "وقد <who?ورد|وردت> {times}.")
_SEEN_VALUE = ("It is there {times}, with the value “{value}”.", "وقد <who?ورد|وردت> {times} بالقيمة «{value}».")
_REMOVE = ("Remove the {thing} {out_of}; receivers may ignore it.", "احذف {thing} {out_of}، فقد يتجاهله المستلم.")
_REMOVE_NOTE = (
    "Remove the {thing} {out_of}; write what matters into the {note}.",
    "احذف {thing} {out_of}، واكتب المهم منه في {note}.",
)
_REMOVE_TERM = ("Remove the {thing}; receivers may ignore it.", "احذف {thing}، فقد يُهمَل عند المستلم.")
_WIDER = (
    "Remove the {thing} {out_of}, or choose a wider Factur-X profile where one has a place for it.",
    "احذف {thing} {out_of}، أو اختر مستوى أوسع من {standard} يقبل ذلك إن وُجد.",
)
# No profile has a place for an attribute that a narrower one refuses, so none is advised.
_WITHOUT = ("Remove the {thing} {out_of}.", "احذف {thing} {out_of}.")
_WIDER_TERM = (
    "Remove the {thing}, or choose a wider Factur-X profile where one has a place for it.",
    "احذف {thing}، أو اختر مستوى أوسع من {standard} يقبل ذلك إن وُجد.",
)
_WITHOUT_TERM = ("Remove the {thing}.", "احذف {thing}.")
_ONCE = ("The {thing} may be given {times} at most {within}.", "لا يرد العنصر {thing} {within} أكثر من {times}.")
_ONCE_TERM = ("The {thing} may be given {times} at most.", "يجب ألّا يزيد ورود {thing} على {times}.")
_THERE = ("It is there {times}.", "وقد <who?ورد|وردت> هنا {times}.")
_ONCE_FIX = ("Keep the {thing} {times} {within} and remove the others.", "أبقِ {thing} {times} {within} واحذف ما زاد.")
_ONCE_FIX_TERM = ("Keep the {thing} {times} and remove the others.", "أبقِ {thing} {times} واحذف ما زاد.")
_EXACT = ("The {thing} must be given exactly once {within}.", "يجب أن يرد العنصر {thing} مرة واحدة لا غير {within}.")
_EXACT_TERM = ("The {thing} must be given exactly once.", "لا بدّ من ذكر {thing} مرة واحدة لا غير.")
_REPEATED = Bi("Where it is repeated, remove the others.", "وعند التكرار احذف ما زاد.")
_LEAST = ("The {thing} must be given at least once {within}.", "يجب أن يرد العنصر {thing} مرة واحدة على الأقل {within}.")
_LEAST_TERM = ("The {thing} must be given at least once.", "لا بدّ من ذكر {thing} مرة واحدة على الأقل.")
_NONE = ("It is missing.", "<who?وهو غير مذكور|وهي غير مذكورة> هنا.")
_ENTER = ("Enter the {thing} {within}.", "أدخل {thing} {within}.")
_ENTER_LIKE = ("Enter the {thing} {within}, for example {example}.", "أدخل {thing} {within}، مثل {example}.")
_NEEDS = ("The attribute {thing} is needed {within}.", "لا بدّ من السمة {thing} {within}.")
_NEEDS_TERM = ("The {thing} is missing.", "لا بدّ من ذكر {thing}.")
_VALUE = ("The {thing} {within} must be {list}.", "يجب أن تكون قيمة {thing} {within} {list}.")
_VALUE_TERM = ("The {thing} must be {list}.", "يجب أن <thing?يكون|تكون> {thing} {list}.")
_VALUE_SEEN = ("“{value}” is not allowed.", "والمذكور «{value}» غير مسموح به.")
_VALUE_FIX = ("Choose the {thing} {within} anew, for example {examples}.", "اختر {thing} {within} من جديد، مثل {examples}.")
_VALUE_FIX_TERM = ("Choose the {thing} anew, for example {examples}.", "اختر {thing} من جديد، مثل {examples}.")
_VALUE_FIX_ALONE = ("Choose the {thing} from the list of the standard.", "اختر {thing} من قائمة المواصفة.")
_WRITE = ("Write {better} instead of “{value}” as the {thing}.", "اكتب {better} بدل «{value}» في {thing}.")
_OF_LIST = ("a code of the list {list}", "رمزًا من القائمة {list}")
_FIXED = ("{list}", "{list}")


_NOT_GIVEN = ("left out", "غير مذكور")
_EITHER = ("the {a} or the {b}", "{a} أو {b}")
_VARIANT_THING = (
    "In the {thing} {within} the {code} must be {wanted}.",
    "في {thing} {within} يجب أن يكون {code}: {wanted}.",
)
_VARIANT_TERM = ("In the {thing} the {code} must be {wanted}.", "في {thing} يجب أن يكون {code}: {wanted}.")
_VARIANT_FIX = (
    "Set the {code} of the {thing} {within} to {wanted}, or remove it.",
    "اجعل {code} في {thing} {within}: {wanted}، أو احذف العنصر.",
)
_VARIANT_FIX_TERM = ("Set the {code} of the {thing} to {wanted}, or remove it.", "اجعل {code} في {thing}: {wanted}، أو احذف العنصر.")


_SUPPORTING = ("Only a supporting document of the type 916 has it.", "ولا يرد إلا في المستند المرفق ذي الرمز 916.")
_BREAKDOWN = ("Only the VAT breakdown of the invoice has it.", "ولا يرد إلا في تفصيل الضريبة على الفاتورة.")
_NO_ALLOWANCE = ("Only the VAT breakdown and the VAT of a line have it.", "ولا يرد إلا في تفصيل الضريبة وضريبة البند.")
# Exceptions that tests make with "or".
CLAUSES: dict[str, tuple[str, str]] = {
    "UBL-CR-412": ("Only a credit note has it.", "ولا يرد إلا في الإشعار الدائن."),
    "UBL-DT-18": ("Only the payment means code has it.", "ولا ترد إلا مع رمز طريقة الدفع."),
    "CII-DT-015": _SUPPORTING,
    "CII-DT-018": ("Only a supporting document of the types 50, 130 and 916 has it.", "ولا يرد إلا في المستند المرفق ذي الرمز 50 أو 130 أو 916."),
    "CII-DT-021": _SUPPORTING,
    "CII-DT-022": _SUPPORTING,
    "CII-DT-024": ("Only the invoiced object, type 130, has it.", "ولا يرد إلا مع موضوع الفاتورة ذي الرمز 130."),
    "CII-DT-027": ("Only the reference to a preceding invoice has it.", "ولا يرد إلا في الإشارة إلى فاتورة سابقة."),
    "CII-DT-033": ("Quantities have it only where the invoiced quantity has one.", "ولا ترد مع الكميات إلا إذا كان للكمية المفوترة وحدة."),
    "CII-DT-041": _BREAKDOWN,
    "CII-DT-052": _NO_ALLOWANCE,
    "CII-DT-054": _BREAKDOWN,
    "CII-DT-058": _BREAKDOWN,
    "CII-DT-098": _NO_ALLOWANCE,
}


class ElementRule(Struct, frozen=True):
    """`context` is the rule's own, for explaining it without an invoice; `profile` says that Factur-X rather than EN 16931 speaks."""

    shape: Shape
    context: str
    profile: bool
    test: str
    clause: tuple[str, str] | None = None  # the exception that the test makes

    def explain(self, facts: Facts | None) -> Parts:
        about = self._named(facts)
        kind = self.shape.kind
        if kind == "unwanted":
            return self._unwanted(facts, about)
        if kind == "variant":
            return self._variant(facts, about)
        if kind == "value":
            return self._value(facts, about)
        if kind == "attribute":
            phrase = _NEEDS_TERM if about.term else _NEEDS
            return Parts(_say(phrase, about), self._supply(facts, about), about.info)
        return self._counted(facts, about)

    def _named(self, facts: Facts | None) -> Named:
        relative = "" if self.shape.kind == "variant" else self.shape.relative
        if facts is not None and not relative.startswith("//"):
            return named_at(facts.node, relative)
        first = self.context.partition(" | ")[0] or self.shape.name
        if self.shape.kind == "variant":
            return named(first or self.shape.relative)
        return named(self.shape.relative if self.shape.relative.startswith("/") else f"{first}/{self.shape.relative}".rstrip("/"))

    def _unwanted(self, facts: Facts | None, about: Named) -> Parts:
        phrases = (_OUTSIDE, _OUTSIDE_ATTRIBUTE, _OUTSIDE_TERM) if self.profile else (_UNWANTED, _UNWANTED_ATTRIBUTE, _UNWANTED_TERM)
        standard = Raw("Factur-X" if self.profile else "EN 16931")
        message = _say(phrases[2 if about.term else 1 if about.attribute else 0], about, standard=standard)
        message = join(message, Bi(*self.clause) if self.clause else None)
        found = self._found(facts)
        value = self._value_of(found[0]) if found else ""
        if found:
            times, who = counted(len(found), "time"), _who(about)
            message = join(message, say(_SEEN_VALUE, who=who, times=times, value=quote(value)) if value else say(_SEEN, who=who, times=times))
        if self.profile and self.shape.relative.rpartition("/")[2].startswith("@"):
            fix = _say(_WITHOUT_TERM if about.term else _WITHOUT, about)
        elif self.profile:
            fix = _say(_WIDER_TERM if about.term else _WIDER, about, standard=standard)
        elif about.term:
            fix = _say(_REMOVE_TERM, about)
        else:
            fix = _say(_REMOVE_NOTE, about, note=TERMS["BG-1"]) if value and not about.attribute else _say(_REMOVE, about)
        return Parts(message, fix, about.info, found[0] if found else None, None if about.term or not found else about.thing)

    def _variant(self, facts: Facts | None, about: Named) -> Parts:
        """An element whose code makes it none of the kinds that the profile knows: says which codes those are."""
        found = list(_EXCLUDED.finditer(self.shape.relative))
        path = found[0]["path"] if found else ""
        code = words_of(path.rpartition("/")[2].rpartition(":")[2]) if path else Bi("", "")
        values = listing([Bi(match["value"], isolate(match["value"])) for match in found if match["value"]])
        allowed = values
        if "not(not(@" in self.shape.relative.replace(" ", ""):  # to leave the code out is allowed as well
            allowed = listing([*([values] if values.en else []), Bi(*_NOT_GIVEN)])
        currencies = any(match["ref"] for match in found)
        listed = label(TERMS["BT-5"]), label(TERMS["BT-6"])
        wanted = say(_EITHER, a=listed[0], b=listed[1]) if currencies else values
        message = _say(_VARIANT_TERM if about.term else _VARIANT_THING, about, code=code, wanted=wanted if currencies else allowed)
        given = self._code(facts.node, path) if facts is not None and path else ""
        if given:
            message = join(message, say(_VALUE_SEEN, value=quote(given)))
        fix = _say(_VARIANT_FIX_TERM if about.term else _VARIANT_FIX, about, code=code, wanted=wanted)
        return Parts(message, fix, about.info)

    @staticmethod
    def _code(node: Node, path: str) -> str:
        owner, _, attribute = path.rpartition("@")
        owners = select(node, owner.rstrip("/")) if owner.rstrip("/") else [node]
        if not owners:
            return ""
        return (owners[0].get(attribute) or "").strip() if attribute and "@" in path else string((select(node, path) or [node])[0]).strip()

    def _counted(self, facts: Facts | None, about: Named) -> Parts:
        term, limit = about.term is not None, self.shape.limit
        times = counted(limit, "time")
        phrase = {
            "most": (_ONCE, _ONCE_TERM), "exactly": (_EXACT, _EXACT_TERM), "least": (_LEAST, _LEAST_TERM), "unwanted": (_ONCE, _ONCE_TERM),
            "attribute": (_ONCE, _ONCE_TERM), "value": (_ONCE, _ONCE_TERM),
        }[self.shape.kind][term]  # fmt: skip
        message = _say(phrase, about, times=times)
        found = self._found(facts)
        if facts is not None:
            who = _who(about)
            message = join(message, say(_THERE, who=who, times=counted(len(found), "time")) if found else say(_NONE, who=who))
        lacking = self.shape.kind == "least" or (self.shape.kind == "exactly" and not found)
        fix = self._supply(facts, about) if lacking else _say(_ONCE_FIX_TERM if term else _ONCE_FIX, about, times=times)
        if facts is None and self.shape.kind == "exactly":  # either may be wrong
            fix = join(fix, _REPEATED)
        return Parts(message, fix, about.info)

    def _supply(self, facts: Facts | None, about: Named) -> Bi:
        values = self._values(facts)
        if about.term is not None:
            return say(ENTER_LIKE, term=about.term, example=Raw(values.examples)) if values and values.fixed else supply(about.term)
        return _say(_ENTER_LIKE, about, example=Raw(values.examples)) if values else _say(_ENTER, about)

    def _values(self, facts: Facts | None) -> Values | None:
        return values_at(self._path(facts), self.test)

    def _path(self, facts: Facts | None) -> str:
        """The place as the rule writes it, or as the document has it with the marks that tell lists apart."""
        context = self.context
        if facts is not None:
            context = marked_path(facts.node)
        leaf = self.shape.relative
        return f"{context}/{leaf}" if leaf else context

    def _value(self, facts: Facts | None, about: Named) -> Parts:
        values, term = self._values(facts), about.term is not None
        listed = say(_FIXED if values and values.fixed else _OF_LIST, list=values.shown() if values else Raw("Factur-X"))
        message = _say(_VALUE_TERM if term else _VALUE, about, list=listed)
        given = self._value_of(facts.node) if facts is not None else ""
        if given:
            message = join(message, say(_VALUE_SEEN, value=quote(given)))
        better = MEANT.get(given.upper()) if given and values and not values.fixed else None
        if better:
            return Parts(message, _say(_WRITE, about, better=Raw(better), value=quote(given)), about.info)
        if values is None:
            return Parts(message, _say(_VALUE_FIX_ALONE, about), about.info)
        return Parts(message, _say(_VALUE_FIX_TERM if term else _VALUE_FIX, about, examples=Raw(values.examples)), about.info)

    def _value_of(self, node: Node) -> str:
        """What stands there: the attribute's value, or the text of an element without children."""
        leaf = _apart(self.shape.relative)[1]
        if leaf.startswith("@"):
            return (node.get(leaf[1:]) or "").strip()
        return "" if len(node) else string(node).strip()

    def _found(self, facts: Facts | None) -> list[Node]:
        """The elements the rule counts; for an attribute, those that bear it."""
        if facts is None:
            return []
        if not self.shape.relative:
            return [facts.node]
        path, leaf = _apart(self.shape.relative)
        if path == "/":
            return select(facts.root, f"//*[{leaf}]")
        if not leaf.startswith("@"):
            return select(facts.node, _either_line(self.shape.relative, facts))
        path = _either_line(path, facts)
        owners = select(facts.node, path) if path else [facts.node]
        return [owner for owner in owners if owner.get(leaf[1:]) is not None]


def _apart(path: str) -> tuple[str, str]:
    """The path before its last step, and that step: a slash in a predicate parts no steps."""
    match = _LAST_ATTRIBUTE.match(path)
    return (match[1], match[2]) if match else ("", path)


_LAST_ATTRIBUTE = re.compile(r"(.*?)/?(@\w+)\Z", re.S)


def _either_line(path: str, facts: Facts) -> str:
    return path.replace("cac:InvoiceLine", "cac:CreditNoteLine") if facts.syntax == "cn" else path


class _Feminine(Bi):
    """An attribute (سمة), which verbs agree with."""

    __slots__ = ()
    gender = "f"


def _who(about: Named) -> Bi | TermInfo:
    return about.term if about.term is not None else _Feminine(*about.thing) if about.attribute else about.thing


def _say(phrase: tuple[str, str], about: Named, **more: object) -> Bi:
    """A phrase about a thing; a term stands for itself, so that Arabic agrees with its gender."""
    thing = about.term if about.term is not None else about.thing
    return say(phrase, **{"thing": thing, "group": about.group, "within": within(about.group), "out_of": out_of(about.group), **more})  # pyright: ignore[reportArgumentType]
