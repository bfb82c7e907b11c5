"""Why a finding was not mended: a doubt at its place, what mending would break, or what kind of answer only a person has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wasl.rules.fix.proposal import Doubt
from wasl.rules.report.shown import Both

if TYPE_CHECKING:
    from wasl.rules.findings import Finding, Report
    from wasl.rules.fix.engine import Left

MISSING = Both(
    "القيمة غير مذكورة ولا تُحسب من غيرها؛ لا يعرفها إلا صاحبها.",
    "the value is missing and follows from nothing else; only its owner knows it.",
)
CODE = Both("لا رمز واحدًا في القائمة يُقصد بما كُتب.", "no single code of the list is meant by what is written.")
SUM = Both("قد يكون الخطأ في أكثر من رقم، ولا يحسم الباقي أيّها.", "more than one figure may be wrong, and the others do not decide which.")
SURPLUS = Both("إصلاحه حذف معلومة، ولا نحذف ما كتبه غيرنا.", "mending it means dropping information, and we drop nothing that others wrote.")
SCHEMA = Both("البناء يخالف المخطط، والمقصود لا يُستنتج.", "the structure breaks the schema, and what was meant cannot be derived.")
OTHER = Both("الصواب لا يُستنتج من المستند نفسه.", "what is right does not follow from the document itself.")
LAW = Both("يطلبه القانون من البائع، ولا يُستنتج من المستند.", "the law asks it of the seller; it does not follow from the document.")

_SUM = re.compile(r"\bsum\s*\(|\bround\s*\(|\*\s*10|xs:decimal\([^)]*\)\s*[-+*=]")
_CODE = re.compile(r"contains\(\s*'[^']{12,}'|\bsome\b.*'[A-Z0-9]{2,}'")
_SURPLUS = re.compile(r"^\s*\(?\s*not\s*\(")


def why(report: Report, extra: Iterable[Any], doubts: Iterable[Doubt], broken: Mapping[str, Both]) -> list[Left]:
    from wasl.rules.fix.engine import Left

    left = [Left(each.rule, each.severity, each.xpath, _reason(each, doubts, broken)) for each in report.findings]
    return left + [Left(each.rule, each.severity, each.xpath, broken.get(each.rule, LAW)) for each in extra]


def _reason(finding: Finding, doubts: Iterable[Doubt], broken: Mapping[str, Both]) -> Both:
    path = finding.context.path
    for doubt in doubts:
        near = len(path) > 1 and (doubt.path[: len(path)] == path or path[: len(doubt.path)] == doubt.path)
        if finding.rule in doubt.rules if doubt.rules else near:
            return doubt.reason
    if finding.rule in broken:
        return broken[finding.rule]
    if finding.rule == "XSD":
        return SCHEMA
    test = finding.test
    if _CODE.search(test):
        return CODE
    if _SUM.search(test):
        return SUM
    if _SURPLUS.search(test):
        return SURPLUS
    if "exists" in test or "count(" in test or "normalize-space" in test or re.fullmatch(r"[\w:/@\s()|.-]+", test):
        return MISSING
    return OTHER
