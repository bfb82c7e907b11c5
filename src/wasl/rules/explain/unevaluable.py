"""A rule that could not be checked at all: which value stood in the way, and what it should look like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import DECIMAL, Facts, FindingLike, Node, local, string
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.termof import nearest
from wasl.rules.explain.text import Raw, join, quote, say

_BECAUSE = {
    "number": (
        "Rule {rule} could not be checked because “{value}” is not a number.",
        "تعذّر فحص القاعدة {rule} لأن «{value}» ليس رقمًا.",
    ),
    "date": (
        "Rule {rule} could not be checked because “{value}” is not a date.",
        "تعذّر فحص القاعدة {rule} لأن «{value}» ليس تاريخًا.",
    ),
    "boolean": (
        "Rule {rule} could not be checked because “{value}” is neither true nor false.",
        "تعذّر فحص القاعدة {rule} لأن «{value}» لا تدل على نعم ولا على لا.",
    ),
    "single": (
        "Rule {rule} could not be checked because a value that must be single is given several times.",
        "تعذّر فحص القاعدة {rule} لأن قيمة مفردة ذُكرت أكثر من مرة.",
    ),
    "value": (
        "Rule {rule} could not be checked because “{value}” cannot be read here.",
        "تعذّر فحص القاعدة {rule} لأن «{value}» غير مقروء هنا.",
    ),
}
_FIX = {
    "number": ("Enter the {term} in digits with a point, for example {example}.", "أدخل {term} بالأرقام ونقطة عشرية، مثل {example}."),
    "date": ("Enter the {term} as year-month-day, for example {example}.", "أدخل {term} بترتيب السنة فالشهر فاليوم، مثل {example}."),
    "boolean": ("Write {example} in the {term}.", "اكتب {example} في {term}."),
    "single": ("Keep one value of the {term} and remove the others.", "أبقِ قيمة واحدة في {term} واحذف ما زاد."),
    "value": ("Correct the {term}.", "صحّح {term}."),
}
_EXAMPLE = {"number": "1250.00", "date": "2026-11-23", "boolean": "true / false"}
_BY_NAME = (("Percent", "15"), ("Quantity", "3"), ("Numeric", "10"))
_AT = ("See the {term}.", "انظر {term}.")
_KINDS = {"decimal": "number", "double": "number", "integer": "number", "date": "date", "boolean": "boolean", "single": "single"}
_NUMERIC = re.compile(r"(Amount|Percent|Quantity|Numeric|Rate)\Z")
_DATE = re.compile(r"(-?\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?|\d{8}(\d{4})?)\Z")


def explain_unevaluable(finding: FindingLike, facts: Facts) -> Parts:
    """Finds the value at fault near the finding, then anywhere; the engine's own cause decides where it knows one."""
    cause = getattr(finding, "cause", None)
    wanted = _KINDS.get(str(getattr(cause, "wanted", "")))
    blamed = str(getattr(cause, "value", "")) if cause is not None else None
    kind, node = _culprit(facts, wanted, blamed, finding.test)
    value = string(node).strip() if node is not None else blamed or ""
    info = nearest(node) if node is not None else TERMS["BG-0"]
    message = say(_BECAUSE[kind], rule=Raw(finding.rule), value=quote(value))
    fix = say(_FIX[kind], term=info, **({"example": Raw(_example(kind, node))} if kind in _EXAMPLE else {}))
    return Parts(join(message, say(_AT, term=info)), fix, info, node)


def _example(kind: str, node: Node | None) -> str:
    """A value of the same sort: a rate is no amount of money."""
    name = local(node) if node is not None else ""
    return next((example for end, example in _BY_NAME if kind == "number" and name.endswith(end)), _EXAMPLE[kind])


def _culprit(facts: Facts, wanted: str | None, blamed: str | None, test: str) -> tuple[str, Node | None]:
    if wanted == "single":
        return "single", _repeated(facts, test)
    near = () if facts.node is facts.root else _broken(facts.node)
    for kind, node in near:
        if wanted in (None, kind) and (blamed is None or blamed.strip() == string(node).strip()):
            return kind, node
    index = facts.siblings.once("broken", lambda: _index(facts.root))
    return index.get((wanted, None if blamed is None else blamed.strip())) or (wanted or "value", None)


def _index(root: Node) -> dict[tuple[str | None, str | None], tuple[str, Node | None]]:
    """The first broken value of the document by its kind and by its text, by one of them, by none: looked for once, not a finding."""
    found: dict[tuple[str | None, str | None], tuple[str, Node | None]] = {}
    for kind, node in _broken(root):
        text = string(node).strip()
        for key in ((kind, text), (kind, None), (None, text), (None, None)):
            found.setdefault(key, (kind, node))
    return found


def _broken(start: Node) -> Iterator[tuple[str, Node]]:
    """Values that are not what their name promises."""
    for node in start.iter("{*}*"):
        if len(node):
            continue
        name, text = local(node), string(node)
        if _NUMERIC.search(name) and not DECIMAL.match(text):
            yield "number", node
        elif (name.endswith("Date") or name in ("DateTimeString", "DateString")) and not _DATE.match(text.strip()):
            yield "date", node
        elif name.endswith("Indicator") and text.strip() not in ("true", "false", "1", "0"):
            yield "boolean", node


def _repeated(facts: Facts, test: str) -> Node | None:
    """The first repeated child of the finding's node whose name the test mentions."""
    seen: set[str] = set()
    for node in facts.node.iter("{*}*"):
        parent = node.getparent()
        key = f"{id(parent)}/{local(node)}"
        if key in seen and re.search(rf"\b{re.escape(local(node))}\b", test):
            return node
        seen.add(key)
    return None
