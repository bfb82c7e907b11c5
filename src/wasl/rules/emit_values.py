"""Values of the wider sheets: functions, conditions, loops and sequences as Python expressions."""

from __future__ import annotations

from dataclasses import replace

from wasl.rules.emit import NUMBERS, TEXTS, Code, Scope, Untranslated, is_path, sequence
from wasl.rules.emit_wide import NODES, NodeCode, WideEmitter
from wasl.rules.xpath import ast

_RESULTS = {"matches": "bool", "replace": "str", "codepoints-to-string": "str"}


def value(emitter: WideEmitter, expr: ast.Expr, scope: Scope) -> Code:
    if isinstance(expr, ast.If):
        return _if(emitter, expr, scope)
    if isinstance(expr, ast.Sequence):
        return _sequence(emitter, expr, scope)
    if isinstance(expr, ast.For):
        return _for(emitter, expr, scope)
    if isinstance(expr, ast.Range):
        low, high = (emitter.single(emitter.atoms(side, scope)) for side in (expr.low, expr.high))
        if low.type != "int" or high.type != "int":
            raise Untranslated
        return Code(f"span({low.text}, {high.text})", "int", "many")
    if isinstance(expr, ast.Negate):
        code = emitter.single(emitter.atoms(expr.operand, scope))
        code = emitter.to_double(code) if code.type == "untyped" else code
        if code.type not in NUMBERS:
            raise Untranslated
        return Code(f"neg({code.text})", code.type, code.card)
    if isinstance(expr, ast.Castable):
        code = emitter.single(emitter.atoms(expr.operand, scope))
        if code.type not in TEXTS or expr.type not in ("xs:integer", "xs:decimal", "xs:double", "xs:boolean", "xs:date", "xs:string"):
            raise Untranslated
        return Code(f"castable({expr.type!r}, {code.text}, {expr.optional})", "bool", "one")
    if isinstance(expr, ast.Constant):
        if any(child.children for child in expr.node.children):
            raise Untranslated
        return Code(repr(expr.node.string()), "untyped", "one")
    if isinstance(expr, ast.Typed):
        return argument(emitter, expr.operand, expr.type, scope)
    if isinstance(expr, ast.UserCall):
        from wasl.rules.emit_functions import user_call

        return user_call(emitter, expr, scope)
    if is_path(expr):
        walk = emitter.walk(expr, scope)
        if walk.scope is not None and not walk.scope.leaf:
            return NodeCode(walk.item if not walk.clauses else walk.listed(), "node", "one" if not walk.clauses else "many", walk.scope)
        return Code(walk.item, walk.type, "one") if not walk.clauses else Code(walk.listed(), walk.type, "many")
    raise Untranslated


def _together(codes: list[Code]) -> str:
    """The type of values that come from one of several expressions."""
    kinds = {"untyped" if code.type in NODES else code.type for code in codes if code.text != "()"}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds and kinds <= {"int", "dec"}:
        return "dec"
    raise Untranslated


def _if(emitter: WideEmitter, expr: ast.If, scope: Scope) -> Code:
    test = emitter.truth(expr.test, scope)
    sides = [emitter.value(side, scope) for side in (expr.then, expr.other)]
    if all(code.type in NODES and not isinstance(code, NodeCode) for code in sides):
        return Code(f"({sequence(sides[0])} if {test} else {sequence(sides[1])})", "node", "many")
    then, other = emitter.atoms(expr.then, scope), emitter.atoms(expr.other, scope)
    kind = _together([then, other])
    if then.card == other.card == "one":
        return Code(f"({then.text} if {test} else {other.text})", kind, "one")
    if "many" not in (then.card, other.card):
        return Code(f"({then.text} if {test} else {other.text})", kind, "opt")
    return Code(f"({sequence(then)} if {test} else {sequence(other)})", kind, "many")


def _sequence(emitter: WideEmitter, expr: ast.Sequence, scope: Scope) -> Code:
    codes = [emitter.atoms(item, scope) for item in expr.items]
    if not codes:
        return Code("()", "untyped", "many")
    kind = _together(codes)
    if all(code.card == "one" for code in codes):
        return Code(f"({', '.join(code.text for code in codes)},)", kind, "many")
    return Code(f"(*{', *'.join(sequence(code) for code in codes)},)", kind, "many")


def _for(emitter: WideEmitter, expr: ast.For, scope: Scope) -> Code:
    _, clauses, bound = emitter.bound(expr.source, scope)
    body = emitter.atoms(expr.body, replace(scope, variables={**scope.variables, expr.var: bound}))
    if body.card == "one":
        return Code(f"[{body.text} {' '.join(clauses)}]", body.type, "many")
    item = emitter.fresh("w")
    return Code(f"[{item} {' '.join(clauses)} for {item} in {sequence(body)}]", body.type, "many")


def filtered(emitter: WideEmitter, expr: ast.Filter, scope: Scope) -> Code:
    """A sequence with predicates: a place in it, or a test of each item as text."""
    code = emitter.atoms(expr.primary, scope)
    for predicate in expr.predicates:
        text = sequence(code)
        if predicate == ast.Call("last", ()):
            code = Code(f"{text}[-1:]", code.type, "many")
            continue
        if _is_number(emitter, predicate, scope):
            place = emitter.single(emitter.atoms(predicate, scope))
            code = Code(f"nth({text}, {place.text})", code.type, "many")
            continue
        item = emitter.fresh("z")
        test = emitter.truth(predicate, emitter.token(item, code.type, scope))
        code = Code(f"[{item} for {item} in {text} if {test}]", code.type, "many")
    return code


def _is_number(emitter: WideEmitter, predicate: ast.Expr, scope: Scope) -> bool:
    """A predicate that selects by position, without looking at the items."""
    from wasl.rules.xpath.shape import contains, positional

    looks = (ast.ContextItem, ast.Step, ast.Path, ast.Call)
    if contains(predicate, lambda e: isinstance(e, looks)):
        if positional(predicate):
            raise Untranslated
        return False
    if not isinstance(predicate, (ast.Literal, ast.Var, ast.Arith)):
        return False
    code = emitter.atoms(predicate, scope)
    if code.type not in NUMBERS:
        raise Untranslated
    return True


def argument(emitter: WideEmitter, expr: ast.Expr, wanted: ast.SequenceType | None, scope: Scope) -> Code:
    """A value for a parameter, a variable or a result; a condition is converted branch by branch."""
    if wanted is None:
        code = emitter.value(expr, scope)
        if isinstance(code, NodeCode):
            if code.scope is None or not code.scope.leaf:
                raise Untranslated
            return Code(code.text, "node", code.card)
        return code
    if isinstance(expr, ast.If):
        test = emitter.truth(expr.test, scope)
        then, other = argument(emitter, expr.then, wanted, scope), argument(emitter, expr.other, wanted, scope)
        card = "one" if then.card == other.card == "one" else "opt"
        if "many" in (then.card, other.card):
            raise Untranslated
        return Code(f"({then.text} if {test} else {other.text})", _together([then, other]), card)
    return converted(emitter.atoms(expr, scope), wanted)


def converted(code: Code, wanted: ast.SequenceType) -> Code:
    """Arguments, results and variables with `as`: at most one value, as the type asks."""
    if wanted.occurrence in ("*", "+"):
        if code.type == {"xs:string": "str", "xs:integer": "int", "xs:decimal": "dec"}.get(wanted.item) and wanted.occurrence == "*":
            return Code(sequence(code), code.type, "many")
        raise Untranslated
    if code.card == "many":
        code = Code(f"o1({code.text})", code.type, "opt")
    name, kind, text = wanted.item, code.type, code.text
    one = code.card == "one"

    def cast(function: str, result: str) -> Code:
        return Code(f"{function}({text})" if one else f"maybe({function}, {text})", result, code.card)

    found: Code | None = None
    if name == "xs:string" and kind in TEXTS:
        found = Code(text, "str", code.card)
    elif name == "xs:decimal":
        found = code if kind in ("dec", "int") else Code(f"dec({text})", "dec", code.card) if kind == "untyped" else None
    elif name == "xs:integer":
        found = code if kind == "int" else Code(f"ints({text})", "int", code.card) if kind == "untyped" else None
    elif name == "xs:double":
        found = code if kind == "dbl" else cast("dbl", "dbl") if kind == "untyped" else cast("float", "dbl") if kind in NUMBERS else None
    elif name == "xs:boolean":
        found = code if kind == "bool" else cast("to_boolean", "bool") if kind == "untyped" else None
    elif name == "xs:date":
        found = code if kind == "date" else cast("date", "date") if kind == "untyped" else None
    if found is None:
        raise Untranslated
    if found.card == "opt" and wanted.occurrence == "":
        return Code(f"must({found.text})", found.type, "one")
    return found


def call(emitter: WideEmitter, expr: ast.Call, scope: Scope) -> Code | None:
    """A function that only the wider sheets use; None leaves it to the narrow emitter."""
    name, args = expr.name, expr.args
    if name == "normalize-space" and not args and not scope.leaf and scope.item == "n":
        emitter.used.add("D")  # of a group: nothing, or it is left to the interpreter
        return Code("('' if blank(D, n) else '')", "str", "one")
    if name == "number":
        code = emitter.single(emitter.atoms(args[0] if args else ast.ContextItem(), scope))
        return Code(f"num({code.text})", "dbl", "one") if code.type in (*TEXTS, *NUMBERS) else _unknown()
    if name in ("matches", "replace", "tokenize"):
        return _pattern_call(emitter, expr, scope)
    if name == "string-to-codepoints":
        return Code(f"cp({emitter.text(args[0], scope)})", "int", "many")
    if name == "codepoints-to-string":
        code = emitter.items(args[0], scope)
        return Code(f"from_codepoints([*{code.text}])", "str", "one") if code.type == "int" else _unknown()
    if name == "reverse":
        code = emitter.items(args[0], scope)
        return Code(f"[*{code.text}][::-1]", code.type, "many")
    if name == "translate":
        return Code(f"trans({', '.join(emitter.text(arg, scope) for arg in args)})", "str", "one")
    if name == "string-join" and len(args) == 2:
        code = emitter.items(args[0], scope)
        return Code(f"{emitter.text(args[1], scope)}.join({code.text})", "str", "one") if code.type in TEXTS else _unknown()
    if name in ("xs:integer", "xs:double"):
        code = emitter.single(emitter.atoms(args[0], scope))
        if code.type not in (*TEXTS, *NUMBERS):
            return _unknown()
        if name == "xs:integer":
            return Code(f"ints({code.text})", "int", code.card)
        return emitter.to_double(replace(code, type="untyped") if code.type == "str" else code)
    if name in ("string", "xs:string") and args:
        code = emitter.single(emitter.atoms(args[0], scope))
        if code.type in ("int", "dec", "dbl", "bool"):
            return Code(f"txt({code.text})", "str", "one") if name == "string" or code.card == "one" else _unknown()
    if name in ("data", "distinct-values"):
        code = emitter.items(args[0], scope)
        if name == "distinct-values" and code.type not in TEXTS:
            return _unknown()
        return Code(code.text if name == "data" else f"[*dict.fromkeys({code.text})]", code.type, "many")
    if name in ("sum", "min", "max"):
        return _aggregate(emitter, expr, scope)
    if name == "exactly-one":
        code = emitter.atoms(args[0], scope)
        return code if code.card == "one" else Code(f"exactly({sequence(code)})", code.type, "one")
    if name == "xs:boolean":
        code = emitter.single(emitter.atoms(args[0], scope))
        if code.type not in TEXTS:
            return code if code.type == "bool" else _unknown()
        return Code(f"to_boolean({code.text})" if code.card == "one" else f"maybe(to_boolean, {code.text})", "bool", code.card)
    if name == "count":
        unlike = _before_alike(args[0], denied=True)
        if unlike is not None:
            return Code(f"len({_unlike(emitter, *unlike, scope)[1]})", "int", "one")
    return None


def _before_alike(expr: ast.Expr, *, denied: bool) -> tuple[ast.Expr, ast.Expr] | None:
    """`path/K[./a = preceding-sibling::K/a]`, or with not() around the comparison: the path without the predicate, and `a`."""
    steps = expr.steps if isinstance(expr, ast.Path) else (expr,)
    last = steps[-1] if steps else None
    if not isinstance(last, ast.Step) or not last.predicates or last.axis not in ("child", "descendant"):
        return None
    compared = last.predicates[-1]
    if denied:
        compared = compared.args[0] if isinstance(compared, ast.Call) and compared.name == "not" else None
    if not isinstance(compared, ast.Compare) or compared.op != "=" or not isinstance(compared.left, ast.Path) or compared.left.absolute:
        return None
    own = tuple(step for step in compared.left.steps if not isinstance(step, ast.ContextItem))
    if compared.right != ast.Path(False, (ast.Step("preceding-sibling", last.test), *own)):
        return None
    bare = ast.Step(last.axis, last.test, last.predicates[:-1])
    path = ast.Path(expr.absolute, (*steps[:-1], bare)) if isinstance(expr, ast.Path) else bare
    return path, ast.Path(False, own)


def _unlike(emitter: WideEmitter, path: ast.Expr, own: ast.Expr, scope: Scope) -> tuple[str, str]:
    """(the items, those of which no value stands in an earlier sibling)"""
    at = emitter.walk(path, scope)
    if at.scope is None or at.scope.leaf:
        raise Untranslated
    item = emitter.fresh("i")
    values = emitter.items(own, replace(at.scope, item=item, context=False, root=False))
    return at.listed(), f"alike_before({at.listed()}, lambda {item}: {values.text})"


def repeated(emitter: WideEmitter, expr: ast.Expr, scope: Scope) -> str | None:
    """Is there an item whose value stands in an earlier sibling?"""
    alike = _before_alike(expr, denied=False)
    if alike is None:
        return None
    items, first = _unlike(emitter, *alike, scope)
    return f"(len({items}) != len({first}))"


def _unknown() -> Code:
    raise Untranslated


def _aggregate(emitter: WideEmitter, expr: ast.Call, scope: Scope) -> Code | None:
    if len(expr.args) != 1:
        raise Untranslated
    code = emitter.items(expr.args[0], scope)
    text = f"dbls({code.text})" if code.type in ("untyped", "dbl") else code.text
    kind = "dbl" if code.type == "untyped" else code.type
    if kind not in NUMBERS:
        raise Untranslated
    if expr.name == "sum":
        return Code(f"fsum({text})", kind, "one") if kind == "dbl" else Code(f"sum({text})", kind, "one")
    return Code(f"most({1 if expr.name == 'max' else -1}, {text})", kind, "opt")


def _pattern_call(emitter: WideEmitter, expr: ast.Call, scope: Scope) -> Code:
    text = emitter.text(expr.args[0], scope)
    if len(expr.args) == 1:
        return Code(f"words({text})", "str", "many")
    given = [arg.value if isinstance(arg, ast.Literal) and isinstance(arg.value, str) else None for arg in expr.args[1:]]
    if expr.name == "replace" and given[1] is None:
        raise Untranslated
    if any(part is None for part in given):
        raise Untranslated
    function = {"matches": "matched", "replace": "replaced", "tokenize": "tokens"}[expr.name]
    code = f"{function}({text}, {', '.join(map(repr, given))})"
    return Code(code, _RESULTS.get(expr.name, "str"), "many" if expr.name == "tokenize" else "one")
