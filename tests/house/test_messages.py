"""Messages below the web: read without Django, from a compiled catalogue only where it is of this very source."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wasl import i18n

DUE = i18n.pgettext_noop("PDF", "Amount due")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the Arabic catalogue without its compiled form."""
    place = tmp_path / "ar" / "LC_MESSAGES"
    place.mkdir(parents=True)
    shutil.copy(i18n.catalogue_path("ar"), place / "django.po")
    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    i18n.load.cache_clear()
    i18n.fingerprint.cache_clear()
    yield place
    i18n.load.cache_clear()
    i18n.fingerprint.cache_clear()


def test_without_a_compiled_catalogue_the_source_is_read(folder: Path) -> None:
    assert i18n.translate(DUE, "ar") == "المبلغ المستحق"
    assert i18n.translate(DUE, "en") == "Amount due"


def test_a_compiled_catalogue_of_this_source_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wasl.app.ui import catalogue

    assert catalogue.compile_all() == [folder / "django.mo"]
    monkeypatch.setattr(i18n, "_in_memory", lambda *_: pytest.fail("compiled again"))

    assert i18n.translate(DUE, "ar") == "المبلغ المستحق"


@pytest.mark.parametrize("damage", ["stale", "cut", "foreign"])
def test_a_stale_or_damaged_one_is_passed_over(folder: Path, damage: str) -> None:
    from wasl.app.ui import catalogue

    catalogue.compile_all()
    compiled, source = folder / "django.mo", folder / "django.po"
    if damage == "stale":
        source.write_text(source.read_text().replace('"المبلغ المستحق"', '"المستحق"'))
    else:
        compiled.write_bytes(compiled.read_bytes()[:60] if damage == "cut" else b"not a catalogue")

    assert i18n.translate(DUE, "ar") == ("المستحق" if damage == "stale" else "المبلغ المستحق")


def test_the_key_of_kept_documents_follows_the_words(folder: Path) -> None:
    before = i18n.fingerprint()
    i18n.fingerprint.cache_clear()
    source = folder / "django.po"
    source.write_text(source.read_text().replace('"المبلغ المستحق"', '"المستحق"'))

    assert i18n.fingerprint() != before


def test_a_message_without_translation_stays_english() -> None:
    assert i18n.translate(i18n.pgettext_noop("PDF", "No such words"), "ar") == "No such words"


def test_labels_of_the_pdf_need_no_django() -> None:
    script = "import sys; from wasl.render.labels import pair; print(pair('due', 'en')); sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['Amount due', 'المبلغ المستحق']"
