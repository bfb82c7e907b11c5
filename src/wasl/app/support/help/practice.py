"""Practice invoices: real bytes, a real seal and a real proof, under keys that exist for one moment and vouch for nothing.

A practice invoice lives in one row of its own table (docs/decisions/0029): no organisation, no series, no event, no line in
any journal, no leaf in the log. Its certificate authority and its log are made in a folder in memory's stead, used once and
deleted, so nothing of it can ever verify against this installation's trust file, nor the other way round.
"""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound, Refused
from wasl.app.support.help.models import Practice
from wasl.app.support.help.practice_document import document
from wasl.formats import ubl
from wasl.ledger import checkpoint, events, leaf, proof, tiles
from wasl.ledger import trust as trusts
from wasl.ledger.trust import Installation
from wasl.ledger.verify import Verdict, verify
from wasl.seal import xades
from wasl.seal.ca import InstallationCA, SellerSubject
from wasl.seal.keystore import FileKeystore
from wasl.seal.masterkey import MasterKey

LIFE = timedelta(days=3)
LIVE_MAX = 2_000  # rows at once, some 25 KB each: 50 MB at worst
STORY_MAX = 40
TEXT_CHARS_MAX = 500
ORIGIN = "practice.invalid/log"  # RFC 6761: a name that can never be anybody's
NEIGHBOURS = 9  # made-up leaves beside the one, so that a proof has a path to show
KINDS = ("opened", "asked", "answered", "verified", "tampered", "declined", "paid")


class PracticeFull(Refused):
    code, status = "WASL-HLP-01", 503
    en = "Very many people are practising just now. Try again in an hour."
    ar = "يتدرّب الآن عدد كبير من الناس. أعد المحاولة بعد ساعة."


@dataclass(frozen=True)
class Made:
    """What a new practice invoice is reached by. The token is stored nowhere, only its hash."""

    token: str
    number: str


def create(lang: str = "ar") -> Made:
    """A new practice invoice, its reasons in `lang`. PracticeFull while too many live; those that have expired make room first."""
    now = clock.now()
    if Practice.objects.filter(expires_at__gt=now).count() >= LIVE_MAX:
        raise PracticeFull
    token, number = secrets.token_urlsafe(32), f"PRACTICE-{secrets.randbelow(10**6):06d}"
    invoice = document(number, on=now.date(), lang=lang)
    data = ubl.write(invoice)
    seal, proven, trust = _sealed(data, now)
    Practice.objects.create(
        token_sha256=_hash(token), number=number, document=data, seal=seal, proof=proven, trust=trust.encode(), expires_at=now + LIFE,
    )  # fmt: skip
    return Made(token, number)


def find(token: str) -> Practice:
    """The practice invoice of a token; NotFound for every other text and once it has expired."""
    found = Practice.objects.filter(token_sha256=_hash(token), expires_at__gt=clock.now()).first() if len(token) == 43 else None
    if found is None:
        raise NotFound(what="practice invoice")
    return found


def note(practice: Practice, kind: str, text: str = "", *, once: bool = False) -> Practice:
    """Add to its story, up to STORY_MAX entries; `once` where repeating says nothing new."""
    assert kind in KINDS, kind
    with transaction.atomic():
        row = Practice.objects.select_for_update().get(pk=practice.pk)
        if len(row.story) < STORY_MAX and not (once and any(entry[0] == kind for entry in row.story)):
            row.story = [*row.story, [kind, clock.now().isoformat(), text[:TEXT_CHARS_MAX]]]
            row.save(update_fields=["story"])
    return row


def pay(practice: Practice, *, approve: bool) -> Practice:
    """Play money: approve once, and it is paid; declining changes nothing but the story."""
    with transaction.atomic():
        row = Practice.objects.select_for_update().get(pk=practice.pk)
        if row.paid_at is not None:
            return row
        if approve:
            row.paid_at, row.receipt = clock.now(), f"PLAY-{secrets.token_hex(4).upper()}"
            row.save(update_fields=["paid_at", "receipt"])
    return note(row, "paid" if approve else "declined", row.receipt)


def judged(practice: Practice, *, tampered: bool = False) -> Verdict:
    """The verifier's own verdict; `tampered` first changes one figure of the amount, as a forger would."""
    data = bytes(practice.document)
    if tampered:
        data = forged(data)
    return verify(data, xades=bytes(practice.seal), proof=bytes(practice.proof), trust=[trusts.decode(bytes(practice.trust))])


def forged(data: bytes) -> bytes:
    """The document with a 9 put before the amount to pay."""
    at = data.rindex(b">", 0, data.index(b"</cbc:PayableAmount>")) + 1
    return data[:at] + b"9" + data[at:]


def remove(practice: Practice) -> None:
    Practice.objects.filter(pk=practice.pk).delete()


def sweep() -> int:
    """Delete what has expired; how many there were."""
    return Practice.objects.filter(expires_at__lte=clock.now()).delete()[0]


def _hash(token: str) -> bytes:
    return sha256(b"practice|" + token.encode(errors="replace")).digest()


def _sealed(data: bytes, now: datetime) -> tuple[bytes, bytes, Installation]:
    """Seal, proof and trust file, by an authority and a log whose keys are gone when this returns."""
    with tempfile.TemporaryDirectory(prefix="wasl-practice-") as folder:
        keystore = FileKeystore(Path(folder) / "keys", MasterKey(secrets.token_bytes(32)))
        authority = InstallationCA(Path(folder) / "ca", keystore, installation="practice.invalid", now=now)
        certificate = authority.issue(SellerSubject("Practice Shop", None, "SA"), keystore.create_seal_key("shop"), now=now)
        log = checkpoint.LogSigner(ORIGIN, keystore.log_key("log"))
        seal = xades.sign(data, keystore.signer("shop", certificate), at=now, name="practice.xml")
        trust = Installation("practice.invalid", (log.verifier,), (authority.root,), (authority.crl(now=now),))
        return seal, _proof(data, log, now), trust


def _proof(data: bytes, log: checkpoint.LogSigner, now: datetime) -> bytes:
    salt, place = leaf.new_salt(), secrets.randbelow(NEIGHBOURS)
    part = events.business_part("issued", at=now, sha256=sha256(data).hexdigest())
    body, own = leaf.entry(salt, events.complete(part, log=log.origin, org="practice", doc="practice", seq=0, tseq=0, prev=events.NO_PREVIOUS))
    leaves = [leaf.leaf_data(secrets.token_bytes(32)) for _ in range(NEIGHBOURS)]
    leaves[place] = own
    memory = tiles.MemoryTiles()
    frontier = tiles.Frontier().append(leaves, memory)
    for tile, content in frontier.partial_tiles():
        memory.put(tile, content)
    path = tiles.TileTree(frontier.size, memory).inclusion_proof(place)
    return proof.write(index=place, hashes=path, checkpoint=log.sign(frontier.size, frontier.root()), salt=leaf.event_salt(salt, 0), event=body)
