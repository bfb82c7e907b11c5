"""What must hold of the audit log."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, invariant
from wasl.app.tenancy import payers_acts
from wasl.app.tenancy.audit import is_genuine
from wasl.app.tenancy.models import AuditEntry
from wasl.app.tenancy.models_payers import PayerAct


@invariant("audit")
def audit_entries_are_as_written() -> Iterator[Problem]:
    """T5: an entry edited on disk no longer has its own code."""
    for entry in AuditEntry._base_manager.order_by("organisation_id", "id").iterator(chunk_size=2000):
        if not is_genuine(entry):
            yield Problem(
                "audit", f"organisation {entry.organisation_id}, audit entry {entry.pk}",
                "the entry was changed after it was written", "عُدِّل هذا القيد بعد كتابته",
            )  # fmt: skip
    for act in PayerAct.objects.order_by("id").iterator(chunk_size=2000):
        if not payers_acts.is_genuine(act):
            yield Problem(
                "audit", f"inbox {act.payer_id}, act {act.pk}",
                "the entry was changed after it was written", "عُدِّل هذا القيد بعد كتابته",
            )  # fmt: skip
