"""Which search rows are to be made anew, and one step of making them. The list of what waits is in the database: whoever comes next goes on."""

from __future__ import annotations

from uuid import UUID

from wasl.app.archive.index import VERSION
from wasl.app.archive.keep import catch_up
from wasl.app.sql import run

_MARK = """
INSERT INTO archive_waiting (organisation_id, id, rebuild)
SELECT i.organisation_id, i.id, true FROM invoicing_invoice i
LEFT JOIN archive_searchrow s ON s.organisation_id = i.organisation_id AND s.id = i.id
WHERE (%(org)s::uuid IS NULL OR i.organisation_id = %(org)s::uuid) AND (%(all)s OR s.id IS NULL OR s.version < %(version)s)
ORDER BY 1, 2
ON CONFLICT (organisation_id, id) DO UPDATE SET rebuild = true
RETURNING 1
"""
_UNREADABLE = """
SELECT count(*) FROM invoicing_document d
LEFT JOIN archive_searchrow s ON s.organisation_id = d.organisation_id AND s.id = d.invoice_id
WHERE d.kind = 'xml' AND s.id IS NULL AND (%(org)s::uuid IS NULL OR d.organisation_id = %(org)s::uuid)
"""


def organisation(slug: str) -> UUID | None:
    rows = run("SELECT id FROM tenancy_organisation WHERE slug = %s", (slug,))
    return rows[0][0] if rows else None


def mark(org_id: UUID | None, *, everything: bool = False) -> int:
    """Put what is missing or old, or everything, on the list; how many rows."""
    return len(run(_MARK, {"org": org_id, "all": everything, "version": VERSION}))


def step() -> int:
    """One transaction's worth; 0 once nothing waits."""
    return catch_up()


def waiting() -> int:
    return run("SELECT count(*) FROM archive_waiting")[0][0]


def unreadable(org_id: UUID | None) -> int:
    """Documents that are there and have no row: their bytes cannot be read."""
    return run(_UNREADABLE, {"org": org_id})[0][0]
