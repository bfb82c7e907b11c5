"""Whether a document is sealed: a signature inside it, or a detached seal or proof beside its file. A mended copy no longer fits any of them."""

from __future__ import annotations

from pathlib import Path

from wasl.errors import WaslError, Words
from wasl.formats.xml import parse

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
BESIDE = (".xades", ".tlog-proof")


class Sealed(WaslError):
    """A sealed file would be overwritten."""

    code = "WASL-FIX-01"
    en = "{path} is sealed ({how}); mending it in place would break the seal. Write a copy with -o, and have it sealed anew."
    ar = "الملف {path} مختوم ({how})، وإصلاحه في مكانه يُبطل الختم. اكتب نسخة بالخيار -o ثم اختمها من جديد."


class NotMendable(WaslError):
    """Not XML that can be edited in place."""

    code = "WASL-FIX-02"
    en = "Only UBL and CII XML files are mended, and this is {kind}. Fix: take the XML out of it, or correct it where it was made."
    ar = "لا يُصلَح إلا ملف XML بصيغة UBL أو CII، وهذا {kind}. الحل: استخرج ملف XML منه، أو صحّحه حيث أُنشئ."
    exit_code = 2


def seal_of(data: bytes, path: Path | None) -> Words | None:
    """How a document is sealed; None where it is not. Raises UnreadableInput for what is no XML."""
    if next(parse(data).iter(SIGNATURE), None) is not None:
        return Words("a signature inside it", "بتوقيع في داخله")
    if path is None:
        return None
    for suffix in BESIDE:
        for candidate in (path.with_suffix(suffix), path.with_name(path.name + suffix)):
            if candidate.is_file():
                return Words(f"{candidate.name} beside it", f"ومعه الملف {candidate.name}")
    return None
