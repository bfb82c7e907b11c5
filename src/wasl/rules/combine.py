"""Several rule sheets as one: their modes one after the other, so that one walk over one tree serves them all."""

from __future__ import annotations

from collections.abc import Mapping

from wasl.rules.sheet import Sheet


def combine(parts: Mapping[str, Sheet]) -> Sheet:
    """The sheets under their set ids, in this order. Rules keep their own texts; modes are told apart by the set's id."""
    return Sheet(
        " + ".join(sheet.title or name for name, sheet in parts.items()),
        _namespaces([sheet.namespaces for sheet in parts.values()]),
        tuple((f"{name}:{mode}", templates) for name, sheet in parts.items() for mode, templates in sheet.modes),
    )


def _namespaces(given: list[dict[str, str]]) -> dict[str, str]:
    """All namespaces. Expressions are resolved already, so a prefix that means something else in a later sheet gets a new name."""
    merged: dict[str, str] = {}
    for namespaces in given:
        for prefix, uri in namespaces.items():
            name, number = prefix, 1
            while merged.get(name, uri) != uri:
                number += 1
                name = f"{prefix}{number}"
            merged[name] = uri
    return merged
