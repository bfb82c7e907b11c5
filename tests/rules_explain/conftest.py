"""The official sheet as data, and small documents to break."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest
from lxml import etree

from wasl.rules import sheets
from wasl.rules.sheet import read_xslt


class OfficialRule(NamedTuple):
    id: str
    test: str
    official: str
    context: str


class Fired(NamedTuple):
    """A finding as explanations see it, made by hand."""

    rule: str
    location: str
    test: str = ""
    official: str = ""
    unevaluable: bool = False


@cache
def official_rules() -> tuple[OfficialRule, ...]:
    sheet = read_xslt(sheets.locate("en16931-ubl").read_bytes())
    return tuple(OfficialRule(a.id, a.test, "".join(p for p in a.text if isinstance(p, str)), t.context) for t, a in sheet.asserts())


@pytest.fixture(scope="session")
def rules() -> tuple[OfficialRule, ...]:
    return official_rules()


HEAD = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)


def invoice(body: str, *, credit_note: bool = False) -> etree._Element:
    """A UBL document around `body`."""
    text = f"{HEAD}{body}</Invoice>"
    return etree.fromstring(text.replace("Invoice", "CreditNote") if credit_note else text)
