"""Structure checks of a PDF against clauses of ISO 19005-3 (PDF/A-3, level A) and ISO 14289-1 (PDF/UA-1).

They look at what a file says about itself and what must or must not be in it; they are no replacement for a full
validator. docs/pdf-clauses.md lists them, written by `table()`; a broken fixture stands behind each in the tests.
"""

from __future__ import annotations

import io

import pikepdf

from wasl.errors import UnreadableInput, Words

from . import content as content
from . import file as file
from . import fonts as fonts
from . import hybrid as hybrid
from . import tagging as tagging
from .clause import CLAUSES, Clause, Document, Violation

__all__ = ["Clause", "Violation", "check", "clauses", "table"]


def clauses() -> tuple[Clause, ...]:
    """Every clause that is checked, in the order of the standards."""
    return tuple(sorted(CLAUSES, key=_place))


def _place(c: Clause) -> tuple[bool, list[int]]:
    return c.standard != "ISO 19005-3:2012", [int(part) for part in c.number.partition("-")[0].split(".")]


def check(data: bytes) -> list[Violation]:
    """What the file breaks; an empty list is good. Raises UnreadableInput where it is not a PDF at all."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            document = Document(data, pdf)
            return [Violation(c.id, detail) for c in clauses() for detail in c.check(document)]
    except pikepdf.PasswordError:
        return [Violation("A3-6.1.3-encrypt", "the file asks for a password")]
    except pikepdf.PdfError as error:
        raise UnreadableInput(reason=Words("it is not a PDF file", "ليس ملف PDF")) from error


def table() -> str:
    """The clauses as a Markdown table."""
    rows = [f"| {c.id} | {c.standard} | {c.number.partition('-')[0]} | {c.asks} |" for c in clauses()]
    return "\n".join(["| id | standard | clause | what it asks |", "|---|---|---|---|", *rows])
