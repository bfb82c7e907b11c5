"""Rules one by one, for groups whose structure is known: those that look only around their context (`near`), and the rest (`far`).

A near rule is a function of its own, `a97(n, p, G, A)`: true where the rule holds; one that only reads the text at one path is also
`b97(t)`, for contexts where each step of that path exists once. The far rules of a template are `g8`, like `t8` with
all of them. THIN names the elements that far rules look at: of a group that is known to be in order, only these are needed.
"""

from __future__ import annotations

import re

from wasl.rules.emit import Emitter, Scope, Untranslated
from wasl.rules.emit_reads import Reads, reads
from wasl.rules.sheet import Assert, Template
from wasl.rules.xpath.pattern import Pattern


class Near:
    def __init__(self, emitter: Emitter) -> None:
        self.emitter = emitter
        self.names = emitter.names
        self.rules: dict[int, list[str]] = {}
        self.code: dict[int, list[str]] = {}
        self.far: dict[int, list[str]] = {}
        self.thin: set[str] = set()
        self.deep: set[str] = set()
        self.scattered: set[str] = set()
        self.ups = 0
        self.wild = False
        self.patterns: list[tuple[int, int, str, set[str]]] = []

    def rule(self, template: Template, number: int, rule: Assert, index: int, leaf: bool | None, code: list[str]) -> None:
        """`code` is what the template's function does for the rule; a context that may be a text or a group (leaf None) is never near."""
        found = reads(self.names, [(rule.expr, 0), *((expr, 0) for _, expr in template.lets)])
        test = None if leaf is None or found.far or template.lets else self._test(rule, leaf)
        if leaf is None or test is None:
            self.far.setdefault(number, []).extend(code)
            self._needed(found)
            return
        self.code.setdefault(number, []).append(f"def a{index}(n, p, G, A):\n    return {test}  # {rule.id}\n")
        single = self._single(rule, found, leaf)
        if single is not None:
            self.code[number].append(f"def b{index}(t):\n    return {single}  # {rule.id}\n")
        self.rules.setdefault(number, []).append(f"(a{index}, {found.code()}, {'None' if single is None else f'b{index}'})")

    def _single(self, rule: Assert, found: Reads, leaf: bool) -> str | None:
        """The test as a function of a text, for a rule that names one path and reads it."""
        chain = next(iter(found.chains))[1] if len(found.chains) == 1 else ()
        if leaf or not chain or "*" in chain or found.ups or found.loose or found.above or found.names != set(chain):
            return None
        self.emitter.at_hand = chain
        try:
            test = self._test(rule, leaf)
        finally:
            self.emitter.at_hand = None
        return None if test is None or re.search(r"\b[npGA]\b", test) else test

    def _test(self, rule: Assert, leaf: bool) -> str | None:
        emitter = self.emitter
        used, emitter.used, emitter.near = emitter.used, set(), True
        try:
            test = emitter.truth(rule.expr, Scope("n", leaf, context=True))
            return None if "D" in emitter.used else f"not {test}" if rule.report else test
        except Untranslated:
            return None
        finally:
            emitter.used, emitter.near = used, False

    def _needed(self, found: Reads) -> None:
        self.thin |= found.names | found.loose
        self.deep |= found.deep
        self.scattered |= found.scattered
        self.ups = max(self.ups, found.ups)
        self.wild = self.wild or found.wild

    def pattern(self, pattern: Pattern, mode: int, number: int) -> str:
        """What the predicates of a match pattern look at."""
        found = reads(self.names, [(predicate, up) for up, step in enumerate(reversed(pattern.steps)) for predicate in step.predicates])
        last = self.names.key(pattern.steps[-1].test)
        self.patterns.append((mode, number, last, found.names | found.loose))
        return f"({found.far}, {found.code()})"

    def functions(self, number: int) -> list[str]:
        far = self.far.get(number)
        body = "".join(f"    {line}\n" for line in far or ())
        return [*self.code.get(number, ()), *([f"def g{number}(n, p, G, A, D, out, err):\n{body}"] if far else [])]

    def lines(self) -> list[str]:
        # To choose a template with far rules, the patterns of all that compete with it are tried.
        lasts = {(mode, last) for mode, number, last, _ in self.patterns if number in self.far}
        for mode, _, last, names in self.patterns:
            if (mode, last) in lasts or (mode, "*") in lasts or (last == "*" and any(m == mode for m, _ in lasts)):
                self.thin |= names
        near = "".join(f"    {number}: ({', '.join(rules)},),\n" for number, rules in self.rules.items())
        return [
            "# template: its near rules, each with what it reads: (levels up, ((levels up, names down), ...), names anywhere near, ancestors)",
            f"NEAR = {{\n{near}}}",
            f"FAR = {{{', '.join(f'{number}: g{number}' for number in self.far)}}}",
            "# what far rules look at: elements by name (None: all there are), those they find by //, attributes they find by //, levels up",
            f"THIN = ({'None' if self.wild else f'frozenset({sorted(self.thin)!r})'}, frozenset({sorted(self.deep)!r}), "
            f"frozenset({sorted(self.scattered)!r}), {self.ups})",
            f"PATHS = frozenset({sorted(self.emitter.paths)!r})\n",
        ]
