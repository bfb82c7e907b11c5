"""A ZIP that leaves while it is made: one file at a time is in memory, however many there are."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import Any

COMPRESSED_ALREADY = (".pdf", ".zip", ".png", ".jpg")
FIRST_YEAR, LAST_YEAR = 1980, 2107  # what the format can date


@dataclass(frozen=True)
class Entry:
    """One file: its name inside, its time, and how to get its bytes when its turn comes (None: it is left out)."""

    name: str
    at: datetime
    read: Callable[[], bytes | None]


class _Pipe(RawIOBase):
    """What was written since it was last emptied."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def drain(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive in pieces. Names that occur twice get a number; times are as given, so the same files give the same bytes."""
    pipe, used = _Pipe(), set[str]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            data = entry.read()
            if data is None:
                continue
            archive.writestr(_info(_free(entry.name, used), entry.at), data)
            yield pipe.drain()
    yield pipe.drain()


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    year = min(max(at.year, FIRST_YEAR), LAST_YEAR)
    info = zipfile.ZipInfo(name, (year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = zipfile.ZIP_STORED if name.endswith(COMPRESSED_ALREADY) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _free(name: str, used: set[str]) -> str:
    """`name`, or "name (2)" where it is taken; upper and lower case are one name to many systems."""
    stem, dot, extension = name.rpartition(".")
    found, number = name, 1
    while found.lower() in used:
        number += 1
        found = f"{stem} ({number}){dot}{extension}"
    used.add(found.lower())
    return found
