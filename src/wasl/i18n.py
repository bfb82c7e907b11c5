"""Messages below the web: one catalogue a language, read with the standard library, without Django and without msgfmt.

English is the language of the sources. The Arabic is `locale/ar/LC_MESSAGES/django.po`, the same that pages and mails use.
`python -m wasl.app.ui.catalogue compile` leaves a `.mo` beside it that names its `.po` by hash; where that is missing or of
another `.po`, the messages are compiled in memory, once in a process. So a stale file is never read and none is required.
"""

from __future__ import annotations

import hashlib
import io
import struct
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import NamedTuple

LOCALE_DIR = Path(__file__).resolve().parent / "locale"
SOURCE_LANGUAGE = "en"
TRANSLATED = ("ar",)
STAMP = "project-id-version"  # header of a .mo that names its .po
HASH_CHARACTERS = 16


class Message(NamedTuple):
    """A source string with the context that tells two equal strings apart: translated when it is known for whom."""

    context: str
    text: str


def pgettext_noop(context: str, text: str) -> Message:
    """Mark a string for extraction; `translate` gives it in a language."""
    return Message(context, text)


def translate(message: Message, lang: str) -> str:
    """The message in "ar" or "en"; the English where the catalogue has none."""
    return load(lang).pgettext(*message)


def catalogue_path(lang: str) -> Path:
    return LOCALE_DIR / lang / "LC_MESSAGES" / "django.po"


@lru_cache(maxsize=4)
def load(lang: str) -> NullTranslations:
    """The finished messages of one language; fuzzy ones are left out."""
    path = catalogue_path(lang)
    if lang == SOURCE_LANGUAGE or not path.exists():
        return NullTranslations()
    source = path.read_bytes()
    return _compiled(path.with_suffix(".mo"), stamp(source)) or _in_memory(source, lang)


def stamp(source: bytes) -> str:
    """What a compiled catalogue says about the `.po` it was made of."""
    return f"Wasl {hashlib.sha256(source).hexdigest()[:HASH_CHARACTERS]}"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Of all catalogues: part of the key of whatever is made with their words and then kept."""
    paths = (catalogue_path(lang) for lang in TRANSLATED)
    return " ".join(stamp(path.read_bytes()).split()[-1] for path in paths if path.exists())


def _compiled(path: Path, wanted: str) -> GNUTranslations | None:
    try:
        with path.open("rb") as file:
            found = GNUTranslations(file)
    except (OSError, ValueError, struct.error):
        return None
    return found if found.info().get(STAMP) == wanted else None


def _in_memory(source: bytes, lang: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo  # takes longer to load than a compiled catalogue to read
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=lang))
    compiled.seek(0)
    return GNUTranslations(compiled)
