"""A user's own rule sheets: copied into the user's data folder, closed to others, under the set id `user:NAME`.

A sheet is only ever read as data (threat T21: nothing in it is run, and it opens no file but the code lists that lay beside it).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wasl.errors import Words
from wasl.rules.errors import BadSheetName, NoSuchSheet, SheetFolderUnsafe, SheetTaken, UnknownSyntax

if TYPE_CHECKING:
    from wasl.rules.profiles import Profile
    from wasl.rules.sheet import Sheet

PREFIX = "user:"
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}\Z")
_CODE_LIST = re.compile(rb"""document\(\s*(?:'|"|&quot;|&apos;)([A-Za-z0-9_.-]+)(?:'|"|&quot;|&apos;)""")
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Own:
    """What is known of a user's sheet. `on` is the profile whose sets run before it, "" for none."""

    name: str
    file: str
    syntax: str
    on: str
    title: str
    added: str  # date, ISO 8601


def folder(*, make: bool = False) -> Path | None:
    """The folder of the user's sheets; None where there is none. Raises SheetFolderUnsafe where others may write it."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    path = Path(base) / "wasl" / "sheets"
    if make:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.is_dir():
        return None
    from wasl.rules.cache import is_ours

    if not is_ours(path.lstat(), directory=True):
        raise SheetFolderUnsafe(path=path)
    return path


def listed() -> list[Own]:
    """All sheets of the user, by name."""
    base = folder()
    found = sorted(base.iterdir()) if base is not None else []
    return [about(path.name) for path in found if NAME.match(path.name) and (path / _ABOUT).is_file()]


def about(name: str) -> Own:
    """Raises NoSuchSheet."""
    name = name.removeprefix(PREFIX)
    base = folder()
    file = base / name / _ABOUT if base is not None and NAME.match(name) else None
    if file is None or not file.is_file():
        raise NoSuchSheet(name=name, known=", ".join(path.name for path in sorted(base.iterdir())) or "-" if base else "-")
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Own(**facts)


def files(name: str) -> list[Path]:
    """The sheet and the code lists that were beside it."""
    own = about(name)
    base = folder()
    assert base is not None
    place = base / own.name
    return [place / own.file, *sorted(path for path in place.iterdir() if path.name not in (own.file, _ABOUT))]


def profile(id: str) -> Profile:
    """`user:NAME` as a profile: the sheet alone, or after the sets of the profile that it was added on."""
    from wasl.rules import profiles

    own = about(id)
    below = profiles.get(own.on).sets.get(own.syntax, ()) if own.on else ()
    return profiles.Profile(PREFIX + own.name, {own.syntax: (*below, PREFIX + own.name)}, name_en=own.title, name_ar=own.title)


def add(path: Path, *, name: str = "", on: str = "", syntax: str = "", replace: bool = False) -> tuple[Own, Sheet]:
    """Compile a sheet and keep a copy. Raises Unsupported for what cannot be compiled; nothing is kept then."""
    from wasl.files import read_bytes
    from wasl.rules import profiles
    from wasl.rules.generate import Generator
    from wasl.rules.sheet import read_sheet

    name = name or re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:40]
    if not NAME.match(name):
        raise BadSheetName(name=name)
    data = read_bytes(path)
    sheet = read_sheet(data, base=path.resolve().parent)
    Generator(sheet).generate()
    kind = syntax or syntax_of(sheet)
    if on and kind not in profiles.get(on).sets:
        raise UnknownSyntax(name=name, why=Words(f"it is for {kind}, and {on} has no rules for that", f"هي لصيغة {kind} وليست في {on} قواعد لها"))
    base = folder(make=True)
    assert base is not None
    place = base / name
    if place.exists() and not replace:
        raise SheetTaken(name=name)
    own = Own(name, path.name, kind, on, sheet.title or path.stem, _today())
    waiting = base / f".new-{name}"
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(mode=0o700)
    try:
        _write(waiting / path.name, data)
        for beside in sorted({match.decode() for match in _CODE_LIST.findall(data)}):
            if (path.parent / beside).is_file():
                _write(waiting / beside, read_bytes(path.parent / beside))
        _write(waiting / _ABOUT, json.dumps(asdict(own), ensure_ascii=False, indent=1).encode())
        shutil.rmtree(place, ignore_errors=True)
        waiting.rename(place)
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise
    return own, sheet


def remove(name: str) -> Own:
    """Raises NoSuchSheet."""
    own = about(name)
    base = folder()
    assert base is not None
    shutil.rmtree(base / own.name)
    return own


def syntax_of(sheet: Sheet) -> str:
    """UBL or CII, by the names in the contexts of its rules. Raises UnknownSyntax where there are neither."""
    uris = [step.test.uri or "" for _, templates in sheet.modes for each in templates for pattern in each.patterns for step in pattern.steps]
    ubl = sum("names:specification:ubl:" in uri for uri in uris)
    cii = sum("uncefact:data:standard:" in uri for uri in uris)
    if not ubl and not cii:
        why = Words("its rules name no element of UBL or CII", "لا تذكر قواعدها عناصر UBL ولا CII")
        raise UnknownSyntax(name=sheet.title, why=why)
    return "ubl" if ubl >= cii else "cii"


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()
