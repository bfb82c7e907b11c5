"""`wasl verify FILE`: prove offline that an invoice is genuine, unchanged and in the log.

FILE is the PDF or the sealed XML. The seal (.xades) is taken from the PDF's attachments or from the file beside
it, the proof (.tlog-proof) from the file beside it. Steps: hash, seal, commitment, inclusion, log signature, witnesses,
anchor. Nothing is fetched.
Exit codes: 0 proven · 1 something failed · 2 unreadable · 3 nothing to verify, or the log is not in your trust store ·
4 nothing failed, but a part is absent, or the seal belongs to another seller than the document names.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasl.errors import WaslError
    from wasl.ledger.verify import Verdict

FILE_BYTES_MAX = 200_000_000  # a PDF of 1,000 lines has about 2 MB; ours never come near
SIDE_BYTES_MAX = 1_000_000
NOT_FULLY_CHECKED = 4
MARKS = {"ok": "✓", "pending": "…", "absent": "–", "failed": "✗"}


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser(
        "verify",
        help="prove offline that an invoice is genuine, unchanged and in the log",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the invoice: PDF or sealed XML")
    parser.add_argument("--proof", type=Path, metavar="FILE", help="the .tlog-proof file (default: beside FILE)")
    parser.add_argument("--seal", type=Path, metavar="FILE", help="the .xades file (default: attached, or beside FILE)")
    parser.add_argument("--trust", type=Path, metavar="DIR", help="the trust store (default: `trust` in the data directory)")
    parser.add_argument("--offline", action="store_true", help="use no network (always so in this version: nothing is fetched)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--lang", choices=["ar", "en", "both"], default="en", help="language of the explanation")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.errors import WaslError

    try:
        verdict = _verdict(arguments)
    except WaslError as error:
        if not arguments.json:
            raise
        print(_error_json(arguments.file, error))
        return error.exit_code
    print(as_json(arguments.file, verdict) if arguments.json else as_text(arguments.file, verdict, arguments.lang))
    return verdict.exit_code


def _verdict(arguments: argparse.Namespace) -> Verdict:
    import dataclasses

    from wasl.ledger import seller, trust
    from wasl.ledger.verify import verify

    data = read_bytes(arguments.file, limit=FILE_BYTES_MAX)
    is_pdf = data[:1024].lstrip().startswith(b"%PDF-")
    seal = read_bytes(arguments.seal, limit=SIDE_BYTES_MAX) if arguments.seal else None if is_pdf else _beside(arguments.file, ".xades")
    proof = read_bytes(arguments.proof, limit=SIDE_BYTES_MAX) if arguments.proof else _beside(arguments.file, ".tlog-proof")
    store = trust.TrustStore(arguments.trust or trust.default_folder())
    if is_pdf:
        verdict = verify(_beside(arguments.file, ".xml", limit=FILE_BYTES_MAX), pdf=data, xades=seal, proof=proof, trust=store)
    else:
        verdict = verify(data, xades=seal, proof=proof, trust=store)
    if verdict.step("seal").state != "ok":
        return verdict
    caution = seller.warning(verdict.document, verdict.facts.get("organisation_id"), verdict.facts.get("organisation"))
    if caution is None:
        return verdict
    # Every step holds, yet one seller of an installation must not pass for another: whether it may speak for it is unknown here.
    return dataclasses.replace(verdict, notes=(caution, *verdict.notes), exit_code=verdict.exit_code or NOT_FULLY_CHECKED)


def as_text(file: Path, verdict: Verdict, lang: str) -> str:
    """One line a step, the outcome first."""
    from wasl.ledger.texts import STATES, STEPS

    lines = [_headline(file, verdict, lang)]
    languages = ("en", "ar") if lang == "both" else (lang,)
    for step in verdict.steps:
        for language in languages:
            title, state = STEPS[step.name][language == "ar"], STATES[step.state][language == "ar"]
            lines.append(f"  {MARKS[step.state]} {title}: {state}. {step.ar if language == 'ar' else step.en}")
    lines += [f"  {note[language == 'ar']}" for note in verdict.notes for language in languages]
    return "\n".join(lines)


def as_json(file: Path, verdict: Verdict) -> str:
    """Stable field names for programs."""
    import json

    steps = [{"step": s.name, "state": s.state, "reason": s.reason, "message": {"ar": s.ar, "en": s.en}} for s in verdict.steps]
    notes = [{"en": en, "ar": ar} for en, ar in verdict.notes]
    body = {"file": str(file), "verified": verdict.ok, "exit_code": verdict.exit_code, "steps": steps, "notes": notes}
    return json.dumps({**body, "event": verdict.event, "facts": dict(verdict.facts)}, ensure_ascii=False, indent=2)


def _error_json(file: Path, error: WaslError) -> str:
    import json

    body = {"file": str(file), "verified": False, "exit_code": error.exit_code}
    message = {"code": error.code, "en": error.message("en"), "ar": error.message("ar")}
    return json.dumps({**body, "error": message}, ensure_ascii=False, indent=2)


def read_bytes(path: Path, *, limit: int) -> bytes:
    """A file's bytes; one clear line for what cannot be read."""
    from wasl.errors import UnreadableInput, Words
    from wasl.files import system_words

    try:
        with path.open("rb") as handle:
            data = handle.read(limit + 1)
    except OSError as error:
        why = system_words(error)
        raise UnreadableInput(reason=Words(f"{path}: {why}", f"{path}: {why.ar}")) from None
    except ValueError:  # a NUL in the name
        raise UnreadableInput(reason=Words("the file name has a NUL character", "في اسم الملف حرف فارغ (NUL)")) from None
    if len(data) > limit:
        raise UnreadableInput(reason=Words(f"{path} has more than {limit} bytes", f"حجم {path} يزيد على {limit} بايت"))
    if not data:
        raise UnreadableInput(reason=Words(f"{path} is empty", f"الملف {path} فارغ"))
    return data


def _headline(file: Path, verdict: Verdict, lang: str) -> str:
    english, arabic = {
        0: ("proven: genuine, unchanged and in the log", "مُثبت: أصلي ولم يتغير ومدوّن في السجل"),
        1: ("NOT proven: see the failed step", "غير مُثبت: انظر الخطوة التي فشلت"),
        3: ("not proven: you do not trust this log", "غير مُثبت: هذا السجل ليس في مخزن ثقتك"),
        4: ("not fully checked: a part is absent", "لم يكتمل التحقق: ينقص جزء"),
    }[verdict.exit_code]
    if verdict.exit_code == NOT_FULLY_CHECKED and verdict.complete:
        english, arabic = "NOT proven for this seller: another one sealed it", "غير مُثبت لهذا البائع: ختمها غيره"
    words = {"en": english, "ar": arabic, "both": f"{english} · {arabic}"}[lang]
    return f"{file.name}: {words}"


def _beside(file: Path, suffix: str, *, limit: int = SIDE_BYTES_MAX) -> bytes | None:
    """`invoice.xades` or `invoice.xml.xades` next to `invoice.xml`; None when neither is there."""
    for candidate in (file.with_suffix(suffix), file.with_name(file.name + suffix)):
        if candidate != file and candidate.is_file():
            return read_bytes(candidate, limit=limit)
    return None
