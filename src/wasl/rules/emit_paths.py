"""Paths as the clauses of a list comprehension."""

from __future__ import annotations

from dataclasses import replace

from wasl.rules.emit import Emitter, Scope, Untranslated, Walk, sequence, simple_path
from wasl.rules.xpath import ast
from wasl.rules.xpath.shape import positional

_ANY_NODE = ast.NodeTest("node")
_DEEP = ast.Step("descendant-or-self", _ANY_NODE)


def walk(emitter: Emitter, expr: ast.Expr, scope: Scope) -> Walk:
    if isinstance(expr, ast.Combine):
        return _union(emitter, expr, Walk([], scope, scope.item))
    if emitter.at_hand is not None and scope.context:
        return _at_hand(emitter, emitter.at_hand, expr, scope)
    steps = list(expr.steps) if isinstance(expr, ast.Path) else [expr]
    at = Walk([], scope, scope.item)
    if isinstance(expr, ast.Path) and expr.absolute:
        emitter.used.add("D")
        if not steps:
            raise Untranslated
        at = absolute(emitter, steps, scope)
    for step in steps:
        at = _advance(emitter, at, step)
    return at


def _at_hand(emitter: Emitter, single: tuple[str, ...], expr: ast.Expr, scope: Scope) -> Walk:
    """The only path of a rule, or the way to it; each step of it exists once."""
    simple = simple_path(expr)
    keys = tuple(emitter.names.key(test) for test in simple or ())
    if not keys or keys != single[: len(keys)]:
        raise Untranslated
    if keys == single:
        return Walk([], Scope("t", leaf=True, key=keys[-1], variables=scope.variables), "t")
    return Walk([], Scope("n", key=keys[-1], variables=scope.variables), "n")


def absolute(emitter: Emitter, steps: list[ast.Expr], scope: Scope) -> Walk:
    """The first step of an absolute path, taken off `steps`: a column of the document, or the document node itself."""
    first = steps[0]
    names = emitter.names
    document = Scope("D.doc", variables=scope.variables)
    if isinstance(first, ast.Step) and first.axis == "descendant":
        steps.pop(0)
        return _filter(emitter, _column(emitter, first, scope), first.predicates)
    if first == _DEEP:
        steps.pop(0)
        second = steps.pop(0)
        if isinstance(second, ast.Step) and second.axis == "attribute" and not second.predicates:
            item = emitter.fresh("a")
            return Walk([f"for {item} in D.attributes({names.key(second.test)!r})"], None, item, "attribute")
        if isinstance(second, ast.Combine):
            return _columns(emitter, second, scope)
        raise Untranslated
    return Walk([], document, "D.doc")


def _column(emitter: Emitter, step: ast.Step, scope: Scope) -> Walk:
    key = emitter.names.key(step.test)
    if key == "*" or step.test.kind != "name":
        raise Untranslated
    item = emitter.fresh("x")
    leaf = key in emitter.names.leaves
    method = "texts" if leaf else "all" if key in emitter.names.containers else "nodes"
    return Walk([f"for {item} in D.{method}({key!r})"], Scope(item, leaf, key, variables=scope.variables), item)


def _columns(emitter: Emitter, union: ast.Combine, scope: Scope) -> Walk:
    """`//(a|b)`: the columns of several names, one after the other."""
    tests = _names_of(union)
    keys = [emitter.names.key(test) for test in tests]
    if len(set(keys)) != len(keys) or not all(key in emitter.names.containers for key in keys):
        raise Untranslated
    item = emitter.fresh("x")
    return Walk([f"for {item} in (*{', *'.join(f'D.all({key!r})' for key in keys)},)"], Scope(item, variables=scope.variables), item)


def _names_of(expr: ast.Expr) -> list[ast.NodeTest]:
    if isinstance(expr, ast.Combine) and expr.op == "union":
        return _names_of(expr.left) + _names_of(expr.right)
    if isinstance(expr, ast.Step) and expr.axis == "child" and not expr.predicates and expr.test.kind == "name":
        return [expr.test]
    raise Untranslated


def _advance(emitter: Emitter, at: Walk, step: ast.Expr) -> Walk:
    scope = at.scope
    if scope is None:
        raise Untranslated
    if isinstance(step, ast.ContextItem):
        return at
    if isinstance(step, ast.Step):
        return _axis(emitter, at, scope, step)
    if isinstance(step, ast.Combine):
        return _union(emitter, step, at)
    if isinstance(step, ast.Filter) and isinstance(step.primary, ast.Combine):
        return _filter(emitter, _union(emitter, step.primary, at), step.predicates)
    if isinstance(step, ast.Filter):
        raise Untranslated
    code = emitter.value(step, scope)
    if code.type in ("node", "attribute"):
        raise Untranslated
    if code.card == "one":
        return Walk(at.clauses, None, code.text, code.type)
    item = emitter.fresh("y")
    return Walk([*at.clauses, f"for {item} in {sequence(code)}"], None, item, code.type)


def _axis(emitter: Emitter, at: Walk, scope: Scope, step: ast.Step) -> Walk:
    if step.axis == "child":
        return _filter(emitter, _child(emitter, at, scope, step), step.predicates)
    if step.axis == "attribute":
        return attribute(emitter, at, scope, step)
    if step.axis == "parent" and step.test == _ANY_NODE and not step.predicates and not at.clauses:
        if scope.leaf:
            if not scope.context:
                raise Untranslated
            emitter.used.add("p")
            return Walk([], Scope("p", variables=scope.variables), "p")
        up = f"{scope.item}['..']"
        emitter.used.add("p")
        return Walk([], Scope(up, variables=scope.variables), up)
    if step.axis == "self" and scope.context and not at.clauses and not step.predicates:
        return Walk([f"for _s in (1,) if G.key == {emitter.names.key(step.test)!r}"], scope, scope.item)
    if step.axis == "ancestor" and scope.context and not at.clauses and not step.predicates:
        return Walk([f"for _s in (1,) if {emitter.names.key(step.test)!r} in G.names"], Scope(f"^{emitter.names.key(step.test)}"), "1")
    raise Untranslated


def _child(emitter: Emitter, at: Walk, scope: Scope, step: ast.Step) -> Walk:
    names = emitter.names
    if step.test.kind != "name" or any(positional(p) for p in step.predicates):
        raise Untranslated
    key = names.key(step.test)
    item = emitter.fresh("x")
    if scope.item.startswith("^"):  # the children of every ancestor of a name; only there if such an ancestor is
        emitter.used.add("p?" + scope.item[1:])
        return Walk([f"for {item} in ({scope.item[1:]!r} in G.names and anc(p, {scope.item[1:]!r}, {key!r}) or E)"], Scope(item), item)
    if scope.leaf:
        return Walk([*at.clauses, f"for {item} in E"], Scope(item, True, key, variables=scope.variables), item)
    if key == "*":
        if step.test.uri is not None or step.test.local is not None or step.predicates:
            raise Untranslated
        return Walk([*at.clauses, f"for {item} in kids({scope.item})"], Scope(item, variables=scope.variables), item)
    inner = Scope(item, key in names.leaves, key, variables=scope.variables)
    return Walk([*at.clauses, f"for {item} in {scope.item}.get({key!r}, E)"], inner, item)


def attribute(emitter: Emitter, at: Walk, scope: Scope, step: ast.Step) -> Walk:
    if step.predicates or step.test.kind != "name" or step.test.local is None or step.test.uri is None:
        raise Untranslated
    name = emitter.names.key(step.test)
    item = emitter.fresh("a")
    if scope.context:
        emitter.used.add("A")
        source = f"av(A.get({name!r}))"
    elif scope.leaf or scope.key not in emitter.names.containers:
        if scope.key is None:
            raise Untranslated
        emitter.names.attributed.add(scope.key)
        source = f"at({scope.item}, {name!r})"
    else:
        source = f"atc({scope.item}, {name!r})"
    return Walk([*at.clauses, f"for {item} in {source}"], None, item, "attribute")


def _filter(emitter: Emitter, at: Walk, predicates: tuple[ast.Expr, ...]) -> Walk:
    for predicate in predicates:
        if at.scope is None or positional(predicate):
            raise Untranslated
        at = Walk([*at.clauses[:-1], f"{at.clauses[-1]} if {emitter.truth(predicate, at.scope)}"], at.scope, at.item, at.type)
    return at


def _union(emitter: Emitter, expr: ast.Combine, at: Walk) -> Walk:
    """Children of different names: no node can be in two of them."""
    if expr.op != "union" or at.scope is None:
        raise Untranslated
    sides: list[str] = []
    keys: list[str] = []
    for side in _sides(expr):
        last = side.steps[-1] if isinstance(side, ast.Path) else side
        if not isinstance(last, ast.Step) or last.axis != "child" or last.test.kind != "name":
            raise Untranslated
        keys.append(emitter.names.key(last.test))
        sides.append(walk(emitter, side, replace(at.scope)).listed())
    if len(set(keys)) != len(keys) or "*" in keys:
        raise Untranslated
    leaf = {key in emitter.names.leaves for key in keys}
    if len(leaf) != 1:
        raise Untranslated
    item = emitter.fresh("x")
    container = all(key in emitter.names.containers for key in keys)
    scope = Scope(item, leaf.pop(), keys[0] if container else None, variables=at.scope.variables)
    return Walk([*at.clauses, f"for {item} in (*{', *'.join(sides)},)"], scope, item)


def _sides(expr: ast.Expr) -> list[ast.Expr]:
    return _sides(expr.left) + _sides(expr.right) if isinstance(expr, ast.Combine) and expr.op == "union" else [expr]
