"""XPath trees to Python expressions over the fast tree.

The result is eager: it evaluates at least what the interpreter would and gives the same value, or raises. Where a shape is not known
here, `Untranslated` is raised and that assert is left to the reference interpreter; nothing is ever skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from wasl.rules.emit_simple import first_of_its_value, simple_path
from wasl.rules.names import Names
from wasl.rules.xpath import ast
from wasl.rules.xpath.shape import parts

NUMBERS = ("dec", "int", "dbl")
TEXTS = ("untyped", "str")
_DOCUMENT_ELEMENT = ast.Path(True, (ast.Step("child", ast.NodeTest("name")),))
COMPARE = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


_LOOKUP = re.compile(r"\(?D\.(?:index|find|paths)\b|D\.\w+\('[^']*'\)\Z").match  # quick as it is
_OF_CONTEXT = re.compile(r"\b[npGA]\b").search


class Untranslated(Exception):
    """The emitter has no code for this shape."""


@dataclass(frozen=True, slots=True)
class Code:
    """A Python expression. card: `one` a value, `opt` a value or None, `many` a list. type: untyped str dec int dbl bool date, or node."""

    text: str
    type: str
    card: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The context item: the Python name of a container or of a leaf's text, and how to reach what is around it."""

    item: str
    leaf: bool = False
    key: str | None = None  # the element's name, where it is known
    root: bool = False  # it is the document's outermost element
    context: bool = False  # it is the rule's own context, so `p`, `G` and `A` belong to it
    variables: dict[str, Code] = field(default_factory=dict)


@dataclass(slots=True)
class Walk:
    """A path on its way: the clauses of a comprehension, the name of its last variable and what that is."""

    clauses: list[str]
    scope: Scope | None  # None once the items are values
    item: str
    type: str = "node"

    def listed(self) -> str:
        if not self.clauses:
            return f"[{self.item}]"
        last = self.clauses[-1]
        if len(self.clauses) == 1 and last.startswith(f"for {self.item} in ") and " if " not in last:
            return last[len(f"for {self.item} in ") :]
        return f"[{self.item} {' '.join(self.clauses)}]"


class Emitter:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.counter = 0
        self.indexes: dict[str, int] = {}  # the source of an index function -> its number
        self.used: set[str] = set()  # which of p, A, D the code at hand asks for
        self.paths: set[str] = set()  # paths from the root element that the code asks after
        self.walks: dict[str, int] = {}  # code that is the same for all contexts of a document -> its number
        self.near = False  # write code that does without the document
        self.at_hand: tuple[str, ...] | None = None  # the one path of the rule at hand, where its text is at hand as `t`

    def fresh(self, letter: str) -> str:
        self.counter += 1
        return f"{letter}{self.counter}"

    # -- truth -------------------------------------------------------------------------------------------------------------

    def truth(self, expr: ast.Expr, scope: Scope) -> str:
        """A Python expression that is truthy when the effective boolean value is true."""
        if isinstance(expr, ast.Logic):
            return "(" + f" {expr.op} ".join(self.truth(item, scope) for item in expr.items) + ")"
        if isinstance(expr, ast.Call) and expr.name in ("not", "empty"):
            return f"(not {self.truth(expr.args[0], scope)})"
        if isinstance(expr, ast.Call) and expr.name in ("exists", "boolean") and (expr.name == "boolean" or is_path(expr.args[0])):
            return self.truth(expr.args[0], scope) if expr.name == "boolean" else self.exists(expr.args[0], scope)
        if isinstance(expr, ast.Compare):
            return self.compare(expr, scope)
        if isinstance(expr, ast.Quantified):
            return self.quantified(expr, scope)
        if is_path(expr):
            return self.exists(expr, scope, boolean=True)
        code = self.value(expr, scope)
        if code.card == "one" and code.type in ("bool", "str", "untyped"):
            return code.text
        raise Untranslated

    def exists(self, expr: ast.Expr, scope: Scope, *, boolean: bool = False) -> str:
        return self.constant(expr, self._exists(expr, scope, boolean=boolean))

    def constant(self, expr: ast.Expr, code: str) -> str:
        """A path from the document is walked once a document, not once a context."""
        if not isinstance(expr, ast.Path) or not expr.absolute or _LOOKUP(code) or _OF_CONTEXT(code):
            return code
        if any(isinstance(part, ast.Var) for part in parts(expr)):
            return code
        number = self.walks.setdefault(code, len(self.walks))
        return f"glob(D, 'h{number}', h{number})"

    def _exists(self, expr: ast.Expr, scope: Scope, *, boolean: bool) -> str:
        simple = simple_path(expr)
        if scope.root and simple is not None:
            self.used.add("D")
            self.paths.add(self.names.path(simple))
            return f"({self.names.path(simple)!r} in D.paths)"
        indexed = self.indexed(expr, scope)
        if indexed is not None:
            return indexed
        walk = self.walk(expr, scope)
        if boolean and walk.scope is None and walk.type != "attribute":
            if walk.type != "bool":
                raise Untranslated  # the truth of a sequence of texts or numbers
            return f"flag({walk.listed()})"
        if not walk.clauses:
            return "True" if walk.type == "node" else f"({walk.item},)"
        head, found, source = walk.clauses[-1].partition(" in ")
        if found and head == f"for {walk.item}":
            container, getter, rest = source.partition(".get(")
            if getter and rest.endswith(", E)") and " if " not in rest and container.isidentifier():
                test = f"{rest[:-4]} in {container}"
                return f"({test})" if len(walk.clauses) == 1 else f"[1 {' '.join(walk.clauses[:-1])} if {test}]"
        return walk.listed()

    def quantified(self, expr: ast.Quantified, scope: Scope) -> str:
        source = self.items(expr.source, scope)
        name = self.fresh("v")
        inner = replace(scope, variables={**scope.variables, expr.var: Code(name, source.type, "one")})
        body = self.truth(expr.body, inner)
        if expr.kind == "every":
            return f"(not [1 for {name} in {source.text} if not {body}])"
        return f"[1 for {name} in {source.text} if {body}]"

    # -- comparison --------------------------------------------------------------------------------------------------------

    def compare(self, expr: ast.Compare, scope: Scope) -> str:
        left, right = self.atoms(expr.left, scope), self.atoms(expr.right, scope)
        op = expr.op
        if expr.kind == "value" and (left.card == "many" or right.card == "many" or {left.type, right.type} - {"int", "dec"}):
            raise Untranslated
        if left.type in TEXTS and right.type in TEXTS:
            return self.compare_texts(op, left, right)
        if left.type == "untyped" or right.type == "untyped":
            left, right = self.typed(left, right), self.typed(right, left)
        if left.type != right.type and not (left.type in NUMBERS and right.type in NUMBERS):
            raise Untranslated
        return self.compare_typed(op, left, right)

    def compare_texts(self, op: str, left: Code, right: Code) -> str:
        if op not in ("=", "!="):
            raise Untranslated
        if left.card == "one" and right.card == "one":
            return f"({left.text} {'==' if op == '=' else '!='} {right.text})"
        if op == "=":
            if right.card == "one":
                return f"({right.text} in {sequence(left)})"
            if left.card == "one":
                return f"({left.text} in {sequence(right)})"
            return f"share({sequence(left)}, {sequence(right)})"
        return f"ne_any({sequence(left)}, {sequence(right)})"

    @staticmethod
    def typed(code: Code, other: Code) -> Code:
        """Untyped text takes the type of the other side of a comparison."""
        if code.type != "untyped":
            return code
        cast = {"bool": "to_boolean", "date": "date"}.get(other.type, "dbl")
        kind = {"bool": "bool", "date": "date"}.get(other.type, "dbl")
        if code.card == "one":
            return Code(f"{cast}({code.text})", kind, "one")
        return Code(f"[{cast}(u) for u in {sequence(code)}]", kind, "many")

    def compare_typed(self, op: str, left: Code, right: Code) -> str:
        sign = "==" if op == "=" else op
        plain = left.type == right.type != "date" or "int" in (left.type, right.type)
        if left.card == "one" and right.card == "one" and plain:
            return f"({left.text} {sign} {right.text})"
        if left.card != "many" and right.card != "many":
            quick = "dbl" not in (left.type, right.type) and "date" not in (left.type, right.type)
            return f"{'q' if quick else ''}{COMPARE[op]}({left.text}, {right.text})"
        if plain and right.card == "one":
            if op == "=":
                return f"({right.text} in {left.text})"
            return f"[1 for u in {left.text} if u {sign} {right.text}]"
        if plain and left.card == "one" and op == "=":
            return f"({left.text} in {right.text})"
        return f"[1 for u in {sequence(left)} for w in {sequence(right)} if {COMPARE[op]}(u, w)]"

    # -- values ------------------------------------------------------------------------------------------------------------

    def atoms(self, expr: ast.Expr, scope: Scope) -> Code:
        code = self.value(expr, scope)
        return Code(code.text, "untyped", code.card) if code.type in ("node", "attribute") else code

    def items(self, expr: ast.Expr, scope: Scope) -> Code:
        code = self.atoms(expr, scope)
        return Code(sequence(code), code.type, "many")

    def value(self, expr: ast.Expr, scope: Scope) -> Code:
        if isinstance(expr, ast.Literal):
            value = expr.value
            if isinstance(value, str):
                return Code(repr(value), "str", "one")
            if isinstance(value, Decimal):
                return Code(f"Decimal({str(value)!r})", "dec", "one")
            return Code(repr(value), "int" if isinstance(value, int) else "dbl", "one")
        if isinstance(expr, ast.Var):
            return scope.variables[expr.name]
        if isinstance(expr, ast.ContextItem):
            if not scope.leaf:
                raise Untranslated
            return Code(scope.item, "untyped", "one")
        if isinstance(expr, (ast.Logic, ast.Compare, ast.Quantified)):
            return Code(f"bool({self.truth(expr, scope)})", "bool", "one")
        if isinstance(expr, ast.Arith):
            return self.arithmetic(expr, scope)
        if isinstance(expr, ast.Call):
            return self.call(expr, scope)
        if is_path(expr):
            indexed = self.indexed(expr, scope)
            if indexed is not None:
                return Code(indexed, self.walk(expr, scope).type, "many")
            walk = self.walk(expr, scope)
            if walk.scope is not None and not walk.scope.leaf:
                raise Untranslated  # the string value of a container
            return Code(walk.item, walk.type, "one") if not walk.clauses else Code(self.constant(expr, walk.listed()), walk.type, "many")
        raise Untranslated

    def single(self, code: Code) -> Code:
        return Code(f"o1({code.text})", code.type, "opt") if code.card == "many" else code

    def arithmetic(self, expr: ast.Arith, scope: Scope) -> Code:
        left, right = (self.single(self.atoms(side, scope)) for side in (expr.left, expr.right))
        if "untyped" in (left.type, right.type):
            left, right = (self.to_double(code) for code in (left, right))
        if left.type not in NUMBERS or right.type not in NUMBERS or expr.op not in ("+", "-", "*", "div"):
            raise Untranslated
        kind = "dbl" if "dbl" in (left.type, right.type) else "dec" if expr.op == "div" or "dec" in (left.type, right.type) else "int"
        if kind == "dbl" and (left.type, right.type) != ("dbl", "dbl"):
            left, right = (self.to_double(code) for code in (left, right))
        if left.card == right.card == "one" and expr.op != "div":
            return Code(f"({left.text} {expr.op} {right.text})", kind, "one")
        if expr.op == "div" and kind == "dec" and expr.right == ast.Literal(100):
            return Code(f"cent({left.text})", "dec", left.card)
        name = {"+": "add", "-": "sub", "*": "mul", "div": "div"}[expr.op]
        return Code(f"{name}({left.text}, {right.text})", kind, "one" if left.card == right.card == "one" else "opt")

    @staticmethod
    def to_double(code: Code) -> Code:
        if code.type == "dbl":
            return code
        cast = "dbl" if code.type == "untyped" else "float"
        if code.card == "one":
            return Code(f"{cast}({code.text})", "dbl", "one")
        return Code(f"maybe({cast}, {code.text})", "dbl", "opt")

    def text(self, expr: ast.Expr, scope: Scope) -> str:
        """An argument of type xs:string?."""
        code = self.atoms(expr, scope)
        if code.type not in TEXTS:
            raise Untranslated
        return code.text if code.card == "one" else f"s1({code.text})" if code.card == "many" else f"({code.text} or '')"

    def call(self, expr: ast.Call, scope: Scope) -> Code:
        name, args = expr.name, expr.args
        if name in ("true", "false"):
            return Code(name.capitalize(), "bool", "one")
        if name in ("not", "exists", "boolean", "empty"):
            return Code(f"bool({self.truth(expr, scope)})", "bool", "one")
        if name in ("normalize-space", "string-length", "string") and not args:
            args = (ast.ContextItem(),)
        if name == "count":
            return Code(self.count(args[0], scope), "int", "one")
        if name == "sum" and len(args) == 1:
            code = self.items(args[0], scope)
            if code.type not in ("dec", "int"):
                raise Untranslated
            return Code(f"sum({code.text})", "dec", "one")
        if name in ("round", "abs"):
            code = self.single(self.atoms(args[0], scope))
            if code.type not in NUMBERS:
                raise Untranslated
            return Code(f"{'rnd' if name == 'round' else 'ab'}({code.text})", code.type, code.card)
        if name in ("xs:decimal", "xs:date"):
            return self.cast(name, self.single(self.atoms(args[0], scope)))
        if name in ("name", "local-name") and not args and scope.context:
            return Code("G.raw" if name == "name" else "G.raw.rpartition(':')[2]", "str", "one")
        if name in ("name", "local-name") and args == (_DOCUMENT_ELEMENT,):
            self.used.add("D")
            return Code("D.root['.'].raw" + (".rpartition(':')[2]" if name == "local-name" else ""), "str", "one")
        return self.text_call(name, args, scope)

    def text_call(self, name: str, args: tuple[ast.Expr, ...], scope: Scope) -> Code:
        if name == "substring":
            bounds = [self.value(arg, scope) for arg in args[1:]]
            if any(code.card != "one" or code.type not in NUMBERS for code in bounds):
                raise Untranslated
            return Code(f"substring({self.text(args[0], scope)}, {', '.join(code.text for code in bounds)})", "str", "one")
        template = _TEXT_CALLS.get(name)
        if template is None:
            raise Untranslated
        if name == "normalize-space" and isinstance(args[0], ast.Call) and args[0].name == "upper-case":
            inner = self.atoms(args[0].args[0], scope)
            if inner.type == "untyped" and inner.card == "many":
                return Code(f"nu({inner.text})", "str", "one")
        texts = [self.text(arg, scope) for arg in args]
        if name == "concat":
            return Code(f"cat({', '.join(texts)})", "str", "one")
        kind = {"string-length": "int", "contains": "bool", "starts-with": "bool", "ends-with": "bool"}.get(name, "str")
        return Code(template.format(*texts), kind, "one")

    @staticmethod
    def cast(name: str, code: Code) -> Code:
        if name == "xs:date":
            if code.type not in TEXTS:
                raise Untranslated
            return Code(f"date({code.text})" if code.card == "one" else f"maybe(date, {code.text})", "date", code.card)
        if code.type in ("dec", "int"):
            return code
        if code.type == "dbl":
            text = f"cast_decimal({code.text})" if code.card == "one" else f"maybe(cast_decimal, {code.text})"
            return Code(text, "dec", code.card)
        if code.type not in TEXTS:
            raise Untranslated
        return Code(f"dec({code.text})", "dec", code.card)

    def count(self, expr: ast.Expr, scope: Scope) -> str:
        distinct = first_of_its_value(expr)
        if distinct is not None:
            self.used.add("D")
            return f"len(set(D.texts({self.names.key(distinct)!r})))"
        simple = simple_path(expr)
        if scope.root and simple is not None:
            self.used.add("D")
            self.paths.add(self.names.path(simple))
            return f"D.paths.get({self.names.path(simple)!r}, 0)"
        indexed = self.indexed(expr, scope)
        return f"len({indexed if indexed is not None else self.walk(expr, scope).listed()})"

    # -- paths -------------------------------------------------------------------------------------------------------------

    def walk(self, expr: ast.Expr, scope: Scope) -> Walk:
        from wasl.rules.emit_paths import walk

        return walk(self, expr, scope)

    def indexed(self, expr: ast.Expr, scope: Scope) -> str | None:
        from wasl.rules.emit_index import indexed

        return None if self.near else indexed(self, expr, scope)


_TEXT_CALLS = {
    "normalize-space": "nsp({0})", "upper-case": "{0}.upper()", "lower-case": "{0}.lower()", "string": "{0}", "xs:string": "{0}",
    "string-length": "len({0})", "contains": "({1} in {0})", "starts-with": "{0}.startswith({1})", "ends-with": "{0}.endswith({1})",
    "substring-after": "after({0}, {1})", "substring-before": "before({0}, {1})", "concat": "",
}  # fmt: skip


def sequence(code: Code) -> str:
    """The value as a list."""
    if code.card == "many":
        return code.text
    if code.card == "opt" and code.text.startswith("dec(o1(") and code.text.endswith("))"):
        return f"decs({code.text[7:-2]})"
    return f"({code.text},)" if code.card == "one" else f"[_y for _y in ({code.text},) if _y is not None]"


def members(code: Code) -> str:
    """The distinct values."""
    text = sequence(code)
    if code.card != "many":
        return text
    return f"{{{text[1:-1]}}}" if text.startswith("[") and text.endswith("]") and " for " in text else f"set({text})"


def is_path(expr: ast.Expr) -> bool:
    return isinstance(expr, (ast.Path, ast.Step, ast.Filter, ast.Combine))
