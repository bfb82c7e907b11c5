"""A payer with a link to an issued invoice, in the log."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def logged(issued: Any) -> Any:
    """The invoice, once its leaf is under a published checkpoint."""
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_once

    sequence_once()
    publish_once()
    return issued


@pytest.fixture
def token(issued: Any) -> str:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    return make_link(issued, Link.MAIL, "buyer@example.com")


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def tamper() -> Any:
    """Change one byte of a stored document, as somebody with the disk could: past the triggers."""

    def change(row: Any) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "UPDATE invoicing_document SET data = set_byte(data, octet_length(data) - 20, 65)"
                " WHERE organisation_id = %s AND invoice_id = %s AND kind = 'xml'",
                [row.organisation_id, row.pk],
            )
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    return change
