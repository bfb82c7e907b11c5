"""Whose documents a search may see: one organisation's, or those that a payer's grants name.

A scope is a lexeme and a fence. The lexeme narrows inside the index; the fence is what counts: the organisation of each
row, or the grant itself, asked again for every row that is found (T53, T66).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wasl.app.archive.lexemes import org_lexeme, payer_lexeme
from wasl.app.archive.parse import lexeme
from wasl.app.tenancy.models import Organisation

# Written so that no plan can begin with them: the index on words is the way in, whatever the planner believes of it
_ORG = "s.organisation_id IS NOT DISTINCT FROM %(scope)s::uuid"
_PAYER = (
    "EXISTS (SELECT 1 FROM tenancy_payergrant g WHERE g.payer_id = %(scope)s AND g.organisation_id = s.organisation_id"
    " AND g.invoice_id = s.id OFFSET 0)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    id: UUID
    is_payer: bool

    @property
    def lexeme(self) -> str:
        return lexeme((payer_lexeme if self.is_payer else org_lexeme)(self.id))

    @property
    def fence(self) -> str:
        """A condition on rows `s`, with the parameter `scope`."""
        return _PAYER if self.is_payer else _ORG


def scope_of(whose: Any) -> Scope:
    """An Organisation or a Payer; anything else is a mistake of ours."""
    if isinstance(whose, Scope):
        return whose
    if isinstance(whose, Organisation):
        return Scope(whose.pk, False)
    if type(whose).__name__ == "Payer":
        return Scope(whose.pk, True)
    raise TypeError(f"neither an organisation nor a payer: {type(whose).__name__}")
