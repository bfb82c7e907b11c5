"""Writes docs/reference/ and docs/rules/ from the code: settings, commands, error codes, events. A test demands that nothing is stale.

    python docs/generate.py          write
    python docs/generate.py --check  exit 1 where a page is stale
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import wasl
from wasl.errors import WaslError

FOLDER = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the code; edit the code. -->\n\n"


def settings_page() -> str:
    from wasl.app.config import Config

    rows = ["# Settings", "", "All come from the environment; a secret is never printed.", "", "| variable | default | what for |", "|---|---|---|"]
    for field in fields(Config):
        default = "(secret)" if field.metadata["secret"] else f"`{field.default}`" if field.default else "(empty)"
        rows.append(f"| `{field.metadata['name']}` | {default} | {field.metadata['help']} |")
    return "\n".join(rows) + "\n"


def commands_page() -> str:
    from wasl.cli.main import GROUPS

    rows = ["# Commands", "", "`wasl COMMAND --help` tells more. Exit codes: 0 done, 1 refused or invalid, 2 unreadable input or wrong usage,", "3 nothing to verify or log unknown, 4 not fully checked, 5 environment.", ""]
    for title, commands in GROUPS.items():
        rows += [f"## {title}", ""] + [f"- `wasl {name}`: {command.summary}" for name, command in commands.items()] + [""]
    return "\n".join(rows)


def errors_page() -> str:
    rows = ["# Error codes", "", "Every error that a user can cause, in both languages. `{...}` is filled in.", "", "| code | term | English | العربية |", "|---|---|---|---|"]
    for error in sorted(every_error(), key=lambda e: (e.code, e.__name__)):
        rows.append(f"| `{error.code}` | {error.term or ''} | {cell(error.en)} | {cell(error.ar)} |")
    return "\n".join(rows) + "\n"


def events_page() -> str:
    from wasl.app.events.record import LOGGED

    rows = ["# Events in the log", "", "Each gets one leaf in the tamper-evident log. Views by a person and queueing are events too, but nobody's proof.", ""]
    return "\n".join([*rows, *(f"- `{name}`" for name in sorted(LOGGED)), ""])


def security_page() -> str:
    rows = ["# What Wasl withstands", "", "Each line is an attack or a fault, what must happen, and the tests that prove it.", "", "| id | attack or fault: answer | proven by |", "|---|---|---|"]
    proofs = threat_tests()
    for name, text in threats().items():
        tests = "<br>".join(f"`{test}`" for test in proofs.get(name, ())) or "**no test yet**"
        rows.append(f"| {name} | {cell(text)} | {tests} |")
    return "\n".join(rows) + "\n"


WASL_JSON = """\
# Wasl JSON 1

The format of drafts and of the API: the fields of EN 16931-1 under readable names, in one JSON object. It may be incomplete, never ambiguous.
Its schema, made from the same model, is [wasl-json.schema.json](wasl-json.schema.json) (JSON Schema, draft 2020-12).

صيغة المسودات وواجهة البرمجة: حقول المواصفة EN 16931-1 بأسماء مقروءة في كائن JSON واحد. قد تكون الفاتورة ناقصة، لكنها لا تحتمل معنيين.

- The object begins with its mark: `"wasl": 1`. Another version is refused.
- A decimal is written as text, `"12.50"`; a plain JSON number is read digit by digit. At most 28 digits, 24 of them before the point; no exponent, no NaN.
- A date is `"2026-12-31"`; a file is Base64; text holds no control characters but tab and line ends.
- A key written twice, an unknown field and a value of another kind are refused, each with its place. `null` means the field is absent.
- Bounds: 100 MB, 1,000,000 values (in a small file: 30,000 and one for every 14 bytes), and no nesting deeper than the interpreter reads (an invoice nests 6 deep).

```python
>>> from wasl.formats import wasljson
>>> data = b\'\'\'{
...   "wasl": 1, "number": "INV-1", "issue_date": "2026-12-31", "type_code": "380", "currency": "SAR",
...   "seller": {"name": "Wasl", "vat_identifier": "300000000000003", "address": {"country": "SA"}},
...   "buyer": {"name": "Noor"},
...   "lines": [{"identifier": "1", "quantity": "3", "unit": "HUR", "price": {"net": "100.00"},
...              "tax_category": "S", "tax_rate": "15", "item": {"name": "Advice"}}]
... }\'\'\'
>>> invoice = wasljson.read(data).invoice
>>> invoice.lines[0].quantity
Decimal('3')
>>> from wasl.invoice.totals import totals
>>> totals(invoice).totals.payable_amount
Decimal('345.00')
>>> wasljson.read(data.replace(b'"3"', b'"3x"'))
Traceback (most recent call last):
    ...
wasl.formats.wasljson.WrongValue: The value of “lines[0].quantity” is “3x”; a decimal number of at most 28 digits, 24 before the point, such as "12.50", is expected. Fix: correct the value.

```

`[]` is a list. A field without a term goes beyond EN 16931: other syntaxes know it, Wasl keeps it.

| field | value | term | English | العربية |
|---|---|---|---|---|
"""


def wasl_json_page() -> str:
    from wasl.formats.wasljson_schema import rows

    return WASL_JSON + "\n".join(f"| `{path}` | {kind} | {term} | {en} | {ar} |" for path, kind, term, en, ar in rows()) + "\n"


def wasl_json_schema() -> str:
    import json

    from wasl.formats.wasljson_schema import schema

    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def threats() -> dict[str, str]:
    return tomllib.loads((FOLDER.parent / "threats.toml").read_text())


def threat_tests() -> dict[str, list[str]]:
    """T-number -> the tests that carry it in their name."""
    found: dict[str, list[str]] = {}
    root = FOLDER.parents[1]
    for path in sorted((root / "tests").rglob("test_*.py")):
        for test in re.findall(r"def (test_\w+)", path.read_text()):
            for number in re.findall(r"(?:^|_)t(\d{1,3})(?=_|$)", test):
                found.setdefault(f"T{number}", []).append(f"{path.relative_to(root)}::{test}")
    return found


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def every_error() -> set[type[WaslError]]:
    """All subclasses after importing every module of the product."""
    for name in modules():
        importlib.import_module(name)

    def below(kind: type[WaslError]) -> Iterator[type[WaslError]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    return {error for error in below(WaslError) if error.__module__.startswith("wasl.") and "code" in vars(error)}


def modules() -> list[str]:
    skipped = (".__main__", ".migrations", "wasl.standins", "wasl.demo", "wasl.app.wsgi")
    found = (module.name for module in pkgutil.walk_packages(wasl.__path__, "wasl."))
    return [name for name in found if not any(part in name for part in skipped)]


PAGES = {"security.md": security_page, "settings.md": settings_page, "commands.md": commands_page, "errors.md": errors_page, "events.md": events_page, "wasl-json.md": wasl_json_page, "wasl-json.schema.json": wasl_json_schema}


def main(check: bool) -> int:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wasl.app.settings")
    import django

    django.setup()
    FOLDER.mkdir(exist_ok=True)
    stale = 0
    for name, build in PAGES.items():
        text, path = (build() if name.endswith(".json") else NOTE + build()), FOLDER / name
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        if check:
            print(f"{path.name} is stale: run python docs/generate.py")
        else:
            path.write_text(text)
    return 1 if rules(check) + stale and check else 0


def rules(check: bool) -> int:
    """docs/rules/, by docs/rules_pages.py: how many of its pages are stale."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import rules_pages

    found = list(rules_pages.stale())
    for path, text in found:
        if check:
            print(f"{path.name} is stale: run python docs/generate.py")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return len(found)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
