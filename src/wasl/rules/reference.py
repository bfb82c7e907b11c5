"""The reference engine: a sheet run by the interpreter over the reference tree. Slow and plain; the compiled engine is measured against it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import localcontext
from typing import Any

from wasl.rules import sheets
from wasl.rules.errors import XPathError
from wasl.rules.findings import Cause, Finding, RuleContext
from wasl.rules.profiles import Profile
from wasl.rules.sheet import Assert, Sheet, Template
from wasl.rules.tree import ELEMENT, Node, element_path, find, from_lxml
from wasl.rules.values import EXACT, number_text
from wasl.rules.xpath.interpret import Focus, Frame, Once, atomize, evaluate, truth
from wasl.rules.xpath.pattern import matches, may_match
from wasl.rules.xpath.vocabulary import CURRENT


def run(sheet: Sheet, document: Node, skipped: frozenset[str] = frozenset()) -> list[Finding]:
    """All findings, in the order the sheet gives them: by mode, then document order, then the template's order."""
    findings: list[Finding] = []
    frame = Frame(document)
    for _, templates in sheet.modes:
        candidates: dict[tuple[str, str], list[Template]] = {}
        for node in _walk(document, attributes=_looks_at_attributes(templates)):
            name = (node.uri, node.local)
            if name not in candidates:
                candidates[name] = [t for t in templates if any(may_match(p, node) for p in t.patterns)]
            template = next((t for t in candidates[name] if any(matches(p, node, frame) for p in t.patterns)), None)
            if template is not None:
                for rule in template.asserts:
                    found = check(template, rule, node, frame) if rule.id not in skipped else None
                    if found is not None:
                        findings.append(found)
    return findings


def _looks_at_attributes(templates: tuple[Template, ...]) -> bool:
    return any(pattern.steps[-1].attribute for template in templates for pattern in template.patterns)


def _walk(document: Node, *, attributes: bool) -> Iterator[Node]:
    """What the sheet's own walk visits: elements in document order, each before its attributes and children."""
    for node in document.descendants():
        if node.kind == ELEMENT:
            yield node
            if attributes:
                yield from node.attributes


def lets(template: Template, node: Node, frame: Frame) -> dict[str, Any]:
    """The template's variables, evaluated only when used."""
    found: dict[str, Any] = {CURRENT: (node,)}
    for name, expr in template.lets:
        found[name] = Once(expr, Focus(node, variables=dict(found), frame=frame))
    return found


def outcome(template: Template, rule: Assert, node: Node, frame: Frame) -> bool | XPathError:
    """Does the rule hold here? An error is a value: the rule could not be evaluated."""
    try:
        return truth(rule.expr, Focus(node, variables=lets(template, node, frame), frame=frame)) is not rule.report
    except XPathError as error:
        return error


def check(template: Template, rule: Assert, node: Node, frame: Frame) -> Finding | None:
    """The finding of a rule at a node, if it has one."""
    result = outcome(template, rule, node, frame)
    if result is True:
        return None
    cause = Cause(result.code, result.value, result.wanted) if isinstance(result, XPathError) else None
    return Finding(rule.id, rule.severity, message(template, rule, node, frame), rule.test, context_of(node), cause is not None, cause)


def message(template: Template, rule: Assert, node: Node, frame: Frame) -> str:
    parts: list[str] = []
    for part in rule.text:
        if isinstance(part, str):
            parts.append(part)
            continue
        try:
            focus = Focus(node, variables=lets(template, node, frame), frame=frame)
            with localcontext(EXACT):
                parts.append(" ".join(number_text(v) for v in atomize(evaluate(part, focus))))
        except (XPathError, RecursionError):
            parts.append("?")
    return " ".join("".join(parts).split())


def context_of(node: Node) -> RuleContext:
    return RuleContext(*element_path(node))


def load_sheet(name: str) -> Sheet:
    return sheets.load(name)


class Reference:
    """One document in the reference engine: whole, or only the questions that the compiled engine could not answer."""

    def __init__(self, profile: Profile, root: Any, sets: tuple[str, ...] | None = None, sheet: Sheet | None = None) -> None:
        """`sets` are those of the profile for the root's syntax unless named, or replaced by a sheet that is no set of ours."""
        self.profile = profile
        uri, _, local = root.tag[1:].rpartition("}")
        self.sheet = sheet or sheets.combined(sets or profile.sets[sheets.syntax_of((uri, local)) or ""])
        self.document = from_lxml(root)
        self.frame = Frame(self.document)
        self.rules = self.sheet.asserts()
        self.templates = [template for _, templates in self.sheet.modes for template in templates]

    def run(self) -> list[Finding]:
        return run(self.sheet, self.document, self.profile.skipped)

    def check(self, rule: int, path: tuple[tuple[str, str, int], ...]) -> Finding | None:
        """The finding of the sheet's `rule`-th assert at an element, if it has one."""
        template, asserted = self.rules[rule]
        node = find(self.document, path)
        return check(template, asserted, node, self.frame)

    def template(self, mode: int, path: tuple[tuple[str, str, int], ...]) -> int | None:
        """The number of the template that matches an element in a mode."""
        node = find(self.document, path)
        for template in self.sheet.modes[mode][1]:
            if any(matches(pattern, node, self.frame) for pattern in template.patterns):
                return next(i for i, known in enumerate(self.templates) if known is template)
        return None
