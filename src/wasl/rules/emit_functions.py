"""Functions of a sheet's own as Python functions: one for each combination of argument types that the sheet calls it with."""

from __future__ import annotations

from wasl.rules.emit import Code, Scope, Untranslated
from wasl.rules.emit_values import argument
from wasl.rules.emit_wide import Bindings, NodeCode, Place, WideEmitter
from wasl.rules.xpath import ast
from wasl.rules.xpath.shape import parts

_TYPES = {"xs:string": "str", "xs:decimal": "dec", "xs:integer": "int", "xs:double": "dbl", "xs:boolean": "bool", "xs:date": "date"}


def user_call(emitter: WideEmitter, expr: ast.UserCall, scope: Scope) -> Code:
    function = expr.function
    if function.body is None or _has_focus(function.body):
        raise Untranslated
    arguments = [argument(emitter, arg, wanted, scope) for (_, wanted), arg in zip(function.params, expr.args, strict=True)]
    key = (function, *((code.type, code.card) for code in arguments))
    known = emitter.users.get(key)
    if known is None:
        known = _define(emitter, function, arguments, key)
    if "D" in known.text:
        emitter.used.add("D")
    depth = scope.variables.get("depth()")
    texts = [code.text for code in arguments]
    document = "D" if "D" in known.text else "None"
    name = known.text.partition(" ")[0]
    return Code(f"{name}({', '.join([*texts, document, depth.text if depth else '0'])})", known.type, known.card)


def _has_focus(body: ast.Expr) -> bool:
    """Does the function look at nodes? Such a one is left to the interpreter."""
    return any(isinstance(part, (ast.Step, ast.Path)) for part in parts(body))


def _define(emitter: WideEmitter, function: ast.Function, arguments: list[Code], key: tuple[object, ...]) -> Code:
    name = f"f{len(emitter.users)}"
    wanted = function.result
    declared = wanted is not None and wanted.item in _TYPES and wanted.occurrence in ("", "?")
    if declared:
        assert wanted is not None
        # Known before its body is written, so that it may call itself.
        emitter.users[key] = Code(f"{name} D", _TYPES[wanted.item], "one" if wanted.occurrence == "" else "opt")
    else:
        emitter.users[key] = Code(name, "circle", "one")
    used, emitter.used = emitter.used, set()
    bindings, emitter.bindings = emitter.bindings, Bindings()
    named = enumerate(zip(function.params, arguments, strict=True))
    variables = {param: Code(f"a{place}", code.type, code.card) for place, ((param, _), code) in named}
    variables["depth()"] = Code("d", "int", "one")
    writer = _Writer(emitter, wanted)
    try:
        assert function.body is not None
        writer.body(function.body, Place("None", variables=variables), 1)
    except Untranslated:
        del emitter.users[key]
        raise
    finally:
        document = "D" in emitter.used
        emitter.used, emitter.bindings = used, bindings
    names = ", ".join([*(f"a{place}" for place in range(len(arguments))), "D", "d"])
    lines = "".join(f"    {line}\n" for line in ("d = gcount(d)", *writer.lines))
    emitter.definitions.append(f"def {name}({names}):  # {function.name}()\n{lines}")
    if not declared:
        emitter.users[key] = Code(f"{name}{' D' if document else ''}", writer.type, writer.card)
    return emitter.users[key]


class _Writer:
    """The statements of one function."""

    def __init__(self, emitter: WideEmitter, wanted: ast.SequenceType | None) -> None:
        self.emitter = emitter
        self.wanted = wanted
        self.lines: list[str] = []
        self.type = ""
        self.card = ""

    def body(self, expr: ast.Expr, scope: Scope, depth: int) -> None:
        indent = "    " * (depth - 1)
        if isinstance(expr, ast.Let):
            code = self.emitter.value(expr.value, scope)
            if isinstance(code, NodeCode) or code.type == "circle":
                raise Untranslated
            name = self.emitter.fresh("l")
            self.lines.append(f"{indent}{name} = {code.text}")
            inner = Place("None", variables={**scope.variables, expr.var: Code(name, code.type, code.card)})
            self.body(expr.body, inner, depth)
            return
        if isinstance(expr, ast.If):
            self.lines.append(f"{indent}if {self.emitter.truth(expr.test, scope)}:")
            self.body(expr.then, scope, depth + 1)
            self.lines.append(f"{indent}else:")
            self.body(expr.other, scope, depth + 1)
            return
        code = self.emitter.atoms(expr, scope) if self.wanted is None else argument(self.emitter, expr, self.wanted, scope)
        if self.type and (self.type, self.card) != (code.type, code.card) and self.wanted is None:
            raise Untranslated
        self.type, self.card = code.type, code.card
        self.lines.append(f"{indent}return {code.text}")
