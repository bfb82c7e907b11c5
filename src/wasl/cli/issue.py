"""`wasl issue IN`: issue an invoice from a UBL file, Wasl JSON, or a PDF that carries one.

BT-1 of IN is kept as the source's own number and never used: the number comes from the series. The same --key never
issues twice. The sealed XML, its seal, and on request the PDF and the proof, are written to a folder.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from wasl.errors import WaslError

PROOF_SECONDS_MAX = 10.0


class SellerUncertain(WaslError):
    code, exit_code = "WASL-CLI-10", 2
    en = "It is not certain who issues this. Name one with --org; there are: {known}."
    ar = "لم يتّضح من يُصدر هذه الفاتورة. حدّد البائع بالخيار ‎--org، والموجود: {known}."


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("issue", help="issue an invoice from a file", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path, metavar="IN")
    parser.add_argument("--org", metavar="O", help="the seller's short name (default: the only one, or the one that IN's VAT number names)")
    parser.add_argument("--series", metavar="S", help="code of the series (default: the seller's only open one)")
    parser.add_argument("--key", metavar="K", help="idempotency key: the same key and file give the same answer")
    parser.add_argument("--send", action="store_true", help="mail it to the buyer's address")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write XML, seal, PDF and proof here")
    parser.add_argument("--lang", choices=["ar", "en"], help="language that comes first in the document")
    parser.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else ~/.wasl)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl import files
    from wasl.cli import installation, losses
    from wasl.formats.read import read

    result = read(files.read_bytes(arguments.input), name=arguments.input.name)
    losses.tell(result.losses, "not taken over")
    with installation.opened(arguments.dir, migrate=False, existing=True):
        from wasl.app.invoicing.errors import IssueRefused
        from wasl.app.invoicing.issue import issue
        from wasl.app.tenancy.actor import Actor

        org = _seller(arguments.org, result.invoice)
        try:
            answer = issue(
                org, result.invoice, series=arguments.series, key=arguments.key, actor=Actor.operator("cli"), language=arguments.lang
            )
        except IssueRefused as refusal:
            print(f"wasl: {refusal.message('en')}", file=sys.stderr)
            print(f"      `wasl validate {arguments.input} --profile {org.profile}` shows each with its fix.", file=sys.stderr)
            return 1
        print(f"{answer.number} issued by {org.name} on {answer.issue_date}. SHA-256 {answer.document_sha256}")
        _after(arguments, org, answer)
    return 0


def _seller(slug: str | None, invoice: Any) -> Any:
    """The organisation that issues. Raises WaslError where it is not certain."""
    from wasl.app.tenancy.models import Organisation

    vat = invoice.seller.vat_identifier if invoice.seller else None
    found = Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all()
    if not slug and found.count() > 1 and vat:
        found = found.filter(vat_identifier=vat)
    if found.count() != 1:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:10]) or "none yet"
        raise SellerUncertain(known=known)
    return found.get()


def _after(arguments: argparse.Namespace, org: Any, answer: Any) -> None:
    from wasl.app.invoicing.models import Invoice

    row = Invoice.objects.for_org(org).get(pk=answer.invoice_id)
    if arguments.send:
        from wasl.app.delivery.send import deliver

        deliver(row, actor="operator:cli")
    if arguments.output:
        for path in write_files(row, arguments.output):
            print(f"  {path}")


def write_files(row: Any, folder: Path) -> list[Path]:
    """XML, seal, PDF and, as soon as the log has it, the proof of an issued invoice."""
    from wasl import files
    from wasl.app.delivery.address import safe_filename
    from wasl.app.invoicing.models import Document
    from wasl.app.invoicing.pdf import pdf_for

    folder.mkdir(parents=True, exist_ok=True)
    name = safe_filename(row.number, "xml").removesuffix(".xml")
    kinds = {document.kind: bytes(document.data) for document in Document.objects.for_org(row.organisation_id).filter(invoice_id=row.pk)}
    made = {".xml": kinds["xml"], ".xades": kinds["xades"], ".pdf": pdf_for(row)}
    if (proof := wait_for_proof(row)) is not None:
        made[".tlog-proof"] = proof
    for suffix, data in made.items():
        files.write_atomic(folder / f"{name}{suffix}", data)
    return [folder / f"{name}{suffix}" for suffix in made]


def wait_for_proof(row: Any, seconds: float = PROOF_SECONDS_MAX) -> bytes | None:
    """The `.tlog-proof`; None where no worker publishes within `seconds` (it can be fetched later)."""
    from wasl.app.proofs.prove import ProofPending, proof_for

    deadline = time.monotonic() + seconds
    while True:
        try:
            return proof_for(row)
        except ProofPending:
            if time.monotonic() > deadline:
                print("  the proof is not published yet: is the worker running?", file=sys.stderr)
                return None
            time.sleep(0.05)
