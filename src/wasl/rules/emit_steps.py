"""Paths of the wider sheets as the clauses of a comprehension: variables, positions, what stands above and beside."""

from __future__ import annotations

from dataclasses import replace

from wasl.rules.emit import Scope, Untranslated, Walk, is_path, sequence
from wasl.rules.emit_paths import absolute, attribute
from wasl.rules.emit_wide import NODES, NodeCode, Place, WideEmitter
from wasl.rules.xpath import ast
from wasl.rules.xpath.shape import contains, positional

_ANY = ast.NodeTest("node")


def walk(emitter: WideEmitter, expr: ast.Expr, scope: Scope) -> Walk:
    steps = list(expr.steps) if isinstance(expr, ast.Path) else [expr]
    at = Walk([], scope, scope.item)
    if isinstance(expr, ast.Path) and expr.absolute:
        emitter.used.add("D")
        if not steps:
            return Walk([], Place("D.doc", variables=scope.variables), "D.doc")
        at = absolute(emitter, steps, scope)
        if at.scope is not None:
            at = replace(at, scope=_placed(at.scope, None))
    elif steps and _starts_anew(steps[0]):
        at = _start(emitter, steps.pop(0), scope)
    elif scope.item == "None":
        raise Untranslated  # a function has no context
    for step in steps:
        at = _advance(emitter, at, step)
    return at


def _starts_anew(step: ast.Expr) -> bool:
    primary = step.primary if isinstance(step, ast.Filter) else step
    return isinstance(primary, (ast.Var, ast.Global, ast.Sequence, ast.Path, ast.Combine))


def _placed(scope: Scope, up: str | None) -> Place:
    if isinstance(scope, Place):
        return scope
    return Place(scope.item, scope.leaf, scope.key, scope.root, scope.context, scope.variables, up)


def _start(emitter: WideEmitter, step: ast.Expr, scope: Scope) -> Walk:
    """The first step of a path, or all of it, that is a variable or a sequence of paths."""
    if isinstance(step, ast.Filter):
        if any(positional(predicate) for predicate in step.predicates):
            return _nth(emitter, step, scope)
        return _filter(emitter, _start(emitter, step.primary, scope), step.predicates)
    if isinstance(step, ast.Path):
        return emitter.walk(step, scope)
    if isinstance(step, (ast.Sequence, ast.Combine)):
        return _several(emitter, _sides(step), scope, union=isinstance(step, ast.Combine))
    let = emitter.bindings.lets.get(step.name) if isinstance(step, ast.Var) and scope.context else None
    if isinstance(let, ast.If):
        return _either(emitter, let, scope)
    code = emitter.value(step, scope)
    item = code.text
    clauses: list[str] = []
    if code.card != "one":
        item = emitter.fresh("x")
        clauses = [f"for {item} in {sequence(code)}"]
    if isinstance(code, NodeCode) and code.scope is not None:
        inner = _placed(code.scope, None)
        return Walk(clauses, replace(inner, item=item, context=False, root=False, variables=scope.variables), item)
    if code.type in NODES:  # leaves or attributes, of which only the values are known
        return Walk(clauses, Place(item, True, variables=scope.variables), item)
    return Walk(clauses, None, item, code.type)


def _either(emitter: WideEmitter, expr: ast.If, scope: Scope) -> Walk:
    """A variable that is one path or another: `if (/ubl:Invoice) then ../cbc:A else ../cbc:B`."""
    walks = [emitter.walk(side, scope) for side in (expr.then, expr.other)]
    scopes = [at.scope for at in walks if at.scope is not None]
    keys = tuple(place.key for place in scopes if place.key is not None)
    if len(keys) != 2 or len({place.leaf for place in scopes}) != 1:
        raise Untranslated
    item = emitter.fresh("x")
    source = f"({walks[0].listed()} if {emitter.truth(expr.test, scope)} else {walks[1].listed()})"
    inner = Place(item, scopes[0].leaf, None, variables=scope.variables, keys=keys)
    return Walk([f"for {item} in {source}"], inner, item)


def _nth(emitter: WideEmitter, step: ast.Filter, scope: Scope) -> Walk:
    """`(path)[1]`: sure of document order only where the path goes down from one node by one name a step."""
    at = _start(emitter, step.primary, scope) if _starts_anew(step.primary) else emitter.walk(step.primary, scope)
    text = at.listed()
    if not _ordered(step.primary):
        below = _below_all(step.primary)
        text = f"only({text})" if below is None else f"sure(D, {emitter.names.key(below)!r}, {text})"
    number = step.predicates[0]
    if at.scope is None or len(step.predicates) != 1:
        raise Untranslated
    item = emitter.fresh("x")
    source = f"{text}{_slice(number)}"
    if isinstance(step.primary, ast.Path) and step.primary.absolute and not contains(step, lambda e: isinstance(e, ast.Var)):
        source = emitter.once(source)  # the same wherever it is asked for
    return Walk([f"for {item} in {source}"], replace(_placed(at.scope, None), item=item), item)


def _below_all(expr: ast.Expr) -> ast.NodeTest | None:
    """K of `//K/a/b`."""
    if not isinstance(expr, ast.Path) or not expr.absolute or len(expr.steps) < 2:
        return None
    first = expr.steps[0]
    named = isinstance(first, ast.Step) and first.axis == "descendant" and first.test.kind == "name" and first.test.local is not None
    return first.test if named and isinstance(first, ast.Step) and _ordered(ast.Path(False, expr.steps[1:])) else None


def _ordered(expr: ast.Expr) -> bool:
    steps = expr.steps if isinstance(expr, ast.Path) else (expr,)
    return all(isinstance(s, ast.Step) and s.axis == "child" and s.test.kind == "name" and s.test.local is not None for s in steps)


def _slice(predicate: ast.Expr) -> str:
    if isinstance(predicate, ast.Literal) and isinstance(predicate.value, int) and predicate.value > 0:
        return f"[{predicate.value - 1}:{predicate.value}]"
    if predicate == ast.Call("last", ()):
        return "[-1:]"
    raise Untranslated


def _sides(expr: ast.Expr) -> list[ast.Expr]:
    if isinstance(expr, ast.Combine) and expr.op == "union":
        return _sides(expr.left) + _sides(expr.right)
    return list(expr.items) if isinstance(expr, ast.Sequence) else [expr]


def _several(emitter: WideEmitter, sides: list[ast.Expr], scope: Scope, *, union: bool) -> Walk:
    """Paths one after the other. In a union no node may stand in two of them: their last names differ, or their first ones."""
    walks = [emitter.walk(side, scope) for side in sides]
    if not walks or any(at.scope is None for at in walks):
        raise Untranslated
    if union and not _disjoint(emitter, sides):
        raise Untranslated
    scopes = [at.scope for at in walks if at.scope is not None]
    if len({place.leaf for place in scopes}) != 1:
        raise Untranslated
    item = emitter.fresh("x")
    key = scopes[0].key if len({place.key for place in scopes}) == 1 else None
    joined = f"(*{', *'.join(at.listed() for at in walks)},)"
    return Walk([f"for {item} in {joined}"], Place(item, scopes[0].leaf, key, variables=scope.variables), item)


def _disjoint(emitter: WideEmitter, sides: list[ast.Expr]) -> bool:
    ends: list[str] = []
    starts: list[str] = []
    for side in sides:
        steps = side.steps if isinstance(side, ast.Path) else (side,)
        names = [emitter.names.key(s.test) for s in steps if isinstance(s, ast.Step) and s.axis == "child" and s.test.kind == "name"]
        if len(names) != len(steps) or "*" in names:
            return False
        starts.append(names[0])
        ends.append(names[-1])
    rooted = {isinstance(side, ast.Path) and side.absolute for side in sides}
    return len(set(ends)) == len(ends) or (len(rooted) == 1 and len(set(starts)) == len(starts))


def _advance(emitter: WideEmitter, at: Walk, step: ast.Expr) -> Walk:
    scope = at.scope
    if scope is None:
        raise Untranslated
    if isinstance(step, ast.ContextItem):
        return at
    if isinstance(step, ast.Step):
        return _axis(emitter, at, _placed(scope, None), step)
    if isinstance(step, ast.Filter) and isinstance(step.primary, ast.ContextItem):
        return _filter(emitter, at, step.predicates)
    if isinstance(step, (ast.Combine, ast.Sequence)) or (isinstance(step, ast.Filter) and isinstance(step.primary, (ast.Combine, ast.Sequence))):
        inner = _start(emitter, step, replace(scope, context=False) if at.clauses else scope)
        return Walk([*at.clauses, *inner.clauses], inner.scope, inner.item, inner.type)
    if is_path(step) and not isinstance(step, ast.Filter):
        raise Untranslated
    code = emitter.atoms(step, scope)
    if code.card == "one":
        return Walk(at.clauses, None, code.text, code.type)
    item = emitter.fresh("y")
    return Walk([*at.clauses, f"for {item} in {sequence(code)}"], None, item, code.type)


def _axis(emitter: WideEmitter, at: Walk, scope: Place, step: ast.Step) -> Walk:
    if step.axis == "child" and step.test.kind == "text":
        if not scope.leaf or step.predicates:
            raise Untranslated
        emitter.used.add("D")
        item = emitter.fresh("x")
        return Walk([*at.clauses, f"for {item} in tx(D, {scope.item})"], Place(item, True, variables=scope.variables), item)
    if step.axis == "child":
        return _child(emitter, at, scope, step)
    if step.axis == "attribute":
        if not scope.keys:
            return attribute(emitter, at, scope, step)
        walks = [attribute(emitter, at, replace(scope, key=key), step) for key in scope.keys]  # the names' attributes are kept
        return walks[0]
    if step.axis == "parent" or (step.axis == "ancestor" and step.test.kind == "name"):
        return _above(emitter, at, scope, step)
    if step.axis == "self":
        return _self(emitter, at, scope, step)
    if step.axis == "following-sibling":
        return _behind(emitter, at, scope, step)
    raise Untranslated


def _child(emitter: WideEmitter, at: Walk, scope: Place, step: ast.Step) -> Walk:
    names = emitter.names
    key = names.key(step.test)
    if step.test.kind != "name" or (key == "*" and (step.test.uri is not None or step.test.local is not None or step.predicates)):
        raise Untranslated
    if scope.item.startswith("^"):
        raise Untranslated
    item = emitter.fresh("x")
    inner = Place(item, key in names.leaves, None if key == "*" else key, variables=scope.variables, up=scope.item)
    if scope.leaf:
        return Walk([*at.clauses, f"for {item} in E"], replace(inner, leaf=True), item)
    source = f"kids({scope.item})" if key == "*" else f"{scope.item}.get({key!r}, E)"
    for predicate in step.predicates:
        if positional(predicate):
            source = f"{source}{_slice(predicate)}"
        else:
            test = emitter.truth(predicate, inner)
            source = f"[{item} for {item} in {source} if {test}]"
    return Walk([*at.clauses, f"for {item} in {source}"], inner, item)


def _above(emitter: WideEmitter, at: Walk, scope: Place, step: ast.Step) -> Walk:
    """The parent, or the ancestors of a name."""
    emitter.used.add("p")
    if scope.context and not at.clauses:
        up = "p" if scope.leaf else f"{scope.item}['..']"
    elif scope.leaf or scope.up is not None:
        if scope.up is None:
            raise Untranslated
        up = scope.up
    else:
        up = f"{scope.item}['..']"
    if step.axis == "parent" and step.test == _ANY and not step.predicates:
        return Walk(at.clauses, Place(up, variables=scope.variables), up)
    key = emitter.names.key(step.test)
    if step.test.kind != "name" or key == "*":
        raise Untranslated
    item = emitter.fresh("x")
    source = f"upward({up}, {key!r})" if step.axis == "ancestor" else f"({up},) if {item}['.'].key == {key!r}"
    found = Walk([*at.clauses, f"for {item} in {source}"], Place(item, key=key, variables=scope.variables), item)
    return _filter(emitter, found, step.predicates)


def _self(emitter: WideEmitter, at: Walk, scope: Place, step: ast.Step) -> Walk:
    key = emitter.names.key(step.test)
    if step.test.kind == "name" and step.test.uri is not None and step.test.local is not None:
        if scope.context and not at.clauses:
            name = emitter.fresh("s")
            found = Walk([f"for {name} in (1,) if G.key == {key!r}"], scope, scope.item)
        elif scope.key is not None:
            name = emitter.fresh("s")
            found = Walk([*at.clauses, f"for {name} in ({'1,' if scope.key == key else ''})"], scope, scope.item)
        else:
            raise Untranslated
        return _filter(emitter, found, step.predicates)
    raise Untranslated


def _behind(emitter: WideEmitter, at: Walk, scope: Place, step: ast.Step) -> Walk:
    """Following siblings of another name."""
    key = emitter.names.key(step.test)
    up = "p" if scope.context and scope.leaf and not at.clauses else scope.up
    if scope.key is None or key in ("*", scope.key) or step.test.kind != "name" or up is None:
        raise Untranslated
    emitter.used.add("p")
    item = emitter.fresh("x")
    inner = Place(item, key in emitter.names.leaves, key, variables=scope.variables, up=up)
    return _filter(emitter, Walk([*at.clauses, f"for {item} in after_in({up}, {scope.key!r}, {key!r})"], inner, item), step.predicates)


def _filter(emitter: WideEmitter, at: Walk, predicates: tuple[ast.Expr, ...]) -> Walk:
    for predicate in predicates:
        if at.scope is None or positional(predicate):
            raise Untranslated
        test = emitter.truth(predicate, at.scope)
        if at.clauses:
            at = Walk([*at.clauses[:-1], f"{at.clauses[-1]} if {test}"], at.scope, at.item, at.type)
        else:
            at = Walk([f"for {emitter.fresh('s')} in (1,) if {test}"], at.scope, at.item, at.type)
    return at
