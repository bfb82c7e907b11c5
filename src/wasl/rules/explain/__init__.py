"""Findings in words: where, what is wrong with this invoice's own figures, and what to do, in Arabic and English.

Called only for findings, never on a clean document. How a finding becomes words:

- `rulebook.condition` finds the rule's condition: by its id in a book (`rulebook`, `book_*`: core, CII, XRechnung, Peppol, countries), by the id that
  Factur-X keeps in its texts, or by the shape of its text and test (`shapes`: how often, not at all, which values). Anything else is `official`.
- A condition (`presence`, `limits`, `sums`, `vat`, `codes`, `checks`, ...) fills phrases in two languages (`text`) with terms and figures.
- It asks `facts` for "the value of BT-x here", in UBL and CII alike (`paths`: one table of places for both), and `elements` for what an element
  that is no term is called. `place` says where. `schema` does the same for findings of the schema, `unevaluable` for rules that could not be checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import Facts, FindingLike, Node, Siblings
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.place import place, place_of_term
from wasl.rules.explain.rulebook import condition
from wasl.rules.explain.unevaluable import explain_unevaluable

__all__ = ["Explanation", "FindingLike", "explain", "explain_all", "explain_rule"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One finding for people; `term` is the business term or group concerned, such as "BT-112"."""

    where_en: str
    where_ar: str
    message_en: str
    message_ar: str
    fix_en: str
    fix_ar: str
    term: str

    def where(self, lang: str) -> str:
        return self.where_ar if lang == "ar" else self.where_en

    def message(self, lang: str) -> str:
        return self.message_ar if lang == "ar" else self.message_en

    def fix(self, lang: str) -> str:
        return self.fix_ar if lang == "ar" else self.fix_en


def explain(finding: FindingLike, doc: Node) -> Explanation:
    """The explanation of one finding in the document `doc` (an lxml root)."""
    return explain_all([finding], doc)[0]


def explain_all(findings: Iterable[FindingLike], doc: Node) -> list[Explanation]:
    """The same for many findings of one document: what is counted once is remembered."""
    siblings = Siblings()
    return [_explain(finding, doc, siblings) for finding in findings]


def _explain(finding: FindingLike, doc: Node, siblings: Siblings) -> Explanation:
    node = siblings.locate(doc, finding.location)
    facts = Facts(doc, node, siblings, finding.test)
    if finding.rule == "XSD":
        from wasl.rules.explain.schema import explain_schema

        return _placed(explain_schema(finding, facts), node, siblings)
    parts = explain_unevaluable(finding, facts) if finding.unevaluable else _parts(finding, facts)
    return _placed(parts, parts.node if parts.node is not None else node, siblings)


def explain_rule(rule: str, *, test: str = "", official: str = "", context: str = "") -> Explanation:
    """What a rule wants in general, without an invoice: for `wasl rules show` and the rules reference.

    `context` is the rule's own as published; rules that speak of an element by name only are placed by it.
    """
    return _placed(condition(rule, test, official, context).explain(None), None, Siblings())


def _parts(finding: FindingLike, facts: Facts) -> Parts:
    kind = condition(finding.rule, finding.test, finding.official)
    try:
        return kind.explain(facts)
    except ArithmeticError:  # figures beyond any arithmetic: the rule in general is still worth saying
        return kind.explain(None)


def _placed(parts: Parts, node: Node | None, siblings: Siblings) -> Explanation:
    where = place(node, parts.term, siblings, parts.detail) if node is not None else place_of_term(parts.term)
    term = parts.term or TERMS["BG-0"]
    return Explanation(where.en, where.ar, parts.message.en, parts.message.ar, parts.fix.en, parts.fix.ar, term.id)
