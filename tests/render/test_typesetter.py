"""The typesetter sees its theme and nothing else: even a theme, let alone a text, cannot read the machine."""

from __future__ import annotations

import threading
from pathlib import Path

import pdf_samples as samples
import pytest

from wasl.render import typesetter
from wasl.render.typesetter import Untypesettable, typeset


@pytest.fixture
def theme(tmp_path: Path, monkeypatch):
    """Makes a theme of one source file; gives its name."""
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(typesetter, "THEMES", tmp_path)
    monkeypatch.setattr(typesetter, "_local", threading.local())
    for cached in (typesetter.themes, typesetter.theme_files):
        cached.cache_clear()

    def make(source: str) -> str:
        (tmp_path / "probe").mkdir()
        head = '#set document(title: "t", date: datetime(year: 2026, month: 1, day: 1))\n'
        (tmp_path / "probe" / "main.typ").write_text(head + '#set text(font: "IBM Plex Sans Arabic")\n= T\n' + source)
        return "probe"

    yield make
    for cached in (typesetter.themes, typesetter.theme_files):
        cached.cache_clear()


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../secret.txt")',
        '#read("/../secret.txt")',
        '#include "../secret.txt"',
        '#image("/etc/passwd")',
        '#import "@preview/cetz:0.2.0": canvas',
        '#import "@local/x:0.1.0": y',
    ],
)
def test_t39_nothing_outside_the_theme_is_read(theme, source):
    with pytest.raises(Untypesettable):
        typeset(theme(source), {}, samples.AT)


def test_such_a_theme_works_when_it_reads_nothing(theme):
    assert typeset(theme("hello"), {}, samples.AT).startswith(b"%PDF-1.7")


def test_t39_text_in_the_inputs_is_data(theme):
    made = typeset(theme('#sys.inputs.x #assert(sys.inputs.x == "#read(\\"../secret.txt\\")")'), {"x": '#read("../secret.txt")'}, samples.AT)

    assert made.startswith(b"%PDF")


def test_a_moment_may_have_a_fraction_of_a_second(theme):
    name = theme("hello")

    assert typeset(name, {}, samples.AT.replace(microsecond=250_000)) == typeset(name, {}, samples.AT.replace(microsecond=0))
