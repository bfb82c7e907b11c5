"""The fonts of the PDF: where they are, which characters they hold, and a fingerprint for the cache key.

Everything comes from font packages; system fonts are never used, so the same invoice gives the same bytes on every
machine with the same packages. Plex draws Arabic and Latin; Noto draws the other scripts and emoji (in one colour);
`wasl[cjk]` adds Chinese, Japanese and Korean. Coverage is read from the fonts' own `cmap` tables.
"""

from __future__ import annotations

import bisect
import hashlib
import importlib.metadata
import importlib.util
import struct
from functools import cache, lru_cache
from pathlib import Path

FONT_PACKAGES = (
    ("fontpkg_ibm_plex_sans_arabic", "fontpkg-ibm-plex-sans-arabic", "files"),
    ("manimgx_fonts", "manimgx-fonts", ""),
    ("manimgx_fonts_cjk", "manimgx-fonts-cjk", ""),  # the extra wasl[cjk]
)

# The order of fallback. Families that are not installed are left out (Typst warns about unknown ones).
FAMILIES = (
    "IBM Plex Sans Arabic", "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Bengali",
    "Noto Sans Thai", "Noto Sans Ethiopic", "Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Kannada", "Noto Sans Malayalam",
    "Noto Sans Gujarati", "Noto Sans Gurmukhi", "Noto Sans Oriya", "Noto Sans Sinhala", "Noto Sans Khmer", "Noto Sans Lao",
    "Noto Sans Myanmar", "Noto Sans Georgian", "Noto Sans Armenian", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK TC",
    "Noto Sans CJK KR", "Noto Sans Symbols", "Noto Emoji",
)  # fmt: skip


@cache
def font_directories() -> tuple[Path, ...]:
    """Folders of the installed font packages, none of which is imported."""
    found: list[Path] = []
    for module, _, folder in FONT_PACKAGES:
        spec = importlib.util.find_spec(module)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            found.append(Path(place) / folder)
    return tuple(found)


@cache
def font_files() -> tuple[Path, ...]:
    """Every font file, in a stable order."""
    return tuple(sorted(f for d in font_directories() for f in d.iterdir() if f.suffix.lower() in {".ttf", ".otf", ".ttc"}))


@cache
def fingerprint() -> str:
    """Names, versions and sizes of the font files: it changes whenever a glyph could."""
    digest = hashlib.sha256()
    for module, distribution, _ in FONT_PACKAGES:
        if importlib.util.find_spec(module):
            digest.update(f"{distribution}={importlib.metadata.version(distribution)}\n".encode())
    for file in font_files():
        digest.update(f"{file.name}:{file.stat().st_size}\n".encode())
    return digest.hexdigest()


def has_glyph(character: str) -> bool:
    """True when some installed font draws this character."""
    starts, ends = _coverage()
    code = ord(character)
    at = bisect.bisect_right(starts, code) - 1
    return at >= 0 and code <= ends[at]


@lru_cache(maxsize=4096)
def same_font(characters: str) -> bool:
    """True when one font holds all of these: a letter and its marks must come from the same font to be joined."""
    codes = [ord(c) for c in characters]
    return any(all(_within(ranges, code) for code in codes) for ranges in _ranges_by_font())


def _within(ranges: tuple[tuple[int, int], ...], code: int) -> bool:
    at = bisect.bisect_right(ranges, (code, 0x110000)) - 1
    return at >= 0 and ranges[at][0] <= code <= ranges[at][1]


@cache
def _coverage() -> tuple[list[int], list[int]]:
    """All fonts' characters as merged, sorted ranges: their starts and their ends."""
    starts: list[int] = []
    ends: list[int] = []
    for first, last in sorted(r for ranges in _ranges_by_font() for r in ranges):
        if ends and first <= ends[-1] + 1:
            ends[-1] = max(ends[-1], last)
        else:
            starts.append(first)
            ends.append(last)
    return starts, ends


@cache
def _ranges_by_font() -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(_merged(_read_cmap(file)) for file in font_files() if "Italic" not in file.name)


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return tuple(out)


def _read_cmap(file: Path) -> list[tuple[int, int]]:
    """Characters of a font's best Unicode cmap (OpenType 1.9, `cmap`, formats 4 and 12); a collection's first face."""
    with file.open("rb") as f:
        head = f.read(16)
        offset = struct.unpack(">I", head[12:16])[0] if head[:4] == b"ttcf" else 0
        f.seek(offset)
        tables = struct.unpack(">H", f.read(12)[4:6])[0]
        directory = f.read(16 * tables)
        entries = (directory[i : i + 16] for i in range(0, len(directory), 16))
        at, size = next(struct.unpack(">II", e[8:16]) for e in entries if e[:4] == b"cmap")
        f.seek(at)
        table = f.read(size)
    best: tuple[int, int] | None = None
    for i in range(struct.unpack(">H", table[2:4])[0]):
        sub = struct.unpack(">I", table[8 + 8 * i : 12 + 8 * i])[0]
        form = struct.unpack(">H", table[sub : sub + 2])[0]
        if form in (4, 12) and (best is None or form > best[0]):
            best = (form, sub)
    if best is None:
        return []
    return _format_12(table, best[1]) if best[0] == 12 else _format_4(table, best[1])


def _format_12(table: bytes, at: int) -> list[tuple[int, int]]:
    groups = struct.unpack(">I", table[at + 12 : at + 16])[0]
    body = table[at + 16 : at + 16 + 12 * groups]
    return [(first + (glyph == 0), last) for first, last, glyph in struct.iter_unpack(">III", body)]


def _format_4(table: bytes, at: int) -> list[tuple[int, int]]:
    count = struct.unpack(">H", table[at + 6 : at + 8])[0] // 2

    def column(number: int) -> tuple[int, ...]:
        start = at + 14 + 2 * count * number + (2 if number else 0)  # reservedPad follows endCode
        return struct.unpack(f">{count}H", table[start : start + 2 * count])

    ends, starts, deltas, offsets = (column(n) for n in range(4))
    offsets_at = at + 16 + 6 * count
    found: list[tuple[int, int]] = []
    for i, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if offset:
                place = offsets_at + 2 * i + offset + 2 * (code - first)
                glyph = struct.unpack(">H", table[place : place + 2])[0]
            else:
                glyph = (code + delta) & 0xFFFF
            if glyph:
                found.append((code, code))
    return found
