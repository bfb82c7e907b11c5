"""A caller that issues without pause and writes each acknowledged number at once. Run by path: load.py prepare|issue|judge."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def prepare() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    actor = Actor.operator("load")
    org = open_organisation(
        actor=actor, slug="load", name_en="Load", legal_name_language="en", vat_identifier="BE0123456749", line_1="Rue 1", city="Brussels",
        post_code="1000", country="BE", currency="EUR", time_zone="Europe/Brussels",
    )  # fmt: skip
    open_series(org, kind="invoice", code="main", actor=actor)


def issue() -> None:
    from django.db import DatabaseError

    sys.path.insert(0, str(Path(__file__).parent))
    import scenarios

    from wasl.app.tenancy.models import Organisation
    from wasl.errors import EnvironmentFault

    org = str(Organisation.objects.get(slug="load").pk)
    try:
        while True:
            print(scenarios.issue_one(org), flush=True)
    except (DatabaseError, EnvironmentFault):
        return


def judge() -> None:
    from wasl.app import fsck
    from wasl.app.invoicing.models import Invoice
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_all
    from wasl.app.tenancy.models import Organisation

    sequence_all()
    publish_once()
    org = Organisation.objects.get(slug="load")
    numbers = list(Invoice.objects.for_org(org).order_by("counter").values_list("number", flat=True))
    print(json.dumps({"numbers": numbers, "problems": [f"{p.where}: {p.en}" for p in fsck.run()]}))


if __name__ == "__main__":
    import django

    django.setup()
    {"prepare": prepare, "issue": issue, "judge": judge}[sys.argv[1]]()
