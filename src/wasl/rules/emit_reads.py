"""What an expression looks at: the texts whose values decide its outcome, and how far it strays from its context.

An assert that reads three texts below its context has the same outcome wherever a group of the same structure holds these three texts.
`shapes.py` builds on that, so everything here errs to the side of "reads more": a construct that is not known to be local is not local.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wasl.rules.columns import is_frame, is_line
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
Base = tuple[int, tuple[str, ...]]  # (levels up from the context, or FAR for a path from the document; names down from there)
FAR = -1


@dataclass(slots=True)
class Reads:
    """chains: values read, as (parents to climb, names down). loose: names whose values are read wherever they stand nearby.

    `names`: all elements that are mentioned; `deep`: those found by `//` wherever they stand; `above`: those that are looked for among
    the ancestors; `scattered`: attributes looked for on any element. `far`: looks at the whole document. `wild`: looks at things without
    naming them; `starred`: at all children of a group. `pairs`: the values read as (name of the parent or None, name). `counted`: it
    matters how many lines there are of one kind, not just that there are some.
    """

    chains: set[Base] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    scattered: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    pairs: set[tuple[str | None, str]] = field(default_factory=set)
    ups: int = 0
    counted: bool = False
    starred: bool = False
    far: bool = False
    wild: bool = False

    def code(self) -> str:
        return f"({self.ups}, {tuple(sorted(self.chains))!r}, {tuple(sorted(self.loose))!r}, {tuple(sorted(self.above))!r})"


def reads(names: Names, expressions: Iterable[tuple[ast.Expr, int]], variables: Iterable[ast.Expr] = ()) -> Reads:
    """What the expressions look at, each evaluated at the context or so many levels above it; `variables`: theirs, by their values."""
    collector = _Collector(names)
    for expr in variables:
        collector.visit(expr, (0, ()), read=True)
        collector.found.counted |= _crossing(expr) or _counted(expr)
    for expr, up in expressions:
        collector.found.ups = max(collector.found.ups, up)
        collector.visit(expr, (up, ()), read=not isinstance(expr, _TRUTHS))
        collector.found.counted |= _counted(expr)
    found = collector.found
    # A line named from outside it: the line is not near.
    found.far = found.far or found.wild or any(is_line(name) for name in found.names)
    found.wild = found.wild or (found.far and found.starred)
    return found


class _Collector:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.found = Reads()
        self.inside: set[int] = set()

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
            self.visit(expr.source, base, read=True)
            self.visit(expr.body, base, read=True)
        elif isinstance(expr, ast.Var):
            pass  # bound by `for` or `some`, so its value is read there; the emitter leaves other variables to the interpreter
        elif isinstance(expr, (ast.Compare, ast.Arith)):
            self.visit(expr.left, base, read=True)
            self.visit(expr.right, base, read=True)
        elif isinstance(expr, (ast.If, ast.Negate, ast.Sequence, ast.Range, ast.Castable, ast.Typed, ast.InstanceOf)):
            for part in _parts(expr):
                self.visit(part, base, read=True)
        elif isinstance(expr, ast.Let):
            self.visit(expr.value, base, read=True)
            self.visit(expr.body, base, read=read)
        elif isinstance(expr, ast.UserCall):
            for arg in expr.args:
                self.visit(arg, base, read=True)
                self._all_names(arg)
            self._once(expr.function, expr.function.body, None)
        elif isinstance(expr, ast.Global):
            self.found.far = True
            self._once(expr.definition, expr.definition.expr, (FAR, ()))
        elif isinstance(expr, ast.Constant):
            pass
        else:
            self.found.far = self.found.wild = True

    def _once(self, owner: object, expr: ast.Expr | None, base: Base | None) -> None:
        """The body of a function or variable of the sheet's own; functions may call themselves."""
        if expr is not None and id(owner) not in self.inside:
            self.inside.add(id(owner))
            self.visit(expr, base, read=True)

    def _value(self, base: Base | None) -> None:
        if base is None:
            return
        if base[0] != FAR:
            self.found.chains.add(base)
        if base[1]:
            self.found.pairs.add((base[1][-2] if base[1][:-1] else None, base[1][-1]))

    def _all_names(self, expr: ast.Expr) -> None:
        names = self._names(expr)
        self.found.loose |= names
        self.found.pairs |= {(None, name) for name in names}

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
            base = (FAR, ())
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
                base = (FAR, ()) if self.found.far else None
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
        elif step.axis == "child" and step.test.kind == "name" and base is not None and _inside(base):
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
            base = (FAR, (key,)) if key != "*" else (FAR, ())
        else:
            found.far = found.wild = True
        for predicate in step.predicates:
            self.visit(predicate, base, read=not isinstance(predicate, _TRUTHS))
        return base


def _up(base: Base | None) -> Base | None:
    if base is None:
        return None
    ups, down = base
    if ups == FAR:
        return (FAR, down[:-1]) if len(down) > 1 else None
    return (ups, down[:-1]) if down else (ups + 1, ())


def _inside(base: Base) -> bool:
    """Is it a group that cannot hold lines?"""
    return bool(base[1]) and base[1][-1].rpartition(":")[2] not in _AROUND


def _counted(expr: ast.Expr) -> bool:
    """Does the outcome depend on how often something stands in lines? Errs to yes."""
    if isinstance(expr, (ast.Literal, ast.Var, ast.ContextItem)):
        return False
    if isinstance(expr, ast.Logic):
        return any(_counted(item) for item in expr.items)
    if isinstance(expr, (ast.Path, ast.Step, ast.Filter, ast.Combine)):
        return _counted_within(expr)
    if isinstance(expr, ast.Quantified):
        return _counted(expr.source) or _counted(expr.body)
    if isinstance(expr, ast.Compare):
        if expr.kind == "general" and expr.right == ast.Literal(0) and expr.op in ("=", "!=", ">", "<=") and (counts := _counts(expr.left)):
            return any(_counted(count) for count in counts)  # are there any?
        if expr.kind == "general":
            return _counted(expr.left) or _counted(expr.right)
    if isinstance(expr, ast.Call) and expr.name in _STRUCTURE - {"count"}:
        return any(_counted(arg) for arg in expr.args)
    if isinstance(expr, ast.Sequence):
        return any(_counted(item) for item in expr.items)
    return any(_crossing(part) or _counted(part) for part in _parts(expr)) or not isinstance(expr, (ast.Call, ast.Compare, ast.Arith))


def _counts(expr: ast.Expr) -> list[ast.Expr]:
    """The paths of `count(a) + count(b)`; nothing for other expressions."""
    if isinstance(expr, ast.Call) and expr.name == "count":
        return [expr.args[0]]
    if isinstance(expr, ast.Arith) and expr.op == "+":
        left, right = _counts(expr.left), _counts(expr.right)
        return left + right if left and right else []
    return []


def _counted_within(expr: ast.Expr) -> bool:
    """Of a path whose members alone matter: its predicates, and the functions among its steps."""
    if isinstance(expr, ast.Combine):
        return expr.op != "union" or _counted_within(expr.left) or _counted_within(expr.right)
    if isinstance(expr, ast.Filter):
        return _counted(expr.primary) or any(_positional(p) or _counted(p) for p in expr.predicates)
    if isinstance(expr, ast.Step):
        return any(_positional(p) or _counted(p) for p in expr.predicates)
    return any(_counted(step) for step in expr.steps) if isinstance(expr, ast.Path) else True


def _positional(predicate: ast.Expr) -> bool:
    return not isinstance(predicate, _TRUTHS)


def _crossing(expr: ast.Expr) -> bool:
    """Can a path have members in several lines?"""
    if isinstance(expr, ast.Combine):
        return _crossing(expr.left) or _crossing(expr.right)
    if isinstance(expr, ast.Filter):
        return _crossing(expr.primary)
    wide = False
    for step in expr.steps if isinstance(expr, ast.Path) else (expr,):
        if not isinstance(step, ast.Step):
            if isinstance(step, (ast.Combine, ast.Filter)) and _crossing(step):
                return True
            continue
        local = step.test.local or ""
        if is_line(local):
            return True
        if step.axis not in ("child", "parent", "attribute", "self", "ancestor"):
            wide = True
        if is_frame(local) and step.axis in ("child", "descendant"):
            wide = False  # it stands outside the lines, and so does what is below it
    return wide


def _parts(expr: ast.Expr) -> Iterator[ast.Expr]:
    """The expressions directly in an expression."""
    for name in expr.__slots__:
        inner = getattr(expr, name)
        for part in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(part, ast.Expr):
                yield part
