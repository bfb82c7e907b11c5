"""The syntax tree of an XPath expression. Names are resolved to namespaces while parsing, abbreviations are written out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


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


@dataclass(frozen=True, slots=True)
class SequenceType:
    """`xs:string?`, `node()*`, `element()`. item: an `xs:` name or a node kind with `()`; occurrence: one of "" ? * +."""

    item: str
    occurrence: str = ""

    def __str__(self) -> str:
        return self.item + self.occurrence


@dataclass(frozen=True, slots=True)
class InstanceOf(Expr):
    """`instance of`, or with `treat` the operand itself, an error where it is no instance."""

    operand: Expr
    type: SequenceType
    treat: bool = False


@dataclass(frozen=True, slots=True)
class Typed(Expr):
    """A value converted as an argument, result or variable with `as` is: atomized, untyped text cast, numbers promoted."""

    operand: Expr
    type: SequenceType


@dataclass(frozen=True, slots=True)
class Let(Expr):
    """A variable with a scope; its value is computed when it is first used."""

    var: str
    value: Expr
    body: Expr


@dataclass(frozen=True, slots=True)
class Constant(Expr):
    """Nodes known while compiling: the document node of a code list beside the sheet, or of a variable's own text."""

    node: Any


@dataclass(eq=False, slots=True)
class Definition:
    """A variable of the whole sheet or of a pattern. Its context is the document node; it is computed once a document, when first used."""

    name: str
    expr: Expr | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Global(Expr):
    definition: Definition


@dataclass(eq=False, slots=True)
class Function:
    """A function of the sheet's own. `params`: (name, type or None)."""

    name: str
    params: tuple[tuple[str, SequenceType | None], ...]
    result: SequenceType | None = None
    body: Expr | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class UserCall(Expr):
    function: Function
    args: tuple[Expr, ...]
