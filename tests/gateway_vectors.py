"""The gateway vectors of tests/vectors/gateways, and what "the same, but for what varies" means."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

GATEWAYS = ("stripe", "moyasar", "tap", "paytabs", "bank")


def vectors(gateway: str) -> dict[str, Any]:
    path = Path(__file__).parent / "vectors" / "gateways" / f"{gateway}.json"
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def filled(value: Any, names: dict[str, Any]) -> Any:
    """`{name}` replaced by what was saved; a text that is nothing else takes the saved value with its type."""
    if isinstance(value, dict):
        return {key: filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    if not isinstance(value, str):
        return value
    whole = re.fullmatch(r"\{([a-z_]+)\}", value)
    if whole and whole[1] in names:
        return names[whole[1]]
    return re.sub(r"\{([a-z_]+)\}", lambda match: str(names.get(match[1], match[0])), value)


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def differences(wanted: Any, given: Any, varies: dict[str, str], path: str = "") -> list[str]:
    """Where `given` is not `wanted`: values, types, missing and surplus keys; at a path of `varies` the pattern must match instead."""
    if path in varies:
        return [] if re.search(varies[path], str(given)) and given is not None else [f"{path}: {given!r} does not match {varies[path]}"]
    if isinstance(wanted, dict) and isinstance(given, dict):
        found = [f"{path}.{key}: missing" for key in wanted.keys() - given.keys()] + [
            f"{path}.{key}: too many" for key in given.keys() - wanted.keys()
        ]
        for key in wanted.keys() & given.keys():
            found += differences(wanted[key], given[key], varies, f"{path}.{key}".lstrip("."))
        return found
    if isinstance(wanted, list) and isinstance(given, list):
        if len(wanted) != len(given):
            return [f"{path}: {len(given)} entries instead of {len(wanted)}"]
        return [
            line
            for i, (one, other) in enumerate(zip(wanted, given, strict=True))
            for line in differences(one, other, varies, f"{path}.{i}".lstrip("."))
        ]
    same_kind = isinstance(wanted, bool) == isinstance(given, bool)
    return [] if wanted == given and same_kind else [f"{path}: {given!r} instead of {wanted!r}"]
