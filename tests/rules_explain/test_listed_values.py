"""What explanations claim about values and profiles, against the sheets' own files of codes and their own bans."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
import pytest

from wasl.formats import cii, wasljson
from wasl.rules import catalogue, sheets, validate
from wasl.rules.explain.codes import values_at
from wasl.rules.given import explain

GOLDEN = Path(__file__).parents[1] / "golden"

PROFILES = ("facturx-minimum", "facturx-basicwl", "facturx-basic", "facturx-en16931", "facturx-extended")  # each wider than the one before
LOOKED_UP = re.compile(r"document\('([^']+)'\)/codedb/cl\[@id=(\d+)\]")


@cache
def codes_of(file: Path, list_id: str) -> frozenset[str]:
    found = re.search(rf'<cl id="{list_id}".*?</cl>', file.read_text("utf-8"), re.S)
    assert found, (file.name, list_id)
    return frozenset(re.findall(r'value="([^"]*)"', found[0]))


@pytest.mark.parametrize("name", PROFILES)
def test_values_that_are_named_are_all_that_the_sheet_allows_and_examples_are_among_them(name: str) -> None:
    seen = 0
    for rule in catalogue.of_set(name):
        looked_up = LOOKED_UP.search(rule.test)
        what = re.search(r"Value of '(.+)' is not allowed", rule.text)
        if looked_up is None or what is None:
            continue
        seen += 1
        codes = codes_of(sheets.locate(name).parent / looked_up[1], looked_up[2])
        values = values_at(f"{rule.context}/{what[1]}" if what[1].startswith("@") else rule.context, rule.test)
        assert values is not None, rule.id
        assert set(values.examples.split(", ")) <= codes, (rule.id, values)
        if values.fixed:
            assert set(values.list.split("|")) == codes, (rule.id, values)
        else:
            assert len(codes) > 3, (rule.id, codes)  # so few would be named
    assert seen > 5


def banned_attributes(name: str) -> set[tuple[str, str]]:
    return {(rule.context, rule.test) for rule in catalogue.of_set(name) if rule.report and rule.text.strip().startswith("Attribute")}


@pytest.mark.parametrize("at", range(len(PROFILES) - 1))
def test_an_attribute_that_a_profile_bans_is_banned_in_every_wider_one(at: int) -> None:
    """So the advice for an attribute is to remove it, never to choose a wider profile."""
    banned = banned_attributes(PROFILES[at])
    assert banned
    for wider in PROFILES[at + 1 :]:
        assert banned <= banned_attributes(wider), wider


def test_what_the_schema_demands_is_not_to_be_removed() -> None:
    """CII wants its delivery group even when it is empty; the sheets of Factur-X warn of it all the same."""
    invoice = msgspec.structs.replace(wasljson.read((GOLDEN / "minimal.json").read_bytes()).invoice, delivery=None)
    data = cii.write(invoice, profile="basic")
    report = validate(data, profile="facturx-basic", schema=True)
    empty = [words for finding, words in zip(report.findings, explain(report, data), strict=True) if finding.rule == "FX-SCH-A-000372"]

    assert report.schema_valid
    assert len(empty) == 1
    assert "demands it" in empty[0].fix_en and "يوجبه" in empty[0].fix_ar and "remove" not in empty[0].fix_en
