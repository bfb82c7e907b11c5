"""Messages of the pages, mails and forms: extract them, bring the Arabic up to date, check that nothing is missing.

    python -m wasl.app.ui.catalogue extract   # sources -> locale/wasl.pot
    python -m wasl.app.ui.catalogue update    # wasl.pot -> locale/*/LC_MESSAGES/django.po, new strings left empty
    python -m wasl.app.ui.catalogue compile   # django.po -> django.mo, for tools that want one; Wasl itself needs none
    python -m wasl.app.ui.catalogue check     # exit 1 when a string is not extracted, untranslated, fuzzy or broken

Babel does all of it: no msgfmt, no xgettext.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TextIO

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from wasl.app.ui.i18n import LANGUAGES
from wasl.i18n import LOCALE_DIR, catalogue_path, stamp

PACKAGE = LOCALE_DIR.parent
SOURCES = (("app", ""), ("render", "render/"))  # folders, and how their files are called in the catalogue
TEMPLATE = LOCALE_DIR / "wasl.pot"
HEADER = "# Messages of Wasl. Same licence as Wasl (Apache-2.0)."
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {
    "**.html": {"extensions": "jinja2.ext.do,jinja2.ext.i18n", "trimmed": "true", "silent": "false", "encoding": "utf-8"},
    "**.txt": {"extensions": "jinja2.ext.do,jinja2.ext.i18n", "silent": "false", "encoding": "utf-8"},
}
_NOISE = tuple(
    f'"{name}'.encode()
    for name in ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator", "Language-Team", "Report-Msgid-Bugs-To")
)
# CLDR's six Arabic categories in order. Babel's own default for Arabic puts 11 to 99 into the last form, which is wrong.
PLURALS = {
    "ar": (6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)"),
}
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_n": (1, 2), "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "pgettext_noop": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def extract() -> Catalog:
    """Every message of the sources, with the files that say it. No line numbers: they would change with every commit."""
    found = Catalog(project="Wasl", version="1", charset="utf-8", header_comment=HEADER)
    for folder, prefix in SOURCES:
        for filename, _line, message, comments, context in extract_from_dir(
            PACKAGE / folder, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        ):
            found.add(message, locations=[(prefix + filename, 0)], auto_comments=comments, context=context)
    for message in found:
        message.locations = sorted({(name, 0) for name, _line in message.locations})
    return found


def languages() -> list[str]:
    return [lang for lang in LANGUAGES if lang != "en"]


def read(lang: str) -> Catalog:
    path = catalogue_path(lang)
    if path.exists():
        with path.open("rb") as source:
            catalogue = read_po(source, locale=lang)
    else:
        catalogue = Catalog(locale=lang, project="Wasl", version="1")
    catalogue._num_plurals, catalogue._plural_expr = PLURALS[lang]
    return catalogue


def written(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=140, sort_output=True, omit_header=False, include_lineno=False, ignore_obsolete=True)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_NOISE))


def update() -> None:
    template = extract()
    TEMPLATE.write_bytes(written(template))
    for lang in languages():
        catalogue = read(lang)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.header_comment, catalogue.fuzzy = HEADER, False
        path = catalogue_path(lang)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))


def compile_all() -> list[Path]:
    made = []
    for lang in languages():
        source = catalogue_path(lang)
        path = source.with_suffix(".mo")
        catalogue = read(lang)
        catalogue.project, catalogue.version = stamp(source.read_bytes()).split()  # so that a stale one is known
        with path.open("wb") as target:
            write_mo(target, catalogue)
        made.append(path)
    return made


def problems() -> Iterator[str]:
    """One line for everything that would show a reader raw or broken text."""
    template = extract()
    for lang in languages():
        catalogue = read(lang)
        for message in template:
            if not message.id:
                continue
            found = catalogue.get(message.id, message.context)
            name = message.id if isinstance(message.id, str) else message.id[0]
            if found is None:
                yield f"{lang}: not in the catalogue: {name!r}"
            elif not found.string or (isinstance(found.string, tuple) and not all(found.string)):
                yield f"{lang}: untranslated: {name!r}"
            elif found.fuzzy:
                yield f"{lang}: fuzzy: {name!r}"
            elif message.pluralizable and len(found.string) != catalogue.num_plurals:
                yield f"{lang}: {len(found.string)} plural forms of {catalogue.num_plurals}: {name!r}"
            else:
                yield from (f"{lang}: {error}: {name!r}" for error in found.check(catalogue))


def main(argv: list[str], out: TextIO = sys.stdout) -> int:
    act = argv[0] if len(argv) == 1 else ""
    if act == "extract":
        TEMPLATE.write_bytes(written(extract()))
    elif act == "update":
        update()
    elif act == "compile":
        compile_all()
    elif act == "check":
        found = list(problems())
        for line in found:
            print(line, file=out)
        return 1 if found else 0
    else:
        print(__doc__, file=out)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
