"""IBM Plex Sans Arabic for pages: the two weights we use, in parts by script as WOFF2, made at first use.

A page loads only the parts whose letters it holds (`unicode-range`): 30 KB for English, about 80 KB for Arabic, where
the whole font is 480 KB. Made by fontTools from the font's package in a third of a second a part and kept in the data
directory. A part's name is a hash of what goes in, so a page can name it before it exists.

Changed on the way, hence our own name for it (the licence, OFL 1.1, keeps "Plex" for IBM's own files): features that no
page asks for are dropped, and Arabic-Indic digits get one width each, so that columns of them line up like Western ones.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

FAMILY = "Wasl Sans"
WEIGHTS = {400: "Regular", 600: "SemiBold"}
# What joins, stacks and kerns letters; alternates, small figures and fractions are left out
FEATURES = ["ccmp", "locl", "calt", "rlig", "liga", "isol", "init", "medi", "fina", "kern", "mark", "mkmk"]
RECIPE = "1"  # counts changes of this module that change the bytes
_DIGIT_ROWS = (range(0x660, 0x66A), range(0x6F0, 0x6FA))
_NAMES_KEPT = {0, 13, 14}  # copyright, licence and its address; the others are written anew

# CSS's unicode-range of each part. Together they are every letter of the package.
PARTS = {
    "latin": "U+0020-007E, U+00A0-00FF, U+0131, U+0152-0153, U+02C6, U+02DA, U+02DC, U+2000-200B, U+2010-2027, U+202F-205E, U+20AC, U+2116, U+2122, "
    "U+2190-2193, U+2212, U+2215, U+2248, U+2260, U+2264-2265",
    "latin-ext": "U+0100-0130, U+0132-0151, U+0154-02C5, U+02C7-02D9, U+02DB, U+02DD-036F, U+0370-05FF, U+1E00-1FFF, U+2070-20AB, U+20AD-2115, "
    "U+2117-2121, U+2123-218F, U+2194-2211, U+2213-2214, U+2216-2247, U+2249-225F, U+2261-2263, U+2266-2BFF",
    "arabic": "U+0600-06FF, U+200C-200F, U+2066-2069, U+FDFC",
    "arabic-ext": "U+0750-077F, U+08A0-08FF, U+FB50-FDFB, U+FDFD-FDFF, U+FE70-FEFC",
}
ASCENT, DESCENT = Decimal("1.085"), Decimal("0.415")  # of the font's own hhea table, in em
# Fonts of the reader's device that stand in until ours is there, stretched to its widths and set on its line, so that
# nothing moves when it comes: family, weight, local names, how much wider ours runs (measured on sentences of our pages).
_NOTO, _DEJAVU, _HELVETICA = "Wasl Stand-in Arabic", "Wasl Stand-in Arabic 2", "Wasl Stand-in"
_ARABIC, _LATIN = "U+600-6FF", "U+0-5FF, U+2000-2BFF"
_DIGITS = "Wasl Stand-in Digits"  # figures first: they are what a reader's eye is on, and the largest thing on a page
STAND_INS = (
    (_DIGITS, 400, ("Arial", "Liberation Sans", "Helvetica", "Roboto"), Decimal("1.079"), "U+30-39"),
    (_DIGITS, 600, ("Arial Bold", "Liberation Sans Bold", "Helvetica Bold", "Roboto Bold"), Decimal("1.079"), "U+30-39"),
    (_HELVETICA, 400, ("Arial", "Liberation Sans", "Helvetica", "Roboto"), Decimal("1.011"), _LATIN),
    (_HELVETICA, 600, ("Arial Bold", "Liberation Sans Bold", "Helvetica Bold", "Roboto Bold"), Decimal("0.973"), _LATIN),
    (_NOTO, 400, ("Noto Sans Arabic", "Noto Naskh Arabic", "Geeza Pro", "Segoe UI"), Decimal("0.935"), _ARABIC),
    (_NOTO, 600, ("Noto Sans Arabic Bold", "Noto Naskh Arabic Bold", "Geeza Pro Bold", "Segoe UI Bold"), Decimal("0.935"), _ARABIC),
    (_DEJAVU, 400, ("DejaVu Sans",), Decimal("0.881"), _ARABIC),
    (_DEJAVU, 600, ("DejaVu Sans Bold",), Decimal("0.777"), _ARABIC),
)
_making = threading.Lock()


class Part(NamedTuple):
    weight: int
    script: str

    @property
    def name(self) -> str:
        """Its plain name: sans-400-arabic.woff2."""
        return f"sans-{self.weight}-{self.script}.woff2"

    @property
    def codes(self) -> set[int]:
        return {code for first, last in _ranges(PARTS[self.script]) for code in range(first, last + 1)}


def parts() -> list[Part]:
    return [Part(weight, script) for weight in WEIGHTS for script in PARTS]


def part(name: str) -> Part:
    """The part of a plain name; KeyError where there is none."""
    return {each.name: each for each in parts()}[name]


@lru_cache(maxsize=16)
def digest(wanted: Part) -> str:
    """A hash of everything that decides the bytes of a part: the package's file, this recipe, the tools."""
    from importlib.metadata import version

    told = "|".join([RECIPE, str(wanted), PARTS[wanted.script], *FEATURES, version("fonttools"), version("brotli")])
    return hashlib.sha256(told.encode() + hashlib.sha256(_source(wanted.weight).read_bytes()).digest()).hexdigest()[:12]


@lru_cache(maxsize=16)
def woff2(wanted: Part) -> bytes:
    """The file of one part: from this process's memory, the data directory, or made now."""
    with _making:  # two visitors at once wait for one making
        kept = _cache_file(wanted)
        if kept is not None and kept.is_file():
            return kept.read_bytes()
        data = _made(wanted)
        if kept is not None:
            _keep(kept, data)
        return data


def faces(address: Callable[[str], str]) -> str:
    """The @font-face rules, ours and those of the stand-ins. `address(name)` is where a part is served."""
    return _stand_ins() + "".join(
        f'@font-face{{font-family:"{FAMILY}";font-style:normal;font-display:swap;font-weight:{each.weight};'
        f'src:url("{address(each.name)}") format("woff2");unicode-range:{PARTS[each.script]}}}\n'
        for each in parts()
    )


def _stand_ins() -> str:
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};src:{_local(names)};size-adjust:{wider:.1%};'
        f"ascent-override:{ASCENT / wider:.1%};descent-override:{DESCENT / wider:.1%};line-gap-override:0%;unicode-range:{letters}}}\n"
        for family, weight, names, wider, letters in STAND_INS
    )


def _local(names: tuple[str, ...]) -> str:
    return ",".join(f'local("{name}")' for name in names)


def _source(weight: int) -> Path:
    from fontpkg_ibm_plex_sans_arabic import ROOT

    return Path(ROOT) / "files" / f"IBMPlexSansArabic-{WEIGHTS[weight]}.ttf"


def _ranges(text: str) -> list[tuple[int, int]]:
    found = []
    for each in text.split(","):
        first, _dash, last = each.strip().removeprefix("U+").partition("-")
        found.append((int(first, 16), int(last or first, 16)))
    return found


def _cache_file(wanted: Part) -> Path | None:
    """Where an installation keeps the part; None where there is no data directory (tests, the first minute of a demo)."""
    from django.conf import settings

    folder: Path = settings.CONFIG.data_path
    return folder / "cache" / "fonts" / f"{wanted.name.removesuffix('.woff2')}.{digest(wanted)}.woff2" if folder.is_dir() else None


def _keep(path: Path, data: bytes) -> None:
    """Whole or not at all; a full or read-only disk costs only the making at the next start."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as out:
            out.write(data)
        os.replace(out.name, path)
    except OSError:
        return


def _made(wanted: Part) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # else it tells each glyph
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = list(_NAMES_KEPT)
    options.drop_tables += ["DSIG", "meta"]
    font = TTFont(_source(wanted.weight), recalcTimestamp=False)
    _even_digits(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted.codes)
    subsetter.subset(font)
    for name_id, text in {1: FAMILY, 2: "Regular", 4: f"{FAMILY} {wanted.weight}", 6: f"WaslSans-{wanted.weight}"}.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _even_digits(font: Any) -> None:
    """Arabic-Indic and Persian digits get the width of Western ones, each in the middle of it."""
    names, metrics = font.getBestCmap(), font["hmtx"].metrics
    width = metrics[names[ord("0")]][0]
    for code in (code for row in _DIGIT_ROWS for code in row):
        glyph = font["glyf"][names[code]]
        was, bearing = metrics[names[code]]
        shift = (width - was) // 2
        if glyph.isComposite():
            for piece in glyph.components:
                piece.x += shift
        else:
            glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(font["glyf"])
        metrics[names[code]] = (width, bearing + shift)
