"""Typst, kept warm: one compiler a thread, the fonts found once, nothing readable but the theme.

Data enter as JSON text in `sys.inputs` and are never part of the source, so `#read("/etc/passwd")` in a name is a
name. The compiler's root is the theme's folder; packages come from a folder that does not exist. Never fork a process
after this module compiled something (use spawn): the compiler's threads do not survive a fork.
"""

from __future__ import annotations

import importlib.metadata
import os
import threading
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from wasl.errors import WaslError

from .fonts import font_directories

PDF_STANDARDS = ["a-3a", "ua-1"]  # ISO 19005-3 level A and ISO 14289-1
THEMES = Path(str(files("wasl.render"))) / "themes"

_local = threading.local()
_lock = threading.Lock()


class UnknownTheme(WaslError):
    """A theme that is not installed."""

    code = "WASL-RENDER-06"
    en = "There is no theme {theme}. Choose one of: {themes}."
    ar = "لا يوجد قالب باسم {theme}. اختر واحدًا من: {themes}."


class Untypesettable(Exception):
    """Typst refused the document; `message` holds all its diagnostics. A bug unless it names characters."""


def typst_version() -> str:
    return importlib.metadata.version("typst")


@cache
def themes() -> tuple[str, ...]:
    """Names of the installed themes."""
    return tuple(sorted(p.name for p in THEMES.iterdir() if (p / "main.typ").is_file()))


@cache
def theme_files(theme: str) -> tuple[tuple[str, bytes], ...]:
    """(name, content) of a theme's sources, for the cache key. Raises UnknownTheme."""
    if theme not in themes():
        raise UnknownTheme(theme=theme[:40], themes=", ".join(themes()))
    return tuple((p.name, p.read_bytes()) for p in sorted((THEMES / theme).glob("*.typ")))


@cache
def _fonts() -> typst.Fonts:
    directories = [str(d) for d in font_directories()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=directories)


@cache
def families() -> tuple[str, ...]:
    """Font families that the compiler sees."""
    with _lock:
        return tuple(_fonts().families())


def _compiler(theme: str) -> typst.Compiler:
    """This thread's compiler of a theme; made again after a fork, where the old one is not safe to touch."""
    kept: dict[tuple[int, str], typst.Compiler] | None = getattr(_local, "compilers", None)
    if kept is None:
        kept = _local.compilers = {}
    key = (os.getpid(), theme)
    if key not in kept:
        theme_files(theme)  # refuses an unknown name before it becomes a path
        root = THEMES / theme
        nowhere = str(root / "no-packages")
        with _lock:
            kept[key] = typst.Compiler(
                str(root / "main.typ"),
                root=str(root),
                font_paths=_fonts(),
                ignore_system_fonts=True,
                package_path=nowhere,
                package_cache_path=nowhere,
            )
    return kept[key]


def typeset(theme: str, inputs: dict[str, str], at: datetime) -> bytes:
    """A PDF/A-3a + PDF/UA-1 file of the theme with these inputs, dated `at` (a PDF's dates have no fraction of a second)."""
    whole = at.replace(microsecond=0)
    try:
        made = _compiler(theme).compile(sys_inputs=inputs, format="pdf", pdf_standards=PDF_STANDARDS, timestamp=whole)  # type: ignore[arg-type]
    except typst.TypstError as error:
        raise Untypesettable(f"{error.message}\n{error.diagnostic}") from error
    if not isinstance(made, bytes):
        raise Untypesettable("the theme gave no document")
    return made
