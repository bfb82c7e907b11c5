"""What a sheet does with each element name: is it read as text, walked into, asked for attributes? Decides how the fast tree holds it."""

from __future__ import annotations

from collections.abc import Mapping

from wasl.rules.sheet import Sheet
from wasl.rules.xpath import ast

_NOT_READ = frozenset({"not", "exists", "empty", "count", "boolean"})


class Names:
    """Keys of elements (`cbc:ID`), and which of them are leaves or containers for this sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.namespaces = sheet.namespaces
        self.prefixes = {uri: prefix for prefix, uri in reversed(sheet.namespaces.items())}
        self.read: set[str] = set()
        self.walked: set[str] = set()
        self.attributed: set[str] = set()  # leaves whose attributes a container's rule asks for
        for _, templates in sheet.modes:
            for template in templates:
                self._template(template)

    def _template(self, template: object) -> None:
        from wasl.rules.sheet import Template

        assert isinstance(template, Template)
        last: set[str] = set()
        for pattern in template.patterns:
            for place, step in enumerate(pattern.steps):
                own = self._names(step.test)
                for predicate in step.predicates:
                    self.collect(predicate, own, read=False)
                if place < len(pattern.steps) - 1:
                    self.walked |= own
                else:
                    last |= own
        for rule in template.asserts:
            self.collect(rule.expr, last, read=False)

    @property
    def leaves(self) -> frozenset[str]:
        return frozenset(self.read)

    @property
    def containers(self) -> frozenset[str]:
        """Walked into and never read as text: a leaf that is walked into has no children, so nothing is there."""
        return frozenset(self.walked - self.read)

    def key(self, test: ast.NodeTest) -> str:
        if test.uri is None or test.local is None:
            return "*"
        if not test.uri:
            return test.local
        prefix = self.prefixes.get(test.uri)
        return f"{prefix}:{test.local}" if prefix else f"{{{test.uri}}}{test.local}"

    def path(self, tests: tuple[ast.NodeTest, ...]) -> str:
        return "/".join(self.key(test) for test in tests)

    def _names(self, test: ast.NodeTest) -> set[str]:
        return {self.key(test)} - {"*"} if test.kind == "name" else set()

    def collect(self, expr: ast.Expr, context: set[str], *, read: bool) -> None:
        """Record what `expr` does with the names; `read` says that its value is taken as text or number."""
        if isinstance(expr, ast.ContextItem):
            if read:
                self.read |= context
        elif isinstance(expr, (ast.Path, ast.Step, ast.Filter)):
            ends = self._path(expr, context)
            if read:
                self.read |= ends
        elif isinstance(expr, ast.Combine):
            self.collect(expr.left, context, read=read)
            self.collect(expr.right, context, read=read)
        elif isinstance(expr, ast.Call):
            for arg in expr.args:
                self.collect(arg, context, read=expr.name not in _NOT_READ)
            if not expr.args and expr.name in ("string", "normalize-space", "string-length", "number"):
                self.read |= context
        elif isinstance(expr, ast.Quantified | ast.For):
            self.collect(expr.source, context, read=True)
            self.collect(expr.body, context, read=read)
        elif isinstance(expr, ast.Logic):
            for item in expr.items:
                self.collect(item, context, read=False)
        elif isinstance(expr, ast.Compare | ast.Arith):
            self.collect(expr.left, context, read=True)
            self.collect(expr.right, context, read=True)
        else:
            for name in expr.__slots__:
                inner = getattr(expr, name)
                for part in inner if isinstance(inner, tuple) else (inner,):
                    if isinstance(part, ast.Expr):
                        self.collect(part, context, read=True)

    def _path(self, expr: ast.Expr, context: set[str]) -> set[str]:
        """Record a path; the names its last step may have."""
        steps = expr.steps if isinstance(expr, ast.Path) else (expr,)
        at = set[str]() if isinstance(expr, ast.Path) and expr.absolute else context
        for step in steps:
            if isinstance(step, ast.Step):
                if step.axis in ("child", "descendant"):
                    self.walked |= at
                at = self._names(step.test) if step.axis not in ("attribute", "parent") else set()
                for predicate in step.predicates:
                    self.collect(predicate, at, read=False)
            elif isinstance(step, ast.Filter):
                at = self._path(step.primary, at) if isinstance(step.primary, (ast.Path, ast.Step)) else self._union(step.primary, at)
                for predicate in step.predicates:
                    self.collect(predicate, at, read=False)
            elif isinstance(step, ast.Combine):
                at = self._union(step, at)
            elif not isinstance(step, ast.ContextItem):
                self.collect(step, at, read=True)
                at = set()
        return at

    def _union(self, expr: ast.Expr, context: set[str]) -> set[str]:
        if isinstance(expr, ast.Combine):
            return self._union(expr.left, context) | self._union(expr.right, context)
        if isinstance(expr, (ast.Path, ast.Step, ast.Filter)):
            return self._path(expr, context)
        self.collect(expr, context, read=True)
        return set()


def prefixes_of(namespaces: Mapping[str, str]) -> dict[str, str]:
    return {uri: prefix for prefix, uri in reversed(list(namespaces.items()))}
