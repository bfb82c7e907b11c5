"""Peppol BIS Billing 3.0 as Wasl's own declarative set: the official ids, our tests and our words, as data in `data/*.toml`.

The official artefacts are in no package, so the rules are written down here from the published specification. `schematron` turns
them into one Schematron schema, which goes through the same compiler as every other sheet.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FUNCTIONS = "urn:wasl:rules:functions"  # the namespace of `w:gln` and the like
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class PeppolRule:
    """One assert. `terms` are business terms, the one that it is about first; `en` and `ar` say what holds when all is well."""

    id: str
    severity: str
    terms: tuple[str, ...]
    context: str
    test: str
    en: str
    ar: str


def files() -> list[Path]:
    """The data, in the order in which it is read."""
    return sorted(_DATA.glob("*.toml"))


@cache
def _source() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files()]


@cache
def about() -> dict[str, str]:
    """id, title, version and date of the set."""
    return dict(next(part["set"] for part in _source() if "set" in part))


@cache
def rules() -> dict[str, PeppolRule]:
    """Every rule by its id, in the order in which they are tried."""
    found: dict[str, PeppolRule] = {}
    for pattern in _patterns():
        for rule in pattern["rule"]:
            context = " | ".join(rule["context"])
            for each in rule["assert"]:
                terms = tuple(each.get("terms", ()))
                severity = each.get("severity", "fatal")
                found[each["id"]] = PeppolRule(each["id"], severity, terms, context, _flat(each["test"]), each["en"], each["ar"])
    return found


def _patterns() -> list[dict[str, Any]]:
    """Patterns of the same name are one: within it the first rule whose context fits an element speaks for it, and no other."""
    merged: dict[str, dict[str, Any]] = {}
    for part in _source():
        for pattern in part.get("pattern", ()):
            known = merged.setdefault(pattern["name"], {"name": pattern["name"], "let": {}, "rule": []})
            known["let"].update(pattern.get("let", {}))
            known["rule"].extend(pattern["rule"])
    return list(merged.values())


def schematron() -> bytes:
    """The whole set as one Schematron schema (query binding XSLT 2.0)."""
    from lxml import etree

    sch, xsl = "http://purl.oclc.org/dsdl/schematron", "http://www.w3.org/1999/XSL/Transform"
    root = etree.Element(f"{{{sch}}}schema", nsmap={None: sch, "xsl": xsl, "w": FUNCTIONS}, queryBinding="xslt2")
    etree.SubElement(root, f"{{{sch}}}title").text = about()["title"]
    for part in _source():
        for prefix, uri in part.get("namespaces", {}).items():
            etree.SubElement(root, f"{{{sch}}}ns", prefix=prefix, uri=uri)
    etree.SubElement(root, f"{{{sch}}}ns", prefix="w", uri=FUNCTIONS)
    etree.SubElement(root, f"{{{sch}}}ns", prefix="xs", uri="http://www.w3.org/2001/XMLSchema")
    for part in _source():
        for name, codes in part.get("list", {}).items():
            _let(root, name, "(" + ", ".join(f"'{code}'" for code in codes.split()) + ")")
        for name, value in part.get("let", {}).items():
            _let(root, name, value)
        for name, function in part.get("function", {}).items():
            element = etree.SubElement(root, f"{{{xsl}}}function", name=f"w:{name}")
            etree.SubElement(element, f"{{{xsl}}}param", name=function["param"])
            for local, value in function.get("let", {}).items():
                etree.SubElement(element, f"{{{xsl}}}variable", name=local, select=_flat(value))
            etree.SubElement(element, f"{{{xsl}}}sequence", select=_flat(function["value"]))
    for pattern in _patterns():
        _pattern(etree.SubElement(root, f"{{{sch}}}pattern", id=pattern["name"]), pattern)
    return bytes(etree.tostring(root, encoding="utf-8"))


def _pattern(element: Any, pattern: dict[str, Any]) -> None:
    from lxml import etree

    sch = "{http://purl.oclc.org/dsdl/schematron}"
    for name, value in pattern["let"].items():
        _let(element, name, value)
    for each in pattern["rule"]:
        rule = etree.SubElement(element, f"{sch}rule", context=_flat(" | ".join(each["context"])))
        for name, value in each.get("let", {}).items():
            _let(rule, name, value)
        for one in each["assert"]:
            severity = one.get("severity", "fatal")
            asserted = etree.SubElement(rule, f"{sch}assert", id=one["id"], flag=severity, test=_flat(one["test"]))
            asserted.text = one["en"]


def _let(parent: Any, name: str, value: str) -> None:
    from lxml import etree

    etree.SubElement(parent, "{http://purl.oclc.org/dsdl/schematron}let", name=name, value=_flat(value))


def _flat(text: str) -> str:
    """An expression on one line; none of ours has a line break inside a literal."""
    return " ".join(text.split())
