"""Messages on the web: the catalogues of `wasl.i18n` are laid into Django's own at start.

So `msgfmt` is needed nowhere, and one `gettext` serves Python, Jinja2, Django's forms and allauth alike.
"""

from __future__ import annotations

from wasl.i18n import catalogue_path
from wasl.i18n import load as load

LANGUAGES = ("ar", "en")  # Arabic first: it is the default wherever nothing else decides
NAMES = {"ar": "العربية", "en": "English"}  # each in its own script, for the switch
RTL = frozenset({"ar"})


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
