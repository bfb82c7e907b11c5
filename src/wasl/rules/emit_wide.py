"""Python for the wider sheets: variables, constants, conditions, loops, regular expressions, code lists, positions.

`WideEmitter` knows more shapes than `Emitter`, which is asked first: what it writes is quicker. The rule is the same: the code computes at
least what the interpreter would and gives the same value, or raises; an unknown shape leaves the assert to the interpreter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from wasl.rules.emit import NUMBERS, TEXTS, Code, Emitter, Scope, Untranslated, Walk, is_path, sequence
from wasl.rules.names import Names
from wasl.rules.xpath import ast
from wasl.rules.xpath.vocabulary import CURRENT

NODES = ("node", "attribute")
_EXISTENCE = frozenset({"exists", "boolean"})


@dataclass(frozen=True, slots=True)
class Place(Scope):
    """A scope that knows its parent: `up` is the Python name of the container around it."""

    up: str | None = None
    kind: str = "untyped"  # the type of a leaf's value: a token of a text is a str
    keys: tuple[str, ...] = ()  # where the element may have one of several names


@dataclass(frozen=True, slots=True)
class NodeCode(Code):
    """Nodes bound to a variable, and what is known of each."""

    scope: Scope | None = None


@dataclass(slots=True)
class Bindings:
    """The variables of one rule: what must be assigned before its test."""

    lets: dict[str, ast.Expr] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    known: dict[str, Code] = field(default_factory=dict)


class WideEmitter(Emitter):
    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self.definitions: list[str] = []  # functions of the module that tests call
        self.globals: dict[ast.Definition, Code] = {}
        self.numbered = 0
        self.users: dict[tuple[object, ...], Code] = {}
        self.lists: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        self.bindings = Bindings()

    # -- truth ---------------------------------------------------------------------------------------------------------------------

    def truth(self, expr: ast.Expr, scope: Scope) -> str:
        found = self._truth(expr, scope)
        if found is not None:
            return found
        try:
            return super().truth(expr, scope)
        except Untranslated:
            if isinstance(expr, (ast.Logic, ast.Quantified, ast.Compare)) or is_path(expr):
                raise
            if isinstance(expr, ast.Call) and expr.name in ("not", "exists", "boolean", "empty"):
                raise
        return self._truth_of(self.value(expr, scope))

    def _truth(self, expr: ast.Expr, scope: Scope) -> str | None:
        if isinstance(expr, ast.Call) and expr.name in _EXISTENCE | {"not", "empty"} and not is_path(expr.args[0]):
            inner = self._present(expr.args[0], scope, effective=expr.name in ("not", "boolean"))
            return f"(not {inner})" if expr.name in ("not", "empty") else inner
        if isinstance(expr, ast.Logic):
            return self._logic(expr, scope)
        if isinstance(expr, (ast.Var, ast.Global, ast.UserCall)):
            return self._truth_of(self.value(expr, scope))
        if isinstance(expr, ast.If):
            return f"({self.truth(expr.then, scope)} if {self.truth(expr.test, scope)} else {self.truth(expr.other, scope)})"
        if isinstance(expr, ast.Sequence) and expr.items and all(is_path(item) or isinstance(item, (ast.Var, ast.Global)) for item in expr.items):
            return "(" + " or ".join(self._present(item, scope, effective=False) for item in expr.items) + ")"
        if isinstance(expr, ast.Filter) and isinstance(expr.primary, ast.ContextItem):
            return "(" + " and ".join(self.truth(self._unplaced(p), scope) for p in expr.predicates) + ")"
        return self._in_list(expr, scope)

    def _logic(self, expr: ast.Logic, scope: Scope) -> str:
        """Operands without code come last: only where the others do not decide is the interpreter asked."""
        known: list[str] = []
        for item in expr.items:
            used = set(self.used)
            try:
                known.append(self.truth(item, scope))
            except Untranslated:
                self.used = used
        if not known:
            raise Untranslated
        if len(known) < len(expr.items):
            self.used |= {"p", "D"}
            known.append("ask(0)")
        return "(" + f" {expr.op} ".join(known) + ")"

    @staticmethod
    def _unplaced(predicate: ast.Expr) -> ast.Expr:
        from wasl.rules.xpath.shape import positional

        if positional(predicate):
            raise Untranslated
        return predicate

    def _present(self, expr: ast.Expr, scope: Scope, *, effective: bool) -> str:
        """Is there anything, or (`effective`) is the value true?"""
        if effective:
            return self.truth(expr, scope)
        if is_path(expr):
            return self.exists(expr, scope)
        if isinstance(expr, ast.Sequence):
            return "(" + (" or ".join(self._present(item, scope, effective=False) for item in expr.items) or "False") + ")"
        code = self.value(expr, scope)
        return "True" if code.card == "one" else f"({code.text} is not None)" if code.card == "opt" else f"bool({code.text})"

    def _truth_of(self, code: Code) -> str:
        if code.type in NODES:
            return "True" if code.card == "one" else f"bool({code.text})" if code.card == "many" else f"({code.text} is not None)"
        if code.card == "one" and code.type in ("bool", *TEXTS, "int", "dec"):
            return f"bool({code.text})" if code.type != "bool" else code.text
        if code.card == "opt" and code.type in ("bool", *TEXTS, "int", "dec"):
            return f"bool({code.text})"
        if code.card == "many" and code.type == "bool":
            return f"flag({code.text})"
        raise Untranslated

    def quantified(self, expr: ast.Quantified, scope: Scope) -> str:
        name, clauses, code = self.bound(expr.source, scope)
        body = self.truth(expr.body, replace(scope, variables={**scope.variables, expr.var: code}))
        del name
        if expr.kind == "every":
            return f"(not [1 {' '.join(clauses)} if not {body}])"
        return f"[1 {' '.join(clauses)} if {body}]"

    def bound(self, source: ast.Expr, scope: Scope) -> tuple[str, list[str], Code]:
        """Loop clauses over a sequence, and the loop's variable as code."""
        if is_path(source) or isinstance(source, (ast.Var, ast.Global)):
            walk = self.walk(source, scope)
            if walk.scope is not None:
                return walk.item, walk.clauses or ["for _q in (1,)"], NodeCode(walk.item, "node", "one", walk.scope)
            kind = "untyped" if walk.type == "attribute" else walk.type
            return walk.item, walk.clauses or ["for _q in (1,)"], Code(walk.item, kind, "one")
        code = self.items(source, scope)
        name = self.fresh("v")
        return name, [f"for {name} in {code.text}"], Code(name, code.type, "one")

    # -- code lists ----------------------------------------------------------------------------------------------------------------

    def _in_list(self, expr: ast.Expr, scope: Scope) -> str | None:
        """`document('x.xml')/a/b[@id=1]/c[@value=$v]`: is $v among the values of a list that is known now?"""
        from wasl.rules.emit_lists import listed

        found = listed(expr)
        if found is None:
            return None
        values, wanted = found
        code = self.atoms(wanted, scope)
        if code.type not in TEXTS:
            raise Untranslated
        source = f"frozenset({sorted(values)!r})"
        name = self.lists.setdefault(source, f"L{len(self.lists)}")
        if code.card == "one":
            return f"({code.text} in {name})"
        return f"(not {name}.isdisjoint({sequence(code)}))"

    def exists(self, expr: ast.Expr, scope: Scope, *, boolean: bool = False) -> str:
        found = self._in_list(expr, scope)
        if found is not None:
            return found
        try:
            return super().exists(expr, scope, boolean=boolean)
        except Untranslated:
            from wasl.rules.emit_values import repeated

            twice = repeated(self, expr, scope)
            if twice is not None:
                return twice
            walk = self.walk(expr, scope)
        if boolean and walk.scope is None and walk.type not in NODES:
            return self._truth_of(Code(walk.listed(), walk.type, "many"))
        return walk.listed() if walk.clauses else "True"

    # -- values --------------------------------------------------------------------------------------------------------------------

    def atoms(self, expr: ast.Expr, scope: Scope) -> Code:
        code = self.value(expr, scope)
        if isinstance(code, NodeCode):
            if code.scope is None or not code.scope.leaf:
                raise Untranslated
            return Code(code.text, code.scope.kind if isinstance(code.scope, Place) else "untyped", code.card)
        return Code(code.text, "untyped", code.card) if code.type in NODES else code

    def value(self, expr: ast.Expr, scope: Scope) -> Code:
        if isinstance(expr, ast.Var):
            return self._variable(expr, scope)
        if isinstance(expr, ast.Global):
            return self._global(expr)
        if isinstance(expr, ast.ContextItem) and isinstance(scope, Place) and scope.leaf:
            return Code(scope.item, scope.kind, "one")
        from wasl.rules.emit_values import filtered, value

        if isinstance(expr, ast.Filter) and not is_path(expr.primary) and not isinstance(expr.primary, (ast.ContextItem, ast.Sequence)):
            inner = self.value(expr.primary, scope)
            if not isinstance(inner, NodeCode):
                return filtered(self, expr, scope)
        try:
            return super().value(expr, scope)
        except Untranslated:
            return value(self, expr, scope)

    @staticmethod
    def token(item: str, kind: str, scope: Scope) -> Place:
        """The scope of one item of a sequence of values."""
        return Place(item, kind in TEXTS, variables=scope.variables, kind=kind)

    def _variable(self, expr: ast.Var, scope: Scope) -> Code:
        found = scope.variables.get(expr.name)
        if found is not None:
            return found
        if expr.name in self.bindings.known:
            return self.bindings.known[expr.name]
        let = self.bindings.lets.get(expr.name)
        if let is None or expr.name == CURRENT:
            raise Untranslated
        raise Needed(expr.name)

    def _global(self, expr: ast.Global) -> Code:
        """A variable of the sheet: a function of the document, called once."""
        definition = expr.definition
        known = self.globals.get(definition)
        if known is None:
            if definition.expr is None:
                raise Untranslated
            used, self.used = self.used, set()
            counter, self.counter = self.counter, 0
            bindings, self.bindings = self.bindings, Bindings()
            name = f"v{self.numbered}"  # never given twice: one that is given up may have built others on the way
            self.numbered += 1
            self.globals[definition] = Code("", "circle", "one")
            try:
                code = self.value(definition.expr, Place("D.doc"))
                if isinstance(code, NodeCode) or code.type in NODES:
                    walk = self.walk(definition.expr, Place("D.doc"))
                    code = NodeCode(code.text, code.type, code.card, None if walk.scope is None else replace(walk.scope, item="?"))
            except Untranslated:
                del self.globals[definition]
                raise
            finally:
                self.used, self.counter, self.bindings = used, counter, bindings
            self.definitions.append(f"def {name}(D):\n    return {code.text}  # ${definition.name}\n")
            known = self.globals[definition] = replace(code, text=f"glob(D, {name!r}, {name})")
        if known.type == "circle":
            raise Untranslated
        self.used.add("D")
        return known

    def once(self, text: str) -> str:
        """Code that depends on nothing but the document: a function that is called once for each."""
        seen: dict[str, str] = {}
        if "glob(" in text or "D.find(" in text:  # names of functions would be taken for names in loops
            return text
        plain = re.sub(r"\b[a-z]\d+\b", lambda m: seen.setdefault(m[0], f"_{len(seen)}"), text)  # the same but for the names in loops
        name = self.constants.get(plain)
        if name is None:
            name = self.constants[plain] = f"w{len(self.constants)}"
            self.definitions.append(f"def {name}(D):\n    return {text}\n")
        self.used.add("D")
        return f"glob(D, {name!r}, {name})"

    def call(self, expr: ast.Call, scope: Scope) -> Code:
        from wasl.rules.emit_values import call

        found = call(self, expr, scope)
        return found if found is not None else super().call(expr, scope)

    def compare_texts(self, op: str, left: Code, right: Code) -> str:
        if op in ("=", "!="):
            return super().compare_texts(op, left, right)
        if left.card == right.card == "one":
            return f"({left.text} {op} {right.text})"
        return f"[1 for u in {sequence(left)} for w in {sequence(right)} if u {op} w]"

    def compare(self, expr: ast.Compare, scope: Scope) -> str:
        if expr.kind == "node":
            raise Untranslated
        return super().compare(expr, scope)

    def arithmetic(self, expr: ast.Arith, scope: Scope) -> Code:
        if expr.op not in ("mod", "idiv"):
            return super().arithmetic(expr, scope)
        left, right = (self.single(self.atoms(side, scope)) for side in (expr.left, expr.right))
        if "untyped" in (left.type, right.type):
            left, right = self.to_double(left), self.to_double(right)
        if left.type not in NUMBERS or right.type not in NUMBERS:
            raise Untranslated
        card = "one" if left.card == right.card == "one" else "opt"
        kind = "int" if expr.op == "idiv" else "dbl" if "dbl" in (left.type, right.type) else "int" if left.type == right.type == "int" else "dec"
        return Code(f"{expr.op}({left.text}, {right.text})", kind, card)

    def walk(self, expr: ast.Expr, scope: Scope) -> Walk:
        used, counter = set(self.used), self.counter
        try:
            return super().walk(expr, scope)
        except Untranslated:
            from wasl.rules.emit_steps import walk

            self.used, self.counter = used, counter
            return walk(self, expr, scope)

    def indexed(self, expr: ast.Expr, scope: Scope) -> str | None:
        try:
            return super().indexed(expr, scope)
        except (Untranslated, Needed, KeyError):
            return None


class Needed(Exception):
    """A test refers to a variable of its rule that has not been assigned yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
