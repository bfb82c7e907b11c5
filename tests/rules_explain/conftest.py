"""The official sheets as data, and small documents to break."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pytest
from lxml import etree

from wasl.rules import catalogue, sheets
from wasl.rules.explain import Explanation, explain_rule
from wasl.rules.explain.nodes import NAMESPACES

SETS = tuple(sheets.SOURCES)


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
def rules_of(name: str) -> tuple[OfficialRule, ...]:
    """Every assert and report of one set; skips where its package is not installed."""
    if not sheets.installed(name):
        pytest.skip(f"{sheets.SOURCES[name].distribution} is not installed")
    return tuple(OfficialRule(info.id, info.test, info.text, info.context) for info in catalogue.of_set(name))


@cache
def words_of(rule: OfficialRule) -> Explanation:
    return explain_rule(rule.id, test=rule.test, official=rule.official, context=rule.context)


@pytest.fixture(params=SETS)
def rules(request) -> tuple[OfficialRule, ...]:
    return rules_of(request.param)


HEAD = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)
CII_HEAD = (
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
    ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
    ' xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"'
    ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">'
)


def invoice(body: str, *, credit_note: bool = False) -> etree._Element:
    """A UBL document around `body`."""
    text = f"{HEAD}{body}</Invoice>"
    return etree.fromstring(text.replace("Invoice", "CreditNote") if credit_note else text)


def cii(*, document: str = "", lines: str = "", agreement: str = "", delivery: str = "", settlement: str = "") -> etree._Element:
    """A CII document with these parts."""
    return etree.fromstring(
        f"{CII_HEAD}<rsm:ExchangedDocumentContext/><rsm:ExchangedDocument>{document}</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>{lines}"
        f"<ram:ApplicableHeaderTradeAgreement>{agreement}</ram:ApplicableHeaderTradeAgreement>"
        f"<ram:ApplicableHeaderTradeDelivery>{delivery}</ram:ApplicableHeaderTradeDelivery>"
        f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{settlement}"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    )


def location_of(node: etree._Element) -> str:
    """The place of an element, as a finding gives it."""
    steps: list[str] = []
    at: etree._Element | None = node
    while at is not None:
        parent = at.getparent()
        n = 1 if parent is None else [c for c in parent if c.tag == at.tag].index(at) + 1
        steps.append(f"{etree.QName(at).localname}[{n}]")
        at = parent
    return "/" + "/".join(reversed(steps))


def build(root: etree._Element, path: str) -> etree._Element:
    """The element (or the bearer of the attribute) at a path below the root; what its predicates ask for is made as well."""
    node = root
    for step in re.findall(r"(?:[^/\[]|\[[^\]]*\])+", path):
        name, _, predicate = step.partition("[")
        if name.startswith("@"):
            node.set(name[1:], "X")
            continue
        found = next((n for n in node if n.tag == _qualified(name) and not predicate), None)
        node = found if found is not None and "[" not in path else etree.SubElement(node, _qualified(name))
        _meet(node, predicate.rstrip("]"))
    return node


def _meet(node: etree._Element, predicate: str) -> None:
    if not predicate:
        return
    target, sign, value = re.match(r"([^=!]+)(!?=)'([^']*)'", predicate).groups()  # type: ignore[union-attr]
    if target.startswith("@"):
        node.set(target[1:], value)
        return
    for part in target.split("/"):
        node = etree.SubElement(node, _qualified(part))
    node.text = "OTHER" if sign == "!=" else value


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"
