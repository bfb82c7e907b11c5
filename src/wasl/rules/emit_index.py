"""Predicates that compare with a constant become look-ups: one pass over a column builds an index, every later rule reads it.

`//cac:ClassifiedTaxCategory[normalize-space(cbc:ID)='AE']` and its sisters for S, Z, E ... differ only in the constant, and so do the
sums per category and rate. The index is keyed by the compared values; it is built at most once a document and start.
"""

from __future__ import annotations

from dataclasses import replace

from wasl.rules.emit import Code, Emitter, Scope, Untranslated, is_path, members, sequence
from wasl.rules.xpath import ast


def indexed(emitter: Emitter, expr: ast.Expr, scope: Scope) -> str | None:
    """The look-up for a document-wide path whose predicates are all comparisons with constants; None for other paths."""
    if not isinstance(expr, ast.Path) or len(expr.steps) < 1:
        return None
    base, steps = _base(expr, scope)
    if base is None or not any(isinstance(s, ast.Step) and s.predicates for s in steps):
        return None
    try:
        return _lookup(emitter, base, steps, scope)
    except Untranslated:
        return None


def _base(expr: ast.Path, scope: Scope) -> tuple[str | None, tuple[ast.Expr, ...]]:
    """Where the path starts: the document, the root element, or an ancestor of the context reached by `..` steps."""
    if expr.absolute:
        return "D.doc", expr.steps
    ups = 0
    for step in expr.steps:
        if step != ast.Step("parent", ast.NodeTest("node")):
            break
        ups += 1
    if ups and scope.context and not scope.leaf:
        return scope.item + "['..']" * ups, expr.steps[ups:]
    return ("D.root", expr.steps) if scope.root else (None, ())


def _lookup(emitter: Emitter, base: str, steps: tuple[ast.Expr, ...], scope: Scope) -> str:
    keys: list[str] = []
    start = Scope("b")
    outer_used, emitter.used = emitter.used, set()
    counter, emitter.counter = emitter.counter, 0
    try:
        lines, item = _loops(emitter, base == "D.doc", list(steps), start, scope, keys)
    finally:
        emitter.used, emitter.counter = outer_used, counter
    emitter.used.add("D")
    if base.count(".."):
        emitter.used.add("p")
    names = ", ".join(f"k{n}" for n in range(len(keys)))
    lines.append(f"found.setdefault(({names},), []).append({item})")
    body = "\n".join("    " * (depth + 1) + line for depth, line in enumerate(lines))
    source = f"(b, D):\n    found = {{}}\n{body}\n    return found\n"
    number = emitter.indexes.setdefault(source, len(emitter.indexes))
    found = f"D.find({number}, i{number}, {base})"
    if base in ("D.doc", "D.root"):
        found = f"(D.index[{number}] if {number} in D.index else {found})"
    return f"{found}.get(({', '.join(keys)},), E)"


def _loops(emitter: Emitter, document: bool, steps: list[ast.Expr], at: Scope, outer: Scope, keys: list[str]) -> tuple[list[str], str]:
    """Nested loops over the steps; each comparison with a constant becomes a loop over the compared values, its constant a key."""
    lines: list[str] = []
    first = steps[0]
    if document and isinstance(first, ast.Step) and first.axis == "descendant":
        key = emitter.names.key(first.test)
        if key not in emitter.names.containers:
            raise Untranslated
        at = Scope("x0", key=key)
        lines.append(f"for x0 in D.all({key!r}):")
        _predicates(emitter, first, at, outer, keys, lines)
        steps = steps[1:]
    for step in steps:
        if isinstance(step, ast.Step) and step.axis == "child" and not at.leaf:
            key = emitter.names.key(step.test)
            if key == "*" or step.test.kind != "name":
                raise Untranslated
            inner = Scope(emitter.fresh("x"), key in emitter.names.leaves, key)
            lines.append(f"for {inner.item} in {at.item}.get({key!r}, E):")
            _predicates(emitter, step, inner, outer, keys, lines)
            at = inner
        elif not isinstance(step, ast.Step) and not is_path(step):
            code = emitter.value(step, at)
            item = emitter.fresh("y")
            lines.append(f"for {item} in {sequence(code)}:")
            at = Scope(item, leaf=True)
        else:
            raise Untranslated
    if not keys:
        raise Untranslated
    return lines, at.item


def _predicates(emitter: Emitter, step: ast.Step, at: Scope, outer: Scope, keys: list[str], lines: list[str]) -> None:
    for predicate in step.predicates:
        if not isinstance(predicate, ast.Compare) or predicate.op != "=" or predicate.kind != "general":
            raise Untranslated
        constant = _constant(emitter, predicate.right, outer)
        left = emitter.atoms(predicate.left, at)
        if left.type == "untyped" and constant.type == "bool":
            left = emitter.typed(left, constant)
        if not _comparable(left, constant):
            raise Untranslated
        name = f"k{len(keys)}"
        lines.append(f"for {name} in {members(left)}:")
        keys.append(constant.text)


def _constant(emitter: Emitter, expr: ast.Expr, outer: Scope) -> Code:
    """A literal, true() or false(), or a variable that is bound outside the path."""
    if isinstance(expr, ast.Literal) or expr in (ast.Call("true", ()), ast.Call("false", ())):
        return emitter.value(expr, Scope("_"))
    if isinstance(expr, ast.Var):
        code = outer.variables[expr.name]
        return replace(code)
    raise Untranslated


def _comparable(left: Code, right: Code) -> bool:
    texts = ("untyped", "str")
    return right.card == "one" and ((left.type in texts and right.type in texts) or left.type == right.type)
