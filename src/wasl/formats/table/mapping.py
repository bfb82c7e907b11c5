"""A mapping: which column is which business term, and what every invoice of the table has in common. People read and edit it.

```toml
version = 1
decimal = "auto"                 # auto, "." or ","
dates = "auto"                   # auto, dmy, mdy, ymd

[columns]
"رقم الفاتورة" = "BT-1"          # رقم الفاتورة · invoice number
"Internal" = ""                  # left out on purpose

[constants]
"BT-5" = "SAR"                   # عملة الفاتورة · invoice currency
```
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any, cast

import msgspec

from wasl.errors import Words
from wasl.formats.lexical import FORBIDDEN
from wasl.formats.table.errors import MappingRefused
from wasl.formats.table.grid import COLUMNS_MAX, SHOWN_MAX
from wasl.formats.table.targets import Target, target
from wasl.formats.table.text import DELIMITERS, ENCODINGS

VERSION = 1
_HEADLINE = '# Wasl sheet mapping. Right of "=" stands a term (`wasl sheet terms` lists them), or "" to leave the column out.'
_CONSTANT = '# the same for every invoice, such as "BT-24" = "urn:cen.eu:en16931:2017", without which no official rule set is content'
BYTES_MAX = 200_000  # 500 columns with long names


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """Column header -> term ("" leaves it out), and term -> constant. None in an option means: told from the file."""

    columns: dict[str, str]
    constants: dict[str, str] = {}
    header_row: int | None = None  # as a spreadsheet numbers rows
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    dates: str | None = None

    def targets(self) -> dict[str, Target]:
        """Column header -> goal, without the columns left out. Raises `MappingRefused` for a term that cannot be one."""
        return {name: _target(term) for name, term in self.columns.items() if term}

    def fixed(self) -> dict[Target, str]:
        """Goal -> constant."""
        return {_target(term): value for term, value in self.constants.items()}


def parse(data: bytes) -> Mapping:
    """The mapping in a TOML or JSON file. Raises `MappingRefused`."""
    if len(data) > BYTES_MAX:
        raise _refused(f"it has more than {BYTES_MAX:,} bytes", f"حجمه أكثر من {BYTES_MAX:,} بايت")
    fields = _parsed(data)
    unknown = sorted(set(fields) - {"version", *Mapping.__struct_fields__})
    if unknown:
        raise _refused(f"it has an unknown field “{_cut(unknown[0])}”", f"فيه حقل لا نعرفه «{_cut(unknown[0])}»")
    if fields.get("version") != VERSION or isinstance(fields["version"], bool):
        raise _refused("it does not say version = 1", "ليس فيه version = 1")
    columns, constants = _words(fields, "columns"), _words(fields, "constants")
    if len(columns) > COLUMNS_MAX:
        raise _refused(f"it has more than {COLUMNS_MAX} columns", f"فيه أكثر من {COLUMNS_MAX} عمود")
    header_row = fields.get("header_row")
    if header_row is not None and (not isinstance(header_row, int) or isinstance(header_row, bool) or not 1 <= header_row <= 1000):
        raise _refused("header_row is not a row number", "قيمة header_row ليست رقم صف")
    made = Mapping(
        columns=columns,
        constants=constants,
        header_row=header_row,
        sheet=_option(fields, "sheet", lambda value: True),
        encoding=_option(fields, "encoding", lambda value: value.lower() in ENCODINGS),
        delimiter=_option(fields, "delimiter", lambda value: value in DELIMITERS),
        decimal=_option(fields, "decimal", lambda value: value in (".", ",")),
        dates=_option(fields, "dates", lambda value: value in ("dmy", "mdy", "ymd")),
    )
    made.fixed()
    _once(made)
    return made


def dump(mapping: Mapping, *, without: tuple[str, ...] = ()) -> str:
    """The mapping as TOML, each term with its names beside it; `without` are columns that still need a term."""
    lines = [_HEADLINE, f"version = {VERSION}"]
    for name in ("header_row", "sheet", "encoding", "delimiter", "decimal", "dates"):
        value = getattr(mapping, name)
        if value is not None:
            lines.append(f"{name} = {_toml(value) if isinstance(value, str) else value}")
    lines += ["", "[columns]"]
    for name, term in mapping.columns.items():
        lines.append(f"{_toml(name)} = {_toml(term)}{_comment(term, asked=name in without)}")
    lines += ["", "[constants]"]
    if "BT-24" not in mapping.constants and "BT-24" not in mapping.columns.values():
        lines.append(_CONSTANT)
    for term, value in mapping.constants.items():
        lines.append(f"{_toml(term)} = {_toml(value)}{_comment(term)}")
    return "\n".join(lines) + "\n"


def _once(mapping: Mapping) -> None:
    seen: dict[str, str] = {}
    for name, goal in mapping.targets().items():
        if goal.term in seen:
            raise _refused(
                f"the columns “{_cut(seen[goal.term])}” and “{_cut(name)}” are both {goal.term}",
                f"العمودان «{_cut(seen[goal.term])}» و«{_cut(name)}» كلاهما {goal.term}",
            )
        seen[goal.term] = name


def _comment(term: str, *, asked: bool = False) -> str:
    goal = target(term) if term else None
    if goal is not None:
        return f"  # {goal.label('ar')} · {goal.label('en')}"
    return "  # ? not recognised" if asked else ""


def _target(term: str) -> Target:
    found = target(term)
    if found is None:
        raise _refused(f"“{_cut(term)}” is no term that a column can give", f"«{_cut(term)}» ليس بندًا يصلح عمودًا")
    return found


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
        found: object = json.loads(text, object_pairs_hook=_pairs) if text.lstrip().startswith("{") else tomllib.loads(text.replace("\r\n", "\n"))
    except MappingRefused:
        raise
    except (ValueError, RecursionError):  # both decoders' errors, UnicodeDecodeError and a number of too many digits
        raise _refused("it is neither valid TOML nor valid JSON", "صيغته ليست TOML ولا JSON سليمة") from None
    if not isinstance(found, dict):
        raise _refused("it is no object", "ليس كائنًا")
    return cast(dict[str, Any], found)


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise _refused(f"“{_cut(twice)}” is written twice", f"«{_cut(twice)}» مكتوب مرتين")
    return found


def _words(fields: dict[str, Any], name: str) -> dict[str, str]:
    found = fields.get(name, {})
    if not isinstance(found, dict) or any(not isinstance(each, str) or FORBIDDEN.search(each) for each in cast(dict[str, object], found).values()):
        raise _refused(f"{name} is not a list of names with texts", f"القسم {name} ليس أسماء ونصوصًا")
    return cast(dict[str, str], found)


def _option(fields: dict[str, Any], name: str, allowed: Callable[[str], bool]) -> str | None:
    value = fields.get(name)
    if value is None or value == "auto":
        return None
    if not isinstance(value, str) or not allowed(value):
        raise _refused(f"{name} is {_cut(str(value))}", f"قيمة {name} هي {_cut(str(value))}")
    return value


def _toml(text: str) -> str:
    """A basic string of TOML; JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _cut(text: str) -> str:
    cut = text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"
    return " ".join(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", cut).splitlines())


def _refused(en: str, ar: str) -> MappingRefused:
    return MappingRefused(reason=Words(en, ar))
