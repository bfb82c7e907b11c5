"""Mending what is certain: totals that follow from their parts, defaults that the norm fixes, the spelling of codes, dates and figures.

`fix` edits the bytes of a document and nothing else in them, judges the outcome by the same rules, and keeps an edit only where findings
go and none comes. Whatever could be meant in two ways is left alone, with the reason. A valid document comes back as it was.
"""

from __future__ import annotations

from wasl.rules.fix.engine import Change, Fixed, Left, fix

__all__ = ["Change", "Fixed", "Left", "fix"]
