"""Messages: the `.po` files under `wasl/locale` are read by Babel at start and laid into Django's own catalogues.

So no `.mo` file exists that could be stale, `msgfmt` is needed nowhere, and one `gettext` serves Python, Jinja2,
Django's forms and allauth alike. English is the language of the sources and needs no file.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import io
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).resolve().parents[2] / "locale"
LANGUAGES = ("ar", "en")  # Arabic first: it is the default wherever nothing else decides
NAMES = {"ar": "العربية", "en": "English"}  # each in its own script, for the switch
RTL = frozenset({"ar"})


def catalogue_path(lang: str) -> Path:
    return LOCALE_DIR / lang / "LC_MESSAGES" / "django.po"


@lru_cache(maxsize=4)
def load(lang: str) -> stdlib_gettext.GNUTranslations:
    """The finished messages of one language, compiled in memory; fuzzy ones are left out."""
    path = catalogue_path(lang)
    with path.open("rb") as source:
        catalogue = read_po(source, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


def install() -> None:
    """Lay our messages over Django's for every language that has a catalogue."""
    from django.utils.translation import trans_real

    for lang in LANGUAGES:
        if catalogue_path(lang).exists():
            trans_real.translation(lang).merge(load(lang))


def current() -> str:
    """"ar" or "en": the language this request or job speaks."""
    from django.utils import translation

    lang = (translation.get_language() or LANGUAGES[0])[:2]
    return lang if lang in LANGUAGES else LANGUAGES[0]


def direction(lang: str | None = None) -> str:
    return "rtl" if (lang or current()) in RTL else "ltr"
