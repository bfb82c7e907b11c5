"""The oracle: SaxonC-HE running the official sheet, with every assert in an xsl:try of its own so that one error cannot hide the rest.

The sheet is changed at test time and never stored. `findings` gives (rule, severity, location, unevaluable), sorted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from lxml import etree

from wasl.rules import sheets

XSL = "http://www.w3.org/1999/XSL/Transform"
SVRL = "http://purl.oclc.org/dsdl/svrl"
Outcome = tuple[str, str, str, bool]


def try_sheet(sheet: bytes) -> bytes:
    """The sheet with each assert wrapped; the catch writes the same message, marked as unevaluable."""
    root = etree.fromstring(sheet)
    for choose in list(root.iter(f"{{{XSL}}}choose")):
        failed = choose.find(f"{{{XSL}}}otherwise/{{{SVRL}}}failed-assert")
        if failed is None:
            continue
        wrapper = etree.Element(f"{{{XSL}}}try")
        choose.getparent().replace(choose, wrapper)
        catch = etree.Element(f"{{{XSL}}}catch")
        broken = etree.SubElement(catch, f"{{{SVRL}}}failed-assert", unevaluable="true")
        for attribute in failed.iterfind(f"{{{XSL}}}attribute"):
            broken.append(etree.fromstring(etree.tostring(attribute, with_tail=False)))
        wrapper.extend([choose, catch])
    return etree.tostring(root)


@contextmanager
def silence() -> Iterator[None]:
    """Saxon writes every recoverable error of a match pattern to the process's standard error, from native code."""
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


class Oracle:
    """One Saxon processor with the plain and the guarded sheet compiled."""

    def __init__(self, sheet: bytes) -> None:
        from saxonche import PySaxonProcessor

        self.processor = PySaxonProcessor(license=False)
        self.guarded = self._compile(try_sheet(sheet))
        self.plain = self._compile(sheet)

    def _compile(self, sheet: bytes) -> Any:
        return self.processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet.decode())

    def findings(self, document: str) -> list[Outcome]:
        return self._run(self.guarded, document)

    def findings_plain(self, document: str) -> list[Outcome]:
        return self._run(self.plain, document)

    def _run(self, executable: Any, document: str) -> list[Outcome]:
        with silence():
            node = self.processor.parse_xml(xml_text=document)
            answer = executable.transform_to_string(xdm_node=node)
        if answer is None:
            raise RuntimeError(executable.error_message)
        root = etree.fromstring(answer.encode())
        return sorted(
            (a.get("id"), a.get("flag"), a.get("location"), a.get("unevaluable") == "true") for a in root.iter(f"{{{SVRL}}}failed-assert")
        )


@cache
def oracle() -> Oracle:
    return Oracle(sheets.locate("en16931-ubl").read_bytes())
