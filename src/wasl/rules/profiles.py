"""Profiles: which official rules apply. `en16931` is the sheet untouched; a national profile is the sheet less a listed set of rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from wasl.rules.errors import UnknownProfile

GROUP = "wasl.profiles"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rule that a profile leaves out, why (in both languages), and the law or measurement that says so."""

    rule: str
    reason_en: str
    reason_ar: str
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """`base` names a sheet of `wasl.rules.sheets`; the excluded rules of it are not reported."""

    id: str
    base: str = "en16931-ubl"
    excluded: tuple[Exclusion, ...] = ()
    name_en: str = ""
    name_ar: str = ""
    skipped: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "skipped", frozenset(exclusion.rule for exclusion in self.excluded))


EN16931 = Profile("en16931", name_en="EN 16931 (the official rules, all of them)", name_ar="EN 16931 (القواعد الرسمية كاملة)")
BUILT_IN = {"en16931": EN16931, "auto": EN16931}


def get(profile: str | Profile) -> Profile:
    """A profile by its id: built in, or registered by a package under the entry point group `wasl.profiles`."""
    if isinstance(profile, Profile):
        return profile
    known = BUILT_IN.get(profile)
    if known is not None:
        return known
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP, name=profile):
        found = entry.load()
        if isinstance(found, Profile):
            BUILT_IN[profile] = found
            return found
    raise UnknownProfile(profile=profile, known=", ".join(names()))


def names() -> list[str]:
    """All ids that `get` accepts."""
    from importlib.metadata import entry_points

    return sorted({*BUILT_IN, *(entry.name for entry in entry_points(group=GROUP))})
