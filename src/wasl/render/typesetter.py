"""Typst, kept warm: one compiler a thread and theme, the fonts found once, nothing readable but the theme.

Data enter as JSON text in `sys.inputs` and are never part of the source, so `#read("/etc/passwd")` in a name is a
name. Our own themes are read from their package, so that the compiler keeps them parsed (3 ms a document); the files of a
folder of a user's own are given as bytes, and the only folder that the compiler may read then is our kit. Packages come
from a folder that does not exist. Never fork a process after this module compiled something (use spawn): the compiler's
threads do not survive a fork.
"""

from __future__ import annotations

import importlib.metadata
import os
import threading
from datetime import datetime
from functools import cache
from typing import Any

import typst

from .fonts import font_directories
from .theme import KIT, MAIN, THEMES, Theme

PDF_STANDARDS = ["a-3a", "ua-1"]  # ISO 19005-3 level A and ISO 14289-1
COMPILERS_MAX = 8  # a thread's warm themes

_local = threading.local()
_lock = threading.Lock()


class Untypesettable(Exception):
    """Typst refused the document; `message` holds all its diagnostics. A bug unless it names characters."""


def typst_version() -> str:
    return importlib.metadata.version("typst")


@cache
def _fonts() -> typst.Fonts:
    directories = [str(d) for d in font_directories()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=directories)


@cache
def families() -> tuple[str, ...]:
    """Font families that the compiler sees."""
    with _lock:
        return tuple(_fonts().families())


def _compiler(theme: Theme) -> typst.Compiler:
    """This thread's compiler of a theme; made again after a fork, where the old one is not safe to touch."""
    kept: dict[tuple[int, str, bool], typst.Compiler] | None = getattr(_local, "compilers", None)
    if kept is None:
        kept = _local.compilers = {}
    key = (os.getpid(), theme.digest, theme.installed)  # a copy of an installed theme has its digest, but comes from memory
    if key not in kept:
        if len(kept) >= COMPILERS_MAX:
            kept.clear()
        nowhere = str(KIT / "no-packages")
        with _lock:
            kept[key] = typst.Compiler(
                str(THEMES / theme.id / MAIN) if theme.installed else None,
                root=str(KIT.parent if theme.installed else KIT),
                font_paths=_fonts(),
                ignore_system_fonts=True,
                package_path=nowhere,
                package_cache_path=nowhere,
            )
    return kept[key]


def typeset(theme: Theme, inputs: dict[str, str], at: datetime) -> bytes:
    """A PDF/A-3a + PDF/UA-1 file of the theme with these inputs, dated `at` (a PDF's dates have no fraction of a second)."""
    whole = at.replace(microsecond=0)
    try:
        # The stub does not say that files may be given by name; the compiler forgets them after each document
        sources: Any = None if theme.installed else theme.sources
        made = _compiler(theme).compile(sources, sys_inputs=inputs, format="pdf", pdf_standards=PDF_STANDARDS, timestamp=whole)  # type: ignore[arg-type]
    except typst.TypstError as error:
        raise Untypesettable(f"{error.message}\n{error.diagnostic}") from error
    if not isinstance(made, bytes):
        raise Untypesettable("the theme gave no document")
    return made
