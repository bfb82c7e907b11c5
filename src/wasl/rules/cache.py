"""Compiled sheets on disk: one file a sheet, named by the sheet's hash and everything that shapes the result.

The folder is the user's own and closed to others (0700); a file in it is used only if it belongs to the user and nobody else may write
it, because running it is running code. A new file is written beside and moved into place, so a reader never sees half of one.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import cast

from wasl.rules import sheets

# Part of every cache key: raise it when the generated code or what it calls changes.
VERSION = 4


def folder() -> Path | None:
    """The cache folder, closed to others; None where there can be none (then sheets are compiled in memory)."""
    chosen = os.environ.get("WASL_CACHE_DIR")
    base = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wasl"
    path = base / "rules"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path if _ours(path.lstat(), directory=True) else None
    except OSError:
        return None


def _ours(status: os.stat_result, *, directory: bool = False) -> bool:
    """Is this a plain file or folder that belongs to us and that nobody else can change?"""
    kind = stat.S_ISDIR if directory else stat.S_ISREG
    if not kind(status.st_mode):
        return False
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def load(name: str) -> ModuleType:
    """The compiled module of a sheet: from the cache, or compiled now and kept."""
    data = sheets.locate(name).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    place = folder()
    file = place / f"{name}-{digest[:32]}-{VERSION}.{sys.implementation.cache_tag}.bin" if place else None
    code = _read(file) if file else None
    if code is None:
        code = _compile(data, name)
        if file:
            _write(file, marshal.dumps(code))
    module = ModuleType(f"wasl.rules.compiled_{name.replace('-', '_')}")
    exec(code, module.__dict__)  # noqa: S102 our own output, from a folder that only we can write
    return module


def _compile(data: bytes, name: str) -> CodeType:
    from wasl.rules.generate import Generator
    from wasl.rules.sheet import read_xslt

    return compile(Generator(read_xslt(data)).generate().source, f"<rules {name}>", "exec", dont_inherit=True, optimize=2)


def _read(file: Path) -> CodeType | None:
    """The cached code, or None where there is none that we can trust and understand."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not _ours(os.fstat(stream.fileno())):
            return None
        content = stream.read()
    digest, body = content[:32], content[32:]
    if hashlib.sha256(body).digest() != digest:
        return None  # cut short by a full disk
    try:
        return cast(CodeType, marshal.loads(body))  # noqa: S302
    except (EOFError, ValueError, TypeError):
        return None


def _write(file: Path, body: bytes) -> None:
    """Keep the code if the disk allows; a cache that cannot be written costs time, nothing else."""
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
