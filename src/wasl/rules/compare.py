"""What a new release of a rule sheet changes: rules added, removed and changed by id, and documents judged differently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from wasl.errors import WaslError
from wasl.rules import sheets
from wasl.rules.compiled import Engine
from wasl.rules.errors import NoSuchSet
from wasl.rules.reading import Reader
from wasl.rules.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Form:
    """One assert as far as two releases are compared."""

    severity: str
    context: str
    test: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A rule in both sheets that is not the same; `fields` of severity, context, test, text differ."""

    rule: str
    fields: tuple[str, ...]
    old: tuple[Form, ...]
    new: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Change, ...]


@dataclass(slots=True)
class Judged:
    """One document. `gone` and `come` are (rule, place) that only the old or only the new sheet finds."""

    name: str
    old: bool | None
    new: bool | None
    gone: list[tuple[str, str]] = field(default_factory=list)
    come: list[tuple[str, str]] = field(default_factory=list)
    error: WaslError | None = None

    @property
    def differs(self) -> bool:
        return bool(self.gone or self.come) or self.old is not self.new


def open_sheet(name: str) -> Sheet:
    """A sheet by its set id, or by the path of its file. Raises NoSuchSet, MissingSet, Unsupported."""
    if name in sheets.SOURCES or name.startswith("user:"):
        return sheets.load(name)
    path = Path(name)
    if path.is_file():
        from wasl.files import read_bytes
        from wasl.rules.sheet import read_sheet

        return read_sheet(read_bytes(path), base=path.resolve().parent)
    raise NoSuchSet(name=name, known=", ".join(sheets.SOURCES))


def compare(old: Sheet, new: Sheet) -> Difference:
    before, after = _forms(old), _forms(new)
    changed: list[Change] = []
    for rule in before:
        if rule in after and before[rule] != after[rule]:
            fields = tuple(name for name in Form.__slots__ if _all(before[rule], name) != _all(after[rule], name))
            if fields:
                changed.append(Change(rule, fields, before[rule], after[rule]))
    return Difference(tuple(r for r in after if r not in before), tuple(r for r in before if r not in after), tuple(changed))


def _all(forms: tuple[Form, ...], name: str) -> Counter[str]:
    return Counter(str(getattr(form, name)) for form in forms)


def _forms(sheet: Sheet) -> dict[str, tuple[Form, ...]]:
    found: dict[str, tuple[Form, ...]] = {}
    for template, rule in sheet.asserts():
        text = "".join(part if isinstance(part, str) else "{…}" for part in rule.text)
        test = f"not({rule.test})" if rule.report else rule.test
        form = Form(rule.severity, _flat(template.context), _flat(test), _flat(text))
        found[rule.id] = (*found.get(rule.id, ()), form)
    return found


def _flat(text: str) -> str:
    return " ".join(text.split())


class Judge:
    """Runs two sheets over documents of their syntax."""

    def __init__(self, old: Sheet, new: Sheet) -> None:
        from wasl.rules.own_sheets import syntax_of

        self.sheets = (old, new)
        self.syntax = syntax_of(new)
        self.engines = (engine_of(old), engine_of(new))

    def judge(self, name: str, data: bytes) -> Judged | None:
        """None for a document of another syntax; what cannot be read is told with its error."""
        from wasl.rules.engine import judge_with

        try:
            found = [judge_with(engine, sheet, data, self.syntax) for engine, sheet in zip(self.engines, self.sheets, strict=True)]
        except WaslError as error:
            return Judged(name, None, None, error=error)
        if found[0] is None or found[1] is None:
            return None
        old, new = ({(f.rule, f.xpath, f.severity) for f in findings} for findings in (found[0], found[1]))
        valid = [all(severity != "fatal" for _, _, severity in each) for each in (old, new)]
        gone, come = sorted(old - new), sorted(new - old)
        return Judged(name, valid[0], valid[1], [(r, x) for r, x, _ in gone], [(r, x) for r, x, _ in come])


def engine_of(sheet: Sheet) -> Engine:
    """A sheet compiled in memory."""
    from types import ModuleType

    from wasl.rules.generate import Generator

    code = compile(Generator(sheet).generate().source, "<rules compared>", "exec", dont_inherit=True, optimize=2)
    module = ModuleType("wasl.rules.compared")
    exec(code, module.__dict__)  # noqa: S102 our own output
    engine = Engine(module)
    engine.reader = Reader(engine)
    return engine

