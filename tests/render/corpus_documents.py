"""Every invoice of the corpus: whole files, and those that stand in the official test sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

INVOICES = ("Invoice", "CreditNote", "CrossIndustryInvoice")


def documents(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes), the name unique."""
    for file in sorted(corpus.rglob("*.xml")):
        data = file.read_bytes()
        root = etree.fromstring(data)
        name = file.relative_to(corpus).as_posix()
        if etree.QName(root).localname in INVOICES:
            yield name, data
        else:
            found = (e for e in root.iter(etree.Element) if etree.QName(e).localname in INVOICES)
            yield from ((f"{name}#{at}", etree.tostring(each, encoding="utf-8")) for at, each in enumerate(found, start=1))
