"""What an expression looks at: the texts whose values decide its outcome, and how far it strays from its context.

An assert that reads three texts below its context has the same outcome wherever a group of the same structure holds these three texts.
`shapes.py` builds on that, so everything here errs to the side of "reads more": a construct that is not known to be local is not local.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wasl.rules.columns import is_line
from wasl.rules.names import Names
from wasl.rules.xpath import ast

_AROUND = frozenset({"Invoice", "CreditNote", "SupplyChainTradeTransaction"})  # what lines stand in
_STRUCTURE = frozenset({"not", "exists", "empty", "count", "boolean"})  # of a path: is it there?
_VALUES = frozenset(
    {"normalize-space", "upper-case", "lower-case", "string", "string-length", "number", "concat", "contains", "starts-with", "ends-with"}
    | {"substring", "substring-after", "substring-before", "translate", "matches", "replace", "tokenize", "string-join"}
    | {"sum", "round", "abs", "floor", "ceiling", "min", "max", "avg", "distinct-values", "round-half-to-even"}
    | {"string-to-codepoints", "codepoints-to-string", "reverse", "data", "exactly-one", "zero-or-one", "one-or-more"}
    | {"xs:decimal", "xs:integer", "xs:int", "xs:double", "xs:date", "xs:string", "xs:boolean", "xs:float"}
)
_OWN = frozenset({"normalize-space", "string", "string-length", "number"})  # without an argument: of the context
_TRUTHS = (ast.Logic, ast.Compare, ast.Path, ast.Step, ast.Combine, ast.Call)  # their truth is not the truth of a value
_DOCUMENT_ELEMENT = ast.Path(True, (ast.Step("child", ast.NodeTest("name")),))
_DEEP = ast.Step("descendant-or-self", ast.NodeTest("node"))
Base = tuple[int, tuple[str, ...]]


@dataclass(slots=True)
class Reads:
    """chains: values read, as (parents to climb, names down). loose: names whose values are read wherever they stand nearby.

    `names`: all elements that are mentioned; `deep`: those found by `//` wherever they stand; `above`: those that are looked for among
    the ancestors; `scattered`: attributes looked for on any element. `far`: looks at the whole document. `wild`: looks at things without
    naming them; `starred`: at all children of a group.
    """

    chains: set[Base] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    scattered: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    ups: int = 0
    starred: bool = False
    far: bool = False
    wild: bool = False

    def code(self) -> str:
        return f"({self.ups}, {tuple(sorted(self.chains))!r}, {tuple(sorted(self.loose))!r}, {tuple(sorted(self.above))!r})"


def reads(names: Names, expressions: Iterable[tuple[ast.Expr, int]]) -> Reads:
    """What the expressions look at, each evaluated at the context or so many levels above it."""
    collector = _Collector(names)
    for expr, up in expressions:
        collector.found.ups = max(collector.found.ups, up)
        collector.visit(expr, (up, ()), read=not isinstance(expr, _TRUTHS))
    found = collector.found
    # A line named from outside it: the line is not near.
    found.far = found.far or found.wild or any(is_line(name) for name in found.names)
    found.wild = found.wild or (found.far and found.starred)
    return found


class _Collector:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.found = Reads()

    def visit(self, expr: ast.Expr, base: Base | None, *, read: bool) -> None:
        """`base`: where the context stands, seen from the rule's context; None where it is not known, but its names are in `loose`."""
        if isinstance(expr, ast.Literal):
            return
        if isinstance(expr, ast.ContextItem):
            if read:
                self._value(base)
        elif isinstance(expr, (ast.Path, ast.Step, ast.Filter)):
            end = self._path(expr, base)
            if read:
                self._value(end)
        elif isinstance(expr, ast.Combine):
            self.visit(expr.left, base, read=read)
            self.visit(expr.right, base, read=read)
        elif isinstance(expr, ast.Call):
            self._call(expr, base)
        elif isinstance(expr, ast.Logic):
            for item in expr.items:
                self.visit(item, base, read=False)
        elif isinstance(expr, (ast.Quantified, ast.For)):
            self._loosely(expr.source, base)
            self._loosely(expr.body, base)
        elif isinstance(expr, ast.Var):
            pass  # bound by `for` or `some`, whose parts are read loosely; the emitter leaves the others to the interpreter
        elif isinstance(expr, (ast.Compare, ast.Arith)):
            self.visit(expr.left, base, read=True)
            self.visit(expr.right, base, read=True)
        elif isinstance(expr, (ast.If, ast.Negate, ast.Sequence, ast.Range, ast.Castable)):
            for part in _parts(expr):
                self.visit(part, base, read=True)
        else:
            self.found.far = self.found.wild = True

    def _value(self, base: Base | None) -> None:
        if base is not None:
            self.found.chains.add(base)

    def _loosely(self, expr: ast.Expr, base: Base | None) -> None:
        """Everything named in it counts as read."""
        self.visit(expr, base, read=True)
        self._all_names(expr)

    def _all_names(self, expr: ast.Expr) -> None:
        self.found.loose |= self._names(expr)

    def _names(self, expr: ast.Expr) -> set[str]:
        """All elements named in an expression."""
        found: set[str] = set()
        if isinstance(expr, ast.Step) and expr.axis != "attribute" and expr.test.kind == "name":
            found = {self.names.key(expr.test)} - {"*"}
        return found.union(*(self._names(part) for part in _parts(expr)))

    def _call(self, expr: ast.Call, base: Base | None) -> None:
        name = expr.name
        if expr.args == (_DOCUMENT_ELEMENT,) and name in ("name", "local-name"):
            self.found.far = True
        elif name in ("true", "false", "position", "last", "name", "local-name"):
            for arg in expr.args:
                self.visit(arg, base, read=False)
        elif name in _STRUCTURE or name in _VALUES:
            if not expr.args and name in _OWN:
                self._value(base)
            for arg in expr.args:
                self.visit(arg, base, read=name in _VALUES)
        else:
            self.found.far = self.found.wild = True

    def _path(self, expr: ast.Expr, base: Base | None) -> Base | None:
        if isinstance(expr, ast.Path) and expr.absolute:
            self.found.far = True
            base = None
        steps = expr.steps if isinstance(expr, ast.Path) else (expr,)
        for place, step in enumerate(steps):
            if place and steps[place - 1] == _DEEP:
                if isinstance(step, ast.Step) and step.axis == "attribute":
                    self.found.scattered.add(self.names.key(step.test))
                self.found.deep |= self._names(step)
            if base is None:
                self._all_names(step)
            if isinstance(step, ast.Step):
                base = self._step(step, base)
            elif isinstance(step, ast.Filter):
                self._all_names(step)
                self.visit(step.primary, base, read=True)
                for predicate in step.predicates:
                    self.visit(predicate, None, read=True)
                base = None
            elif isinstance(step, ast.Combine):
                self._all_names(step)
                self.visit(step, base, read=True)
                base = None
            elif not isinstance(step, ast.ContextItem):
                self.visit(step, base, read=True)
                base = None  # values, or what a variable holds
        return base

    def _step(self, step: ast.Step, base: Base | None) -> Base | None:
        found = self.found
        key = self.names.key(step.test) if step.test.kind == "name" else "*"
        if step.axis == "attribute":
            # Attributes belong to the structure: two groups that differ in one have different shapes.
            found.wild = found.wild or key == "*"
            base = None
        elif step.axis == "child" and key != "*":
            found.names.add(key)
            base = None if base is None else (base[0], (*base[1], key))
        elif step.axis == "child" and step.test.kind == "name" and base is not None and base[1] and base[1][-1].rpartition(":")[2] not in _AROUND:
            found.starred = True
            base = (base[0], (*base[1], "*"))
        elif step.axis == "parent" and step.test.kind == "node":
            base = _up(base)
            if base is None:
                found.far = True
            else:
                found.ups = max(found.ups, base[0])
        elif step.axis == "ancestor" and key != "*":
            found.names.add(key)
            found.above.add(key)
            base = None
        elif step.axis == "self" and key != "*":
            found.names.add(key)
        elif step.axis in ("descendant", "descendant-or-self", "preceding"):
            found.far = True
            found.wild = found.wild or (key == "*" and step.axis != "descendant-or-self")
            found.names |= {key} - {"*"}
            found.deep |= {key} - {"*"}
            found.loose |= {key} - {"*"}
            base = None
        else:
            found.far = found.wild = True
        for predicate in step.predicates:
            self.visit(predicate, base, read=not isinstance(predicate, _TRUTHS))
        return base


def _up(base: Base | None) -> Base | None:
    if base is None:
        return None
    ups, down = base
    return (ups, down[:-1]) if down else (ups + 1, ())


def _parts(expr: ast.Expr) -> Iterator[ast.Expr]:
    for name in expr.__slots__:
        inner = getattr(expr, name)
        for part in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(part, ast.Expr):
                yield part
