"""The JSON Schema of Wasl JSON (draft 2020-12), made from the model: what the reader refuses, it refuses too where a schema can say so.

A schema sees a file after it was parsed, so some refusals are beyond it: a key written twice, an exponent, a number of
more than 28 digits written without quotes, NaN. `docs/reference/wasl-json.md` lists every field; both come from here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from wasl.formats.lexical import DIGITS_MAX, WHOLE_DIGITS_MAX
from wasl.formats.wasljson import VERSION
from wasl.invoice.model import Identifier, Invoice, Term
from wasl.invoice.terms import TERMS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = f"urn:wasl:json:{VERSION}"

_CONTROL = "[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff\\ud800-\\udfff]"
_NUMBER = f"^[ \\t\\r\\n]*(?![+-]?(?:\\.?[0-9]){{{DIGITS_MAX + 1}}})[+-]?(?:[0-9]{{1,{WHOLE_DIGITS_MAX}}}(?:\\.[0-9]*)?|\\.[0-9]+)[ \\t\\r\\n]*$"
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

_SCALARS: dict[type[Any], dict[str, Any]] = {
    str: {"$ref": "#/$defs/text"},
    Decimal: {"$ref": "#/$defs/decimal"},
    date: {"$ref": "#/$defs/date"},
    bytes: {"$ref": "#/$defs/base64"},
}

_KINDS: dict[type[Any], str] = {str: "text", Decimal: "decimal", date: "date", bytes: "base64"}


def schema() -> dict[str, Any]:
    """The whole schema as plain data, the same every time."""
    groups = _groups(Invoice)
    return {
        "$schema": DIALECT,
        "$id": ID,
        "title": "Wasl JSON 1",
        "description": "An invoice or credit note of EN 16931-1. Every field is optional: the format may be incomplete, never ambiguous.",
        **_object(Invoice, first={"wasl": {"const": VERSION, "description": "version of this format"}}, required=["wasl"]),
        "$defs": {
            "text": {"type": "string", "not": {"pattern": _CONTROL}},
            "decimal": {
                "description": f"at most {DIGITS_MAX} digits, {WHOLE_DIGITS_MAX} of them before the point; best written as text",
                "anyOf": [
                    {"type": "string", "pattern": _NUMBER},
                    {"type": "number", "exclusiveMinimum": -(10**WHOLE_DIGITS_MAX), "exclusiveMaximum": 10**WHOLE_DIGITS_MAX},
                ],
            },
            "date": {"type": "string", "format": "date", "pattern": _DATE},
            "base64": {"type": "string", "contentEncoding": "base64", "pattern": _BASE64},
            **{kind.__name__: _object(kind) for kind in groups},
        },
    }


def rows() -> list[tuple[str, str, str, str, str]]:
    """(path, kind, terms, English, Arabic) of every field, in the order of the model; a field beyond EN 16931 has no term."""
    found: list[tuple[str, str, str, str, str]] = []
    known = {info.path: info for info in reversed(TERMS.values()) if info.path}

    def walk(kind: type[Term], prefix: str) -> None:
        for name, inner, many in _fields(kind):
            path = f"{prefix}{name}{'[]' if many else ''}"
            info = known.get(path)
            if info is None and inner is Identifier:
                info = known.get(f"{path}.value")
            shown = _KINDS.get(inner) or ("list of objects" if many else "object")
            found.append((path, shown, info.id if info else "", info.en if info else "", info.ar if info else ""))
            if issubclass(inner, Term):
                walk(inner, f"{path}.")

    walk(Invoice, "")
    return found


def _object(kind: type[Term], *, first: dict[str, Any] | None = None, required: list[str] | None = None) -> dict[str, Any]:
    properties: dict[str, Any] = dict(first or {})
    needed = list(required or ())
    defaults = dict(zip(kind.__struct_fields__[::-1], kind.__struct_defaults__[::-1], strict=False))
    for name, inner, many in _fields(kind):
        one: dict[str, Any] = _SCALARS.get(inner) or {"$ref": f"#/$defs/{inner.__name__}"}
        value = {"type": "array", "items": one} if many else one
        if defaults.get(name, msgspec.NODEFAULT) is msgspec.NODEFAULT:
            needed.append(name)
            properties[name] = value
        else:
            properties[name] = {"anyOf": [value, {"type": "null"}]}
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    doc = (kind.__doc__ or "").strip().split("\n")[0]
    if kind is not Invoice and doc:
        found["description"] = doc
    return {**found, "required": needed} if needed else found


def _fields(kind: type[Term]) -> list[tuple[str, type[Any], bool]]:
    """(name, type, whether it is a list) of every field of a group."""
    found: list[tuple[str, type[Any], bool]] = []
    for name, hint in get_type_hints(kind).items():
        many = get_origin(hint) is tuple
        inner = [each for each in get_args(hint) if each is not type(None) and each is not Ellipsis]
        found.append((name, inner[0] if inner else hint, many))
    return found


def _groups(kind: type[Term], seen: dict[type[Term], None] | None = None) -> list[type[Term]]:
    """Every group below `kind`, each once, in order of first appearance."""
    seen = {} if seen is None else seen
    for _, inner, _ in _fields(kind):
        if issubclass(inner, Term) and inner not in seen:
            seen[inner] = None
            _groups(inner, seen)
    return list(seen)
