"""A rule sheet as data, whatever it was written in. Anything that is not understood is refused by name, never skipped.

`read_sheet` tells apart: XSLT as the ISO Schematron skeleton writes it, XSLT as SchXslt writes it, and Schematron itself (`.sch`).
No sheet is ever run: it is read as data, and no file but the sheet and the code lists beside it is ever opened (threat T21).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wasl.rules.errors import Unsupported
from wasl.rules.xpath import ast
from wasl.rules.xpath.pattern import Pattern

XSL = "{http://www.w3.org/1999/XSL/Transform}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
SCH = "{http://purl.oclc.org/dsdl/schematron}"
SCHXSLT = "https://doi.org/10.5281/zenodo.1495494"


@dataclass(frozen=True, slots=True)
class Assert:
    """One test. `report` turns it round: a report speaks when its test is true."""

    id: str
    severity: str
    test: str  # as published
    expr: ast.Expr
    text: tuple[str | ast.Expr, ...]
    report: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """One rule context: within a mode the first template whose pattern matches a node wins, and only it speaks."""

    mode: str
    context: str  # as published
    patterns: tuple[Pattern, ...]
    asserts: tuple[Assert, ...]
    lets: tuple[tuple[str, ast.Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Modes in the order they run. Functions, variables and code lists of the sheet hang on the expressions that use them, so the modes of
    several sheets can be put one after the other. `notes`: what was read and has no bearing on verdicts (phases, diagnostics)."""

    title: str
    namespaces: dict[str, str]
    modes: tuple[tuple[str, tuple[Template, ...]], ...]
    notes: tuple[str, ...] = ()

    def asserts(self) -> list[tuple[Template, Assert]]:
        return [(template, rule) for _, templates in self.modes for template in templates for rule in template.asserts]


def read_sheet(data: bytes, *, base: Path | None = None) -> Sheet:
    """Read a sheet. `base`: the folder it lies in, where its code lists are looked for; None forbids `document()`."""
    from wasl.rules import sheet_iso, sheet_sch, sheet_schxslt
    from wasl.rules.sheet_xslt import open_sheet

    root = open_sheet(data)
    if root.tag == SCH + "schema":
        return sheet_sch.read(root, base)
    if root.tag in (XSL + "stylesheet", XSL + "transform"):
        return (sheet_schxslt if SCHXSLT in root.nsmap.values() else sheet_iso).read(root, base)
    raise Unsupported(what=f"a {root.tag} document", where="the sheet's root element")


def read_xslt(data: bytes) -> Sheet:
    """Read a sheet that needs nothing beside it."""
    return read_sheet(data)
