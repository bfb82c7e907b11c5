"""Customers and catalogue items: what the composer offers. Drafts copy from them, so changing one changes no document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models, transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.invoicing.characters import refuse_in
from wasl.app.invoicing.models import Customer, Item
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

_FIXED = frozenset({"id", "organisation", "organisation_id", "created_at", "archived_at", "key_id"})


def add_customer(org: Any, *, actor: Actor, **fields: Any) -> Customer:
    return _add(Customer, org, actor, fields)


def change_customer(org: Any, customer_id: UUID, *, actor: Actor, **fields: Any) -> Customer:
    return _change(Customer, org, customer_id, actor, fields)


def add_item(org: Any, *, actor: Actor, **fields: Any) -> Item:
    return _add(Item, org, actor, {"currency": org.currency, **fields})


def change_item(org: Any, item_id: UUID, *, actor: Actor, **fields: Any) -> Item:
    return _change(Item, org, item_id, actor, fields)


def archive(row: Any, *, actor: Actor) -> None:
    """Take a customer or an item out of the lists; what was issued to it stays."""
    require(row.organisation_id, actor)
    with transaction.atomic():
        row.archived_at = clock.now()
        row.save(update_fields=["archived_at"])
        audit(row.organisation_id, actor, f"{row._meta.model_name}.archive", row._meta.model_name, row.pk)


@transaction.atomic
def _add(model: type[Any], org: Any, actor: Actor, fields: dict[str, Any]) -> Any:
    require(org.pk, actor)
    row = model(organisation=org, **_allowed(model, fields))
    row.save(force_insert=True)
    audit(org.pk, actor, f"{model._meta.model_name}.add", model._meta.model_name, row.pk)
    return row


@transaction.atomic
def _change(model: type[Any], org: Any, row_id: UUID, actor: Actor, fields: dict[str, Any]) -> Any:
    require(org.pk, actor)
    row = model.objects.for_org(org).select_for_update().filter(pk=row_id).first()
    if row is None:
        raise NotFound(what=model._meta.model_name)
    for name, value in _allowed(model, fields).items():
        setattr(row, name, value)
    row.save()
    audit(org.pk, actor, f"{model._meta.model_name}.change", model._meta.model_name, row_id, {"fields": sorted(fields)})
    return row


def _allowed(model: type[models.Model], fields: dict[str, Any]) -> dict[str, Any]:
    """Only the row's own plain columns, and only text that a document can carry (T55)."""
    known = {field.name for field in model._meta.concrete_fields} - _FIXED
    if unknown := set(fields) - known:
        raise TypeError(f"{model.__name__} takes no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        refuse_in(value, name)
    return fields
