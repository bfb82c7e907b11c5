"""Who acts. Every service that changes something takes an `Actor`; there is no way to act as nobody (T3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wasl.app.errors import ActWithoutPerson, NotAllowed, NotFound
from wasl.app.sql import run
from wasl.app.tenancy.models import Membership

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or a named process of the installation such as `system:worker` or `operator:cli`."""

    person_id: UUID | None
    name: str

    @classmethod
    def of(cls, person: Any) -> Actor:
        """The actor of a signed-in person; ActWithoutPerson for an anonymous visitor."""
        if person is None or not getattr(person, "is_authenticated", False) or not person.is_active:
            raise ActWithoutPerson
        return cls(person.pk, PERSON)

    @property
    def label(self) -> str:
        """As rows and events name who did it: "person:<id>", or the process."""
        return f"{PERSON}:{self.person_id}" if self.person_id else self.name

    @classmethod
    def system(cls, name: str) -> Actor:
        return cls(None, f"system:{name}")

    @classmethod
    def operator(cls, name: str) -> Actor:
        """Somebody at the machine itself, through the command line."""
        return cls(None, f"operator:{name}")


def checked(actor: Any) -> Actor:
    """`actor` itself, or ActWithoutPerson for anything that is not one."""
    if not isinstance(actor, Actor) or (actor.person_id is None and actor.name == PERSON):
        raise ActWithoutPerson
    return actor


def require(org_id: UUID, actor: Actor, *, owner: bool = False) -> None:
    """The actor works for the organisation, as an owner where asked. A stranger learns only that nothing is there."""
    checked(actor)
    if actor.person_id is None:
        return
    rows = run("SELECT role FROM tenancy_membership WHERE organisation_id = %s AND person_id = %s", (org_id, actor.person_id))
    if not rows:
        raise NotFound(what="organisation")
    if owner and rows[0][0] != Membership.OWNER:
        raise NotAllowed
