"""The offline verifier: document hash, seal, commitment, inclusion, log signature, witnesses, anchor.

Each step is `ok`, `pending`, `absent` or `failed`, and no step hides another. Exit code 0 only when the first five are `ok`
under keys of the verifier's own trust store; 1 when something failed, 3 when there is nothing to verify or the log is
unknown, 4 when nothing failed but not all of it could be checked. Opens no file and no socket.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from wasl.errors import Words
from wasl.ledger import checkpoint as checkpoints
from wasl.ledger import proof as proofs
from wasl.ledger import texts
from wasl.ledger.canonical import Value
from wasl.ledger.errors import NothingToVerify, ProofMalformed
from wasl.ledger.merkle import verify_inclusion
from wasl.ledger.proof import Opening, Proof
from wasl.ledger.texts import State, StepName
from wasl.ledger.trust import Installation, TrustStore, for_origin
from wasl.seal import profile, xades
from wasl.seal.result import SealResult

REQUIRED: tuple[StepName, ...] = ("hash", "seal", "commitment", "inclusion", "log signature")
SHOWN_CHARS_MAX = 300  # an origin has at most 255
_SEALED_BY = {"issued", "sealed"}  # the events at which the seal was made
_UNTRUSTED = {"foreign", "unknown-log"}  # not wrong in itself: made by someone this verifier does not know


@dataclass(frozen=True, slots=True)
class Step:
    """One step's outcome; `reason` is stable, the sentences are for people."""

    name: StepName
    state: State
    reason: str
    en: str
    ar: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All steps in order, what the document says of itself once proven, and the exit code."""

    steps: tuple[Step, ...]
    exit_code: int
    facts: Mapping[str, str]
    event: Mapping[str, Value] | None = None
    notes: tuple[tuple[str, str], ...] = ()
    document: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        return self.exit_code == 0

    @property
    def complete(self) -> bool:
        """Whether every required step holds."""
        return _complete(self.steps)

    def step(self, name: StepName) -> Step:
        return next(step for step in self.steps if step.name == name)


@dataclass
class _Run:
    """Outcomes as they are found."""

    reasons: dict[StepName, tuple[State, str]] = field(default_factory=lambda: dict[StepName, tuple[State, str]]())
    facts: dict[str, str] = field(default_factory=lambda: dict[str, str]())

    def set(self, step: StepName, state: State, reason: str) -> None:
        self.reasons[step] = (state, reason)


def verify(
    document: bytes | None = None,
    *,
    pdf: bytes | None = None,
    xades: bytes | None = None,
    proof: bytes | None = None,
    trust: TrustStore | Iterable[Installation],
) -> Verdict:
    """Verify a document with its seal and proof, or a PDF that carries the sealed document and its seal.

    Raises NothingToVerify (exit 3) when there is no document, or neither seal nor proof; UnreadableInput for a broken PDF.
    """
    notes: tuple[tuple[str, str], ...] = ()
    if pdf is not None:
        document, xades, notes = _from_pdf(pdf, document, xades)
    if document is None:
        raise NothingToVerify(name=Words("the file", "الملف"), reason=Words("it holds no sealed document", "لا مستند مختومًا فيه"))
    if xades is None and proof is None:
        raise NothingToVerify(name=Words("the file", "الملف"), reason=Words("there is neither a seal nor a proof", "لا ختم ولا إثبات"))
    trusted = tuple(trust.list() if isinstance(trust, TrustStore) else trust)
    run = _Run(facts={"sha256": sha256(document).hexdigest()})
    parsed, opening = _read_proof(run, proof)
    installation = _check_log(run, parsed, opening, trusted)
    # Seal and log must be of one installation; where the log is unknown the exit code is not 0 whatever the seal says.
    _check_seal(run, document, xades, opening, (installation,) if installation else trusted)
    _check_hash(run, xades, opening)
    run.set("witnesses", "absent", "absent")
    run.set("anchor", "absent", "absent")
    return replace(_verdict(run, opening, notes), document=document)


def _read_proof(run: _Run, proof: bytes | None) -> tuple[Proof | None, Opening | None]:
    """The proof and the event it opens; commitment and inclusion are judged together, for the leaf joins them."""
    if proof is None:
        for step in ("commitment", "inclusion", "log signature"):
            run.set(step, "absent", "absent")
        return None, None
    try:
        parsed = proofs.parse(proof)
    except ProofMalformed as error:
        run.facts["reason"] = str(error.params.get("reason"))
        for step in ("commitment", "inclusion", "log signature"):
            run.set(step, "failed", "malformed")
        return None, None
    checkpoint = parsed.checkpoint
    run.facts |= {"index": str(parsed.index), "place": str(parsed.index + 1), "size": str(checkpoint.size), "origin": checkpoint.origin}
    try:
        opening = parsed.opening()
    except ProofMalformed as error:
        run.facts["reason"] = str(error.params.get("reason"))
        run.set("commitment", "failed", "malformed")
        run.set("inclusion", "failed", "not-included")
        return parsed, None
    included = verify_inclusion(parsed.index, checkpoint.size, opening.leaf_hash, parsed.hashes, checkpoint.root)
    kind = str(opening.event.get("type"))
    english, arabic = texts.EVENTS.get(kind, (kind, kind))
    run.facts |= {"type": kind, "type_en": english, "type_ar": arabic, "time": str(opening.event.get("time"))}
    run.set("inclusion", *(("ok", "ok") if included else ("failed", "not-included")))
    if not included:
        run.set("commitment", "failed", "not-in-leaf")
    elif not isinstance(opening.event.get("sha256"), str):
        run.set("commitment", "failed", "no-document")
    else:
        run.set("commitment", "ok", "ok")
    return parsed, opening


def _check_log(run: _Run, parsed: Proof | None, opening: Opening | None, trusted: tuple[Installation, ...]) -> Installation | None:
    if parsed is None:
        return None
    installation = for_origin(trusted, parsed.checkpoint.origin)
    if opening is not None and opening.event.get("log") != parsed.checkpoint.origin:
        run.set("log signature", "failed", "other-log")
    elif installation is None:
        run.set("log signature", "failed", "unknown-log")
    elif not checkpoints.signed_by(parsed.checkpoint, installation.logs):
        run.set("log signature", "failed", "invalid")
    else:
        run.set("log signature", "ok", "ok")
    return installation


def _check_seal(
    run: _Run, document: bytes, seal: bytes | None, opening: Opening | None, trusted: tuple[Installation, ...]
) -> None:
    if seal is None:
        run.set("seal", "absent", "absent")
        return
    roots = [root for entry in trusted for root in entry.roots]
    crls = [crl for entry in trusted for crl in entry.crls]
    result = xades.verify(document, seal, roots=roots, crls=crls, at=_event_time(opening))
    run.facts |= _seal_facts(result)
    state: State = "ok" if result.ok else "pending" if result.reason == "no-revocation-list" else "failed"
    run.set("seal", state, result.reason)


def _check_hash(run: _Run, seal: bytes | None, opening: Opening | None) -> None:
    """Against the logged event; without one, against what the seal says."""
    if opening is not None:
        logged = opening.event.get("sha256")
        same = isinstance(logged, str) and hmac.compare_digest(logged.encode(), run.facts["sha256"].encode())
        run.set("hash", *(("ok", "ok") if same else ("failed", "differs")))
        return
    fields = profile.match(seal) if seal is not None else None
    if fields is None:
        run.set("hash", "absent", "unknown")
    elif run.reasons["seal"][1] == "other-document":
        run.set("hash", "failed", "differs")
    else:
        run.set("hash", "ok", "sealed-only")


def _verdict(run: _Run, opening: Opening | None, notes: tuple[tuple[str, str], ...]) -> Verdict:
    facts = {key: _shown(value) for key, value in run.facts.items()}
    steps = tuple(_step(name, *run.reasons[name], facts) for name in texts.STEPS)
    proven = run.reasons["commitment"][0] == "ok"
    return Verdict(steps, _exit_code(steps), facts, opening.event if opening and proven else None, notes)


def _exit_code(steps: tuple[Step, ...]) -> int:
    failed = {step.reason for step in steps if step.state == "failed"}
    if failed - _UNTRUSTED:
        return 1
    if "unknown-log" in failed:
        return 3
    if failed:
        return 1
    return 0 if _complete(steps) else 4


def _complete(steps: tuple[Step, ...]) -> bool:
    return all(step.state == "ok" for step in steps if step.name in REQUIRED)


def _step(name: StepName, state: State, reason: str, facts: dict[str, str]) -> Step:
    english, arabic = texts.outcome(name, reason, facts)
    return Step(name, state, reason, english, arabic)


def _shown(text: str) -> str:
    """A forger's text on a person's screen: no control or direction characters (joiners are part of words), bounded."""
    return "".join(ch if ch.isprintable() or ch in "\u200c\u200d" else "\ufffd" for ch in text[:SHOWN_CHARS_MAX])


def _event_time(opening: Opening | None) -> datetime | None:
    """When the log says it was issued: the certificate must be in force then, whatever time the seal claims.

    What comes later, a payment or a refund, needs no certificate: the seal may have run out by then.
    """
    if opening is None or opening.event.get("type") not in _SEALED_BY:
        return None
    try:
        return datetime.fromisoformat(str(opening.event.get("time")))
    except ValueError:
        return None


def _seal_facts(result: SealResult) -> dict[str, str]:
    return {
        "organisation": result.organisation or "?",
        "organisation_id": result.organisation_id or "",
        "signed_at": result.signed_at.isoformat().replace("+00:00", "Z") if result.signed_at else "?",
        "sealed_name": result.name or "",
    }


_DIFFERENT = (
    "The PDF's attached document is not the file beside it; the PDF's attachment was verified.",
    "الوثيقة المرفقة داخل ملف PDF ليست الملف المجاور له؛ وقد جرى التحقق من المرفق.",
)
_DAMAGED = (
    "The file attached inside the PDF is damaged and does not unpack.",
    "الملف المرفق داخل ملف PDF تالف ولا يُفتح.",
)
_PICTURE = (
    "The seal covers the attached XML, which is the invoice; the printed page is its picture and is not sealed.",
    "يشمل الختم ملف XML المرفق وهو الفاتورة نفسها؛ أما الصفحة المطبوعة فصورة منها وغير مختومة.",
)


def _several(count: int) -> NothingToVerify:
    why = Words(f"it holds {count} sealed documents, not one", f"عدد المستندات المختومة فيه {count} وليس واحدًا")
    return NothingToVerify(name=Words("the PDF", "ملف PDF"), reason=why)


def _from_pdf(pdf: bytes, beside: bytes | None, seal: bytes | None) -> tuple[bytes, bytes | None, tuple[tuple[str, str], ...]]:
    """The sealed document and its seal out of a PDF; a document found beside it is only compared."""
    from wasl.formats import carried
    from wasl.formats import pdf as pdf_format

    try:
        attachments = pdf_format.attachments(pdf)
    except pdf_format.AttachmentDamaged:
        return b"", seal or b"", (_DAMAGED,)  # no bytes are the issued ones: hash and seal say so
    documents = [each.data for each in carried.originals(attachments)]
    seals = [each.data for each in attachments if each.name.lower().endswith(".xades")]
    if len(documents) != 1:  # two would let a reader see one and the verifier another
        raise _several(len(documents))
    try:
        choice = carried.choose(attachments)  # a copy in another syntax must say what the sealed original says
    except pdf_format.PdfRefused as refusal:
        why = Words(refusal.message("en"), refusal.message("ar"))
        raise NothingToVerify(name=Words("the PDF", "ملف PDF"), reason=why) from None
    unknown = sum(each.role == "unreadable" for each in choice.inside)
    if unknown:  # under the name of an invoice, and another reader may see one where we see none
        raise _several(1 + unknown)
    notes: list[tuple[str, str]] = [_PICTURE]
    if beside is not None and beside != documents[0]:
        notes.append(_DIFFERENT)
    if seal is None and len(seals) == 1:
        seal = seals[0]
    return documents[0], seal, tuple(notes)
