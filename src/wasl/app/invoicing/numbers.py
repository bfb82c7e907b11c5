"""Document numbers: a pattern such as INV-{YYYY}-{000000} and the counter of its series."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction

from wasl.app.invoicing.errors import BadPattern
from wasl.app.invoicing.models import Series
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

_COUNTER = re.compile(r"\{(0{1,12})\}")
_PATTERN = re.compile(r"(?:[A-Za-z0-9/.-]|\{YYYY\}|\{YY\}|\{0{1,12}\}){1,60}")
DEFAULT_PATTERNS = {Series.INVOICE: "INV-{YYYY}-{000000}", Series.CREDIT_NOTE: "CN-{YYYY}-{000000}"}


def number_of(pattern: str, counter: int, on: date) -> str:
    """The number: the counter runs on over the years, so a year in it never makes a gap."""
    text = pattern.replace("{YYYY}", f"{on.year:04d}").replace("{YY}", f"{on.year % 100:02d}")
    return _COUNTER.sub(lambda found: str(counter).zfill(len(found[1])), text)


def check_pattern(pattern: str) -> str:
    """`pattern`, or BadPattern: it must hold exactly one counter and nothing that XML or a file name must escape."""
    if not _PATTERN.fullmatch(pattern) or len(_COUNTER.findall(pattern)) != 1:
        raise BadPattern(pattern=pattern)
    return pattern


@transaction.atomic
def open_series(org: Any, *, kind: str, code: str, actor: Actor, pattern: str | None = None) -> Series:
    """A new counter from 1. Where the organisation already has one of this kind, the code is put into the number."""
    require(org.pk, actor, owner=True)
    chosen = check_pattern(pattern or DEFAULT_PATTERNS[kind])
    series = Series.objects.create(organisation=org, kind=kind, code=code, pattern=chosen)
    audit(org.pk, actor, "series.open", "series", series.pk, {"kind": kind, "code": code, "pattern": chosen})
    return series
