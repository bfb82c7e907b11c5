"""The oracle: SaxonC-HE running an official sheet, with every assert in an xsl:try of its own so that one error cannot hide the rest.

The sheet is changed at test time, in a folder that is gone afterwards, and never stored. A rule's variables are copied into its try, for
an error in a variable is an error of the asserts that use it. `findings` gives (rule, severity, location, unevaluable), sorted.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from wasl.rules import sheets

XSL = "http://www.w3.org/1999/XSL/Transform"
SVRL = "http://purl.oclc.org/dsdl/svrl"
SCHXSLT = "https://doi.org/10.5281/zenodo.1495494"
Outcome = tuple[str, str, str, bool]
_MESSAGES = (f"{{{SVRL}}}failed-assert", f"{{{SVRL}}}successful-report")
_STEP = re.compile(r"/(?:\*:([^\[]+)\[namespace-uri\(\)='([^']*)'\]|Q\{([^}]*)\}([^\[]+)|([^\[/*]+))(?:\[(\d+)\])?")


def try_sheet(sheet: bytes) -> bytes:
    """The sheet with each assert and report wrapped; the catch writes the same message, marked as unevaluable."""
    root = etree.fromstring(sheet, etree.XMLParser(remove_comments=True))
    schxslt = SCHXSLT in root.nsmap.values()
    unnamed = 0
    for template in root.iterfind(f"{{{XSL}}}template"):
        lets = template.findall(f"{{{XSL}}}variable")
        holders = [holder for holder in template.iter(f"{{{XSL}}}choose", f"{{{XSL}}}if") if _message(holder) is not None]
        for holder in holders:
            message = _message(holder)
            if not message.get("id") and message.find(f"{{{XSL}}}attribute[@name='id']") is None:
                unnamed += 1
                named = etree.Element(f"{{{XSL}}}attribute", name="id")
                named.text = f"{'report' if message.tag == _MESSAGES[1] else 'assert'}-{unnamed}"
                message.insert(0, named)
            wrapper = etree.Element(f"{{{XSL}}}try")
            holder.getparent().replace(holder, wrapper)
            holder.tail = None
            catch = etree.Element(f"{{{XSL}}}catch")
            broken = etree.SubElement(catch, message.tag, {**message.attrib, "unevaluable": "true"})
            for attribute in message.iterfind(f"{{{XSL}}}attribute"):
                broken.append(deepcopy(attribute))
            text = message.find(f"{{{SVRL}}}text")
            for child in list(text):  # a value in the text may fail as well, and is no part of the verdict
                text.remove(child)
            wrapper.extend([*(deepcopy(let) for let in lets), holder, catch])
        if holders and not schxslt:
            for let in lets:
                template.remove(let)
    for noise in list(root.iter(f"{{{SVRL}}}fired-rule", f"{{{SVRL}}}suppressed-rule")):  # most of the report, and no verdict
        noise.getparent().remove(noise)
    return etree.tostring(root)


def _message(holder: Any) -> Any:
    places = (holder.find(f"{{{XSL}}}otherwise"),) if holder.tag.endswith("}choose") else (holder,)
    return next((child for place in places if place is not None for child in place if child.tag in _MESSAGES), None)


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


def place(location: str) -> str:
    """A location as our findings write it, from either style of report."""
    steps = []
    for step in _STEP.finditer(location):
        local, uri = (step[1], step[2]) if step[1] else (step[4], step[3]) if step[4] else (step[5], "")
        steps.append(f"/*:{local}[namespace-uri()='{uri}'][{step[6] or 1}]" if uri else f"/{local}[{step[6] or 1}]")
    return "".join(steps)


class Oracle:
    """One Saxon processor with the plain and the guarded sheet compiled."""

    def __init__(self, sheet: Path) -> None:
        from saxonche import PySaxonProcessor

        self.processor = PySaxonProcessor(license=False)
        self.folder = tempfile.TemporaryDirectory(prefix="wasl-oracle-")
        for file in sheet.parent.glob("*.xml"):  # code lists beside it
            shutil.copy(file, self.folder.name)
        self.guarded = self._compile(try_sheet(sheet.read_bytes()), "guarded.xsl")
        self.plain = self._compile(sheet.read_bytes(), "plain.xsl")

    def _compile(self, sheet: bytes, name: str) -> Any:
        path = Path(self.folder.name) / name
        path.write_bytes(sheet)
        with silence():
            return self.processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))

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
        root = etree.fromstring(answer.encode(), etree.XMLParser(huge_tree=True))
        return sorted(_outcome(a) for a in root.iter(*_MESSAGES))


def _outcome(message: Any) -> Outcome:
    flag = (message.get("flag") or message.get("role") or "fatal").lower()
    severity = {"error": "fatal", "warn": "warning", "info": "information"}.get(flag, flag)
    return message.get("id"), severity, place(message.get("location")), message.get("unevaluable") == "true"


@cache
def oracle(name: str = "en16931-ubl") -> Oracle:
    return Oracle(sheets.locate(name))
