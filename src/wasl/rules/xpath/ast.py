"""The syntax tree of an XPath expression. Names are resolved to namespaces while parsing, abbreviations are written out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


class Expr:
    """Base of all expressions."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    value: str | int | Decimal | float


@dataclass(frozen=True, slots=True)
class Var(Expr):
    name: str


@dataclass(frozen=True, slots=True)
class ContextItem(Expr):
    pass


@dataclass(frozen=True, slots=True)
class Sequence(Expr):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Logic(Expr):
    """`and` or `or` over two or more operands."""

    op: str
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`general` (= != < <= > >=) or `value` (eq ne lt le gt ge, stored as the same signs)."""

    op: str
    kind: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Arith(Expr):
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Negate(Expr):
    operand: Expr


@dataclass(frozen=True, slots=True)
class Combine(Expr):
    """Node sets: union, intersect, except."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class NodeTest:
    """kind: name, node, text, comment, pi, element, attribute. None for uri or local means any."""

    kind: str
    uri: str | None = None
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Step(Expr):
    axis: str
    test: NodeTest
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter(Expr):
    primary: Expr
    predicates: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Path(Expr):
    """`absolute` starts at the document node, else the first step is evaluated at the context item."""

    absolute: bool
    steps: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A function or cast by its canonical name: `normalize-space`, `xs:decimal`."""

    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Quantified(Expr):
    """`some` or `every`; several variables are nested."""

    kind: str
    var: str
    source: Expr
    body: Expr


@dataclass(frozen=True, slots=True)
class For(Expr):
    var: str
    source: Expr
    body: Expr


@dataclass(frozen=True, slots=True)
class If(Expr):
    test: Expr
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class Range(Expr):
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class Castable(Expr):
    operand: Expr
    type: str
    optional: bool
