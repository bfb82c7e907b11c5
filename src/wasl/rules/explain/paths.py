"""Where a term stands, in either syntax, and how to reach it from anywhere in a document.

The places come from `wasl.invoice.terms` (one table, UBL and CII). A term's path is followed from the deepest group that the start and the
term share: from a line's price to that line's quantity, from a breakdown row to its own tax, from the root to all of them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from lxml import etree

from wasl.invoice.terms import TERMS
from wasl.rules.explain.nodes import NAMESPACES, Node, prefixed

Syntax = Literal["ubl", "cn", "cii"]

_PREDICATE = re.compile(r"\[[^\]]*\]")
_STEPS = re.compile(r"(?:[^/\[]|\[[^\]]*\])+")
# What people write for true and VAT must not decide which term an element is.
_LOOSE = (
    ("[cbc:ChargeIndicator='true']", "[normalize-space(cbc:ChargeIndicator)='true' or normalize-space(cbc:ChargeIndicator)='1']"),
    ("[cbc:ChargeIndicator='false']", "[not(normalize-space(cbc:ChargeIndicator)='true' or normalize-space(cbc:ChargeIndicator)='1')]"),
    ("[ram:ChargeIndicator/udt:Indicator='true']", "[normalize-space(ram:ChargeIndicator)='true' or normalize-space(ram:ChargeIndicator)='1']"),
    ("[ram:ChargeIndicator/udt:Indicator='false']", "[not(normalize-space(ram:ChargeIndicator)='true' or normalize-space(ram:ChargeIndicator)='1')]"),
    ("[cac:TaxScheme/cbc:ID='VAT']", "[translate(normalize-space(cac:TaxScheme/cbc:ID),'vat','VAT')='VAT']"),
    ("[cac:TaxScheme/cbc:ID!='VAT']", "[translate(normalize-space(cac:TaxScheme/cbc:ID),'vat','VAT')!='VAT']"),
)


class Path(NamedTuple):
    """One place: the element names to compare with, the XPath steps to follow, the attribute at the end if there is one."""

    names: tuple[str, ...]
    steps: tuple[str, ...]
    attribute: str | None


@cache
def places(term: str, syntax: Syntax) -> tuple[Path, ...]:
    """All places of a term; none for the invoice as a whole."""
    info = TERMS[term]
    written = info.cii if syntax == "cii" else (_apart(term, info.ubl_credit_note if syntax == "cn" else info.ubl),)
    return tuple(_path(path) for path in written if path)


def _apart(term: str, path: str) -> str:
    """UBL puts other things where identifiers and supporting documents stand: the creditor identifier, the invoiced object, a project."""
    if term in ("BT-29", "BT-60"):
        return f"{path}[not(@schemeID='SEPA')]"
    documents = "cac:AdditionalDocumentReference"
    if path == documents or path.startswith(f"{documents}/"):
        return path.replace(documents, f"{documents}[not(cbc:DocumentTypeCode='130' or cbc:DocumentTypeCode='50')]", 1)
    return path


def attribute_of(term: str, syntax: Syntax) -> str | None:
    found = places(term, syntax)
    return found[0].attribute if found else None


def _path(written: str) -> Path:
    for plain, loose in _LOOSE:
        written = written.replace(plain, loose)
    steps: list[str] = _STEPS.findall(written)
    attribute = steps.pop()[1:] if steps[-1].startswith("@") else None
    return Path(tuple(_PREDICATE.sub("", step) for step in steps), tuple(steps), attribute)


def below(root: Node, start: Node, path: Path) -> list[Node]:
    """The elements at a path that belong to the group `start` stands in."""
    return follow(*anchor_of(root, start, path), path)


def anchor_of(root: Node, start: Node, path: Path) -> tuple[Node, int]:
    """The deepest group that the start and the path share, and how many steps of the path lead to it."""
    anchor, shared = root, 0
    for node in reversed([start, *start.iterancestors()]):
        if node is root:
            continue
        if shared == len(path.names) or prefixed(node) != path.names[shared] or not _holds(node, path, shared):
            break
        anchor, shared = node, shared + 1
    return anchor, shared


def follow(anchor: Node, shared: int, path: Path) -> list[Node]:
    """The rest of a path from its anchor."""
    rest = "/".join(path.steps[shared:])
    found = select(anchor, rest) if rest else [anchor]
    return [node for node in found if node.get(path.attribute) is not None] if path.attribute else found


def _holds(node: Node, path: Path, at: int) -> bool:
    step = path.steps[at]
    return "[" not in step or bool(select(node, f"self::{step}"))


def select(node: Node, expression: str) -> list[Node]:
    """The elements an XPath finds; none where it is not XPath 1.0."""
    compiled = _compiled(expression)
    found = compiled(node) if compiled is not None else None
    return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []  # pyright: ignore[reportPrivateUsage]


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> etree.XPath | None:
    try:
        return etree.XPath(expression, namespaces=NAMESPACES)
    except etree.XPathError:
        return None
