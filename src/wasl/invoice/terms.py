"""The label of every EN 16931 business term (BT) and group (BG), with its place in our model, in UBL 2.1 and in CII.

Arabic labels are those an Arab accountant uses; English labels are plain words, not the standard's long names.
Every label is definite and stands alone («سعر الوحدة», "unit price"), so that a message can put it anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from wasl.invoice._terms_cii import TABLE as CII_TABLE
from wasl.invoice._terms_data import TABLE

Gender = Literal["m", "f"]


@dataclass(frozen=True, slots=True)
class TermInfo:
    """One term: `path` is its place in `wasl.invoice.model.Invoice` ("lines[].price.net"), "" for the invoice itself."""

    id: str
    gender: Gender  # of the Arabic label, for agreement
    ar: str
    en: str
    path: str
    ubl: str  # below the root of a UBL Invoice
    cii: tuple[str, ...] = ()  # below the root of a CII document; several where CII has several places

    @property
    def ubl_credit_note(self) -> str:
        """The same place below the root of a UBL CreditNote."""
        return _CREDIT_NOTE.get(self.id) or _as_credit_note(self.ubl)

    @property
    def is_group(self) -> bool:
        return self.id.startswith("BG-")

    def label(self, lang: str) -> str:
        return self.ar if lang == "ar" else self.en


# UBL has no DueDate and no ProjectReference in a CreditNote; EN 16931-3-2 puts both elsewhere.
_CREDIT_NOTE = {
    "BT-9": "cac:PaymentMeans/cbc:PaymentDueDate",
    "BT-11": "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='50']/cbc:ID",
}


def _as_credit_note(path: str) -> str:
    for invoice, note in (
        ("cac:InvoiceLine", "cac:CreditNoteLine"),
        ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
        ("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode"),
    ):
        path = path.replace(invoice, note)
    return path


def _read(table: str, cii_table: str) -> dict[str, TermInfo]:
    rows = (row.partition(" | ") for row in cii_table.strip().splitlines())
    places = {term.strip(): tuple(path.strip() for path in paths.split(";")) for term, _, paths in rows}
    terms: dict[str, TermInfo] = {}
    for row in table.strip().splitlines():
        if not row or row.startswith("#"):
            continue
        term, gender, ar, en, path, ubl = (cell.strip() for cell in row.split("|"))
        terms[term] = TermInfo(term, "f" if gender == "f" else "m", ar, en, path, ubl, places.get(term, ()))
    return terms


TERMS: dict[str, TermInfo] = _read(TABLE, CII_TABLE)


@cache
def by_path() -> dict[str, TermInfo]:
    """Model path without indices ("lines[].price.net") to its term; groups included."""
    return {info.path: info for info in TERMS.values()}
