"""A seller's own words for reminders: a subject and a paragraph in each language, with variables that can hold nothing but text.

`{number}` and its like are replaced once, as text: no attribute, index, format or nested field is understood (T39), and what a
value holds is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.delivery.address import has_control
from wasl.app.errors import NotFound
from wasl.app.notices import kinds
from wasl.app.notices.errors import BadTemplate
from wasl.app.notices.models import SellerText
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

VARIABLES = ("name", "seller", "number", "amount", "due_date", "days")
SUBJECT_CHARS_MAX, BODY_CHARS_MAX = 200, 2_000
_FIELD = re.compile(r"\{([^{}]*)\}")


def check(text: str, *, one_line: bool, variables: Sequence[str] = VARIABLES) -> str:
    """`text` trimmed; raises BadTemplate at the first thing that is no variable, and at what no mail may hold."""
    clean = text.replace("\r\n", "\n").strip()
    allowed = ", ".join("{" + name + "}" for name in variables)
    for found in _FIELD.findall(clean):
        if found not in variables:
            raise BadTemplate(found="{" + found[:40] + "}", allowed=allowed)
    rest = _FIELD.sub("", clean)
    if "{" in rest or "}" in rest:
        raise BadTemplate(found="{" if "{" in rest else "}", allowed=allowed)
    if has_control(clean if one_line else clean.replace("\n", "")):
        raise BadTemplate(found="␀", allowed=allowed)
    return clean[: SUBJECT_CHARS_MAX if one_line else BODY_CHARS_MAX]


def fill(text: str, values: Mapping[str, Any]) -> Any:
    """The variables replaced by their values; the pieces between are text. With markup as values, use `fill_html`."""
    return _FIELD.sub(lambda match: str(values.get(match[1], match[0])), text)


def fill_html(text: str, values: Mapping[str, Any]) -> Any:
    """The same as markup: the seller's words are escaped, a new line is a new line, values escape themselves."""
    from markupsafe import Markup, escape

    out = Markup("")
    last = 0
    for match in _FIELD.finditer(text):
        out += escape(text[last : match.start()]) + escape(values.get(match[1], match[0]))
        last = match.end()
    return Markup("<br>").join((out + escape(text[last:])).split("\n"))


def texts_of(org: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """{(kind, language): (subject, body)} of what the seller wrote itself."""
    rows = SellerText.objects.for_org(org).values_list("kind", "language", "subject", "body")
    return {(kind, language): (subject, body) for kind, language, subject, body in rows}


@transaction.atomic
def save_text(org: Any, kind: str, language: str, subject: str, body: str, *, actor: Actor) -> None:
    """Keep the seller's words; both empty goes back to ours. Raises BadTemplate, NotFound."""
    require(org.pk, actor)
    if kind not in kinds.REMINDERS or language not in ("ar", "en"):
        raise NotFound(what="document")
    subject, body = check(subject, one_line=True), check(body, one_line=False)
    rows = SellerText.objects.for_org(org).filter(kind=kind, language=language)
    if subject or body:
        values = {"subject": subject, "body": body, "updated_at": clock.now()}
        SellerText.objects.for_org(org).update_or_create(organisation_id=org.pk, kind=kind, language=language, defaults=values)
    else:
        rows.delete()
    audit(org.pk, actor, "reminder-text.save" if subject or body else "reminder-text.reset", "schedule", None, {"kind": kind, "language": language})
