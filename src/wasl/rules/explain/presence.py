"""Conditions on whether something is there: required, one of several, one or the other, at most once, not at all."""

from __future__ import annotations

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import LINES, Facts
from wasl.rules.explain.parts import Parts, supply
from wasl.rules.explain.text import Bi, Raw, counted, join, label, listing, quote, say

_MANY = ("payment instructions", "payment terms", "card details", "document totals", "price details")
_MISSING = ("The {term} is missing.", "{term} <term?غير مذكور|غير مذكورة>.")
_EMPTY = ("The {term} is there but empty.", "{term} <term?موجود لكنه فارغ|موجودة لكنها فارغة>.")


class Missing(Struct, frozen=True):
    """`term` must be given here."""

    term: str
    because: tuple[str, str] | None = None  # a clause that says why, where it is not plain
    remedy: tuple[str, str] | None = None  # an action of its own
    raw: tuple[str, ...] = ()  # examples for the slots {0}, {1} of the remedy

    def explain(self, facts: Facts | None) -> Parts:
        info = TERMS[self.term]
        empty = facts is not None and not info.is_group and facts.value(self.term) == ""
        phrase = _EMPTY if empty else _MISSING
        if info.en in _MANY:
            phrase = (phrase[0].replace(" is ", " are "), phrase[1])
        message = join(say(phrase, term=info), Bi(*self.because) if self.because else None)
        examples = {str(index): Raw(text) for index, text in enumerate(self.raw)}
        fix = say(self.remedy, term=info, **examples) if self.remedy else supply(info)
        return Parts(message, fix, info)


_ONE_OF = ("At least one of these must be given: {terms}.", "لا بدّ من ذكر واحد على الأقل مما يأتي: {terms}.")
_ONE_OF_FIX = ("Enter the {first}, or the {rest}.", "أدخل {first}، أو {rest}.")


class OneOf(Struct, frozen=True):
    """At least one of several terms; the first is the usual one."""

    terms: tuple[str, ...]
    because: tuple[str, str]
    remedy: tuple[str, str] | None = None

    def explain(self, facts: Facts | None) -> Parts:
        infos = [TERMS[t] for t in self.terms]
        labels = [label(i) for i in infos]
        rest = listing([Bi(w.en if i == 0 else f"the {w.en}", w.ar) for i, w in enumerate(labels[1:])])
        fix = say(self.remedy, term=infos[0]) if self.remedy else say(_ONE_OF_FIX, first=infos[0], rest=rest)
        return Parts(join(Bi(*self.because), say(_ONE_OF, terms=listing(labels))), fix, infos[0])


_NOT_BOTH = (
    "The {a} and the {b} exclude each other, but both are given.",
    "{a} و{b} لا يجتمعان، وقد ذُكر كلاهما.",
)
_NOT_BOTH_VALUES = (
    "The {a} ({x}) and the {b} ({y}) exclude each other, but both are given.",
    "{a} ({x}) و{b} ({y}) لا يجتمعان، وقد ذُكر كلاهما.",
)
_NOT_BOTH_FIX = ("Keep one of them: remove the {b} or the {a}.", "أبقِ واحدًا منهما: احذف {b} أو {a}.")


class NotBoth(Struct, frozen=True):
    a: str
    b: str

    def explain(self, facts: Facts | None) -> Parts:
        a, b = TERMS[self.a], TERMS[self.b]
        fix = say(_NOT_BOTH_FIX, a=a, b=b)
        x, y = (facts.shown(a.id), facts.shown(b.id)) if facts else (None, None)
        if x and y:
            return Parts(say(_NOT_BOTH_VALUES, a=a, b=b, x=quote(x), y=quote(y)), fix, a)
        return Parts(say(_NOT_BOTH, a=a, b=b), fix, a)


_SAME = (
    "The {code} and the {reason} must mean the same.",
    "يجب أن يدلّ {code} و{reason} على المعنى نفسه.",
)
_SAME_FIX = ("Change the {code} or the {reason} so that both mean the same.", "غيّر {code} أو {reason} ليتّفق معناهما.")


class SameMeaning(Struct, frozen=True):
    """A reason and its code agree. The official sheet cannot test it; people can."""

    code: str
    reason: str

    def explain(self, facts: Facts | None) -> Parts:
        code, reason = TERMS[self.code], TERMS[self.reason]
        return Parts(say(_SAME, code=code, reason=reason), say(_SAME_FIX, code=code, reason=reason), reason)


_ONCE = ("The {term} may be given once only.", "لا <term?يُذكر|تُذكر> {term} إلا مرة واحدة.")
_ONCE_SEEN = (
    "The {term} may be given once only, but stands here {times}.",
    "لا <term?يُذكر|تُذكر> {term} إلا مرة واحدة، لكنه ورد هنا {times}.",
)
_ONCE_SEEN_F = (_ONCE_SEEN[0], "لا تُذكر {term} إلا مرة واحدة، لكنها وردت هنا {times}.")
_ONCE_FIX = ("Keep one {term} and remove the others.", "أبقِ {term} مرة واحدة واحذف ما زاد.")
_ONCE_FIX_VALUES = (
    "Keep one {term}, for example {value}, and remove the others.",
    "أبقِ {term} مرة واحدة، مثل {value}، واحذف ما زاد.",
)


class Once(Struct, frozen=True):
    """At most one `term` here; `path` below the finding's node where UBL holds it in several places."""

    term: str
    path: str = ""
    on_line: str = ""  # the term instead, where the finding stands in a line
    because: tuple[str, str] | None = None

    def explain(self, facts: Facts | None) -> Parts:
        in_line = facts is not None and self.on_line and facts.ancestor(*LINES) is not None
        info = TERMS[self.on_line if in_line else self.term]
        clause = Bi(*self.because) if self.because else None
        found = [] if facts is None else facts.all(self.path) if self.path else facts.of(info.id)
        if len(found) < 2:
            return Parts(join(say(_ONCE, term=info), clause), say(_ONCE_FIX, term=info), info)
        phrase = _ONCE_SEEN_F if info.gender == "f" else _ONCE_SEEN
        times = counted(len(found), "time")
        value = facts.text(".", found[0]) if facts and not len(found[0]) and not info.is_group else None
        fix = say(_ONCE_FIX_VALUES, term=info, value=quote(value)) if value else say(_ONCE_FIX, term=info)
        return Parts(join(say(phrase, term=info, times=times), clause), fix, info)


_SCHEME = (
    "The {term} {value} does not say which scheme it belongs to.",
    "{term} {value} لا <term?يبيّن|تبيّن> النظام الذي <term?ينتمي|تنتمي> إليه.",
)
_SCHEME_GENERAL = (
    "The {term} must say which scheme it belongs to.",
    "يجب أن <term?يبيّن|تبيّن> {term} النظام الذي <term?ينتمي|تنتمي> إليه.",
)
_SCHEME_FIX = ("Enter the {scheme}, for example {example}.", "أدخل {scheme}، مثل {example}.")


class Scheme(Struct, frozen=True):
    """An identifier needs its scheme; `scheme` is the sub-term."""

    term: str
    scheme: str
    example: str

    def explain(self, facts: Facts | None) -> Parts:
        info, scheme = TERMS[self.term], TERMS[self.scheme]
        value = facts.value(self.term) if facts else None
        message = say(_SCHEME, term=info, value=quote(value)) if value else say(_SCHEME_GENERAL, term=info)
        return Parts(message, say(_SCHEME_FIX, scheme=scheme, example=Raw(self.example)), scheme)


class Pair(Struct, frozen=True):
    """Two terms of a group that are both required: says which of them is missing."""

    first: str
    second: str
    general: tuple[str, str]

    def explain(self, facts: Facts | None) -> Parts:
        a, b = TERMS[self.first], TERMS[self.second]
        if facts is None:
            message = say(self.general, a=a, b=b)
            return Parts(message, join(supply(a), supply(b)), a)
        lacking = [info for info in (a, b) if not facts.of(info.id)] or [a]
        message = join(say(self.general, a=a, b=b), *(say(_MISSING, term=info) for info in lacking))
        return Parts(message, join(*(supply(info) for info in lacking)), lacking[0])
