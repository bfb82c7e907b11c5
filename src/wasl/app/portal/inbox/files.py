"""The files of many invoices as one ZIP, made while it is sent: PDF, sealed XML, its seal and its proof, a folder a seller.

Memory holds one file at a time. Names come from sellers and are made safe: no path, no control or direction mark, nothing
that a file system reads as something else (T42). A list inside says what the ZIP holds and what it lacks, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from wasl.app import clock
from wasl.app.delivery.address import safe_filename
from wasl.app.errors import NotFound
from wasl.app.portal import acts
from wasl.app.portal.inbox.queries import Row, Seller, sellers_of
from wasl.app.portal.viewer import Viewer, of_inbox
from wasl.app.portal.views import FILES, file_bytes
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.formats.table.stream import Value, csv_stream, zip_stream

INVOICES_MAX = 500  # PDFs that nobody wanted before are drawn now, 30 ms each: a quarter of a minute


def archive_name() -> str:
    return f"invoices-{clock.now():%Y-%m-%d}.zip"


def archive(inbox: Inbox, rows: list[Row]) -> Iterator[bytes]:
    """The ZIP in chunks. A file that is not ready yet or was erased is left out and named in the list."""
    return zip_stream(_entries(inbox, rows, sellers_of(rows), current()))


def _entries(inbox: Inbox, rows: list[Row], sellers: dict[UUID, Seller], lang: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    told: list[list[Value]] = []
    taken: set[str] = set()
    for row in rows:
        seller = sellers[row.org_id].name_in(lang)
        viewer = of_inbox(inbox, row.org_id, row.invoice_id)
        if viewer is None:  # taken out of the inbox since it was ticked
            continue
        stem = _free(f"{_folder(seller)}/{safe_filename(row.number, 'x')[:-2]}", taken)
        held = 0
        for kind, (_mime, suffix) in FILES.items():
            data, why = _file(viewer, kind, lang)
            if data is not None:
                held += 1
                yield f"{stem}.{suffix}", iter([data])
            told.append([seller, row.number, row.issue_date, f"{stem}.{suffix}" if data is not None else "", why])
        if held:
            acts.note(viewer, "downloaded")
    with translation.override(lang):
        head: list[Value] = [_("Seller"), _("Number"), _("Issue date"), _("File"), _("Why it is missing")]
    yield "list.csv", csv_stream([head, *told])


def _file(viewer: Viewer, kind: str, lang: str) -> tuple[bytes | None, str]:
    """The bytes, or why there are none."""
    try:
        return file_bytes(viewer, kind), ""
    except NotFound:
        with translation.override(lang):
            return None, _("It was erased, as the law asks.")
    except WaslError as error:
        return None, error.message(lang)


def _folder(seller: str) -> str:
    return safe_filename(seller, "x")[:-2]


def _free(stem: str, taken: set[str]) -> str:
    """Two sellers of one name, or numbers that differ only in what a file name cannot hold, stay apart. Case does not tell names apart everywhere."""
    found, number = stem, 1
    while found.casefold() in taken:
        number += 1
        found = f"{stem}-{number}"
    taken.add(found.casefold())
    return found
