"""The verifier's own verdict on an invoice of this installation: what the trust strip and the public page say is what
`wasl verify` would say, worked out from the stored bytes, never a flag in the database."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.x509 import load_der_x509_crl

from wasl.app.errors import NotFound
from wasl.app.invoicing.models import Document
from wasl.app.portal.queries import PublishedEntry
from wasl.app.proofs.prove import ProofPending, proof_for
from wasl.app.proofs.trust import installation
from wasl.ledger.errors import NothingToVerify
from wasl.ledger.trust import Installation
from wasl.ledger.verify import Step, Verdict, verify

SHOWN = ("hash", "seal", "inclusion", "log signature")  # "commitment" is what ties the first to the third
LOG_STEPS = ("commitment", "inclusion", "log signature")


@dataclass(frozen=True)
class Judged:
    """`verdict` is None where the document was erased; `is_pending` while the log has not published it yet."""

    verdict: Verdict | None
    is_pending: bool = False

    def step(self, name: Any) -> Step | None:
        return self.verdict.step(name) if self.verdict else None

    def holds(self, *names: Any) -> bool | None:
        """True when all steps hold, None while the log is still writing, False when one failed."""
        if self.verdict is None:
            return False
        states = {self.verdict.step(name).state for name in names}
        if states == {"ok"}:
            return True
        return None if self.is_pending and "failed" not in states else False

    @property
    def tone(self) -> str:
        whole = self.holds("hash", "seal", *LOG_STEPS)
        return "good" if whole else "wait" if whole is None else "bad"


KEPT_MAX = 20_000  # verdicts of this process; each is a few hundred bytes
TRUST_SECONDS = 60  # a revoked certificate or a new log is known that late at most
_kept: OrderedDict[tuple[Any, ...], Verdict] = OrderedDict()
_trust: list[tuple[float, Installation, bytes]] = []
_lock = threading.Lock()


def judged(row: Any, sealed: Mapping[str, bytes], entry: PublishedEntry | None) -> Judged:
    """The verdict on the stored bytes `sealed` of an issued row, whose leaf is `entry` of the log (None while it waits).

    A verdict that holds in full is kept for these very bytes at this very place: the key is their hashes, so a byte that was
    changed since is judged anew, and so is everything once the pinned keys change. Nothing else is kept.
    """
    document, seal = sealed.get(Document.XML), sealed.get(Document.XADES)
    if document is None:
        return Judged(None)
    trust, pinned = _pinned()
    place = (entry.shard, entry.index) if entry else ()
    key = (row.pk, sha256(document).digest(), sha256(seal or b"").digest(), place)
    with _lock:
        kept = _kept.get((*key, pinned))
    if kept is not None:
        return Judged(kept)
    found = _judge(row, document, seal, trust)
    if found.tone == "bad":  # nobody is warned because of keys that were read a minute ago
        trust, pinned = _pinned(anew=True)
        found = _judge(row, document, seal, trust)
    if found.tone == "good" and found.verdict is not None and entry is not None:
        with _lock:
            _kept[(*key, pinned)] = found.verdict
            while len(_kept) > KEPT_MAX:
                _kept.popitem(last=False)
    return found


def _judge(row: Any, document: bytes, seal: bytes | None, trust: Installation) -> Judged:
    pending = False
    try:
        proof = proof_for(row)
    except ProofPending:
        proof, pending = None, True
    except NotFound:
        proof = None
    try:
        verdict = verify(document, xades=seal, proof=proof, trust=[trust])
    except NothingToVerify:
        return Judged(None)
    return Judged(verdict, pending)


def _pinned(*, anew: bool = False) -> tuple[Installation, bytes]:
    """What a verifier pins of this installation, read again every minute, and what tells it from another: keys, roots and
    the certificates that were revoked (a list's own date says nothing)."""
    now = time.monotonic()
    with _lock:
        if _trust and not anew and now - _trust[0][0] < TRUST_SECONDS:
            return _trust[0][1:]
    found = installation()
    revoked = sorted(entry.serial_number for crl in found.crls for entry in load_der_x509_crl(crl))
    name = sha256(f"{found.fingerprint} {revoked}".encode()).digest()
    with _lock:
        _trust[:] = [(now, found, name)]
    return found, name


def forget() -> None:
    """Judge everything anew (tests, and after a key was changed)."""
    with _lock:
        _kept.clear()
        _trust.clear()
