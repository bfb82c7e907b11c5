"""Rules one by one, for groups whose structure is known: those that look only around their context (`near`), and the rest (`far`).

A near rule is a function of its own, `a97(n, p, G, A)`: true where the rule holds; one that only reads the text at one path is also
`b97(t)`, for contexts where each step of that path exists once. The far rules of a template are `g8`, if they count or add up what stands
in lines, and `e8`, if equal lines could as well be one. THIN names the elements that far rules look at: of a group that is known to be in
order, only these are needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wasl.rules.emit import Scope, Untranslated
from wasl.rules.emit_reads import Reads, reads
from wasl.rules.emit_rules import prepared
from wasl.rules.emit_wide import WideEmitter
from wasl.rules.sheet import Assert, Template
from wasl.rules.xpath.pattern import Pattern

_WHOLE = re.compile(r"\bD\b").search
# What generated code may ask of a document of which only a part was built, and the functions that it may hand it to.
_DOCUMENT = frozenset({"all", "attributes", "doc", "find", "index", "nodes", "paths", "root", "texts"})
_GIVEN = frozenset({"glob", "sure", "tx"})
_OWN = re.compile(r"i\d+|u\w+|f\d+|v\d+|h\d+|w\d+").fullmatch
_CLIMBS = re.compile(r"\b(?:alike_before|upward)\(|\b(?!n\b|p\b)\w+\['\.\.'\]").search


# Texts of these differ from invoice to invoice, so the kinds of groups would too: rules that read them are left with those that count.
_VARIES = ("Amount", "Quantity", "Date", "DateTime", "DateTimeString", "Name", "Note", "Value", "PaymentID", "Reference", "AssignedID", "LineID")


def _bare(code: str) -> str:
    """Code with its literal texts emptied."""
    return re.sub(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", "''", code)


class Seen:
    """What a set of far rules looks at."""

    def __init__(self) -> None:
        self.code: dict[int, list[str]] = {}
        self.thin: set[str] = set()
        self.deep: set[str] = set()
        self.scattered: set[str] = set()
        self.ups = 0
        self.wild = False

    def add(self, number: int, found: Reads, code: list[str]) -> None:
        self.code.setdefault(number, []).extend(code)
        self.thin |= found.names | found.loose
        self.deep |= found.deep
        self.scattered |= found.scattered
        self.ups = max(self.ups, found.ups)
        self.wild = self.wild or found.wild

    def choosing(self, patterns: list[tuple[int, int, str, Reads]]) -> list[Reads]:
        """To choose a template with far rules, the patterns of all that compete with it are tried."""
        lasts = {(mode, last) for mode, number, last, _ in patterns if number in self.code}
        return [
            found
            for mode, _, last, found in patterns
            if (mode, last) in lasts or (mode, "*") in lasts or (last == "*" and any(m == mode for m, _ in lasts))
        ]

    def line(self, patterns: list[tuple[int, int, str, Reads]]) -> str:
        for found in self.choosing(patterns):
            self.thin |= found.names | found.loose
            self.deep |= found.deep
            self.scattered |= found.scattered
            self.ups = max(self.ups, found.ups)
            self.wild = self.wild or (found.far and found.wild)
        names = "None" if self.wild else f"frozenset({sorted(self.thin)!r})"
        return f"({names}, frozenset({sorted(self.deep)!r}), frozenset({sorted(self.scattered)!r}), {self.ups})"


class Near:
    def __init__(self, emitter: WideEmitter) -> None:
        self.emitter = emitter
        self.names = emitter.names
        self.rules: dict[int, list[str]] = {}
        self.code: dict[int, list[str]] = {}
        self.counted, self.kinds, self.all = Seen(), Seen(), Seen()
        self.pairs: set[tuple[str | None, str]] = set()
        self.patterns: list[tuple[int, int, str, Reads]] = []

    def rule(self, template: Template, number: int, rule: Assert, index: int, leaf: bool | None, code: list[str]) -> None:
        """`code` is what the template's function does for the rule; `leaf`: is its context a text, a group, or (None) either?"""
        found = reads(self.names, [(rule.expr, 0)], [expr for _, expr in template.lets])
        test = None if found.far else self._test(template, rule, leaf)
        if test is None:
            self._own(found, template.patterns)
            kinds = found.far and not (found.counted or found.wild or any(name.endswith(_VARIES) for _, name in found.pairs))
            (self.kinds if kinds else self.counted).add(number, found, code)
            self.all.add(number, found, code)
            self.pairs |= found.pairs if kinds else set()
            return
        self.code.setdefault(number, []).append(f"def a{index}(n, p, G, A):  # {rule.id}\n    {test}\n")
        single = self._single(template, rule, found, leaf)
        if single is not None:
            self.code[number].append(f"def b{index}(t):  # {rule.id}\n    {single}\n")
        self.rules.setdefault(number, []).append(f"(a{index}, {found.code()}, {'None' if single is None else f'b{index}'})")

    def _own(self, found: Reads, patterns: Iterable[Pattern]) -> None:
        """Where the text of the context itself is read: under the name that it has."""
        if (0, ()) in found.chains:
            found.pairs |= {(None, self.names.key(pattern.steps[-1].test)) for pattern in patterns}
            found.counted = found.counted or any(name == "*" for _, name in found.pairs)

    def _single(self, template: Template, rule: Assert, found: Reads, leaf: bool | None) -> str | None:
        """The test as a function of a text, for a rule that names one path and reads it."""
        chain = next(iter(found.chains))[1] if len(found.chains) == 1 else ()
        if leaf is not False or not chain or "*" in chain or found.ups or found.loose or found.above or found.names != set(chain):
            return None
        self.emitter.at_hand = chain
        try:
            test = self._test(template, rule, leaf)
        finally:
            self.emitter.at_hand = None
        return None if test is None or re.search(r"\b[npGA]\b", _bare(test)) else test

    def _test(self, template: Template, rule: Assert, leaf: bool | None) -> str | None:
        """The body of a function that says whether the rule holds."""
        if leaf is not None:
            return self._body(template, rule, leaf)
        group, text = self._body(template, rule, False), self._body(template, rule, True)
        if group is None and text is None:
            return None
        unsure = "raise TypeError  # not to be decided here"
        return "if n.__class__ is dict:\n        " + (group or unsure).replace("\n", "\n    ") + f"\n    {text or unsure}"

    def _body(self, template: Template, rule: Assert, leaf: bool) -> str | None:
        emitter = self.emitter
        used, emitter.used, emitter.near = emitter.used, set(), True
        try:
            before, test = prepared(emitter, rule.expr, Scope("n", leaf, context=True), template)
        except Untranslated:
            return None
        finally:
            emitter.used, emitter.near = used, False
        body = "\n    ".join([*before, f"return {'not ' if rule.report else ''}{test}"])
        return None if _WHOLE(_bare(body)) or "ask(" in body else body

    def pattern(self, pattern: Pattern, mode: int, number: int) -> str:
        """What the predicates of a match pattern look at."""
        found = reads(self.names, [(predicate, up) for up, step in enumerate(reversed(pattern.steps)) for predicate in step.predicates])
        last = self.names.key(pattern.steps[-1].test)
        self._own(found, (pattern,))
        self.patterns.append((mode, number, last, found))
        return f"({found.far}, {found.code()})"

    def functions(self, number: int) -> list[str]:
        code = list(self.code.get(number, ()))
        for name, seen in (("g", self.counted), ("e", self.kinds)):
            if number in seen.code:
                body = "".join(f"    {line}\n" for line in seen.code[number])
                code.append(f"def {name}{number}(n, p, G, A, D, out, err):\n{body}")
        return code

    def lines(self, code: list[str]) -> list[str]:
        """The tables; `code` is all that runs."""
        text = "\n".join(code)
        bare = _bare(text)
        given = {name for name in re.findall(r"\b(\w+)\(D[,)]", bare) if not _OWN(name)}
        asked = set(re.findall(r"\bD\.([a-z]\w*)", bare))
        if asked - _DOCUMENT or given - _GIVEN or re.search(r"\bD\.(?:all|texts|nodes)\((?!')", text):
            self.counted.wild = self.all.wild = True  # looks at the document in a way that is not known here
        choosing = self.kinds.choosing(self.patterns)
        self.pairs = self.pairs.union(*(found.pairs for found in choosing))
        self.all.wild = self.all.wild or any(found.far and found.counted for found in choosing)
        columns = set(re.findall(r"\bD\.(?:all|texts|nodes)\('([^']*)'\)", text))
        near = "".join(f"    {number}: ({', '.join(rules)},),\n" for number, rules in self.rules.items())
        return [
            "# template: its near rules, each with what it reads: (levels up, ((levels up, names down), ...), names anywhere near, ancestors)",
            f"NEAR = {{\n{near}}}",
            "# template: its far rules for which it matters how many lines there are of a kind, and those that ask for kinds alone",
            f"COUNTED = {{{', '.join(f'{number}: g{number}' for number in self.counted.code)}}}",
            f"KINDS = {{{', '.join(f'{number}: e{number}' for number in self.kinds.code)}}}",
            "# what far rules look at: elements by name (None: all there are), those they find by //, attributes they find by //, levels up;",
            "# first the counted ones alone, then all",
            f"THIN = ({self.counted.line(self.patterns)}, {self.all.line(self.patterns)})",
            "# the texts that rules about kinds read: (parent or None, name)",
            f"PAIRS = frozenset({sorted(self.pairs, key=repr)!r})",
            f"CLIMBS = {_CLIMBS(text) is not None}  # do far rules look at what stands around groups that they come across?",
            f"COLUMNS = frozenset({sorted(columns)!r})",
            f"PATHS = frozenset({sorted(self.emitter.paths)!r})\n",
        ]
