"""What banks write into :86: of an MT940: the German ?20 to ?63 sub-fields, the slash words of the Netherlands and of SWIFT,
SEPA's EREF+ and SVWZ+ within either; anything else is text."""

from __future__ import annotations

import re
from typing import NamedTuple

NAME_CHARS_MAX = 200
REFERENCE_CHARS_MAX = 140
_SUBFIELD = re.compile(r"\?([0-9]{2})")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT)\+")
_SLASH = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|CNTP|ORDP|BENM|RTRN|PREF|ISDT|UDTR|ULTD|ULTC|PURP|SVCL|NRTX|KREF|RREF|TRCD|USTD|STRD|CDTRREFTP|CDTRREF|OCMT|PDTM|ACCW|INTR)/"
)
# What the German banks call returns: of direct debits (108 and 109), of a credit transfer (159)
_RETURNS = frozenset({"108", "109", "159"})
_ACCOUNT = re.compile(r"[A-Z0-9]{5,34}\Z")


class Remittance(NamedTuple):
    """What could be told apart; `text` is all that a person wrote."""

    name: str = ""
    account: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    is_return: bool = False  # the bank calls it a payment that came back


def read(body: str) -> Remittance:
    """Never raises: what is not understood is text."""
    flat = body.replace("\n", "")
    if _SUBFIELD.search(flat[:12]):
        return _german(flat)._replace(is_return=flat[:3] in _RETURNS)
    if len(_SLASH.findall(flat)) > 1:
        return _slashed(flat)
    spaced = " ".join(body.split())
    if _SEPA.search(spaced):
        return _sepa(spaced, "", "")
    return Remittance(text=spaced)


def _german(flat: str) -> Remittance:
    """GVC?00booking text?10number?20..?29 purpose?30 bank?31 account?32?33 name?60..?63 more purpose."""
    pieces = _SUBFIELD.split(flat)
    fields: dict[str, str] = {}
    for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
        fields[code] = fields.get(code, "") + text
    purpose = "".join(_padded(fields.get(code, "")) for code in [*map(str, range(20, 30)), *map(str, range(60, 64))])
    name = " ".join((fields.get("32", "") + fields.get("33", "")).split())
    account = fields.get("38", "") or fields.get("31", "")
    if _SEPA.search(purpose):
        return _sepa(purpose, name, account)
    return Remittance(name[:NAME_CHARS_MAX], _account(account), (), " ".join(purpose.split()))


def _padded(text: str) -> str:
    """A sub-field is 27 characters wide: a shorter one ended where its writer wanted a gap."""
    return text if len(text) >= 27 else text + " "


def _sepa(purpose: str, name: str, account: str) -> Remittance:
    pieces = _SEPA.split(purpose)
    fields = {key: " ".join(value.split()) for key, value in zip(pieces[1::2], pieces[2::2], strict=True)}
    references = [fields.get(key, "") for key in ("EREF", "KREF")]
    text = fields.get("SVWZ", "") or " ".join(pieces[0].split())
    who = name or fields.get("ABWA", "")
    kept = tuple(each[:REFERENCE_CHARS_MAX] for each in references if each and each.upper() not in ("NOTPROVIDED", "NONREF"))
    return Remittance(who[:NAME_CHARS_MAX], _account(account or fields.get("IBAN", "").split(" ")[0]), kept, text)


def _slashed(flat: str) -> Remittance:
    pieces = _SLASH.split(flat)
    fields: dict[str, str] = {}
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        fields.setdefault(key, " ".join(value.strip("/ ").split()))
    account, name = fields.get("IBAN", ""), fields.get("NAME", "")
    if party := fields.get("CNTP") or fields.get("ORDP"):
        parts = [each.strip() for each in party.split("/")]
        account = account or next((each for each in parts if _ACCOUNT.match(each) and any(map(str.isdigit, each))), "")
        name = name or (parts[2] if len(parts) > 2 else "")
    remitted = fields.get("REMI", "")
    structured = remitted.rpartition("/")[2] if remitted.startswith("STRD/") else ""
    references = [fields.get("CDTRREF", ""), structured, fields.get("EREF", ""), fields.get("PREF", "")]
    kept = tuple(each[:REFERENCE_CHARS_MAX] for each in references if each and each.upper() not in ("NOTPROVIDED", "NONREF"))
    text = " ".join(each for each in (remitted.removeprefix("USTD//"), fields.get("USTD", "")) if each)
    return Remittance(name[:NAME_CHARS_MAX], _account(account), kept, text, bool(fields.get("RTRN")))


def _account(text: str) -> str:
    compact = text.replace(" ", "").upper()
    return compact if _ACCOUNT.match(compact) else ""
