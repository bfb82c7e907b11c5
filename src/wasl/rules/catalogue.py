"""Every rule of a sheet as it was published, for `wasl rules list` and `wasl rules show`."""

from __future__ import annotations

from dataclasses import dataclass

from wasl.rules import profiles, sheets
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


def rules(profile: str | Profile = "en16931", syntax: str = "ubl") -> list[RuleInfo]:
    """All rules of a profile for a syntax, in the order of its sets, without the excluded ones."""
    chosen = profiles.get(profile)
    return [info for name in chosen.sets.get(syntax, ()) for info in of_set(name) if info.id not in chosen.skipped]


def of_set(name: str) -> list[RuleInfo]:
    """All asserts of one set. Raises MissingSet."""
    return [
        RuleInfo(rule.id, rule.severity, template.context, rule.test, _text(rule.text), rule.report)
        for template, rule in sheets.load(name).asserts()
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
