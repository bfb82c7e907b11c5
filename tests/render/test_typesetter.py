"""The typesetter sees its theme and nothing else: neither a text nor a theme of a user's own can read the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pdf_samples as samples
import pikepdf
import pytest

from wasl.render import find_theme, read_theme, render_pdf, structure, themes
from wasl.render.theme import FILES_MAX, KIT, THEMES, Theme, ThemeRefused, kit
from wasl.render.typesetter import Untypesettable, _local, typeset

HEAD = '#set document(title: "t", date: datetime(year: 2026, month: 1, day: 1))\n#set text(font: "IBM Plex Sans Arabic")\n= T\n'
ABOUT = '[name]\nar = "قالب"\nen = "Mine"\n[about]\nar = "لي"\nen = "Own"\n'
REACHING = ['#read("/etc/passwd")', '#read("../secret.txt")', '#read("/../secret.txt")', '#include "../secret.txt"', '#image("/etc/passwd")', '#image("../secret.svg")']
REFUSED = [
    '#import "@preview/cetz:0.2.0": canvas',
    '#import "@local/x:0.1.0": y',
    '#import"@preview/x:1.0.0"',
    '#let p = "@pre" + "view/x:1.0.0"\n#import p',
    '#let u = "//"; #import ("@preview/x:1.0.0")',
    '#import /* "kit/base.typ" */ "@preview/x:1.0.0"',
    '#import "\\u{40}preview/x:1.0.0"',
    '#eval("import \\"x\\"")',
    '#std.eval("1")',
    '#dictionary(std).at("ev" + "al")("1")',
    "#import std: *",
    '#plugin("x.wasm")',
]


@pytest.fixture
def folder(tmp_path: Path):
    """Makes a theme's folder of one source; a secret lies beside it."""
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')

    def make(source: str) -> Path:
        place = tmp_path / "mine"
        place.mkdir(exist_ok=True)
        (place / "main.typ").write_text(HEAD + source)
        (place / "theme.toml").write_text(ABOUT)
        return place

    return make


def test_a_folder_of_ones_own_is_a_theme(folder):
    mine = read_theme(folder('#import "/kit/data.typ": d\n#d.number'))

    made = render_pdf(samples.invoice(1), context=samples.context(theme=mine, language="en", document_xml=None, xades=None))

    assert (mine.id, mine.name, mine.name.ar, mine.paper) == ("mine", "Mine", "قالب", "a4")
    assert made.data.startswith(b"%PDF-1.7")


def test_a_copy_of_an_installed_theme_works_as_a_folder(tmp_path: Path):
    for name, content in find_theme("classic").files:
        (tmp_path / name).write_bytes(content)

    one, other = (render_pdf(samples.invoice(1), context=samples.context(theme=theme)).data for theme in ("classic", read_theme(tmp_path)))

    assert one == other


@pytest.mark.parametrize("source", REACHING)
def test_t39_t52_nothing_outside_the_theme_is_read(folder, source):
    with pytest.raises(Untypesettable):
        typeset(read_theme(folder(source)), {}, samples.AT)


@pytest.mark.parametrize("source", REFUSED)
def test_t52_a_theme_that_could_fetch_or_make_code_is_refused_unread(folder, source):
    with pytest.raises(ThemeRefused):
        read_theme(folder(source))


def test_t52_links_out_of_the_folder_are_refused(folder, tmp_path: Path):
    place = folder("x")
    (place / "more.typ").symlink_to("/etc/passwd")
    with pytest.raises(ThemeRefused, match="leads out"):
        read_theme(place)
    (place / "more.typ").unlink()
    (place / "sub").symlink_to(tmp_path)
    with pytest.raises(ThemeRefused, match="leads out"):
        read_theme(place)


@pytest.mark.parametrize("missing", ["main.typ", "theme.toml"])
def test_a_folder_without_its_parts_is_no_theme(folder, missing):
    place = folder("x")
    (place / missing).unlink()

    with pytest.raises(ThemeRefused, match=missing):
        read_theme(place)


def test_a_theme_is_small_and_of_known_kinds(folder):
    place = folder("x")
    (place / "run.exe").write_bytes(b"MZ")
    with pytest.raises(ThemeRefused, match=r"run\.exe"):
        read_theme(place)
    (place / "run.exe").unlink()
    for number in range(FILES_MAX):
        (place / f"{number}.typ").write_text("x")
    with pytest.raises(ThemeRefused, match="more than"):
        read_theme(place)


@pytest.mark.parametrize("about", ["", "name = 3", "[name]\nar='x'\n[about]\nar='x'\nen='y'", 'paper = "a0"\n' + ABOUT, "= ="])
def test_a_theme_says_what_it_is(folder, about):
    place = folder("x")
    (place / "theme.toml").write_text(about)

    with pytest.raises(ThemeRefused, match=r"theme\.toml"):
        read_theme(place)


def test_no_folder_no_theme(tmp_path: Path):
    with pytest.raises(ThemeRefused):
        read_theme(tmp_path / "nowhere")


def test_a_theme_works_when_it_reads_nothing(folder):
    assert typeset(read_theme(folder("hello")), {}, samples.AT).startswith(b"%PDF-1.7")


def test_t39_text_in_the_inputs_is_data(folder):
    theme = read_theme(folder('#sys.inputs.x #assert(sys.inputs.x == "#read(\\"../secret.txt\\")")'))

    assert typeset(theme, {"x": '#read("../secret.txt")'}, samples.AT).startswith(b"%PDF")


def test_a_moment_may_have_a_fraction_of_a_second(folder):
    theme = read_theme(folder("hello"))

    assert typeset(theme, {}, samples.AT.replace(microsecond=250_000)) == typeset(theme, {}, samples.AT.replace(microsecond=0))


def test_t52_rendering_opens_fonts_and_packages_only_and_no_socket():
    """In a process of its own, under an audit hook, every theme."""
    script = """
import sys
sys.path.insert(0, "tests/render")
import pdf_samples as samples
from wasl.render import RenderContext, render_pdf, themes
[render_pdf(samples.invoice(1), context=samples.context(theme=t)) for t in themes()]  # what is loaded lazily is loaded now
seen = []
def hook(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec")) or event == "open":
        seen.append((event, str(arguments[0])))
sys.addaudithook(hook)
for theme in themes():
    for language in ("ar", "en"):
        render_pdf(samples.jordanian(), context=samples.context(theme=theme, language=language))
print([each for each in seen if each[0] != "open" or not each[1].endswith((".ttf", ".otf", ".ttc", ".pyc", ".py", ".dat"))])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env={**os.environ}, cwd=Path(__file__).parents[2])

    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize("name", themes())
def test_an_installed_theme_keeps_the_rules_for_others(name):
    theme = find_theme(name)

    assert isinstance(theme, Theme)
    assert theme.name.ar != theme.name
    assert theme.about.ar != theme.about


def test_the_kit_makes_no_code_either():
    from wasl.render.theme import _FORBIDDEN, _IMPORT

    for name, content in kit():
        text = content.decode()
        assert _FORBIDDEN.search(text) is None, name
        assert all(found["path"] in {each.name for each in KIT.iterdir()} for found in _IMPORT.finditer(text)), name


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", themes())
def test_every_theme_keeps_every_clause(name, language):
    for invoice in (samples.jordanian(), samples.credit_note(), samples.english(40)):
        made = render_pdf(invoice, context=samples.context(theme=name, language=language, footer="One\nTwo\nThree", terms="Terms"))
        assert structure.check(made.data) == []


def test_a_receipt_is_one_page_80_mm_wide_and_as_long_as_needed():
    import io

    heights = []
    for count in (1, 100):
        data = render_pdf(samples.invoice(count), context=samples.context(theme="receipt")).data
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert len(pdf.pages) == 1
            left, bottom, right, top = (float(x) for x in pdf.pages[0].MediaBox)
        assert right - left == pytest.approx(80 / 25.4 * 72, abs=0.1)
        heights.append(top - bottom)
    assert 400 < heights[0] < heights[1] / 3


def test_a_very_long_receipt_is_cut_before_a_page_gets_too_long():
    made = render_pdf(samples.invoice(1000), context=samples.context(theme="receipt"))

    assert made.pages > 1
    assert structure.check(made.data) == []


def test_the_plain_theme_has_no_colour_at_all():
    """Every pixel is grey, whatever colour and logo the seller has."""
    import io

    import pypdfium2

    made = render_pdf(samples.credit_note(), context=samples.context(theme="plain", accent="#c2185b"))

    for page in pypdfium2.PdfDocument(io.BytesIO(made.data)):
        pixels = page.render(scale=1.5).to_pil().convert("RGB")
        assert all(red == green == blue for _, (red, green, blue) in pixels.getcolors(maxcolors=1_000_000))


@pytest.mark.parametrize("first_theirs", [True, False])
def test_a_copy_of_our_theme_and_ours_are_typeset_side_by_side(tmp_path, first_theirs):
    shutil.copytree(THEMES / "plain", tmp_path / "ours")
    ours, copy = find_theme("plain"), read_theme(tmp_path / "ours")
    _local.__dict__.clear()  # this thread has no warm theme

    made = [render_pdf(samples.invoice(), context=samples.context(theme=theme)).data for theme in ((copy, ours) if first_theirs else (ours, copy))]

    assert ours.digest == copy.digest
    assert all(data.startswith(b"%PDF-") for data in made)
