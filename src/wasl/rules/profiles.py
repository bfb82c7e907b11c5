"""Profiles: which rule sets apply to a document of which syntax. A national profile is a set less a listed set of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wasl.rules.errors import UnknownProfile

GROUP = "wasl.profiles"


def _ubl_only() -> dict[str, tuple[str, ...]]:
    return {"ubl": ("en16931-ubl",)}


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rule that a profile leaves out, why (in both languages), and the law or measurement that says so."""

    rule: str
    reason_en: str
    reason_ar: str
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """`sets` names, per syntax ("ubl", "cii"), the sets of `wasl.rules.sheets` that run, in order; a profile without sets
    (`auto`, `facturx`) picks another one by what a document says of itself. Excluded rules are not reported."""

    id: str
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=_ubl_only, hash=False)
    excluded: tuple[Exclusion, ...] = ()
    name_en: str = ""
    name_ar: str = ""
    skipped: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "skipped", frozenset(exclusion.rule for exclusion in self.excluded))

    def all_sets(self) -> tuple[str, ...]:
        """Every set of the profile once, whatever the syntax."""
        return tuple(dict.fromkeys(name for names in self.sets.values() for name in names))


def _built_in(id: str, en: str, ar: str, **sets: str) -> Profile:
    return Profile(id, {syntax: tuple(names.split()) for syntax, names in sets.items()}, name_en=en, name_ar=ar)


EN16931 = _built_in(
    "en16931",
    "EN 16931 (the official rules, all of them)",
    "EN 16931 (القواعد الرسمية كاملة)",
    ubl="en16931-ubl",
    cii="en16931-cii",
)
LEVELS = {"minimum": "MINIMUM", "basicwl": "BASIC WL", "basic": "BASIC", "en16931": "EN 16931", "extended": "EXTENDED"}
BUILT_IN = {
    each.id: each
    for each in (
        _built_in("auto", "what the document says of itself", "ما يقوله المستند عن نفسه"),
        EN16931,
        _built_in("peppol", "Peppol BIS Billing 3.0", "Peppol BIS Billing 3.0", ubl="en16931-ubl peppol-ubl"),
        _built_in("xrechnung", "XRechnung (Germany)", "XRechnung (ألمانيا)", ubl="en16931-ubl xrechnung-ubl", cii="en16931-cii xrechnung-cii"),
        _built_in("facturx", "Factur-X / ZUGFeRD, the level that the document names", "Factur-X / ZUGFeRD بالمستوى المذكور في المستند"),
        *(
            _built_in(f"facturx-{level}", f"Factur-X / ZUGFeRD {name}", f"Factur-X / ZUGFeRD {name}", cii=f"facturx-{level}")
            for level, name in LEVELS.items()
        ),
    )
}


def get(profile: str | Profile) -> Profile:
    """A profile by its id: built in, or registered by a package under the entry point group `wasl.profiles`."""
    if isinstance(profile, Profile):
        return profile
    known = BUILT_IN.get(profile)
    if known is not None:
        return known
    if profile.startswith("user:"):
        from wasl.rules import own_sheets

        return own_sheets.profile(profile)
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

    from wasl.rules import own_sheets

    own = (own_sheets.PREFIX + each.name for each in own_sheets.listed())
    return sorted({*BUILT_IN, *(entry.name for entry in entry_points(group=GROUP)), *own})
