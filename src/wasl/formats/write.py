"""One door for every syntax out: `write(invoice, to="cii")`; UBL where nothing is said."""

from __future__ import annotations

from wasl.errors import WaslError
from wasl.formats import cii, ubl, wasljson
from wasl.formats.cii.levels import PROFILES, UnknownProfile, reduced
from wasl.invoice.model import Invoice

TARGETS = ("ubl", "cii", "xrechnung", "json")
_PROFILES = {"ubl": ("en16931", "xrechnung"), "cii": tuple(PROFILES), "xrechnung": ("xrechnung",), "json": ()}


class UnknownTarget(WaslError):
    code = "WASL-WRITE-01"
    en = "There is no syntax “{to}”. Choose one of: {targets}."
    ar = "لا توجد صيغة باسم «{to}». اختر واحدة من: {targets}."
    exit_code = 2


def level(to: str, profile: str | None = None) -> str:
    """The profile in which `to` is written. Raises `UnknownTarget`, `UnknownProfile`."""
    if to not in TARGETS:
        raise UnknownTarget(to=to[:40], targets=", ".join(TARGETS))
    if profile is None:
        return "xrechnung" if to == "xrechnung" else "en16931"
    if profile not in _PROFILES[to]:
        raise UnknownProfile(profile=profile[:40], profiles=", ".join(_PROFILES[to]) or "-")
    return profile


def write(invoice: Invoice, *, to: str = "ubl", profile: str | None = None) -> bytes:
    """The invoice in syntax `to`, one of `TARGETS`; "xrechnung" is CII, for UBL give `to="ubl", profile="xrechnung"`.

    Raises `UnknownTarget`, `UnknownProfile`, `ForbiddenCharacter`. What the syntax cannot carry is not written:
    `wasl.formats.convert` says what that is.
    """
    name = level(to, profile)
    if to == "json":
        return wasljson.write(invoice)
    return ubl.write(reduced(invoice, name)) if to == "ubl" else cii.write(invoice, name)
