"""Every rule of a sheet as it was published, for `wasl rules list` and `wasl rules show`."""

from __future__ import annotations

from dataclasses import dataclass

from wasl.rules import profiles
from wasl.rules.profiles import Exclusion, Profile


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """One assert. A rule may have several, in different contexts."""

    id: str
    severity: str
    context: str
    test: str
    text: str
    report: bool = False  # speaks when its test is true


def rules(profile: str | Profile = "en16931") -> list[RuleInfo]:
    """All rules of a profile's sheet, in the sheet's order, without the excluded ones."""
    from wasl.rules.reference import load_sheet

    chosen = profiles.get(profile)
    return [
        RuleInfo(rule.id, rule.severity, template.context, rule.test, _text(rule.text), rule.report)
        for template, rule in load_sheet(chosen.base).asserts()
        if rule.id not in chosen.skipped
    ]


def find(rule: str, profile: str | Profile = "en16931") -> list[RuleInfo]:
    """The asserts of one rule id, whatever its case; none for an unknown id."""
    wanted = rule.upper()
    return [info for info in rules(profile) if info.id.upper() == wanted]


def excluded(profile: str | Profile) -> tuple[Exclusion, ...]:
    """The rules that a profile leaves out, each with reason and source."""
    return profiles.get(profile).excluded


def _text(parts: tuple[object, ...]) -> str:
    return "".join(part if isinstance(part, str) else "{…}" for part in parts)
