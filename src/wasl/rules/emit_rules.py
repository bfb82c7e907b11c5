"""One assert as a test, with the variables of its rule that it uses assigned before it."""

from __future__ import annotations

from wasl.rules.emit import Scope, Untranslated
from wasl.rules.emit_wide import Bindings, Needed, NodeCode, WideEmitter
from wasl.rules.sheet import Template
from wasl.rules.xpath import ast
from wasl.rules.xpath.shape import parts


def prepared(emitter: WideEmitter, expr: ast.Expr, scope: Scope, template: Template) -> tuple[list[str], str]:
    """(assignments, test). Variables are assigned in the order of need: eagerly, where the interpreter would wait."""
    emitter.bindings = Bindings(dict(template.lets))
    try:
        for _ in range(len(template.lets) + 1):
            try:
                return emitter.bindings.lines, emitter.truth(expr, scope)
            except Needed as need:
                _assign(emitter, need.name, scope, ())
        raise Untranslated
    finally:
        emitter.bindings = Bindings()


def _assign(emitter: WideEmitter, name: str, scope: Scope, above: tuple[str, ...]) -> None:
    if name in above:
        raise Untranslated
    bindings = emitter.bindings
    expr = bindings.lets[name]
    while True:
        try:
            code = emitter.value(expr, scope)
            break
        except Needed as need:
            _assign(emitter, need.name, scope, (*above, name))
    variable = emitter.fresh("l")
    if code.type in ("node", "attribute") and not isinstance(code, NodeCode):
        walk = emitter.walk(expr, scope) if not isinstance(expr, (ast.Var, ast.Global)) else None
        if walk is not None and walk.scope is not None:
            code = NodeCode(code.text, code.type, code.card, walk.scope)
    bindings.lines.append(f"{variable} = {code.text}")
    if isinstance(code, NodeCode):
        bindings.known[name] = NodeCode(variable, code.type, code.card, code.scope)
    else:
        bindings.known[name] = type(code)(variable, code.type, code.card)


def any_name(template: Template) -> bool | None:
    """A context of any name: is it a text (rules look at attributes only), a group (they look at children), or either?"""
    predicates = [predicate for pattern in template.patterns for predicate in pattern.steps[-1].predicates]
    if any(isinstance(part, ast.Step) and part.test == _ANY_ELEMENT for predicate in predicates for part in parts(predicate)):
        return None
    tests = [rule.expr for rule in template.asserts]
    children = [part for test in tests for part in parts(test) if isinstance(part, ast.Step) and part.axis == "child"]
    rooted = [step for test in tests for part in parts(test) if isinstance(part, ast.Path) and part.absolute for step in part.steps]
    return all(step in rooted for step in children)


def looks_at_itself(template: Template) -> bool:
    """Do predicates or rules of a context ask for attributes or text? Then it is most likely a text."""
    predicates = [predicate for pattern in template.patterns for predicate in pattern.steps[-1].predicates]
    tests = [*predicates, *(rule.expr for rule in template.asserts)]
    return any(
        isinstance(part, ast.ContextItem) or (isinstance(part, ast.Step) and part.axis == "attribute") for test in tests for part in parts(test)
    )


_ANY_ELEMENT = ast.NodeTest("name")
