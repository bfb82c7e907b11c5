"""XPath 2.0 text to a syntax tree. What the compiler does not know is refused here, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wasl.rules.errors import Unsupported
from wasl.rules.xpath import ast
from wasl.rules.xpath.lexer import Token, tokenize
from wasl.rules.xpath.shape import join_descendants
from wasl.rules.xpath.vocabulary import AXES, CURRENT, FN, FUNCTIONS, GENERAL_SIGNS, KIND_TESTS, TYPES, VALUE_SIGNS, XS


@dataclass(slots=True)
class Statics:
    """What an expression may refer to besides its namespaces: the sheet's functions, variables and documents. Names of functions are
    (local name with its namespace in braces, number of arguments)."""

    functions: dict[tuple[str, int], ast.Function] = field(default_factory=dict)
    variable: Callable[[str], ast.Expr | None] = lambda name: None
    document: Callable[[str], Any] | None = None


def parse(source: str, namespaces: Mapping[str, str], variables: frozenset[str] = frozenset(), statics: Statics | None = None) -> ast.Expr:
    """Parse one expression. `namespaces` are those in scope, `variables` the lets it may use."""
    return Parser(source, namespaces, variables, statics).parse()


def parse_type(source: str, namespaces: Mapping[str, str]) -> ast.SequenceType:
    """The text of an `as` attribute."""
    parser = Parser(source, namespaces, frozenset(), None)
    found = parser.sequence_type()
    if parser.token.kind != "end":
        raise parser.fail(f"the type {source}")
    return found


class Parser:
    def __init__(self, source: str, namespaces: Mapping[str, str], variables: frozenset[str], statics: Statics | None) -> None:
        self.source = source
        self.namespaces = namespaces
        self.statics = statics or Statics()
        self.scope = set(variables)
        self.tokens = tokenize(source)
        self.at = 0

    def fail(self, what: str) -> Unsupported:
        return Unsupported(what=what, where=self.source)

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, kind: str, *texts: str) -> Token | None:
        token = self.token
        if token.kind == kind and (not texts or token.text in texts):
            self.at += 1
            return token
        return None

    def need(self, kind: str, *texts: str) -> Token:
        token = self.take(kind, *texts)
        if token is None:
            raise self.fail(f"expected {' or '.join(texts) or kind}, found {self.token.text!r} at {self.token.at}")
        return token

    def ahead(self, count: int) -> Token:
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def parse(self) -> ast.Expr:
        expr = self.sequence()
        if self.token.kind != "end":
            raise self.fail(f"unexpected {self.token.text!r} at {self.token.at}")
        return expr

    def sequence(self) -> ast.Expr:
        items = [self.single()]
        while self.take("sign", ","):
            items.append(self.single())
        return items[0] if len(items) == 1 else ast.Sequence(tuple(items))

    def single(self) -> ast.Expr:
        token = self.token
        if token.kind == "name" and token.text in ("for", "some", "every") and self.ahead(1).kind == "var":
            self.at += 1
            return self.bindings(token.text)
        if token.kind == "name" and token.text == "if" and self.ahead(1).text == "(":
            self.at += 1
            self.need("sign", "(")
            test = self.sequence()
            self.need("sign", ")")
            self.keyword("then")
            then = self.single()
            self.keyword("else")
            return ast.If(test, then, self.single())
        return self.logic("or")

    def keyword(self, word: str) -> None:
        if not (self.take("op", word) or self.take("name", word)):
            raise self.fail(f"expected {word}, found {self.token.text!r}")

    def bindings(self, kind: str) -> ast.Expr:
        """`kind $v in source [, ...] (return|satisfies) body`, nested from the inside out."""
        outer = set(self.scope)
        bound: list[tuple[str, ast.Expr]] = []
        while True:
            name = self.need("var").text[1:].strip()
            self.keyword("in")
            bound.append((name, self.single()))
            self.scope.add(name)
            if not self.take("sign", ","):
                break
        self.keyword("return" if kind == "for" else "satisfies")
        body = self.single()
        self.scope = outer
        for name, source in reversed(bound):
            body = ast.For(name, source, body) if kind == "for" else ast.Quantified(kind, name, source, body)
        return body

    def logic(self, op: str) -> ast.Expr:
        inner: Callable[[], ast.Expr] = (lambda: self.logic("and")) if op == "or" else self.comparison
        items = [inner()]
        while self.take("op", op):
            items.append(inner())
        return items[0] if len(items) == 1 else ast.Logic(op, tuple(items))

    def comparison(self) -> ast.Expr:
        left = self.range()
        token = self.token
        if token.kind == "sign" and token.text in GENERAL_SIGNS:
            self.at += 1
            return ast.Compare(token.text, "general", left, self.range())
        if token.kind == "op" and token.text in VALUE_SIGNS:
            self.at += 1
            return ast.Compare(VALUE_SIGNS[token.text], "value", left, self.range())
        if token.text in ("is", "<<", ">>") and token.kind in ("op", "sign"):
            self.at += 1
            return ast.Compare(token.text, "node", left, self.range())
        return left

    def range(self) -> ast.Expr:
        low = self.additive()
        return ast.Range(low, self.additive()) if self.take("op", "to") else low

    def additive(self) -> ast.Expr:
        left = self.multiplicative()
        while token := self.take("sign", "+", "-"):
            left = ast.Arith(token.text, left, self.multiplicative())
        return left

    def multiplicative(self) -> ast.Expr:
        left = self.union()
        while token := self.take("op", "*", "div", "idiv", "mod"):
            left = ast.Arith(token.text, left, self.union())
        return left

    def union(self) -> ast.Expr:
        left = self.intersect()
        while self.take("sign", "|") or self.take("op", "union"):
            left = ast.Combine("union", left, self.intersect())
        return left

    def intersect(self) -> ast.Expr:
        left = self.cast()
        while token := self.take("op", "intersect", "except"):
            left = ast.Combine(token.text, left, self.cast())
        return left

    def cast(self) -> ast.Expr:
        operand = self.unary()
        if token := self.take("op", "castable", "cast"):
            if not self.take("name", "as"):
                raise self.fail("a cast without `as`")
            name = self.function_name(self.need("name").text)
            optional = self.take("sign", "?") is not None
            self.arity(name, 1)
            if token.text == "castable":
                return ast.Castable(operand, name, optional)
            return ast.Call(name, (operand if optional else ast.Call("exactly-one", (ast.Call("data", (operand,)),)),))
        if token := self.take("op", "instance", "treat"):
            if not (self.take("name", "of") if token.text == "instance" else self.take("name", "as")):
                raise self.fail(f"`{token.text}` alone")
            return ast.InstanceOf(operand, self.sequence_type(), token.text == "treat")
        return operand

    def sequence_type(self) -> ast.SequenceType:
        name = self.need("name").text
        if self.take("sign", "("):
            if name not in ("item", "empty-sequence", "document-node", *KIND_TESTS) or not self.take("sign", ")"):
                raise self.fail(f"the type {name}()")
            item = f"{name}()"
        else:
            item = self.function_name(name)
            if item not in TYPES:
                raise self.fail(f"the type {name}")
        mark = self.take("sign", "?", "+") or self.take("op", "*") or self.take("wild", "*")
        return ast.SequenceType(item, mark.text if mark else "")

    def unary(self) -> ast.Expr:
        negative = False
        while token := self.take("sign", "+", "-"):
            negative ^= token.text == "-"
        operand = self.path()
        return ast.Negate(operand) if negative else operand

    def path(self) -> ast.Expr:
        steps: list[ast.Expr] = []
        absolute = False
        if self.take("sign", "//"):
            absolute = True
            steps.append(ast.Step("descendant-or-self", ast.NodeTest("node")))
        elif self.take("sign", "/"):
            absolute = True
            if not self.starts_step():
                return ast.Path(True, ())
        steps.append(self.step())
        while token := self.take("sign", "/", "//"):
            if token.text == "//":
                steps.append(ast.Step("descendant-or-self", ast.NodeTest("node")))
            steps.append(self.step())
        return steps[0] if len(steps) == 1 and not absolute else ast.Path(absolute, tuple(join_descendants(steps)))

    def starts_step(self) -> bool:
        token = self.token
        return token.kind in ("name", "wild", "axis", "var", "string") or token.text in ("@", ".", "..", "(")

    def step(self) -> ast.Expr:
        token = self.token
        if self.take("sign", ".."):
            return ast.Step("parent", ast.NodeTest("node"), self.predicates())
        if self.take("sign", "@"):
            return ast.Step("attribute", self.node_test("attribute"), self.predicates())
        if token.kind == "axis":
            self.at += 1
            self.need("sign", "::")
            if token.text not in AXES:
                raise self.fail(f"the axis {token.text}")
            return ast.Step(token.text, self.node_test(token.text), self.predicates())
        calls = token.kind == "name" and self.ahead(1).text == "(" and token.text not in KIND_TESTS
        if token.kind == "wild" or (token.kind == "name" and not calls):
            test = self.node_test("child")
            return ast.Step("attribute" if test.kind == "attribute" else "child", test, self.predicates())
        primary = self.primary()
        predicates = self.predicates()
        return ast.Filter(primary, predicates) if predicates else primary

    def node_test(self, axis: str) -> ast.NodeTest:
        token = self.token
        if token.kind == "wild":
            self.at += 1
            if token.text == "*":
                return ast.NodeTest("name")
            prefix, local = token.text.split(":")
            return ast.NodeTest("name", None, local) if prefix == "*" else ast.NodeTest("name", self.uri(prefix), None)
        name = self.need("name").text
        if self.token.text == "(" and name in KIND_TESTS:
            self.at += 1
            if not self.take("sign", ")"):
                raise self.fail(f"arguments of the node test {name}()")
            return ast.NodeTest(KIND_TESTS[name])
        prefix, found, local = name.rpartition(":")
        return ast.NodeTest("name", self.uri(prefix) if found else "", local)

    def uri(self, prefix: str) -> str:
        if prefix not in self.namespaces:
            raise self.fail(f"the prefix {prefix}: is not declared")
        return self.namespaces[prefix]

    def predicates(self) -> tuple[ast.Expr, ...]:
        found: list[ast.Expr] = []
        while self.take("sign", "["):
            found.append(self.sequence())
            self.need("sign", "]")
        return tuple(found)

    def primary(self) -> ast.Expr:
        token = self.token
        self.at += 1
        if token.kind == "string":
            quote = token.text[0]
            return ast.Literal(token.text[1:-1].replace(quote * 2, quote))
        if token.kind == "integer":
            return ast.Literal(int(token.text))
        if token.kind == "decimal":
            return ast.Literal(Decimal(token.text))
        if token.kind == "double":
            return ast.Literal(float(token.text))
        if token.kind == "var":
            name = token.text[1:].strip()
            if name in self.scope:
                return ast.Var(name)
            found = self.statics.variable(name)
            if found is None:
                raise self.fail(f"the variable ${name} is not declared")
            return found
        if token.text == ".":
            return ast.ContextItem()
        if token.text == "(":
            if self.take("sign", ")"):
                return ast.Sequence(())
            inner = self.sequence()
            self.need("sign", ")")
            return inner
        if token.kind == "name" and self.take("sign", "("):
            return self.call(token.text)
        raise self.fail(f"unexpected {token.text!r} at {token.at}")

    def call(self, name: str) -> ast.Expr:
        args: list[ast.Expr] = []
        if not self.take("sign", ")"):
            args.append(self.single())
            while self.take("sign", ","):
                args.append(self.single())
            self.need("sign", ")")
        own = self.statics.functions.get((self.own_name(name), len(args)))
        if own is not None:
            return ast.UserCall(own, tuple(args))
        canonical = self.function_name(name)
        self.arity(canonical, len(args))
        if canonical == "current":
            return ast.Var(CURRENT)
        if canonical == "document":
            return self.document(args[0])
        return ast.Call(canonical, tuple(args))

    def document(self, name: ast.Expr) -> ast.Expr:
        """`document('codes.xml')`: a code list beside the sheet, read while compiling."""
        if self.statics.document is None or not isinstance(name, ast.Literal) or not isinstance(name.value, str):
            raise self.fail("the function document()")
        return ast.Constant(self.statics.document(name.value))

    def own_name(self, name: str) -> str:
        prefix, found, local = name.rpartition(":")
        return f"{{{self.uri(prefix)}}}{local}" if found else local

    def function_name(self, name: str) -> str:
        prefix, found, local = name.rpartition(":")
        if not found:
            return local
        uri = self.uri(prefix)
        return local if uri == FN else f"xs:{local}" if uri == XS else name

    def arity(self, name: str, count: int) -> None:
        if name not in FUNCTIONS:
            raise self.fail(f"the function {name}()")
        least, most = FUNCTIONS[name]
        if not least <= count <= most:
            raise self.fail(f"{name}() with {count} arguments")
