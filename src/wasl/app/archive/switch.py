"""Search switched off and on for an organisation: off, its texts leave the index at once and are not kept again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

_REBUILD = """
INSERT INTO archive_waiting (organisation_id, id, rebuild)
SELECT organisation_id, id, true FROM invoicing_invoice WHERE organisation_id = %s ORDER BY id
ON CONFLICT (organisation_id, id) DO UPDATE SET rebuild = true
"""


def is_off(org: Any) -> bool:
    return bool(run("SELECT 1 FROM archive_off WHERE organisation_id = %s", (org.pk,)))


@transaction.atomic
def switch(org: Any, *, on: bool, actor: Actor) -> None:
    """Only owners may. The worker writes the rows anew: without text, or with it; numbers and amounts are found either way."""
    require(org.pk, actor, owner=True)
    if on:
        run("DELETE FROM archive_off WHERE organisation_id = %s", (org.pk,))
    else:
        run("INSERT INTO archive_off (organisation_id, id, since) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (org.pk, org.pk, clock.now()))
        run("DELETE FROM archive_searchrow WHERE organisation_id = %s", (org.pk,))
    run(_REBUILD, (org.pk,))
    audit(org.pk, actor, "search.on" if on else "search.off", "organisation", org.pk)
