"""Every reader of foreign bytes: its name, and the function that must answer with a result or a refusal, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wasl.errors import UnreadableInput


def ubl(data: bytes) -> Any:
    from wasl.formats import ubl

    return ubl.read(data)


def cii(data: bytes) -> Any:
    from wasl.formats import cii

    return cii.read(data)


def wasl_json(data: bytes) -> Any:
    from wasl.formats import wasljson

    return wasljson.read(data)


def pdf(data: bytes) -> Any:
    from wasl.formats import pdf

    return pdf.document(data)


def table(data: bytes) -> Any:
    from wasl.formats import table

    return table.read(data)


def mapping(data: bytes) -> Any:
    from wasl.formats.table import mapping

    return mapping.parse(data)


def door(data: bytes) -> Any:
    from wasl.formats.read import read

    return read(data)


def rules(data: bytes) -> Any:
    from wasl.rules import validate

    return validate(data, profile="auto")


def rules_ubl(data: bytes) -> Any:
    from wasl.rules import validate

    return validate(data, profile="en16931")


def rules_cii(data: bytes) -> Any:
    from wasl.rules import validate

    return validate(data, profile="facturx-en16931")


def rule_sheet(data: bytes) -> Any:
    from wasl.rules.sheet import read_sheet

    return read_sheet(data)


READERS: dict[str, Callable[[bytes], Any]] = {
    "ubl": ubl,
    "cii": cii,
    "wasl-json": wasl_json,
    "pdf": pdf,
    "csv": table,
    "xlsx": table,
    "mapping": mapping,
    "door": door,
    "rules": rules,
    "rules-ubl": rules_ubl,
    "rules-cii": rules_cii,
    "rule-sheet": rule_sheet,
}


def allowed(name: str) -> tuple[type[Exception], ...]:
    """The refusals that the reader may answer with."""
    if name.startswith("rule"):
        from wasl.rules.errors import Unsupported, UnsupportedDocument

        return (UnreadableInput, Unsupported, UnsupportedDocument)
    return (UnreadableInput,)
