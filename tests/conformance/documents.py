"""The UBL documents of the corpus, one by one, and the rules that its unit tests name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

ROOTS = ("Invoice", "CreditNote")


def documents(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every UBL invoice and credit note, also of those inside test sets."""
    for file in sorted(corpus.rglob("*.xml")):
        data = file.read_bytes()
        root = etree.fromstring(data)
        name = str(file.relative_to(corpus))
        if etree.QName(root).localname in ROOTS and "ubl" in (root.nsmap.get(root.prefix) or ""):
            yield name, data
        elif etree.QName(root).localname == "testSet":
            for number, (document, _) in enumerate(cases(root), 1):
                yield f"{name}#{number}", document


def cases(test_set: etree._Element) -> Iterator[tuple[bytes, list[tuple[str, str]]]]:
    """(document, [(success | error | warning, rule)]) of each test of a set."""
    for test in test_set.iter("{*}test"):
        named = [(etree.QName(e).localname, (e.text or "").strip()) for e in test.findall("{*}assert/*")]
        for document in test:
            if isinstance(document.tag, str) and etree.QName(document).localname in ROOTS:
                yield etree.tostring(document, with_tail=False), [n for n in named if n[0] in ("success", "error", "warning")]
