"""Facts of a rule set for `wasl rules list`, and the Python that a rule was compiled to."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from wasl.rules import cache, sheets

_DATE = re.compile(rb"Last update: (\d{4}-\d\d-\d\d)|created>(\d{4}-\d\d-\d\d)")
_VERSION = re.compile(rb"Schematron version (\d+\.\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Facts:
    """`asserts` and `interpreted` are None until the set has been compiled once; `missing` says why a set cannot be."""

    set: str
    syntax: str
    package: str
    version: str
    date: str
    asserts: int | None = None
    interpreted: int | None = None
    missing: str = ""


def facts(name: str, *, compiled: bool = True) -> Facts:
    """What is known of a set. With `compiled` False only what a look at its file and at the cache tells."""
    if name.startswith("user:"):
        from wasl.rules import own_sheets

        own = own_sheets.about(name)
        found = Facts(name, own.syntax, own.file, "", own.added)
    else:
        source = sheets.SOURCES[name]
        version, date = _published(name)
        package = f"{source.distribution} {_installed(source.distribution)}".strip()
        found = Facts(name, source.syntax, package, version, date)
        if not sheets.installed(name):
            return Facts(name, source.syntax, source.distribution, "", "", missing=sheets.missing(name).words)
    counts = _counts(name, compiled)
    return Facts(found.set, found.syntax, found.package, found.version, found.date, *counts)


def _published(name: str) -> tuple[str, str]:
    """Version and date that a sheet gives of itself, "" where it gives none."""
    if sheets.SOURCES[name].package == "wasl":
        from wasl.rules import peppol

        return peppol.about()["version"], peppol.about()["date"]
    if not sheets.installed(name):
        return "", ""
    head = sheets.locate(name).read_bytes()[:4096]
    date, version = _DATE.search(head), _VERSION.search(head)
    return version.group(1).decode() if version else "", next(filter(None, date.groups())).decode() if date else ""


def _installed(distribution: str) -> str:
    """The version of an installed distribution, by the name of its folder."""
    stem = distribution.replace("-", "_")
    for folder in sys.path:
        for found in Path(folder or ".").glob(f"{stem}-*.dist-info"):
            return found.name.removeprefix(f"{stem}-").removesuffix(".dist-info")
    return ""


def _counts(name: str, compiled: bool) -> tuple[int | None, int | None]:
    """(asserts, those left to the interpreter), remembered beside the compiled sets."""
    place = cache.folder()
    key = cache.key((name,))
    file = place / f"{name.replace(':', '.')}-{key}.json" if place else None
    if file is not None and file.is_file():
        try:
            known = json.loads(file.read_text(encoding="utf-8"))
            return int(known["asserts"]), int(known["interpreted"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
    if not compiled:
        return None, None
    made = generated(name)
    counts = len(sheets.load(name).asserts()), len(made[1])
    if file is not None:
        from contextlib import suppress

        with suppress(OSError):
            file.write_text(json.dumps({"asserts": counts[0], "interpreted": counts[1]}), encoding="utf-8")
    return counts


@lru_cache(maxsize=2)
def _generated(name: str, _digest: str) -> tuple[str, tuple[str, ...]]:
    from wasl.rules.generate import Generator

    made = Generator(sheets.load(name)).generate()
    return made.source, tuple(made.interpreted)


def generated(name: str) -> tuple[str, tuple[str, ...]]:
    """(Python source of a set, ids of rules left to the interpreter)."""
    return _generated(name, sheets.digest([name]))


def compiled_test(name: str, rule: str) -> str:
    """The Python that decides a rule: its lines in the functions of its contexts, or its rows in the table of absent paths."""
    source, interpreted = generated(name)
    if rule in interpreted:
        return f"# {rule} is evaluated by the interpreter"
    lines = source.splitlines()
    mark = re.compile(rf"# {re.escape(rule)}(?![\w-])")
    found: list[str] = []
    head, whole = "", False
    for line in lines:
        if line.startswith("def "):
            head, whole = line, mark.search(line) is not None
        elif not line.startswith((" ", "\t", "#")):
            whole = False
        if not line.startswith("#") and (whole or mark.search(line)):
            if not whole and head not in found:
                found.append(head)
            found.append(line)
    return "\n".join(found) or _absent(lines, rule)


def _absent(lines: list[str], rule: str) -> str:
    """A rule of the form not(path) has no code: it speaks where the document has the path."""
    start = next((i for i, line in enumerate(lines) if line.startswith("RULES = [")), len(lines))
    numbers = [i - start - 1 for i in range(start + 1, len(lines)) if lines[i].startswith(f"    ({rule!r},")]
    rows = [line.strip() for line in lines if re.match(rf"    \(\d+, ({'|'.join(map(str, numbers)) or '-'}), (True|False), ", line)]
    return "\n".join(["# ABSENT: speaks where one of these paths exists", *rows]) if rows else ""


def as_json(each: Facts) -> dict[str, object]:
    return asdict(each)
