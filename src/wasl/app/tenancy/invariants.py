"""What must hold of the audit log."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, invariant
from wasl.app.tenancy.audit import is_genuine
from wasl.app.tenancy.models import AuditEntry


@invariant("audit")
def audit_entries_are_as_written() -> Iterator[Problem]:
    """T5: an entry edited on disk no longer has its own code."""
    for entry in AuditEntry._base_manager.order_by("organisation_id", "id").iterator(chunk_size=2000):
        if not is_genuine(entry):
            yield Problem(
                "audit", f"organisation {entry.organisation_id}, audit entry {entry.pk}",
                "the entry was changed after it was written", "عُدِّل هذا القيد بعد كتابته",
            )  # fmt: skip
