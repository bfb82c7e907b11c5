"""Which characters the installed fonts draw, and what happens without the Chinese, Japanese and Korean extra."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wasl.render import fonts
from wasl.render.text import MARK
from wasl.render.typesetter import families

WITHOUT_CJK = """
import sys
sys.path.insert(0, {folder!r})
from wasl.render import fonts
fonts.FONT_PACKAGES = fonts.FONT_PACKAGES[:2]
import pdf_samples as samples
from wasl.render import render_pdf, structure, substitutions
from wasl.render.text import MARK
line = samples.line(1, "發票 カナ 한국어 שלום Ελ Счёт 😀", None, "1", "C62", "1.00")
invoice = samples.invoice(1, lines=(line,))
made = render_pdf(invoice, context=samples.context())
assert fonts.has_glyph(MARK)
assert list(made.substitutes) == substitutions(invoice) == sorted("發票カナ한국어"), made.substitutes
assert structure.check(made.data) == []
print("marked", len(made.substitutes))
"""


def test_without_the_extra_its_scripts_are_marked_and_everything_else_drawn():
    script = WITHOUT_CJK.format(folder=str(Path(__file__).parent))

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "marked 7"


@pytest.mark.parametrize("character", ["ش", "A", "ß", "Ω", "Ж", "א", "क", "ব", "ก", "አ", "த", "ა", "Ա", "😀", "٪", MARK])
def test_the_fonts_draw(character):
    assert fonts.has_glyph(character)


@pytest.mark.parametrize("character", ["\u20c1", "\ue000", "\U0001d518", "\U00012000"])
def test_no_font_draws(character):
    assert not fonts.has_glyph(character)


def test_coverage_agrees_with_a_font_library():
    """The cmap reader against fontTools (which comes with the peer of bench/), for every font."""
    ttlib = pytest.importorskip("fontTools.ttLib")

    for file in fonts.font_files():
        known = set(ttlib.TTFont(file, fontNumber=0, lazy=True).getBestCmap())
        ours = {code for first, last in fonts._read_cmap(file) for code in range(first, last + 1)}
        assert ours == known, file.name


def test_every_installed_family_stands_in_the_order_of_fallback():
    assert set(families()) <= set(fonts.FAMILIES) | {"Noto Sans CJK HK"}
    assert families()


def test_only_packages_give_fonts():
    assert all("site-packages" in file.parts for file in fonts.font_files())
