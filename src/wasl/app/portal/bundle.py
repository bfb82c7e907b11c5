"""All files of one invoice as one ZIP: what to read, what proves it, and how to check both without us."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from wasl.app.delivery.address import safe_filename
from wasl.app.errors import NotFound
from wasl.app.portal.viewer import Viewer
from wasl.app.portal.zip_stream import Entry, stream
from wasl.app.proofs.prove import ProofPending

SUFFIXES = {"pdf": "pdf", "xml": "xml", "xades": "xades", "proof": "tlog-proof"}


def bundle(viewer: Viewer, read: Callable[[Viewer, str], bytes]) -> StreamingHttpResponse | None:
    """The archive, or None where the document was erased. `read` gives the stored bytes of one kind."""
    if viewer.document is None:
        return None
    response = StreamingHttpResponse(stream(entries(viewer, read)), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, safe_filename(viewer.row.number, "zip")) or "attachment"
    safe_to_keep(response)
    return response


def safe_to_keep(response: HttpResponse | StreamingHttpResponse) -> None:
    """A file is kept, never run in our origin, whatever else it also is (T31)."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"


def entries(viewer: Viewer, read: Callable[[Viewer, str], bytes]) -> Iterator[Entry]:
    """Files in the order of use; the text about them last, for it knows their hashes."""
    row = viewer.row
    hashes: dict[str, str] = {}

    def keep(kind: str) -> Callable[[], bytes | None]:
        def get() -> bytes | None:
            try:
                data = read(viewer, kind)
            except (NotFound, ProofPending):  # a proof that is seconds away: the text says where it will be
                return None
            hashes[safe_filename(row.number, SUFFIXES[kind])] = hashlib.sha256(data).hexdigest()
            return data

        return get

    for kind, suffix in SUFFIXES.items():
        yield Entry(safe_filename(row.number, suffix), row.issued_at, keep(kind))
    yield Entry("trust.json", row.issued_at, _trust)
    yield Entry("README.txt", row.issued_at, lambda: readme(row.number, hashes).encode())


def _trust() -> bytes:
    from wasl.app.proofs.trust import installation

    return installation().encode()


def readme(number: str, hashes: dict[str, str]) -> str:
    """What is in the folder and how to check it; both languages, whatever the reader chose: the file is kept for years."""
    xml, proof = safe_filename(number, "xml"), safe_filename(number, "tlog-proof")
    origin = settings.CONFIG.origin.rstrip("/")
    sums = "\n".join(f"{digest}  {name}" for name, digest in hashes.items())
    values = {
        "number": number,
        "xml": xml,
        "proof": proof,
        "pdf": safe_filename(number, "pdf"),
        "xades": safe_filename(number, "xades"),
        "trust": f"{origin}/log/trust.json",
    }
    late = proof not in hashes
    return (
        "\n\n".join([_AR % values + (_LATE_AR % values if late else ""), _EN % values + (_LATE_EN % values if late else ""), f"SHA-256\n{sums}"])
        + "\n"
    )


_AR = """\
الفاتورة %(number)s

%(pdf)s   للقراءة والطباعة؛ وبداخلها الأصل المختوم.
%(xml)s   الأصل المختوم: هو الفاتورة من حيث القانون.
%(xades)s   توقيع البائع على الأصل.
%(proof)s   إثبات أن الأصل مسجّل في السجل العلني.
trust.json   مفاتيح السجل وشهادة البائع، كما هي منشورة في %(trust)s

كيف تتحقق منها، من دوننا ومن دون اتصال بالإنترنت:
1. ثبّت البرنامج المفتوح المصدر مرة واحدة:  pip install wasl
2. أضف المفاتيح مرة واحدة:  wasl trust add trust.json
   قارن البصمة التي يعرضها بما يعطيك إياه البائع بطريق آخر، كالهاتف مثلًا.
3. تحقّق والملفات في مجلد واحد:  wasl verify %(xml)s --offline
"""
_LATE_AR = """
لم يكن الإثبات جاهزًا بعد لحظة التنزيل. نزّل الملفات مرة أخرى بعد دقيقة.
"""
_EN = """\
Invoice %(number)s

%(pdf)s   to read and print; the sealed original is inside.
%(xml)s   the sealed original: in law, this is the invoice.
%(xades)s   the seller's signature of the original.
%(proof)s   the proof that the original is in the public log.
trust.json   the keys of the log and the seller's certificate root, as published at %(trust)s

How to check them, without us and without a network:
1. Install the open-source program once:  pip install wasl
2. Add the keys once:  wasl trust add trust.json
   Compare the fingerprint that it shows with what the seller tells you by another way, by telephone say.
3. Check, with the files in one folder:  wasl verify %(xml)s --offline
"""
_LATE_EN = """
The proof was not ready yet when this was downloaded. Download the files again in a minute.
"""
