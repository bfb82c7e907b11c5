"""Which sets of rules a document gets: by its root element and, for `auto` and `facturx`, by what it says of itself.

Sources: EN 16931-1 BT-23 and BT-24; the identifiers of Peppol BIS Billing 3.0, XRechnung 2 and 3, Factur-X 1.0 and ZUGFeRD 2.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat

from wasl.errors import Words
from wasl.rules import profiles, sheets
from wasl.rules.errors import UnsupportedDocument
from wasl.rules.profiles import Profile
from wasl.rules.sheets import Root

SHOWN_MAX = 120  # characters of an identifier in a sentence
EN16931 = "urn:cen.eu:en16931:2017"
PEPPOL = "urn:fdc:peppol.eu:2017:poacc:billing:"
_FACTURX = ("urn:factur-x.eu:1p0:", "urn:zugferd.de:2p0:", "urn:zugferd.de:2p1:", "urn:zugferd.de:2p2:")


@dataclass(frozen=True, slots=True)
class Choice:
    """The profile that runs, its sets for this syntax, and why it was picked where the caller left it open."""

    profile: Profile
    syntax: str
    sets: tuple[str, ...]
    picked: Words | None = None


def choose(profile: Profile, root: Root, data: bytes) -> Choice:
    """`data` is UTF-8, well-formed and has passed the guard. Raises UnsupportedDocument where the profile has no rules for its root."""
    syntax = sheets.syntax_of(root)
    picked: Words | None = None
    wanted = profile
    if syntax is not None and not profile.sets:
        if profile.id == "auto":
            profile, picked = _auto(syntax, data)
        elif syntax == "cii":
            profile, picked = _level(data)
    sets = profile.sets.get(syntax or "", ())
    if syntax is None or not sets:
        raise UnsupportedDocument(profile=wanted.id, root=root[1], wanted=_wanted(wanted))
    return Choice(profile, syntax, sets, picked)


def _wanted(profile: Profile) -> Words:
    """What the profile has rules for."""
    ubl, cii = Words("a UBL Invoice or CreditNote", "فاتورة أو إشعارًا دائنًا بصيغة UBL"), Words("a CII CrossIndustryInvoice", "فاتورة بصيغة CII")
    if profile.id == "facturx" or (profile.sets and "ubl" not in profile.sets):
        return cii
    if profile.sets and "cii" not in profile.sets:
        return ubl
    return Words(f"{ubl}, or {cii}", f"{ubl.ar}، أو {cii.ar}")


def _auto(syntax: str, data: bytes) -> tuple[Profile, Words]:
    specification, process = identifiers(data)
    name = f"{syntax.upper()}"
    found = _by_specification(specification)
    if found is None and not specification and process.startswith(PEPPOL):
        found = "peppol"
    if found is not None:
        profile = profiles.BUILT_IN.get(found)
        if profile is not None and syntax in profile.sets:
            return profile, _because(profile, specification, process)
    en16931 = profiles.EN16931
    if not specification:
        return en16931, Words(
            f"{en16931.id}: the document has no specification identifier (BT-24), so it is checked by EN 16931 for {name}",
            f"{en16931.id}: المستند بلا معرّف مواصفة (BT-24)، ففُحص بقواعد EN 16931 لصيغة {name}",
        )
    shown = _shown(specification)
    return en16931, Words(
        f"{en16931.id}: Wasl has no further rules for the specification (BT-24) {shown} in {name}, so it is checked by EN 16931",
        f"{en16931.id}: ليست لدى وصل قواعد إضافية للمواصفة (BT-24) {_apart(shown)} بصيغة {name}، ففُحص المستند بقواعد EN 16931",
    )


def _level(data: bytes) -> tuple[Profile, Words]:
    """The Factur-X level of a CII document."""
    specification, process = identifiers(data)
    found = "facturx-en16931" if specification == EN16931 else _by_specification(specification)
    if found is not None and found.startswith("facturx-"):
        profile = profiles.BUILT_IN[found]
        return profile, _because(profile, specification, process)
    profile = profiles.BUILT_IN["facturx-en16931"]
    shown = _shown(specification)
    return profile, Words(
        f"{profile.id}: the specification (BT-24) {shown} names no level of Factur-X, so the level EN 16931 is used",
        f"{profile.id}: المواصفة (BT-24) {_apart(shown)} لا تسمّي مستوى من مستويات Factur-X، فاستُعمل المستوى EN 16931",
    )


def _because(profile: Profile, specification: str, process: str) -> Words:
    if not specification:
        shown = _shown(process)
        return Words(f"{profile.id}: the business process (BT-23) is {shown}", f"{profile.id}: نوع سير العمل (BT-23) هو {_apart(shown)}")
    shown = _shown(specification)
    return Words(f"{profile.id}: the specification identifier (BT-24) is {shown}", f"{profile.id}: معرّف المواصفة (BT-24) هو {_apart(shown)}")


def _shown(identifier: str) -> str:
    """An identifier of the document inside a sentence: one line, bounded."""
    text = " ".join(identifier.split())
    return text if len(text) <= SHOWN_MAX else text[:SHOWN_MAX] + "…"


def _apart(shown: str) -> str:
    """The same inside Arabic text, whose direction it must not turn."""
    return f"\u2068{shown}\u2069"


def _by_specification(identifier: str) -> str | None:
    """The profile that a BT-24 names; None for one that is not known."""
    text = identifier.lower().replace(":compliant:", "#compliant#").replace(":conformant:", "#conformant#")
    if text == EN16931:
        return "en16931"
    parts = text.split("#")
    if any(part.startswith(("urn:xeinkauf.de:kosit:", "urn:xoev-de:kosit:")) and "xrechnung" in part for part in parts):
        return "xrechnung"
    for part in parts:
        for start in _FACTURX:
            if part.startswith(start) and part[len(start) :] in profiles.LEVELS:
                return f"facturx-{part[len(start) :]}"
    return "peppol" if any(part == PEPPOL + "3.0" for part in parts) else None


# -- what a document says of itself -----------------------------------------------------------------------------------------------

_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_CONTEXT = (f"{_RSM} ExchangedDocumentContext",)
_SPECIFICATION: dict[tuple[str, ...], int] = {
    (f"{_CBC} CustomizationID",): 0,
    (f"{_CBC} ProfileID",): 1,
    (*_CONTEXT, f"{_RAM} GuidelineSpecifiedDocumentContextParameter", f"{_RAM} ID"): 0,
    (*_CONTEXT, f"{_RAM} BusinessProcessSpecifiedDocumentContextParameter", f"{_RAM} ID"): 1,
}
_DEEPEST = 4  # the root and the three names below it; a path of 100,000 names is not even looked up
_BODY = (f"{_CAC} ", f"{_RSM} SupplyChainTradeTransaction")


class _Enough(Exception):
    pass


def identifiers(data: bytes) -> tuple[str, str]:
    """(BT-24, BT-23) of a UBL or CII document, "" where there is none; reads no further than its header."""
    found = ["", ""]
    path: list[str] = []
    at: list[int] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, _: object) -> None:
        if len(path) == 1 and name.startswith(_BODY):
            raise _Enough
        path.append(name)
        place = _SPECIFICATION.get(tuple(path[1:])) if len(path) <= _DEEPEST else None
        at.append(-1 if place is None or found[place] else place)

    def end(_: str) -> None:
        path.pop()
        at.pop()

    def text(value: str) -> None:
        if at and at[-1] >= 0:
            found[at[-1]] += value

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.buffer_text = True
    with suppress(_Enough, expat.ExpatError):  # a prefix that nothing declares is refused by whoever reads the whole
        parser.Parse(data, True)
    return found[0].strip(" \t\r\n"), found[1].strip(" \t\r\n")
