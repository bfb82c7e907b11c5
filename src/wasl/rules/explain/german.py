"""What XRechnung wants that no other set does: cash discounts in a fixed form, names of attached files."""

from __future__ import annotations

import re

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import Facts, string
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.text import Raw, join, quote, say


class SameNames(Struct, frozen=True):
    """BR-DE-22: attached files have names of their own. Names those that repeat."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-125-2"]
        message = say(_NAMES, term=info)
        if facts is not None:
            names = [node.get("filename") or "" for node in facts.everywhere("BT-125-2")]
            twice = sorted({name for name in names if names.count(name) > 1})
            message = join(message, say(_NAMES_SEEN, names=quote(", ".join(twice))) if twice else None)
        return Parts(message, say(_NAMES_FIX, term=info), info)


_NAMES = ("The {term} must not occur twice among the attached files.", "يجب ألّا يتكرر {term} بين الملفات المرفقة.")
_NAMES_SEEN = ("Given more than once: {names}.", "المكرر: {names}.")
_NAMES_FIX = ("Change the {term} where it is repeated, so that each file has its own.", "غيّر {term} حيث تكرر، ليكون لكل ملف اسم يخصه.")

_SKONTO = re.compile(r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#\Z")
_SKONTO_LIKE = re.compile(r"#\s*SKONTO\s*#\s*TAGE\s*=\s*(\d+)\s*#\s*PROZENT\s*=\s*(\d+)(?:[.,](\d{1,2}))?\s*(?:%\s*)?(?:#\s*)?\Z", re.I)
_SKONTO_EXAMPLE = "#SKONTO#TAGE=14#PROZENT=2.00#"


class Skonto(Struct, frozen=True):
    """BR-DE-18: a cash discount is written in the payment terms in one fixed way. Shows the line that is not, and how it should read."""

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS["BT-20"]
        general = say(_SKONTO_RULE, term=info, example=Raw(_SKONTO_EXAMPLE))
        if facts is None:
            return Parts(general, say(_SKONTO_FIX, term=info, example=Raw(_SKONTO_EXAMPLE)), info)
        nodes = facts.everywhere("BT-20")
        wrong = [line.strip() for node in nodes[:1] for line in string(node).splitlines() if line.strip().startswith("#")]
        wrong = [line for line in wrong if not _SKONTO.match(line)]
        if not wrong:
            return Parts(join(general, say(_SKONTO_BREAK)), say(_SKONTO_BREAK_FIX, term=info), info)
        like = _SKONTO_LIKE.match(wrong[0])
        better = f"#SKONTO#TAGE={like[1]}#PROZENT={like[2]}.{(like[3] or '0').ljust(2, '0')}#" if like else _SKONTO_EXAMPLE
        fix = say(_SKONTO_WRITE if like else _SKONTO_FIX, term=info, example=Raw(better))
        return Parts(join(general, say(_SKONTO_SEEN, line=quote(wrong[0]))), fix, info)


_SKONTO_RULE = (
    "In the {term} a cash discount (Skonto) is written in one fixed way, on a line of its own: {example}, that is 2 % within 14 days.",
    "خصم السداد المبكر (سكونتو) يُكتب في {term} بصيغة واحدة وفي سطر مستقل: {example}، أي 2٪ خلال 14 يومًا.",
)
_SKONTO_SEEN = ("This line is not: “{line}”.", "وهذا السطر مخالف: «{line}».")
_SKONTO_WRITE = (
    "Write the line in the {term} as {example}, followed by a line break.",
    "اكتب السطر في {term} هكذا: {example} ثم ابدأ سطرًا جديدًا.",
)
_SKONTO_FIX = (
    "Write the line in the {term} like {example}: capitals, days, percentage with two decimals, no blanks, then a line break.",
    "اكتب السطر في {term} مثل {example}: بالأحرف الكبيرة، ثم الأيام، ثم النسبة بخانتين عشريتين، بلا مسافات، وبعده سطر جديد.",
)
_SKONTO_BREAK = ("The last such line is not followed by a line break.", "والسطر الأخير منها لا يليه سطر جديد.")
_SKONTO_BREAK_FIX = ("Add a line break at the end of the {term}.", "أضف سطرًا جديدًا في آخر {term}.")
