"""What the wider sheets do with each element name: variables are followed to the paths they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cached_property

from wasl.rules.names import Names
from wasl.rules.sheet import Template
from wasl.rules.xpath import ast

Binding = tuple[ast.Expr, set[str]]  # a variable's expression, and the names of the context it is evaluated in


class Tally(set[str]):
    """A set that knows how often each member was put in."""

    def __init__(self, members: Iterable[str] = ()) -> None:
        super().__init__(members)
        self.times = Counter(self)

    def __ior__(self, other: AbstractSet[str]) -> Tally:  # type: ignore[override,misc]
        self.times.update(other)
        self.update(other)
        return self


class WideNames(Names):
    """A variable is read where its value is taken as text or number, not where it is bound: `every $line in ram:Line satisfies $line/x`.

    A name that a sheet both reads and walks into (by a slip of its own, `ram:CategoryTradeTax = 'VAT'`) is what it is more often.
    """

    @cached_property
    def groups(self) -> frozenset[str]:
        """Walked into, and rarely or never read."""
        read, walked = self.read, self.walked
        assert isinstance(read, Tally) and isinstance(walked, Tally)
        return frozenset(name for name in walked if name not in read or walked.times[name] >= read.times[name])

    @property
    def leaves(self) -> frozenset[str]:
        return frozenset(self.read) - self.groups

    @property
    def containers(self) -> frozenset[str]:
        return self.groups

    def _template(self, template: object) -> None:
        assert isinstance(template, Template)
        if not isinstance(self.read, Tally):
            self.read, self.walked = Tally(self.read), Tally(self.walked)
        last: set[str] = set()
        for pattern in template.patterns:
            last |= self._names(pattern.steps[-1].test)
        self.bound: dict[str, Binding] = {}
        self.inside: set[int] = set()
        for name, expr in template.lets:
            self.bound[name] = (expr, last)
            self.collect(expr, last, read=False)
        super()._template(template)
        self.bound = {}

    def collect(self, expr: ast.Expr, context: set[str], *, read: bool) -> None:
        if isinstance(expr, (ast.Var, ast.Global)):
            self._variable(expr, read=read)
        elif isinstance(expr, (ast.Quantified, ast.For)):
            self.collect(expr.source, context, read=False)
            self._within(expr.var, (expr.source, context), expr.body, context, read=read and isinstance(expr, ast.For))
        elif isinstance(expr, ast.Let):
            self.collect(expr.value, context, read=False)
            self._within(expr.var, (expr.value, context), expr.body, context, read=read)
        elif isinstance(expr, ast.Sequence):
            for item in expr.items:
                self.collect(item, context, read=read)
        elif isinstance(expr, ast.If):
            self.collect(expr.test, context, read=False)
            self.collect(expr.then, context, read=read)
            self.collect(expr.other, context, read=read)
        elif isinstance(expr, ast.Compare) and expr.kind == "node":
            self.collect(expr.left, context, read=False)
            self.collect(expr.right, context, read=False)
        else:
            super().collect(expr, context, read=read)

    def _within(self, name: str, binding: Binding, body: ast.Expr, context: set[str], *, read: bool) -> None:
        before = self.bound.get(name)
        self.bound[name] = binding
        self.collect(body, context, read=read)
        if before is None:
            del self.bound[name]
        else:
            self.bound[name] = before

    def _binding(self, expr: ast.Expr) -> Binding | None:
        if isinstance(expr, ast.Var):
            return self.bound.get(expr.name)
        if isinstance(expr, ast.Global) and expr.definition.expr is not None:
            return expr.definition.expr, set()
        return None

    def _variable(self, expr: ast.Expr, *, read: bool) -> None:
        binding = self._binding(expr)
        if binding is not None and id(binding[0]) not in self.inside:
            self.inside.add(id(binding[0]))
            self.collect(binding[0], binding[1], read=read)
            self.inside.discard(id(binding[0]))

    def _path(self, expr: ast.Expr, context: set[str]) -> set[str]:
        """Record a path; the names its last step may have. `text()` reads the element that it stands in."""
        steps = expr.steps if isinstance(expr, ast.Path) else (expr,)
        last = steps[-1] if steps else None
        if isinstance(last, ast.Step) and last.test.kind == "text" and last.axis == "child":
            before = steps[:-1]
            self.read |= self._path(ast.Path(isinstance(expr, ast.Path) and expr.absolute, before), context) if before else context
            return set()
        if isinstance(expr, ast.Filter):
            return self._filtered(expr, context)
        if steps and isinstance(steps[0], (ast.Var, ast.Global, ast.Sequence, ast.Filter)) and len(steps) > 1:
            ends = self.ends(steps[0], context)
            return self._path(ast.Path(False, steps[1:]), ends)
        return super()._path(expr, context)

    def _filtered(self, expr: ast.Filter, context: set[str]) -> set[str]:
        ends = self.ends(expr.primary, context)
        for predicate in expr.predicates:
            self.collect(predicate, ends, read=False)
        return ends

    def ends(self, expr: ast.Expr, context: set[str]) -> set[str]:
        """Record an expression; the names that the nodes of its value may have."""
        if isinstance(expr, ast.Filter):
            return self._filtered(expr, context)
        if isinstance(expr, ast.Sequence):
            return set[str]().union(*(self.ends(item, context) for item in expr.items))
        if isinstance(expr, ast.ContextItem):
            return context
        binding = self._binding(expr)
        if binding is not None and id(binding[0]) not in self.inside:
            self.inside.add(id(binding[0]))
            found = self.ends(*binding)
            self.inside.discard(id(binding[0]))
            return found
        return self._union(expr, context)
