"""What a schema allows inside an element, read from its files when a document breaks it: so a finding can say what stands where.

libxml2 says which element it did not expect; whether that element is unknown here, comes too early, too late or too often is worked
out from the schema's own sequence.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from wasl.rules.findings import Cause

XS = "{http://www.w3.org/2001/XMLSchema}"
Name = tuple[str, str]  # namespace, local name


class Slot(NamedTuple):
    """One element of a sequence: at least `least` times, and once or often."""

    name: Name
    type: Name
    least: int
    many: bool


class Model:
    """The element types of a schema file and of all that it imports."""

    def __init__(self, file: Path) -> None:
        self.types, self.elements = _read(file)
        self._slots: dict[Name, tuple[Slot, ...]] = {}

    def slots(self, node: Any) -> tuple[Slot, ...]:
        """What may stand in the element `node` of a document, in order; nothing where the schema does not say."""
        path = [_name(at) for at in reversed([node, *node.iterancestors()])]
        kind = self.elements.get(path[0])
        for step in path[1:]:
            if kind is None:
                return ()
            kind = next((slot.type for slot in self._of(kind) if slot.name == step), None)
        return self._of(kind) if kind is not None else ()

    def _of(self, kind: Name) -> tuple[Slot, ...]:
        found = self._slots.get(kind)
        if found is None:
            node = self.types.get(kind)
            found = self._slots[kind] = () if node is None else tuple(self._inside(node, least=True, many=False))
        return found

    def _inside(self, node: Any, *, least: bool, many: bool) -> list[Slot]:
        found: list[Slot] = []
        for child in node:
            if not isinstance(child.tag, str):
                continue
            needed = least and child.get("minOccurs", "1") != "0"
            often = many or child.get("maxOccurs", "1") != "1"
            if child.tag == XS + "element":
                name = _resolve(child, child.get("ref")) if child.get("ref") else (_target(child), child.get("name"))
                kind = self.elements.get(name) if child.get("ref") else _resolve(child, child.get("type") or "")
                found.append(Slot(name, kind or ("", ""), 1 if needed else 0, often))
            elif child.tag in (XS + "sequence", XS + "complexContent"):
                found.extend(self._inside(child, least=needed, many=often))
            elif child.tag == XS + "choice":
                found.extend(self._inside(child, least=False, many=often))
            elif child.tag in (XS + "extension", XS + "restriction"):
                if child.tag == XS + "extension":
                    found.extend(self._of(_resolve(child, child.get("base") or "")))
                found.extend(self._inside(child, least=least, many=many))
        return found


@lru_cache(maxsize=4)
def _read(file: Path) -> tuple[dict[Name, Any], dict[Name, Name]]:
    """(complex types, global elements with their types) of a schema and its imports."""
    from lxml import etree

    types: dict[Name, Any] = {}
    elements: dict[Name, Name] = {}
    waiting, seen = [file], set[Path]()
    while waiting:
        at = waiting.pop().resolve()
        if at in seen or not at.is_file():
            continue
        seen.add(at)
        root = etree.parse(str(at), etree.XMLParser(no_network=True, resolve_entities=False, remove_comments=True)).getroot()
        target = root.get("targetNamespace", "")
        for child in root:
            if child.tag in (XS + "import", XS + "include") and child.get("schemaLocation"):
                waiting.append(at.parent / child.get("schemaLocation"))
            elif child.tag == XS + "complexType":
                types[target, child.get("name")] = child
            elif child.tag == XS + "element" and child.get("type"):
                elements[target, child.get("name")] = _resolve(child, child.get("type"))
    return types, elements


def _target(node: Any) -> str:
    return str(node.getroottree().getroot().get("targetNamespace", ""))


def _resolve(node: Any, name: str) -> Name:
    prefix, _, local = name.rpartition(":")
    return str(node.nsmap.get(prefix or None, "")), local


def _name(node: Any) -> Name:
    uri, _, local = node.tag.rpartition("}")
    return uri[1:], local


# -- why libxml2 complains ----------------------------------------------------------------------------------------------------------

_VALUE = re.compile(
    r"(?:\[facet '(?P<facet>\w+)'\] The value |)'(?P<value>.*?)' (?:is not a valid value of the (?:\w+ )?type '(?P<type>[^']*)'|)", re.DOTALL
)
_ATTRIBUTE = re.compile(r"The attribute '(?:\{[^}]*\})?([^']*)'")
_BY_CODE = {
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "attribute-unknown",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "attribute-unknown",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "attribute-missing",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "no-text",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": "no-elements",
    "SCHEMAV_CVC_TYPE_3_1_2": "no-elements",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "no-text",
    "SCHEMAV_CVC_ELT_1": "unknown",
    "SCHEMAV_CVC_ENUMERATION_VALID": "code",
    "SCHEMAV_CVC_FACET_VALID": "value",
}


def cause(code: str, text: str, attribute: str, node: Any, model: Model) -> Cause:
    """The kind of error ("unknown", "order", "twice", "missing", "value" ...), the name or value at fault, and what was wanted."""
    if code == "SCHEMAV_ELEMENT_CONTENT":
        return _content(text, node, model)
    kind = _BY_CODE.get(code)
    if kind == "attribute-unknown":
        return Cause(kind, attribute, "")
    if kind == "attribute-missing":
        named = _ATTRIBUTE.search(text)
        return Cause(kind, named.group(1) if named else "", "")
    if kind in ("no-text", "no-elements", "unknown"):
        return Cause(kind, "", "")
    found = _VALUE.match(text)
    if found is not None:
        if kind == "code":
            return Cause(kind, found["value"], attribute)
        return Cause("value", found["value"], (found["type"] or found["facet"] or "").removeprefix("xs:"))
    return Cause("other", "", "")


def _content(text: str, node: Any, model: Model) -> Cause:
    if text.startswith("Missing child"):
        present = {_name(child) for child in node.iterchildren("*")}
        lacking = [slot.name for slot in model.slots(node) if slot.least and slot.name not in present]
        return Cause("missing", "", _names(lacking) or _expected(text))
    parent = node.getparent()
    slots = model.slots(parent) if parent is not None else ()
    places = {slot.name: i for i, slot in enumerate(slots)}
    name = _name(node)
    if name not in places:
        return Cause("unknown", "", "")
    before = [_name(child) for child in node.itersiblings("*", preceding=True)]
    if name in before and not slots[places[name]].many:
        return Cause("twice", "", "")
    later = [other for other in before if places.get(other, -1) > places[name]]
    if later:
        return Cause("order", "", _names([min(later, key=lambda other: places[other])]))
    lacking = [slot.name for slot in slots[: places[name]] if slot.least and slot.name not in before]
    if not lacking:
        return Cause("unknown", "", "")
    after = {_name(child) for child in node.itersiblings("*")}
    return Cause("early" if after.issuperset(lacking) else "missing-before", "", _names(lacking))


def _names(names: list[Name]) -> str:
    from wasl.rules.findings import PREFIXES

    return " ".join(f"{PREFIXES[uri]}:{local}" if uri in PREFIXES else local for uri, local in names)


def _expected(text: str) -> str:
    return _names([(uri, local) for uri, local in re.findall(r"\{([^}]*)\}([\w.-]+)", text)])
