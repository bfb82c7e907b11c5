"""A sheet to one Python module: readable source, compiled once, run over the fast tree.

The module holds data (rules, match patterns, absent paths) and small functions: `t12` runs the asserts of a rule context on one node,
`p7` is the predicate of a match pattern, `k3` the value by which a group of patterns can be told apart, `i5` builds an index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from wasl.rules.emit import Scope, Untranslated
from wasl.rules.emit_names import WideNames
from wasl.rules.emit_near import Near
from wasl.rules.emit_rules import any_name, looks_at_itself, prepared
from wasl.rules.emit_wide import WideEmitter
from wasl.rules.errors import Unsupported
from wasl.rules.names import Names
from wasl.rules.sheet import Assert, Sheet, Template
from wasl.rules.xpath import ast
from wasl.rules.xpath.pattern import Pattern


@dataclass(slots=True)
class Generated:
    """The source, and the ids of asserts that are left to the reference interpreter."""

    source: str
    interpreted: list[str] = field(default_factory=list)


class Generator:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.names = WideNames(sheet)
        self.emitter = WideEmitter(self.names)
        self.near = Near(self.emitter)
        self.functions: list[str] = []
        self.rules: list[str] = []
        self.patterns: list[str] = []
        self.absent: list[str] = []
        self.asked: set[str] = set()  # leaves whose attributes their own rules ask for
        self.interpreted: list[str] = []
        self.keys: dict[str, int] = {}

    def generate(self) -> Generated:
        number = 0
        for place, (_, templates) in enumerate(self.sheet.modes):
            for template in templates:
                self._template(template, number, place)
                number += 1
        for source, index in self.emitter.indexes.items():
            self.functions.append(f"def i{index}{source}")
        names, near = self.names, self.near
        constants = [f"def h{number}(D):\n    return {code}\n" for code, number in self.emitter.walks.items()]
        parts = [
            f'"""{self.sheet.title}: {len(self.rules)} asserts. Generated; do not edit."""\n',
            "from wasl.rules.library import *",
            "from wasl.rules.runtime import *\n",
            f"PREFIXES = {names.prefixes!r}",
            f"LEAVES = frozenset({sorted(names.leaves)!r})",
            f"CONTAINERS = frozenset({sorted(names.containers)!r})",
            f"ATTRIBUTED = frozenset({sorted(names.attributed)!r})",
            f"ASKED = frozenset({sorted(self.asked)!r})",
            f"MODES = {len(self.sheet.modes)}\n",
            "# (id, severity, test, text; None where the text has values in it), template by template",
            "RULES = [\n" + "".join(f"    {rule},\n" for rule in self.rules) + "]\n",
            *(f"{name} = {source}" for source, name in self.emitter.lists.items()),
            *constants,
            *self.emitter.definitions,
            *self.functions,
            "# (mode, template, names from the last step up, rooted, predicate, what it uses, key function, key, condition on the name, sees)",
            "PATTERNS = [\n" + "".join(f"    {line},\n" for line in self.patterns) + "]\n",
            "# (template, rule, from the root element only, names from there down, attribute): the rule fires where the path exists",
            "ABSENT = [\n" + "".join(f"    {line},\n" for line in self.absent) + "]\n",
            *near.lines([*constants, *self.emitter.definitions, *self.functions]),
        ]
        return Generated("\n".join(parts), self.interpreted)

    def _template(self, template: Template, number: int, mode: int) -> None:
        leaf = self._is_leaf(template)
        root = all(p.rooted and len(p.steps) == 1 and not p.steps[0].deep for p in template.patterns)
        scope = Scope("n", bool(leaf), context=True, root=root)
        self.emitter.used = set()
        lines: list[str] = []
        first = len(self.rules)
        for rule in template.asserts:
            index = len(self.rules)
            plain = len(rule.text) == 1 and isinstance(rule.text[0], str)
            self.rules.append(repr((rule.id, rule.severity, rule.test, rule.text[0] if plain else None)))
            paths = _absent_paths(rule.expr, self.names) if root and not rule.report else None
            if paths is not None:
                self.absent.extend(f"({number}, {index}, {rooted}, {keys!r}, {attribute!r})" for rooted, keys, attribute in paths)
            else:
                code = self._assert(rule, index, scope, template) if leaf is not None else self._either(rule, index, scope, template)
                lines.extend(code)
                if code:
                    self.near.rule(template, number, rule, index, leaf, code)
        self.functions.extend(self.near.functions(number))
        uses = self.emitter.used
        body = "".join(f"    {line}\n" for line in lines) or "    pass\n"
        self.functions.append(f"# {template.context[:120]}\ndef t{number}(n, p, G, A, D, out, err):\n{body}")
        for pattern in template.patterns:
            self._pattern(pattern, template, (mode, number, first), leaf, set(uses))

    def _is_leaf(self, template: Template) -> bool | None:
        """Is the context a text, a group, or (None) either?"""
        last = [self.names.key(pattern.steps[-1].test) for pattern in template.patterns]
        if not template.patterns:
            return False  # nothing ever matches
        if last == ["*"]:
            return any_name(template)
        if not any(key in self.names.leaves or key in self.names.containers for key in last) and not looks_at_itself(template):
            return None  # nothing is known of it
        kinds = {key == "*" or key not in self.names.containers for key in last}
        return kinds.pop() if len(kinds) == 1 else None

    def _either(self, rule: Assert, index: int, scope: Scope, template: Template) -> list[str]:
        """An assert for a context that may be a group or a text."""
        interpreted = len(self.interpreted)
        group, text = (self._assert(rule, index, replace(scope, leaf=leaf), template) for leaf in (False, True))
        del self.interpreted[interpreted + 1 :]
        return ["if n.__class__ is dict:", *(f"    {line}" for line in group or ["pass"]), "else:", *(f"    {line}" for line in text or ["pass"])]

    def _assert(self, rule: Assert, index: int, scope: Scope, template: Template) -> list[str]:
        try:
            before, test = prepared(self.emitter, rule.expr, scope, template)
        except Untranslated:
            self.interpreted.append(rule.id)
            return [f"err.append({index})  # {rule.id} is interpreted"]
        if test == ("False" if rule.report else "True"):
            return []
        condition = f"if {test}" if rule.report else f"if not {test}"
        body = [*before, f"{condition}: out.append({index})  # {rule.id}"]
        return ["try:", *(f"    {line}" for line in body), f"except Exception: err.append({index})"]

    def _pattern(self, pattern: Pattern, template: Template, place: tuple[int, int, int], leaf: bool | None, uses: set[str]) -> None:
        mode, number, _ = place
        self.emitter.used = set()
        kinds = (False, True) if leaf is None else (leaf,)
        found = [self._conditions(pattern, template, kind, keyed=leaf is not None) for kind in kinds]
        _, chain, key_function, key = found[0]
        # Conditions on the name alone are decided once a path, not once a node.
        static = [text for text in found[0][0] if not re.search(r"\b[npAD]\b", text)]
        dynamic = [[text for text in conditions if text not in static] for conditions, *_ in found]
        by_name = f"lambda G: {' and '.join(static)}" if static else "None"
        function = "None"
        if any(dynamic):
            function = f"p{len(self.patterns)}"
            tests = [" and ".join(conditions) or "True" for conditions in dynamic]
            body = f"    if n.__class__ is dict:\n        return {tests[0]}\n    return {tests[1]}\n" if leaf is None else f"    return {tests[0]}\n"
            self.functions.append(f"def {function}(n, p, G, A, D):\n{body}")
        sees = self.near.pattern(pattern, mode, number)
        uses |= self.emitter.used
        if leaf is not False and "A" in uses:
            # Rules that look around are run over containers, which then must know the attributes of their leaves.
            (self.names.attributed if uses & {"p", "D"} else self.asked).add(chain[0][0])
        self.patterns.append(
            f"({mode}, t{number}, {number}, {tuple(chain)!r}, {pattern.rooted}, {leaf}, {function}, "
            f"{tuple(sorted(uses))!r}, {key_function}, {key!r}, {by_name}, {sees})"
        )

    def _conditions(
        self, pattern: Pattern, template: Template, leaf: bool, *, keyed: bool
    ) -> tuple[list[str], list[tuple[str, bool]], str | None, str | None]:
        """(conditions, names from the last step up, key function, key) of a pattern for a text or for a group."""
        chain: list[tuple[str, bool]] = []
        conditions: list[str] = []
        item = "n"
        key_function, key = None, None
        for up, step in enumerate(reversed(pattern.steps)):
            test = step.test
            if step.attribute or test.kind != "name" or (test.local is not None and test.uri is None) or (test.uri and test.local is None and up):
                raise Unsupported(what="this kind of match pattern", where=template.context)
            name = self.names.key(test)
            if test.uri and test.local is None:
                conditions.append(f"G.key.startswith({self.names.key(replace(test, local=''))!r})")
            if step.predicates and any(deep for _, deep in chain):
                raise Unsupported(what="a predicate above `//` in a match pattern", where=template.context)
            scope = Scope(item, leaf and up == 0, name if name != "*" else None, context=up == 0)
            for place_of, predicate in enumerate(step.predicates):
                if up == 0 and place_of == 0 and keyed:
                    key_function, key = self._key(predicate, scope, leaf)
                    if key_function is not None:
                        continue
                conditions.extend(self._condition(part, scope) for part in _conjuncts(predicate))
            if step.predicates and up:
                self.emitter.used.add("p")
            chain.append((name, step.deep))
            item = ("p" if leaf else "n['..']") if up == 0 else f"{item}['..']"
        return conditions, chain, key_function, key

    def _condition(self, predicate: ast.Expr, scope: Scope) -> str:
        try:
            return self.emitter.truth(predicate, scope)
        except Untranslated:
            self.emitter.used |= {"p", "D"}
            return "ask(n)"  # the reference decides which template matches

    def _key(self, predicate: ast.Expr, scope: Scope, leaf: bool) -> tuple[str | None, str | None]:
        """`[normalize-space(x) = 'AE']`: patterns that differ only in the constant are told apart by one look-up."""
        if leaf or not isinstance(predicate, ast.Compare) or predicate.op != "=" or not isinstance(predicate.right, ast.Literal):
            return None, None
        try:
            left = self.emitter.atoms(predicate.left, scope)
        except Untranslated:
            return None, None
        if left.card != "one" or left.type != "str" or not isinstance(predicate.right.value, str):
            return None, None
        source = f"(n, p, G, A, D):\n    return {left.text}\n"
        number = self.keys.get(source)
        if number is None:
            number = self.keys[source] = len(self.keys)
            self.functions.append(f"def k{number}{source}")
        return f"k{number}", predicate.right.value


def _conjuncts(expr: ast.Expr) -> tuple[ast.Expr, ...]:
    return expr.items if isinstance(expr, ast.Logic) and expr.op == "and" else (expr,)


Absent = tuple[bool, tuple[str, ...], str | None]


def _absent_paths(expr: ast.Expr, names: Names) -> list[Absent] | None:
    """`not(path)` over plain downward paths: (from the root element only, names, attribute) of each alternative."""
    if not isinstance(expr, ast.Call) or expr.name != "not":
        return None
    found: list[Absent] = []
    for path in _alternatives(expr.args[0]):
        steps = list(path.steps) if isinstance(path, ast.Path) else [path]
        rooted = not (isinstance(path, ast.Path) and path.absolute)
        if not rooted and steps[0] == ast.Step("descendant-or-self", ast.NodeTest("node")):
            steps.pop(0)
        chains: list[tuple[str, ...]] = [()]
        attribute: str | None = None
        for place, step in enumerate(steps):
            last = place == len(steps) - 1
            options = _step_names(step, names, deep=not rooted and place == 0, attribute=last)
            if options is None:
                return None
            if options[0].startswith("@"):
                attribute = options[0][1:]
            else:
                chains = [(*chain, option) for chain in chains for option in options]
        found.extend((rooted, chain, attribute) for chain in chains)
    return found


def _alternatives(expr: ast.Expr) -> list[ast.Expr]:
    return _alternatives(expr.left) + _alternatives(expr.right) if isinstance(expr, ast.Combine) and expr.op == "union" else [expr]


def _step_names(step: ast.Expr, names: Names, *, deep: bool, attribute: bool) -> list[str] | None:
    if isinstance(step, ast.Combine):
        sides = [_step_names(side, names, deep=deep, attribute=False) for side in _alternatives(step)]
        return None if any(side is None for side in sides) else [name for side in sides if side for name in side]
    if not isinstance(step, ast.Step) or step.predicates or step.test.kind != "name" or step.test.local is None or step.test.uri is None:
        return None
    key = names.key(step.test)
    if step.axis == "attribute" and attribute:
        return ["@" + key]
    if step.axis == "child" or (deep and step.axis == "descendant"):
        return [key]
    return None
