"""The official rules, compiled: `validate(data, profile="en16931")` says which rules a document breaks, where, and in the rules' own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasl.rules.engine import validate
    from wasl.rules.findings import Cause, Finding, Report, RuleContext, Stats, Unchecked
    from wasl.rules.profiles import Exclusion, Profile
    from wasl.rules.report.asjson import to_json

__all__ = ["Cause", "Exclusion", "Finding", "Profile", "Report", "RuleContext", "Stats", "Unchecked", "to_json", "validate"]

_HOME = {
    "validate": "engine",
    "Cause": "findings", "Finding": "findings", "Report": "findings", "RuleContext": "findings", "Stats": "findings", "Unchecked": "findings",
    "Exclusion": "profiles", "Profile": "profiles",
    "to_json": "report.asjson",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import on first use: a national profile needs two small classes, not the engine."""
    if name not in _HOME:
        raise AttributeError(name)
    from importlib import import_module

    value = getattr(import_module(f"wasl.rules.{_HOME[name]}"), name)
    globals()[name] = value
    return value
