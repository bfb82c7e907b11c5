"""Themes as folders: Typst files and a theme.toml that says what the theme is called and what it can do.

A theme is read once into memory and typeset from there: the typesetter sees its files, our kit (`kit/`), and nothing
else of the machine. A folder of a user's own is looked at first: no link that leaves it, no package, no way to make code
out of text, bounded in files and bytes. `wasl`, the name of the first theme, is kept by documents and means `modern`.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from wasl.errors import WaslError, Words

THEMES = Path(str(files("wasl.render"))) / "themes"
KIT = Path(str(files("wasl.render"))) / "kit"
ALIASES = {"wasl": "modern"}  # the theme's name until 2026-11, in contexts and stored documents

MAIN, ABOUT = "main.typ", "theme.toml"
FILES_MAX = 64
BYTES_MAX = 4 * 1024 * 1024  # all files of a theme together: pictures of a letterhead included
PAPERS = frozenset({"a4", "80mm"})

_SUFFIXES = frozenset({".typ", ".toml", ".svg"})  # the typesetter takes text in memory; a bitmap would need a folder on the disk
_IMPORT = re.compile(r'\b(?:import|include)\b(?P<literal>\s*"(?P<path>[^"\\]*)")?')
# What can make code out of text or run code that is no Typst; `std` as a value is the way to all of it by a made-up name.
# Comments and strings are not told apart from code: a word too many is refused rather than one overlooked.
_FORBIDDEN = re.compile(r"\b(?:eval|plugin)\b|\bstd\b(?!\.[a-z])")


class UnknownTheme(WaslError):
    """A theme that is not installed."""

    code = "WASL-RENDER-06"
    en = "There is no theme {theme}. Choose one of: {themes}."
    ar = "لا يوجد قالب باسم {theme}. اختر واحدًا من: {themes}."
    exit_code = 2


class ThemeRefused(WaslError):
    """A folder that is no theme, or one that reaches beyond itself."""

    code = "WASL-RENDER-08"
    en = "The theme folder {folder} cannot be used: {reason}."
    ar = "لا يمكن استخدام مجلد القالب {folder}: {reason}."


class ThemeFails(WaslError):
    """A theme of a user's own that the typesetter stopped at."""

    code = "WASL-RENDER-12"
    en = "The theme {theme} does not work. The typesetter says: {reason}"
    ar = "القالب {theme} لا يعمل. رسالة برنامج التنضيد: {reason}"


@dataclass(frozen=True)
class Theme:
    """One theme; `files` are its own, sorted by name, theme.toml included."""

    id: str
    name: Words
    about: Words
    paper: str  # "a4" or "80mm"
    colour: bool  # False: black on white only, whatever the seller's colour
    logo: bool  # whether it shows the seller's logo
    leaves: tuple[str, ...]  # business terms that it leaves to the electronic invoice
    files: tuple[tuple[str, bytes], ...] = field(repr=False)

    @property
    def installed(self) -> bool:
        """False for a folder of a user's own."""
        return self.id in themes() and _installed(self.id) is self

    @cached_property
    def digest(self) -> str:
        """Changes with every byte that the typesetter sees: the theme's files and the kit's."""
        digest = hashlib.sha256()
        for name, content in (*self.files, *kit()):
            digest.update(f"{name}:{len(content)}\n".encode() + content)
        return digest.hexdigest()

    @cached_property
    def sources(self) -> dict[str, bytes]:
        """Everything by the path under which the theme's code finds it; "main" is where the typesetter begins."""
        own = {name: content for name, content in self.files if name != ABOUT}
        found = {f"kit/{name}": content for name, content in kit()} | own
        return {"main": found.pop(MAIN), **found}


@cache
def kit() -> tuple[tuple[str, bytes], ...]:
    """The files that every theme may build on."""
    return tuple((p.name, p.read_bytes()) for p in sorted(KIT.glob("*.typ")))


@cache
def themes() -> tuple[str, ...]:
    """Names of the installed themes."""
    return tuple(sorted(p.name for p in THEMES.iterdir() if (p / MAIN).is_file()))


def find_theme(theme: str | Theme) -> Theme:
    """The installed theme of that name. Raises UnknownTheme."""
    if isinstance(theme, Theme):
        return theme
    name = ALIASES.get(theme, theme)
    if name not in themes():
        raise UnknownTheme(theme=theme[:40], themes=", ".join(themes()))
    return _installed(name)


@cache
def _installed(name: str) -> Theme:
    return read_theme(THEMES / name)


def read_theme(folder: Path) -> Theme:
    """The theme in a folder. Raises ThemeRefused, naming what is missing or reaches too far."""
    contents = tuple(_contents(folder))
    names = dict(contents)
    for needed in (MAIN, ABOUT):
        if needed not in names:
            raise _refused(folder, Words(f"it has no {needed}", f"ليس فيه {needed}"))
    for name, content in contents:
        if name.endswith(".typ"):
            _check_source(folder, name, content)
    return _described(folder, contents, names[ABOUT])


def _refused(folder: Path, reason: Words) -> ThemeRefused:
    return ThemeRefused(folder=str(folder), reason=reason)


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(path inside the folder, content), sorted; links that lead out and files of other kinds are refused, never read."""
    if not folder.is_dir():
        raise _refused(folder, Words("it is no folder", "ليس مجلدًا"))
    root = folder.resolve()
    total = 0
    for number, path in enumerate(sorted(_walk(root))):
        name = path.relative_to(root).as_posix()
        if not path.resolve().is_relative_to(root) or not path.is_file():
            raise _refused(folder, Words(f"{name} leads out of it", f"الملف {name} يقود إلى خارجه"))
        if path.suffix.lower() not in _SUFFIXES:
            raise _refused(folder, Words(f"{name} is neither Typst, SVG nor TOML", f"الملف {name} ليس بصيغة Typst ولا SVG ولا TOML"))
        total += path.stat().st_size
        if number >= FILES_MAX or total > BYTES_MAX:
            raise _refused(folder, Words(f"it holds more than {FILES_MAX} files or 4 MB", f"فيه أكثر من {FILES_MAX} ملفًا أو 4 م.ب"))
        yield name, path.read_bytes()


def _walk(root: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(root):
        folders[:] = [f for f in sorted(folders) if not f.startswith(".")]
        yield from (Path(place) / name for name in names if not name.startswith("."))
        yield from (Path(place) / f for f in folders if (Path(place) / f).is_symlink())


def _check_source(folder: Path, name: str, content: bytes) -> None:
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(folder, Words(f"{name} is not UTF-8 text", f"الملف {name} ليس نصًا بترميز UTF-8")) from error
    for found in _IMPORT.finditer(source):
        if found["literal"] is None or found["path"].startswith("@"):
            raise _refused(folder, Words(f"{name} imports something other than a file of its own", f"الملف {name} يستورد من خارج القالب"))
    if found := _FORBIDDEN.search(source):
        raise _refused(folder, Words(f"{name} uses {found[0]}", f"الملف {name} يستعمل {found[0]}"))


def _described(folder: Path, contents: tuple[tuple[str, bytes], ...], about: bytes) -> Theme:
    try:
        said = tomllib.loads(about.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refused(folder, Words(f"its {ABOUT} is not TOML", f"الملف {ABOUT} ليس بصيغة TOML سليمة")) from error
    paper = said.get("paper", "a4")
    leaves = said.get("leaves", [])
    texts = [said.get(key, {}) for key in ("name", "about")]
    good = paper in PAPERS and isinstance(leaves, list) and all(isinstance(t, dict) and {"ar", "en"} <= set(t) for t in texts)
    if not good:
        raise _refused(folder, Words(f"its {ABOUT} lacks name, about or a known paper", f"ينقص الملف {ABOUT} الاسم أو الوصف أو ورق معروف"))
    name, described = (Words(str(t["en"]), str(t["ar"])) for t in texts)
    terms = tuple(str(each) for each in cast("list[Any]", leaves))
    return Theme(folder.name, name, described, paper, bool(said.get("colour", True)), bool(said.get("logo", True)), terms, contents)
