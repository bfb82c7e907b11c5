"""Compiled sheets on disk: one file a sheet, named by the sheet's hash and everything that shapes the result.

The folder is the user's own and closed to others (0700); a file in it is used only if it belongs to the user and nobody else may write
it, because running it is running code. A new file is written beside and moved into place, so a reader never sees half of one.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import re
import stat
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, cast

from wasl.rules import sheets

# Part of every cache key: raise it when the generated code or what it calls changes.
VERSION = 13


def folder() -> Path | None:
    """The cache folder, closed to others; None where there can be none (then sheets are compiled in memory)."""
    chosen = os.environ.get("WASL_CACHE_DIR")
    base = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wasl"
    path = base / "rules"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path if is_ours(path.lstat(), directory=True) else None
    except OSError:
        return None


def is_ours(status: os.stat_result, *, directory: bool = False) -> bool:
    """Is this a plain file or folder that belongs to us and that nobody else can change?"""
    kind = stat.S_ISDIR if directory else stat.S_ISREG
    if not kind(status.st_mode):
        return False
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def load(names: str | tuple[str, ...]) -> ModuleType:
    """The compiled module of a set, or of several as one: from the cache, or compiled now and kept."""
    names = (names,) if isinstance(names, str) else names
    place = folder()
    title = "+".join(names).replace(":", ".")
    file = place / f"{title}-{key(names)}.{sys.implementation.cache_tag}.bin" if place else None
    code = cast(CodeType | None, read_object(file)) if file else None
    if code is None:
        code = _compile(names)
        if file:
            write_object(file, code)
    module = ModuleType("wasl.rules.compiled_" + re.sub(r"\W", "_", title))
    exec(code, module.__dict__)  # noqa: S102 our own output, from a folder that only we can write
    return module


def key(names: tuple[str, ...]) -> str:
    """What a compiled module depends on: the sheets and the compiler."""
    return f"{hashlib.sha256(f'{sheets.digest(names)} {_compiler()}'.encode()).hexdigest()[:32]}-{VERSION}"


def _compiler() -> str:
    """What tells one compiler from another: names, sizes and times of its files. An edited compiler leaves no stale module behind."""
    here = Path(__file__).parent
    found: list[tuple[str, int, int]] = []
    for place in (here, here / "xpath"):
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    found.append((entry.name, status.st_size, status.st_mtime_ns))
    return repr(sorted(found))


def _compile(names: tuple[str, ...]) -> CodeType:
    from wasl.rules.generate import Generator

    source = Generator(sheets.combined(names)).generate().source
    return compile(source, f"<rules {'+'.join(names)}>", "exec", dont_inherit=True, optimize=2)


def read_object(file: Path) -> object:
    """What was kept (code, or data that marshal knows), or None where there is none that we can trust and understand."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not is_ours(os.fstat(stream.fileno())):
            return None
        content = stream.read()
    digest, body = content[:32], content[32:]
    if hashlib.sha256(body).digest() != digest:
        return None  # cut short by a full disk
    try:
        return cast(object, marshal.loads(body))  # noqa: S302
    except (EOFError, ValueError, TypeError):
        return None


def write_object(file: Path, kept: Any) -> None:
    """Keep code or data if the disk allows; a cache that cannot be written costs time, nothing else."""
    body = marshal.dumps(kept)
    import tempfile  # only a first run needs it, and it is slow to import

    try:
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(hashlib.sha256(body).digest() + body)
            Path(temporary).replace(file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return
