"""The verifier's own verdict on an invoice of this installation: what the trust strip and the public page say is what
`wasl verify` would say, worked out anew from the stored bytes each time, never a flag in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wasl.app.errors import NotFound
from wasl.app.invoicing.models import Document
from wasl.app.portal.open_link import document_bytes
from wasl.app.proofs.prove import ProofPending, proof_for
from wasl.app.proofs.trust import installation
from wasl.ledger.errors import NothingToVerify
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


def judged(org: Any, row: Any) -> Judged:
    document = document_bytes(org, row, Document.XML)
    if document is None:
        return Judged(None)
    pending = False
    try:
        proof = proof_for(row)
    except ProofPending:
        proof, pending = None, True
    except NotFound:
        proof = None
    try:
        verdict = verify(document, xades=document_bytes(org, row, Document.XADES), proof=proof, trust=[installation()])
    except NothingToVerify:
        return Judged(None)
    return Judged(verdict, pending)
