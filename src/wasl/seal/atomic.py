"""Whole-file writes that a crash cannot halve: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Generator
from pathlib import Path

from wasl.seal.errors import SecretFileMode

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def write(path: Path, data: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Replace `path` by `data`: after a crash the old bytes or the new ones are there, never a mixture."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        _write_synced(temporary, data, mode)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def create(path: Path, data: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """As `write`, but raises FileExistsError where `path` is already there (link is atomic, a check is not)."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        _write_synced(temporary, data, mode)
        os.link(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    sync_folder(path.parent)


def private_folder(path: Path) -> Path:
    """Make `path` with mode 0700, or refuse it when other accounts can enter."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    require_private(path, want=PRIVATE_FOLDER)
    return path


@contextlib.contextmanager
def locked(folder: Path) -> Generator[None]:
    """One process at a time for read-change-write in `folder`; the lock dies with its holder."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def require_private(path: Path, *, want: int = PRIVATE_FILE) -> None:
    """Raise SecretFileMode if group or others have any right on `path`."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise SecretFileMode(path=path, mode=f"{mode:04o}", want=f"{want:04o}")


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power loss."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        os.fchmod(handle, mode)  # the umask may only have narrowed it
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)
