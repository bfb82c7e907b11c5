"""A schema without its documentation, kept in the cache: libxml2 compiles it in 50 ms instead of 130.

Four fifths of the UBL files are annotations that a validator does not read. What is kept says which files it was made of, with their sizes
and times: another release of the package makes another one. Without a cache the files are read as they are.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, cast

from lxml import etree

from wasl.rules import cache

VERSION = 1
_XS = "{http://www.w3.org/2001/XMLSchema}"
_REFERS = (f"{_XS}import", f"{_XS}include", f"{_XS}redefine")
Bundle = tuple[list[tuple[str, int, int]], dict[str, bytes]]
"""(path, size, time of every file it was made of; path -> the file without annotations)."""


def load(file: Path) -> Any:
    """The compiled schema of a file and of all that it imports, from this machine's own disk only."""
    place = cache.folder()
    if place is None:
        return etree.XMLSchema(etree.parse(str(file), _parser({})))
    kept = place / f"xsd-{hashlib.sha256(str(file).encode()).hexdigest()[:32]}-{VERSION}.bin"
    bundle = cast("Bundle | None", cache.read_object(kept))
    if bundle is None or not _fresh(bundle):
        bundle = _made(file)
        cache.write_object(kept, bundle)
    files = bundle[1]
    return etree.XMLSchema(etree.fromstring(files[str(file)], _parser(files), base_url=str(file)))


class _Kept(etree.Resolver):
    """Gives the kept files to libxml2 in place of those on the disk."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__()
        self.files = files

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        found = self.files.get(_plain(system_url))
        return None if found is None else self.resolve_string(found, context, base_url=system_url)


def _parser(files: dict[str, bytes]) -> Any:
    parser: Any = etree.XMLParser(no_network=True, resolve_entities=False)
    if files:
        parser.resolvers.add(_Kept(files))
    return parser


def _plain(url: str) -> str:
    """The path that a base URL with relative steps means."""
    return str(Path(url.removeprefix("file://")).resolve())


def _fresh(bundle: Bundle) -> bool:
    try:
        return all((status := Path(path).stat()).st_size == size and status.st_mtime_ns == time for path, size, time in bundle[0])
    except OSError:
        return False


def _made(file: Path) -> Bundle:
    """The file and all that it refers to, without annotations and comments."""
    stamps: list[tuple[str, int, int]] = []
    files: dict[str, bytes] = {}
    waiting = [str(file)]
    while waiting:
        path = waiting.pop()
        if path in files:
            continue
        status = Path(path).stat()
        stamps.append((path, status.st_size, status.st_mtime_ns))
        tree = etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False, remove_comments=True, remove_blank_text=True))
        for note in list(tree.iter(f"{_XS}annotation")):
            parent = note.getparent()
            if parent is not None:
                parent.remove(note)
        files[path] = etree.tostring(tree)
        for other in tree.iter(*_REFERS):
            location = other.get("schemaLocation")
            if location:
                waiting.append(_plain(str(Path(path).parent / location)))
    return stamps, files
