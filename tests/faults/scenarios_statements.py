"""What the dying child does with a bank statement: import it to its end, or accept a movement of it."""

from __future__ import annotations


def carry_on(org: str, file: str) -> bool:
    """A worker takes up an import wherever it stands."""
    from uuid import UUID

    from wasl.app.payments.statements import advance

    advance.STORE_LINES = 2  # several chunks, also of a short file
    return advance.advance(UUID(org), UUID(file))


def accept(org: str, line: str, invoice: str, amount: int) -> str:
    """A person's word on one movement; the state it is in afterwards."""
    from uuid import UUID

    from wasl.app.payments.statements.accept import accept as act
    from wasl.app.payments.statements.accept import find_line
    from wasl.app.payments.statements.errors import LineTaken
    from wasl.app.tenancy.actor import Actor

    try:
        return str(act(UUID(org), UUID(line), {UUID(invoice): amount}, actor=Actor.operator("fault")).state)
    except LineTaken:
        return f"taken: {find_line(UUID(org), UUID(line)).state}"
