"""Mutants by term, for any syntax: what people and programs do to an invoice, one to three changes at a time, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

TEXTS = (
    "", " ", "abc", "-1", "0", "1", "0.005", "1.2345", "-0.01", "1e3", "99999999999.99", ".5", "5.", "+7", "1 000", "1,5", "٣", "TRUE", "true",
    " true ", "false", "2026-13-01", "2024-02-30", "2026-02-28Z", "20260230", "20261231", "x\ny", "x y", "#SKONTO#TAGE=7#PROZENT=2.00#\n", "DE",
    "xx", "NaN", "-0", "INF", "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
)  # fmt: skip
CODES = (
    "S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B", "VAT", "FC", "VA", "EUR", "SAR", "HUF", "XXX", "380", "381", "384", "389", "326", "30", "48",
    "54", "57", "58", "59", "49", "102", "916", "130", "50", "C62", "H87", "0088", "0060", "9930", "EM", "CVD", "cva", "clean", "VATEX-EU-AE", "95",
    "FC", "DETAIL", "GROUP", "IT", "GR", "application/pdf", "text/csv", "image/gif",
)  # fmt: skip
ATTRIBUTES = ("currencyID", "unitCode", "schemeID", "listID", "format", "mimeCode", "filename", "languageID", "schemeName", "made-up")
Change = Callable[[random.Random, Any, list[Any]], bool]


def _delete(rng: random.Random, element: Any, _: list[Any]) -> bool:
    element.getparent().remove(element)
    return True


def _double(rng: random.Random, element: Any, _: list[Any]) -> bool:
    element.addnext(deepcopy(element))
    return True


def _empty(rng: random.Random, element: Any, _: list[Any]) -> bool:
    for child in list(element):
        element.remove(child)
    element.text = rng.choice((None, "", " ", "\n  "))
    return True


def _text(rng: random.Random, element: Any, _: list[Any]) -> bool:
    if len(element):
        return False
    element.text = rng.choice(TEXTS)
    return True


def _code(rng: random.Random, element: Any, _: list[Any]) -> bool:
    if element.attrib and rng.random() < 0.4:
        element.set(rng.choice(list(element.attrib)), rng.choice(CODES))
        return True
    if len(element):
        return False
    element.text = rng.choice(CODES)
    return True


def _decimals(rng: random.Random, element: Any, _: list[Any]) -> bool:
    text = (element.text or "").strip()
    if len(element) or not text.replace(".", "", 1).lstrip("-").isdigit():
        return False
    how = rng.randrange(6)
    if how == 0:
        element.text = text + ("0" if "." in text else ".0")
    elif how == 1:
        element.text = text.replace(".", "") or "0"
    elif how == 2:
        element.text = "0" + text
    elif how == 3:
        element.text = text[:-1] + ("." + text[-1] if "." not in text else text[-1] + "5")
    elif how == 4:
        element.text = f"-{text}"
    else:
        element.text = str(int(text.replace(".", "").lstrip("-") or 0) + rng.choice((-1, 1, 10, 100)))
        if "." in text:
            places = len(text) - text.index(".") - 1
            digits = element.text.zfill(places + 1)
            element.text = digits[:-places] + "." + digits[-places:] if places else digits
    return True


def _space(rng: random.Random, element: Any, _: list[Any]) -> bool:
    if len(element) or not element.text:
        return False
    element.text = rng.choice((" {}", "{} ", "\n{}\t", "\u00a0{}", "{}\u3000")).format(element.text)
    return True


def _comment(rng: random.Random, element: Any, _: list[Any]) -> bool:
    """A comment or instruction inside a value, or between elements."""
    note = etree.Comment(" > & < ") if rng.random() < 0.7 else etree.ProcessingInstruction("note", "x > y")
    if len(element):
        element.insert(rng.randrange(len(element) + 1), note)
        return True
    text = element.text or ""
    at = rng.randrange(len(text) + 1)
    element.text, note.tail = text[:at], text[at:]
    element.append(note)
    return True


def _attribute(rng: random.Random, element: Any, _: list[Any]) -> bool:
    how = rng.random()
    if element.attrib and how < 0.35:
        del element.attrib[rng.choice(list(element.attrib))]
    elif element.attrib and how < 0.5:
        name = rng.choice(list(element.attrib))
        element.set(name, rng.choice((" {} ", "{} ", "{}x", "")).format(element.get(name)))
    else:
        element.set(rng.choice(ATTRIBUTES), rng.choice((*CODES, "", " ")))
    return True


def _move(rng: random.Random, element: Any, everything: list[Any]) -> bool:
    target = rng.choice(everything)
    if target is element or element in list(target.iterancestors()):
        return False
    target.insert(rng.randrange(len(target) + 1), element)
    return True


def _shuffle(rng: random.Random, element: Any, _: list[Any]) -> bool:
    children = list(element)
    if len(children) < 2:
        return False
    rng.shuffle(children)
    for child in children:
        element.append(child)
    return True


def _rename(rng: random.Random, element: Any, everything: list[Any]) -> bool:
    element.tag = rng.choice(everything).tag
    return True


def _graft(rng: random.Random, element: Any, everything: list[Any]) -> bool:
    """A copy of a part of the document somewhere else."""
    source = rng.choice(everything)
    if sum(1 for _ in source.iter()) > 60:
        return False
    element.insert(rng.randrange(len(element) + 1), deepcopy(source))
    return True


def _strange(rng: random.Random, element: Any, _: list[Any]) -> bool:
    etree.SubElement(element, rng.choice(("{urn:strange}Thing", "Thing", (etree.QName(element).namespace and f"{{{etree.QName(element).namespace}}}Odd") or "Odd"))).text = "1"
    return True


CHANGES: tuple[tuple[Change, int], ...] = (
    (_delete, 16), (_double, 10), (_empty, 4), (_text, 20), (_code, 22), (_decimals, 14), (_space, 4), (_comment, 4), (_attribute, 12),
    (_move, 4), (_shuffle, 3), (_rename, 3), (_graft, 3), (_strange, 1),
)  # fmt: skip


def mutant(seed: bytes, rng: random.Random) -> bytes:
    """One mutant of a document: one change, seldom up to three."""
    root = etree.fromstring(seed)
    wanted = rng.choice((1, 1, 1, 1, 2, 3))
    changes, weights = zip(*CHANGES, strict=True)
    for _ in range(60):
        everything = [element for element in root.iter(etree.Element) if element is not root]
        if not wanted or not everything:
            break
        if rng.choices(changes, weights)[0](rng, rng.choice(everything), everything):
            wanted -= 1
    return etree.tostring(root.getroottree())


def mutants(seeds: Iterable[tuple[str, bytes]], count: int, salt: int, start: int = 0) -> Iterator[tuple[str, bytes]]:
    """`count` mutants from the `start`-th on: each from a seed of its turn, by a random number of its own."""
    known = list(seeds)
    for number in range(start, start + count):
        name, seed = known[number % len(known)]
        yield f"{name}~{salt}.{number}", mutant(seed, random.Random(f"{salt}.{number}"))
