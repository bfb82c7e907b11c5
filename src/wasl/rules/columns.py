"""The fast tree: a document as nested dicts, with a column of values for every path, built without looking at an element twice.

A well-formed document is cut at every `</`. A piece then is structure (`cbc:ID>  <cbc:Name languageID="ar"`) and the text of one leaf. The
structure of a piece repeats from line to line and from invoice to invoice, so what it means is learned once and looked up afterwards: the
guide is the trie of element paths that all documents share, and each of its states knows the pieces seen there.

A container is a dict: its children by key (`cac:Item`, always a list), "..": the parent, ".": its guide, "@": its attributes, if any.
A leaf is its text; where rules ask for the attributes of a leaf it is a `Leaf`, a str with `.a`.

What this cannot represent raises `Irregular`, and the document goes to the reference engine, with the same verdict.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from wasl.formats.xml import ATTRIBUTES_MAX, DEPTH_MAX
from wasl.rules.document import NO_ATTRIBUTES, Attributes, Container, Document

TRANSITIONS_MAX = 20_000  # beyond this the guide is thrown away and learned afresh
HEAD_MAX = 4_000  # structure longer than this is not remembered
XML_NS = "http://www.w3.org/XML/1998/namespace"

_MARKUP = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?.*?\?>", re.DOTALL)
_TAG = re.compile(r"""[^<>]*<([^\s<>/="']+)((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_ATTRIBUTE = re.compile(r"""([^\s<>/="']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ANY_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_REFERENCE = re.compile(r"&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|(\w+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# Groups that repeat by the thousand; what stands in them is judged apart from the frame around them.
LINES = frozenset({"InvoiceLine", "CreditNoteLine", "IncludedSupplyChainTradeLineItem"})
# Groups that stand in the frame only; a line that holds one is read the ordinary way.
FRAME = frozenset(
    {"ApplicableHeaderTradeSettlement", "ApplicableHeaderTradeAgreement", "ApplicableHeaderTradeDelivery", "ExchangedDocument"}
    | {"SpecifiedTradeSettlementHeaderMonetarySummation", "SellerTradeParty", "BuyerTradeParty", "SellerTaxRepresentativeTradeParty"}
    | {"SpecifiedTradeSettlementPaymentMeans", "AccountingSupplierParty", "AccountingCustomerParty", "TaxRepresentativeParty"}
    | {"TaxTotal", "LegalMonetaryTotal", "PaymentMeans", "AdditionalDocumentReference", "PayeeParty"}
)
GAP = "wasl.gap"  # the element that stands where groups were taken out to be judged apart (shapes.py)


class Irregular(Exception):
    """The document is none that the fast tree represents."""


class Leaf(str):
    """The text of an element whose attributes the rules ask for."""

    a: Attributes


class Guide:
    """One element path. `names` are the keys of its ancestors, `path` its keys below the document element, joined by slashes."""

    __slots__ = ("depth", "inside", "key", "kids", "leafed", "names", "nsmap", "parent", "path", "plan", "raw", "slots")

    def __init__(self, parent: Guide | None, key: str, raw: str, nsmap: dict[str, str]) -> None:
        self.parent = parent
        self.key = key
        self.raw = raw
        self.nsmap = nsmap
        self.depth: int = parent.depth + 1 if parent else 0
        self.names: frozenset[str] = parent.names | {parent.key} if parent else frozenset()
        self.path: str = "" if parent is None or self.depth == 1 else f"{parent.path}/{key}" if parent.path else key
        self.kids: dict[tuple[str, str], Guide] = {}
        self.slots: dict[tuple[tuple[str, str], ...], Slot] = {}
        # What the pieces mean that begin by closing this element: as a leaf, and as a container that stands open.
        self.leafed: dict[Any, Any] = {None: (self, False)}
        self.inside: dict[Any, Any] = {None: (self, True)}
        self.plan: Any = None


class Slot:
    """Leaves of one path with the same attributes. `good` holds texts about which no rule has anything to say."""

    __slots__ = ("attributes", "good", "guide", "plan")

    def __init__(self, guide: Guide, attributes: Attributes) -> None:
        self.guide = guide
        self.attributes = attributes
        self.good: set[str] = set()
        self.plan: Any = None


Gaps = Sequence[Callable[[Document, Guide, Container], None]]


def is_line(key: str) -> bool:
    return key.rpartition(":")[2] in LINES


def is_frame(key: str) -> bool:
    return key.rpartition(":")[2] in FRAME


def unescape(text: str) -> str:
    return _REFERENCE.sub(_referent, text)


def _referent(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1]))
    if match[2]:
        return chr(int(match[2], 16))
    return _NAMED[match[3]]


def plain(data: bytes) -> str:
    """The text with line ends made one, comments and instructions gone, and CDATA escaped."""
    text = data.decode("utf-8")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("<?xml"):
        text = text[text.index("?>") + 2 :]
    # One character is found far quicker than two, of which the first stands everywhere.
    if ("!" in text and "<!" in text) or ("?" in text and "<?" in text):
        text = _MARKUP.sub(lambda m: "" if m[1] is None else m[1].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), text)
    return text


def escape_stray(text: str) -> str:
    """A bare `>` in text is well-formed, but the cut at the end of a tag cannot tell it: write it as a reference."""
    parts: list[str] = []
    at = 0
    for match in _ANY_TAG.finditer(text):
        parts.append(text[at : match.start()].replace(">", "&gt;"))
        parts.append("<" + match[0][1:-1].replace(">", "&gt;") + ">")
        at = match.end()
    parts.append(text[at:].replace(">", "&gt;"))
    return "".join(parts)


class Builder:
    """Builds documents for one compiled sheet; shared by threads, its guide grows under a lock."""

    def __init__(self, prefixes: dict[str, str], leaf_names: frozenset[str], container_names: frozenset[str], attributed: frozenset[str]) -> None:
        self.prefixes = prefixes
        self.leaf_names = leaf_names
        self.container_names = container_names
        self.attributed = attributed
        self.keeps_all = "*" in attributed
        self.lock = threading.Lock()
        self.guide = Guide(None, "", "", {"xml": XML_NS})
        self.learned = 0

    def build(self, data: bytes) -> Document:
        document = self.compose(plain(data))
        document.source = data
        return document

    def compose(self, text: str, gaps: Gaps = ()) -> Document:
        """The document of a text without comments, instructions and CDATA; each of `gaps` puts groups where the text has a GAP."""
        try:
            return self._build(text, gaps)
        except Irregular:
            if text.count(">") == text.count("<"):
                raise
            return self._build(escape_stray(text), gaps)

    def _build(self, text: str, gaps: Gaps) -> Document:
        amp = "&" in text
        guide = self.guide
        doc: Container = {"..": None, ".": guide}
        containers: defaultdict[Guide, list[Container]] = defaultdict(list)
        leaves: defaultdict[Slot, list[str]] = defaultdict(list)
        marked: list[Container] = []
        document = Document(doc, containers, leaves, marked)
        filled = iter(gaps)
        current = doc
        known = guide.inside
        for piece in text.split("</"):
            head, _, value = piece.rpartition(">")
            move = known.get(head)
            if move is None:
                move = self.learn(known, head)
            kind, known, key, slot, steps = move
            if kind == 0:  # a leaf follows a leaf
                if amp and "&" in value:
                    value = unescape(value)
                if key in current:
                    current[key].append(value)
                else:
                    current[key] = [value]
                leaves[slot].append(value)
                continue
            if kind == 1:  # a container ends
                current = current[".."]
                continue
            for step, name, where, attributes in steps:
                if step == 0:
                    current = current[".."]
                elif step == 1:
                    opened: Container = {"..": current, ".": where}
                    if attributes:
                        opened["@"] = attributes
                        marked.append(opened)
                    if name in current:
                        current[name].append(opened)
                    else:
                        current[name] = [opened]
                    containers[where].append(opened)
                    current = opened
                elif step == 3:
                    fill = next(filled, None)
                    if fill is None:
                        raise Irregular
                    fill(document, where, current)
                else:
                    empty = self.leaf("", attributes) if attributes else ""
                    current.setdefault(name, []).append(empty)
                    leaves[where].append(empty)
            if key is not None:
                if amp and "&" in value:
                    value = unescape(value)
                if kind == 3:
                    value = self.leaf(value, slot.attributes)
                if key in current:
                    current[key].append(value)
                else:
                    current[key] = [value]
                leaves[slot].append(value)
        if next(filled, None) is not None:
            raise Irregular
        return self.finish(document)

    @staticmethod
    def leaf(text: str, attributes: Attributes) -> Leaf:
        leaf = Leaf(text)
        leaf.a = attributes
        return leaf

    def finish(self, document: Document) -> Document:
        root = next((guide for guide in document.containers if guide.depth == 1), None)
        if root is None:
            raise Irregular
        document.root = document.containers[root][0]
        paths = document.paths
        for guide, column in document.containers.items():
            paths[guide.path] = paths.get(guide.path, 0) + len(column)
            document.size += len(column)
        for slot, texts in document.leaves.items():
            path = slot.guide.path
            paths[path] = paths.get(path, 0) + len(texts)
            document.size += len(texts)
        return document

    def learn(self, known: dict[Any, Any], head: str) -> tuple[Any, ...]:
        with self.lock:
            if self.learned > TRANSITIONS_MAX:
                self.guide = Guide(None, "", "", {"xml": XML_NS})
                self.learned = 0
            move = self._move(known, head)
            self.learned += 1
            if len(head) <= HEAD_MAX:
                known[head] = move
            return move

    def _move(self, known: dict[Any, Any], head: str) -> tuple[Any, ...]:
        """(kind, next state, key and slot of the leaf, steps before it) of a piece."""
        guide, container = known[None]
        steps: list[tuple[int, str, Any, Attributes | None]] = []
        at, text = 0, head + ">"
        if guide.parent is not None:
            at = text.index(">") + 1
            if text[: at - 1].rstrip() != guide.raw:
                raise Irregular
            if container:
                steps.append((0, "", None, None))
            guide = guide.parent
        tags = list(_tags(text, at))
        for place, (raw, attributes, closed) in enumerate(tags):
            if raw == GAP:
                steps.append((3, "", guide, None))
                continue
            last = place == len(tags) - 1
            child, given = self._child(guide, raw, attributes)
            if child.depth > DEPTH_MAX:
                raise Irregular
            if last and not closed and child.key not in self.container_names:
                slot = self._slot(child, given)
                kept = bool(given) and (self.keeps_all or child.key in self.attributed)
                kind = 3 if kept else 2 if steps else 0
                return (kind, child.leafed, child.key, slot, tuple(steps))
            if closed and child.key not in self.container_names:
                kept = bool(given) and (self.keeps_all or child.key in self.attributed)
                steps.append((2, child.key, self._slot(child, given), given if kept else None))
                continue
            if child.key in self.leaf_names:
                raise Irregular
            steps.append((1, child.key, child, given or None))
            if closed:
                steps.append((0, "", None, None))
            else:
                guide = child
        if len(steps) == 1 and steps[0][0] == 0:
            return (1, guide.inside, None, None, ())
        return (2, guide.inside, None, None, tuple(steps))

    @staticmethod
    def _slot(guide: Guide, attributes: Attributes) -> Slot:
        key = tuple(sorted(attributes.items()))
        slot = guide.slots.get(key)
        if slot is None:
            slot = guide.slots[key] = Slot(guide, attributes)
        return slot

    def _child(self, guide: Guide, raw: str, text: str) -> tuple[Guide, Attributes]:
        declared: dict[str, str] = {}
        given: dict[str, str] = {}
        for name, double, quoted in _ATTRIBUTE.findall(text):
            value = unescape(re.sub(r"[\t\n]", " ", double or quoted))
            target = declared if name == "xmlns" or name.startswith("xmlns:") else given
            if name in target:
                raise Irregular
            target[name] = value
        if len(given) + len(declared) > ATTRIBUTES_MAX:
            raise Irregular
        scope = guide.nsmap
        marker = ""
        if declared:
            scope = dict(scope)
            for name, uri in declared.items():
                prefix = name[6:]
                if prefix in ("xml", "xmlns") or (prefix and not uri):
                    raise Irregular
                scope[prefix] = uri
            marker = repr(sorted(declared.items()))
        child = guide.kids.get((raw, marker))
        if child is None:
            child = guide.kids[(raw, marker)] = Guide(guide, self._key(raw, scope), raw, scope)
        return child, self._attributes(given, child.nsmap)

    def _attributes(self, given: dict[str, str], scope: dict[str, str]) -> Attributes:
        if not given:
            return NO_ATTRIBUTES
        resolved = {(self._key(name, scope) if ":" in name else name): value for name, value in given.items()}
        if len(resolved) != len(given):
            raise Irregular
        return resolved

    def _key(self, raw: str, scope: dict[str, str]) -> str:
        prefix, found, local = raw.rpartition(":")
        if prefix not in scope and found:
            raise Irregular
        uri = scope.get(prefix, "")
        if not uri:
            return local
        known = self.prefixes.get(uri)
        return f"{known}:{local}" if known else f"{{{uri}}}{local}"


def _tags(text: str, at: int) -> list[tuple[str, str, bool]]:
    """(name, attributes, self-closing) of the start tags from `at`; everything must be understood."""
    found: list[tuple[str, str, bool]] = []
    while at < len(text):
        match = _TAG.match(text, at)
        if match is None:
            raise Irregular
        found.append((match[1], match[2], match[3] == "/"))
        at = match.end()
    return found


def split_key(key: str, uris: dict[str, str]) -> tuple[str, str]:
    """(namespace, local name) of a key."""
    if key.startswith("{"):
        uri, _, local = key[1:].rpartition("}")
        return uri, local
    prefix, found, local = key.rpartition(":")
    return (uris[prefix], local) if found else ("", local)
