"""Bank accounts: versioned, never edited. The log carries the hash and version of the account on each invoice."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.events.record import record
from wasl.app.invoicing.errors import BadAccount, TwoPeopleNeeded
from wasl.app.invoicing.models import BankAccount, BankAccountVersion
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.errors import Words

_ACCOUNT = re.compile(r"[A-Z0-9]{4,34}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
# Registered lengths of the countries we have sellers and buyers in (ISO 13616 registry); others are checked by mod 97 alone
_LENGTHS = {
    "SA": 24, "JO": 30, "AE": 23, "EG": 29, "KW": 30, "QA": 29, "BH": 22,
    "BE": 16, "DE": 22, "FR": 27, "NL": 18, "GB": 22, "ES": 24, "IT": 27,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountInUse:
    """What issuing needs of an account version."""

    id: UUID
    account_id: UUID
    version: int
    sha256: bytes
    first_used: bool
    currency: str


def normalise_iban(text: str) -> str:
    """Upper case without spaces; only plain Latin letters and digits pass, so nothing invisible or look-alike does (T79)."""
    compact = text.replace(" ", "").replace("\u00a0", "").upper()
    odd = next((ch for ch in compact if not (ch.isascii() and ch.isalnum())), None)
    if odd is not None:
        raise BadAccount(iban="…", reason=_odd_character(odd))
    if not _ACCOUNT.fullmatch(compact):
        raise BadAccount(iban=compact, reason=Words("it has not between 4 and 34 letters and digits", "طوله ليس بين 4 أحرف و34 حرفًا لاتينيًا ورقمًا"))
    if compact[:2].isalpha() and compact[2:4].isdigit():
        _check_iban(compact)
    return compact


def _odd_character(odd: str) -> Words:
    point = f"U+{ord(odd):04X}"
    return Words(f"it holds {unicodedata.name(odd, 'an unnamed character')} ({point})", f"فيه حرف ليس لاتينيًا ولا رقمًا ({point})")


def _check_iban(iban: str) -> None:
    if not _IBAN.fullmatch(iban) or len(iban) != _LENGTHS.get(iban[:2], len(iban)):
        raise BadAccount(iban=iban, reason=Words(f"an IBAN of {iban[:2]} has another length", f"طول الآيبان الذي يبدأ بـ {iban[:2]} غير هذا"))
    digits = "".join(str(int(ch, 36)) for ch in iban[4:] + iban[:4])
    if int(digits) % 97 != 1:  # ISO 7064 MOD 97-10
        raise BadAccount(iban=iban, reason=Words("its check digits do not fit; one character is mistyped", "لا يوافقه رقما التحقق، ففيه حرف خطأ"))


def account_sha256(iban: str) -> bytes:
    """What the log shows of an account."""
    return hashlib.sha256(normalise_iban(iban).encode()).digest()


@transaction.atomic
def add_account(org: Any, *, iban: str, currency: str, holder: str = "", bic: str = "", label: str = "", actor: Actor) -> BankAccount:
    """A bank account with its first version."""
    require(org.pk, actor, owner=True)
    account = BankAccount.objects.create(organisation=org, currency=currency, label=label)
    _add_version(account, 1, iban, holder, bic, actor)
    return account


@transaction.atomic
def change_account(org: Any, account_id: UUID, *, iban: str, holder: str = "", bic: str = "", actor: Actor) -> BankAccountVersion:
    """Another IBAN for an account: a new version; issued invoices keep the one they were issued with.

    Never by one person alone (T78): people go through `account_changes`, whose beat calls this once the days have passed.
    """
    require(org.pk, actor, owner=True)
    if actor.person_id is not None:
        raise TwoPeopleNeeded
    account = BankAccount.objects.for_org(org).select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound(what="bank account")
    account.current_version += 1
    account.save(update_fields=["current_version"])
    return _add_version(account, account.current_version, iban, holder, bic, actor)


def _add_version(account: BankAccount, version: int, iban: str, holder: str, bic: str, actor: Actor) -> BankAccountVersion:
    normal = normalise_iban(iban)
    row = BankAccountVersion.objects.create(
        organisation_id=account.organisation_id, account=account, version=version, iban=normal, holder=holder, bic=bic.replace(" ", "").upper(),
        sha256=account_sha256(normal), created_by_id=actor.person_id,
    )  # fmt: skip
    record(
        "account-changed", org=account.organisation_id, at=clock.now(), currency=account.currency,
        account_sha256=bytes(row.sha256), account_version=version, data={"account": str(account.pk)},
    )  # fmt: skip
    audit(account.organisation_id, actor, "account.version", "bank account", account.pk, {"version": version, "sha256": row.sha256.hex()})
    return row


_CURRENT = """
SELECT v.id, v.account_id, v.version, v.sha256, v.first_used_on IS NOT NULL, a.currency, v.iban, v.holder, v.bic
FROM invoicing_bankaccount a
JOIN invoicing_bankaccountversion v ON v.organisation_id = a.organisation_id AND v.account_id = a.id AND v.version = a.current_version
WHERE a.organisation_id = %s AND a.archived_at IS NULL
ORDER BY a.id
"""


def current_accounts(org_id: UUID) -> list[tuple[AccountInUse, str, str, str]]:
    """(account, IBAN, holder, BIC) of each account in force, oldest first."""
    rows = run(_CURRENT, (org_id,))
    return [(AccountInUse(r[0], r[1], r[2], bytes(r[3]), r[4], r[5]), r[6], r[7], r[8]) for r in rows]
