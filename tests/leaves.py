"""One leaf or attribute of a document after another, altered or taken away: does the reader notice?"""

from __future__ import annotations

import copy

from lxml import etree

from wasl.errors import UnreadableInput

XSI_HINT = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


def places(root):
    """Every leaf (element, None) and attribute (element, name), but for hints to a validator."""
    for element in list(root.iter(etree.Element)):
        if next(element.iterchildren(etree.Element), None) is None and (element.text or "").strip():
            yield element, None
        for name in element.attrib:
            if name != XSI_HINT:
                yield element, name


def goes_unseen(read, before, root, place, change) -> bool:
    """Whether a change at one place goes unseen; the tree is put back afterwards."""
    undo = change(*place)
    try:
        after = read(root)
    except UnreadableInput:
        return False
    finally:
        undo()
    return (after.invoice, after.losses) == (before.invoice, before.losses)


def alter(element, name):
    old = element.text if name is None else element.get(name)
    new = _other(old)
    _set(element, name, new)
    return lambda: _set(element, name, old)


def _other(value: str) -> str:
    """Another value of the same kind, so that nothing is caught merely for its form."""
    text = value.strip()
    if text in ("true", "false"):
        return "false" if text == "true" else "true"
    digits = [at for at, each in enumerate(value) if each in "0123456789"]
    if digits and text.replace("-", "").replace(".", "").isdigit():
        at = digits[-1]
        return value[:at] + ("2" if value[at] != "2" else "1") + value[at + 1 :]
    return "A" + value if text else value + "A"


def _set(element, name, value):
    if name is None:
        element.text = value
    else:
        element.set(name, value)


def remove(element, name):
    if name is not None:
        old = element.attrib.pop(name)
        return lambda: element.set(name, old)
    parent, at = element.getparent(), element.getparent().index(element)
    spare = copy.deepcopy(element)
    parent.remove(element)

    def undo():
        element.tail = spare.tail
        parent.insert(at, element)

    return undo
