"""Runs a generated module over the fast tree, and asks the reference interpreter wherever the fast path raised."""

from __future__ import annotations

from collections.abc import Callable
from decimal import localcontext
from types import ModuleType
from typing import Any

from wasl.rules.columns import Builder, Guide, Irregular, Slot, split_key
from wasl.rules.document import NO_ATTRIBUTES, Container, Document
from wasl.rules.errors import TooManyFindings, XPathError
from wasl.rules.findings import Finding, RuleContext
from wasl.rules.plans import Alternative, Choice, Plan, Work
from wasl.rules.values import EXACT

GOOD_MAX = 2_000  # texts remembered per slot
GOOD_LENGTH = 64
PROFILES_MAX = 2_000
PROFILE_LENGTH_MAX = 10_000  # as text

Thin = tuple[frozenset[str] | None, frozenset[str], frozenset[str], int]

Rank = tuple[Any, ...]


class Engine:
    """A compiled sheet. Thread-safe: what threads share only grows, and grows to equal values."""

    def __init__(self, module: ModuleType) -> None:
        self.rules: list[tuple[str, str, str, str | None]] = module.RULES
        self.alternatives = [Alternative(row) for row in module.PATTERNS]
        self.absent: list[tuple[int, int, bool, tuple[str, ...], str | None]] = module.ABSENT
        self.asked: frozenset[str] = module.ASKED
        self.modes: int = module.MODES
        self.uris = {prefix: uri for uri, prefix in module.PREFIXES.items()}
        names = (module.PREFIXES, module.LEAVES, module.CONTAINERS)
        self.builder = Builder(*names, module.ATTRIBUTED)
        self.exact = Builder(*names, module.ATTRIBUTED | module.ASKED)
        self.reader: Any = None  # reading.Reader, which needs this engine
        self.asks_all = "*" in module.ASKED
        self.near: dict[int, tuple[Any, ...]] = module.NEAR
        self.far: dict[int, tuple[Callable[..., None], ...]] = {}  # all rules that look at the whole document
        self.counted: dict[int, tuple[Callable[..., None], ...]] = {}  # those for which it matters how many lines there are of a kind
        for number in {*module.COUNTED, *module.KINDS}:
            self.far[number] = tuple(functions[number] for functions in (module.COUNTED, module.KINDS) if number in functions)
            self.counted[number] = (module.COUNTED[number],) if number in module.COUNTED else ()
        self.thin: tuple[Thin, Thin] = module.THIN  # what the counted ones and what all of them need
        self.pairs: frozenset[tuple[str | None, str]] = module.PAIRS
        self.paths: frozenset[str] = module.PATHS
        self.columns: frozenset[str] = module.COLUMNS
        self.climbs: bool = module.CLIMBS
        self.by_name: dict[str, list[tuple[int, int, bool, tuple[str, ...], str | None]]] = {}
        self.by_attribute: dict[str, list[tuple[int, int, bool, tuple[str, ...], str | None]]] = {}
        for entry in self.absent:
            if entry[4] is None:
                self.by_name.setdefault(entry[3][-1], []).append(entry)
            else:
                self.by_attribute.setdefault(entry[4], []).append(entry)

    # -- plans: what a path means, decided once -------------------------------------------------------------------------------

    def plan(self, guide: Guide) -> Plan:
        modes: list[Choice] = []
        for mode in range(self.modes):
            fitting: list[Alternative] = []
            for alternative in self.alternatives:
                if alternative.mode == mode and alternative.fits(guide):
                    fitting.append(alternative)
                    if alternative.certain:
                        break
            if fitting:
                modes.append(Choice(mode, fitting))
        guide.plan = Plan(guide, self.hits(guide, self.by_name.get(guide.key, ()), None), modes)
        guide.plan.far = [choice for choice in modes if any(a.number in self.far for a in choice.alternatives)]
        return guide.plan

    def hits(self, guide: Guide, entries: Any, attribute: str | None) -> tuple[tuple[int, int], ...]:
        """Rules of the form not(path) whose path this is."""
        down: list[str] = []
        at: Guide | None = guide
        while at is not None and at.depth > 1:
            down.append(at.key)
            at = at.parent
        path = tuple(reversed(down))
        whole = (at.key, *path) if at is not None else path
        found = [
            (number, rule)
            for number, rule, rooted, keys, name in entries
            if name == attribute and (path == keys if rooted else whole[len(whole) - len(keys) :] == keys)
        ]
        return tuple(found)

    def slot_hits(self, slot: Slot) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        for name in slot.attributes:
            found.extend(self.hits(slot.guide, self.by_attribute.get(name, ()), name))
        return tuple(found)

    def name_of(self, key: str) -> tuple[str, str]:
        return split_key(key, self.uris)

    def count(self, skipped: frozenset[str]) -> int:
        """How many asserts a run evaluates."""
        return len(self.rules) if not skipped else sum(rule[0] not in skipped for rule in self.rules)

    # -- one document ---------------------------------------------------------------------------------------------------------

    def run(self, document: Document, skipped: frozenset[str], ask: Callable[[], Any], *, exact: bool = False) -> list[Finding]:
        return Run(self, document, skipped, ask, exact).all()


FINDINGS_MAX = 100_000  # listed for one document; a finding takes half a kilobyte


class NeedsAttributes(Exception):
    """A leaf is at fault for its attributes, which this tree did not keep."""


class Run:
    """One document against one engine. `ask` gives the reference run of the same bytes, made when first needed."""

    def __init__(self, engine: Engine, document: Document, skipped: frozenset[str], ask: Callable[[], Any], exact: bool) -> None:
        self.engine = engine
        self.document = document
        self.skipped = skipped
        self.ask = ask
        self.exact = exact
        self.places: dict[int, dict[int, int]] = {}
        self.spread: set[tuple[int, Guide, str]] = set()
        self.found: list[tuple[Rank, Finding]] = []
        self.out: list[int] = []
        self.err: list[int] = []

    def all(self) -> list[Finding]:
        engine, document = self.engine, self.document
        hits = document.hits
        with localcontext(EXACT):
            for guide, column in document.containers.items():
                plan = guide.plan or engine.plan(guide)
                if plan.hits:
                    hits.update(plan.hits)
                for choice in plan.modes:
                    self._containers(guide, column, choice)
            for node in document.marked:
                for name in node["@"]:
                    hits.update(engine.hits(node["."], engine.by_attribute.get(name, ()), name))
            for slot, texts in document.leaves.items():
                work = slot.plan or self._plan(slot)
                if work.hits:
                    hits.update(work.hits)
                if work.choices:
                    doubtful = set(texts)
                    doubtful -= slot.good
                    if doubtful:
                        self._texts(slot, doubtful, work.choices)
            self._impure()
            if document.thin:
                self._thin()
            self._absent(hits)
        self.found.sort(key=lambda entry: entry[0])
        return [finding for _, finding in self.found]

    def _containers(self, guide: Guide, column: list[Container], choice: Choice) -> None:
        if choice.leaf:
            raise Irregular  # a rule for texts, and here is an element with children
        out, err, document = self.out, self.err, self.document
        chosen = choice.certain
        for node in column:
            attributes = node.get("@", NO_ATTRIBUTES)
            if choice.certain is None:
                chosen = self._choose(choice, node, None, guide, attributes, 0)
                if chosen is None:
                    continue
            assert chosen is not None
            chosen.function(node, None, guide, attributes, document, out, err)
            if out or err:
                self._flush(choice.mode, node, None, 0)

    def _thin(self) -> None:
        """Groups whose near rules are known to hold: the rest of their rules, less those that the document's profile has answered."""
        engine, document = self.engine, self.document
        profile = document.profile
        known = profile is not None and profile in document.profiles
        before = len(self.found)
        rules = engine.counted if known else engine.far
        for guide, column in document.thin.items():
            for choice in (guide.plan or engine.plan(guide)).far:
                self._far(guide, column, choice, rules)
        for guide in {slot.guide for slot in document.thin_leaves}:
            for choice in (guide.plan or engine.plan(guide)).far:
                self._far_leaves(guide, choice, rules)
        new = profile is not None and not known and len(self.found) == before and len(document.profiles) < PROFILES_MAX
        if new and len(repr(profile)) <= PROFILE_LENGTH_MAX:
            document.profiles.add(profile)

    def _far(self, guide: Guide, column: list[Container], choice: Choice, rules: dict[int, tuple[Callable[..., None], ...]]) -> None:
        if not any(rules.get(alternative.number) for alternative in choice.alternatives):
            return
        for node in column:
            attributes = node.get("@", NO_ATTRIBUTES)
            chosen = choice.certain or self._choose(choice, node, None, guide, attributes, 0)
            for function in rules.get(chosen.number, ()) if chosen is not None else ():
                function(node, None, guide, attributes, self.document, self.out, self.err)
                if self.out or self.err:
                    self._flush(choice.mode, node, None, 0)

    def _far_leaves(self, guide: Guide, choice: Choice, rules: dict[int, tuple[Callable[..., None], ...]]) -> None:
        if guide.parent is None or not any(rules.get(alternative.number) for alternative in choice.alternatives):
            return
        for parent in self.document.thin.get(guide.parent, ()):
            for at, text in enumerate(parent.get(guide.key, ())):
                attributes = getattr(text, "a", NO_ATTRIBUTES)
                chosen = self._choose(choice, text, parent, guide, attributes, at)
                for function in rules.get(chosen.number, ()) if chosen is not None else ():
                    function(text, parent, guide, attributes, self.document, self.out, self.err)
                    if self.out or self.err:
                        self._flush(choice.mode, text, parent, at, guide)

    def _choose(self, choice: Choice, node: Any, parent: Any, guide: Guide, attributes: Any, at: int) -> Alternative | None:
        """The template that matches a node, or None. Where a predicate cannot be evaluated quickly, the reference is asked."""
        document = self.document
        try:
            if choice.key is not None:
                key = choice.key(node, parent, guide, attributes, document)
                for alternative in choice.switch.get(key, choice.others):
                    if alternative.predicate is None or alternative.predicate(node, parent, guide, attributes, document):
                        return alternative
                return None
            for alternative in choice.alternatives:
                function = alternative.key_function
                if function is not None and function(node, parent, guide, attributes, document) != alternative.key:
                    continue
                if alternative.predicate is None or alternative.predicate(node, parent, guide, attributes, document):
                    return alternative
        except XPathError:
            number = self.ask().template(choice.mode, self._path(guide, node, parent, at))
            return next((a for a in self.engine.alternatives if a.number == number), None)
        return None

    def _plan(self, slot: Slot) -> Work:
        plan = slot.guide.plan or self.engine.plan(slot.guide)
        if any(choice.leaf is False for choice in plan.modes):
            raise Irregular
        slot.plan = Work(plan.hits + self.engine.slot_hits(slot), plan.pure)
        return slot.plan

    def _texts(self, slot: Slot, doubtful: set[str], choices: list[Choice]) -> None:
        """Texts that nothing is known about yet, against the rules that need nothing else."""
        guide = slot.guide
        for text in doubtful:
            fine = True
            for choice in choices:
                chosen = choice.certain or self._choose(choice, text, None, guide, slot.attributes, 0)
                if chosen is not None:
                    chosen.function(text, None, guide, slot.attributes, self.document, self.out, self.err)
                    if self.out or self.err:
                        fine = False
                        self._spread(choice.mode, chosen, slot, text)
            if fine and len(text) <= GOOD_LENGTH:
                if len(slot.good) >= GOOD_MAX:
                    slot.good = set()
                slot.good.add(str(text))

    def _spread(self, mode: int, chosen: Alternative, slot: Slot, text: str) -> None:
        """A text at fault: every place of the document where it stands with these attributes."""
        guide = slot.guide
        asked = "A" in chosen.uses and (self.engine.asks_all or guide.key in self.engine.asked)
        if asked and not self.exact:
            raise NeedsAttributes
        out, err = self.out[:], self.err[:]
        self.out.clear()
        self.err.clear()
        if not asked:
            # Leaves of one path may stand in several slots; the text alone is at fault, so all of them are found at once.
            if (mode, guide, text) in self.spread:
                return
            self.spread.add((mode, guide, text))
        assert guide.parent is not None
        for parent in self.document.containers.get(guide.parent, ()):
            for at, other in enumerate(parent.get(guide.key, ())):
                if other == text and (not asked or getattr(other, "a", NO_ATTRIBUTES) == slot.attributes):
                    self.out[:], self.err[:] = out, err
                    self._flush(mode, other, parent, at, guide)

    def _impure(self) -> None:
        """Rules for leaves that look around themselves, container by container."""
        seen: set[Guide] = set()
        for slot in self.document.leaves:
            guide = slot.guide
            if guide in seen:
                continue
            seen.add(guide)
            for choice in guide.plan.impure:
                self._leaves(guide, choice)

    def _leaves(self, guide: Guide, choice: Choice) -> None:
        assert guide.parent is not None
        for parent in self.document.containers.get(guide.parent, ()):
            for at, text in enumerate(parent.get(guide.key, ())):
                attributes = getattr(text, "a", NO_ATTRIBUTES)
                chosen = self._choose(choice, text, parent, guide, attributes, at)
                if chosen is not None:
                    chosen.function(text, parent, guide, attributes, self.document, self.out, self.err)
                    if self.out or self.err:
                        self._flush(choice.mode, text, parent, at, guide)

    def _absent(self, hits: set[tuple[int, int]]) -> None:
        root = self.document.root
        guide: Guide = root["."]
        for choice in guide.plan.modes:
            self.out.extend(rule for number, rule in hits if choice.alternatives[0].number == number)
            if self.out:
                self._flush(choice.mode, root, None, 0)

    # -- findings -------------------------------------------------------------------------------------------------------------

    def _path(self, guide: Guide, node: Any, parent: Container | None, at: int) -> tuple[tuple[str, str, int], ...]:
        return self._context(node if parent is None else None, guide, parent, at)[0].path

    def _context(self, node: Container | None, guide: Guide, parent: Container | None, at: int) -> tuple[RuleContext, Rank]:
        """The place of a node, and its rank in the order of findings."""
        steps: list[tuple[str, str, int]] = []
        counts: list[int] = []
        rank: list[tuple[int, int]] = []
        if node is None:
            assert parent is not None
            same = parent[guide.key]
            steps.append((*split_key(guide.key, self.engine.uris), at + 1))
            counts.append(len(same))
            rank.append((list(parent).index(guide.key), at))
            node = parent
        while node is not None and node[".."] is not None:
            above, key = node[".."], node["."].key
            same = above[key]
            place = self._place(same, node)
            steps.append((*split_key(key, self.engine.uris), place + 1))
            counts.append(len(same))
            rank.append((list(above).index(key), place))
            node = above
        return RuleContext(tuple(reversed(steps)), tuple(reversed(counts))), tuple(reversed(rank))

    def _place(self, column: list[Any], node: Container) -> int:
        """Where a container stands among its like; a long column is numbered once."""
        if len(column) < 8:
            return next(i for i, other in enumerate(column) if other is node)
        places = self.places.get(id(column))
        if places is None:
            places = self.places[id(column)] = {id(other): i for i, other in enumerate(column)}
        return places[id(node)]

    def _flush(self, mode: int, node: Any, parent: Container | None, at: int, guide: Guide | None = None) -> None:
        context, rank = self._context(node if parent is None else None, guide or node["."], parent, at)
        for rule in self.out:
            name, severity, test, text = self.engine.rules[rule]
            if name in self.skipped:
                continue
            if text is None:
                self.err.append(rule)
                continue
            self.found.append(((mode, rank, rule), Finding(name, severity, text, test, context)))
        for rule in self.err:
            if self.engine.rules[rule][0] in self.skipped:
                continue
            finding = self.ask().check(rule, context.path)
            if finding is not None:
                self.found.append(((mode, rank, rule), finding))
        if len(self.found) > FINDINGS_MAX:
            raise TooManyFindings(limit=FINDINGS_MAX, rule=self.found[-1][1].rule)
        self.out.clear()
        self.err.clear()
