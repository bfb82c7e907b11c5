"""Scoped access to tenant rows: an unscoped query raises before it reaches the database.

`Model.objects.for_org(org)` sees one organisation; `Model.objects.for_payer(payer)` sees what the payer's grants name.
Django itself goes around the manager only where it already holds a row (saving it, following its foreign key); those
paths are kept inside the organisation by `TenantForeignKey` and by composite keys in the database.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.lookups import Exact

from wasl.app.ids import uuid7


class UnscopedQuery(RuntimeError):
    """A programming error, never shown to a user: tenant rows were asked for without saying whose."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(f"{model.__name__} asked for without an organisation or a payer: use .for_org(org) or .for_payer(payer)")


class ScopedQuerySet(models.QuerySet[Any]):
    """A query set that only runs once it has been narrowed to one organisation or one payer."""

    _scoped = False

    def for_org(self, org: Any) -> Self:
        found = self.filter(organisation_id=getattr(org, "pk", org))
        found._scoped = True
        return found

    def for_payer(self, payer: Any) -> Self:
        """Rows of the invoices that the payer's grants name: through tenancy_payergrant, never by e-mail alone."""
        path = getattr(self.model, "payer_path", None)
        if path is None:
            raise UnscopedQuery(self.model)
        from wasl.app.tenancy.models import PayerGrant

        grants = PayerGrant._base_manager.filter(
            payer_id=getattr(payer, "pk", payer), organisation_id=models.OuterRef("organisation_id"), invoice_id=models.OuterRef(path)
        )
        found = self.filter(models.Exists(grants))
        found._scoped = True
        return found

    def _clone(self) -> Self:
        copy = super()._clone()  # type: ignore[misc]
        copy._scoped = self._scoped
        return copy

    def _check(self) -> None:
        if not self._scoped:
            raise UnscopedQuery(self.model)

    def _fetch_all(self) -> None:
        self._check()
        super()._fetch_all()  # type: ignore[misc]

    def _update(self, values: Any) -> int:
        self._check()
        return super()._update(values)  # type: ignore[misc]

    def _raw_delete(self, using: str | None) -> int:
        self._check()
        return super()._raw_delete(using)  # type: ignore[misc]

    def raw(self, *_args: Any, **_kwargs: Any) -> Any:
        raise UnscopedQuery(self.model)


def _guarded(name: str) -> Any:
    def method(self: ScopedQuerySet, *args: Any, **kwargs: Any) -> Any:
        self._check()
        return getattr(super(ScopedQuerySet, self), name)(*args, **kwargs)

    method.__name__ = name
    return method


for _name in ("iterator", "aggregate", "count", "exists", "update", "delete", "explain", "contains"):
    setattr(ScopedQuerySet, _name, _guarded(_name))


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key that stays inside the organisation.

    Django's side keys on `id` alone and makes no constraint; joins and look-ups add the organisation, so they use the
    primary key (organisation_id, id), and the migration adds the composite constraint (`migrating.composite_fk`).
    """

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        kwargs.setdefault("related_name", "+")
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias: str, related_alias: str) -> Any:
        theirs = self.remote_field.model._meta.get_field("organisation")
        ours = self.model._meta.get_field("organisation")
        return Exact(ours.get_col(related_alias), theirs.get_col(alias))

    def get_extra_descriptor_filter(self, instance: models.Model) -> Any:
        return Q(organisation_id=instance.organisation_id)  # type: ignore[attr-defined]


class TenantModel(models.Model):
    """A row that belongs to one organisation: UUIDv7 `id` for Django, (organisation_id, id) in the database."""

    payer_path: ClassVar[str | None] = None  # the column that holds the invoice id, where payers may see such rows

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.DO_NOTHING, related_name="+", db_index=False)

    objects: ClassVar[Any] = ScopedQuerySet.as_manager()
    organisation_id: UUID

    class Meta:
        abstract = True

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: Any) -> Any:
        narrowed = base_qs.filter(organisation_id=self.organisation_id)
        return super()._do_update(narrowed, using, pk_val, values, update_fields, forced_update)  # type: ignore[misc]
