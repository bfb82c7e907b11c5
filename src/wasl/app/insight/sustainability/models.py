"""How many pages an invoice's PDF has, and how often its reader said that it was printed. Nothing about the reader."""

from __future__ import annotations

from django.db import models

from wasl.app.tenancy.scope import TenantModel


class Paper(TenantModel):
    """One row an invoice, under the invoice's own id; made when somebody first looks."""

    payer_path = "id"

    pages = models.PositiveSmallIntegerField(null=True)
    prints = models.PositiveSmallIntegerField(default=0)
