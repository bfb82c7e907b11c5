"""What a validation run says: findings, and the report that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wasl.errors import Words

Path = tuple[tuple[str, str, int], ...]

# Prefixes that people know; a document may use others, the reader of a finding should not have to care.
PREFIXES = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "ubl",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "cn",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2": "cac",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2": "cbc",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2": "ext",
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": "rsm",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100": "ram",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100": "udt",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a rule could not be evaluated: the error code of XPath, the text at fault, and what was wanted instead
    ("decimal", "double", "date", "boolean", "single": exactly one value)."""

    code: str
    value: str
    wanted: str


@dataclass(frozen=True, slots=True)
class RuleContext:
    """The element a finding is about: (namespace, local name, place among siblings of that name) from the root down."""

    path: Path
    counts: tuple[int, ...]

    def element(self, root: Any) -> Any:
        """The element below `root`, an lxml root element of the same document."""
        node = root
        for uri, local, place in self.path[1:]:
            node = next(x for i, x in enumerate(node.iterchildren(f"{{{uri}}}{local}" if uri else local), 1) if i == place)
        return node


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one place, or, with `unevaluable`, one rule that could not be checked there."""

    rule: str
    severity: str  # fatal, warning, information
    official: str  # the rule's own text
    test: str  # the official XPath
    context: RuleContext
    unevaluable: bool = False
    cause: Cause | None = None

    @property
    def location(self) -> str:
        """The place as Schematron validation reports (SVRL) write it."""
        return "".join(f"/*:{local}[namespace-uri()='{uri}'][{at}]" if uri else f"/{local}[{at}]" for uri, local, at in self.context.path)

    @property
    def xpath(self) -> str:
        """The place for a reader: known prefixes, a number only where there are several."""
        steps: list[str] = []
        for (uri, local, at), count in zip(self.context.path, self.context.counts, strict=True):
            prefix = PREFIXES.get(uri)
            name = f"{prefix}:{local}" if prefix else local
            steps.append(f"/{name}[{at}]" if count > 1 else f"/{name}")
        return "".join(steps)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A set of rules that was not run, and why."""

    set: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stats:
    """Times in nanoseconds and counts of one run."""

    parse_ns: int = 0
    tree_ns: int = 0
    rules_ns: int = 0
    rules: int = 0  # asserts in the sheet, less the profile's exclusions
    elements: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome for one document. `valid`: True (no fatal finding), False, or None when not everything was checked.

    `sets` ran; `picked` says what was picked and why where the profile was left open; `schema_valid` is None where the
    schema was not asked for or is not at hand.
    """

    syntax: str
    profile: str
    valid: bool | None
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...] = ()
    stats: Stats = field(default_factory=Stats)
    sets: tuple[str, ...] = ()
    picked: Words | None = None
    schema_valid: bool | None = None
