"""The documented schema of Wasl JSON and its reader agree: what one takes the other takes, what a schema can refuse it refuses."""

from __future__ import annotations

import copy
import doctest
import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies import any_invoices
from wasl.formats import wasljson
from wasl.formats.wasljson import JsonRefused
from wasl.formats.wasljson_schema import rows, schema
from wasl.invoice.terms import TERMS

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
VALIDATOR = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.json"))
MINIMAL = {"wasl": 1, "number": "A", "lines": [{"quantity": "1", "item": {"name": "x"}}], "seller": {"identifiers": [{"value": "1"}]}}


def reader_takes(document):
    try:
        wasljson.read(json.dumps(document).encode())
    except JsonRefused:
        return False
    return True


def changed(*path_and_value):
    *path, last, value = path_and_value
    document = copy.deepcopy(MINIMAL)
    here = document
    for step in path:
        here = here[step]
    here[last] = value
    return document


def test_the_schema_is_a_schema_and_the_page_shows_it():
    jsonschema.Draft202012Validator.check_schema(schema())

    assert json.loads((REFERENCE / "wasl-json.schema.json").read_text()) == schema()


def test_the_example_of_the_page_runs():
    failed, tried = doctest.testfile(str(REFERENCE / "wasl-json.md"), module_relative=False, encoding="utf-8")

    assert (failed, tried > 5) == (0, True)


def test_every_term_that_the_model_holds_is_on_the_page_in_both_languages():
    listed = {term for _, _, term, _, _ in rows()}
    held = {info.id for info in TERMS.values() if info.path}

    assert held - listed == {"BG-30"}  # the line's VAT: its two fields stand in the line itself
    assert all(en and ar for _, _, term, en, ar in rows() if term)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_files_fit_the_schema(path):
    VALIDATOR.validate(json.loads(path.read_bytes()))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(any_invoices())
def test_every_model_that_is_written_fits_the_schema(invoice):
    VALIDATOR.validate(json.loads(wasljson.write(invoice)))


@pytest.mark.parametrize(
    "document",
    [
        [], 1, "x", None, {}, {"wasl": 2}, {"wasl": "1"}, {"wasl": True}, {"wasl": None},
        changed("other", 1), changed("number", 5), changed("number", []), changed("number", {}), changed("number", True), changed("number", "a\x00b"),
        changed("number", "a\ufffeb"), changed("issue_date", "31/12/2026"), changed("issue_date", "2026-02-30"), changed("issue_date", "2026-13-01"), changed("issue_date", 20261231),
        changed("lines", {}), changed("lines", "x"), changed("lines", [None]), changed("lines", [[]]), changed("lines", 0, "quantity", "1e3"),
        changed("lines", 0, "quantity", "NaN"), changed("lines", 0, "quantity", "٣"), changed("lines", 0, "quantity", ""), changed("lines", 0, "quantity", "."),
        changed("lines", 0, "quantity", "9" * 25), changed("lines", 0, "quantity", "1." + "9" * 28), changed("lines", 0, "quantity", 10**24), changed("lines", 0, "quantity", True),
        changed("lines", 0, "price", []), changed("lines", 0, "extra", "x"), changed("seller", "identifiers", [{}]), changed("seller", "identifiers", [{"value": None}]),
        changed("seller", "name", {"value": "x"}), changed("supporting_documents", [{"content": "???"}]), changed("supporting_documents", [{"content": "abc"}]),
    ],
)  # fmt: skip
def test_what_the_reader_refuses_the_schema_refuses(document):
    assert not reader_takes(document)
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    "document",
    [
        {"wasl": 1}, MINIMAL, changed("number", None), changed("lines", None), changed("lines", []), changed("number", ""), changed("number", "a\nb"),
        changed("lines", 0, "quantity", 3), changed("lines", 0, "quantity", -3.5), changed("lines", 0, "quantity", " +5. "), changed("lines", 0, "quantity", ".5"),
        changed("lines", 0, "quantity", "9" * 24 + ".1234"), changed("supporting_documents", [{"content": ""}]), changed("supporting_documents", [{"content": "YWI="}]),
    ],
)  # fmt: skip
def test_what_the_reader_takes_the_schema_takes(document):
    assert reader_takes(document)
    VALIDATOR.validate(document)


_ODD = [None, True, 0, -1.5, 10**30, "", "x", "1", "1e9", "2026-01-01", "2026-1-1", "a\x01", [], {}, [{}], [None], {"value": "x"}, [{"value": "1"}], "9" * 29]


def twisted(document, rng):
    """One value anywhere replaced by an odd one, a field renamed, taken away or put elsewhere."""
    places = []

    def walk(node):
        if isinstance(node, dict):
            places.extend((node, key) for key in node)
            list(map(walk, node.values()))
        elif isinstance(node, list):
            places.extend((node, at) for at in range(len(node)))
            list(map(walk, node))

    walk(document)
    node, key = rng.choice(places)
    act = rng.randrange(4)
    if act == 0 and isinstance(node, dict):
        node[rng.choice(["value", "scheme", "amount", "name", "x"])] = node.pop(key)
    elif act == 1 and isinstance(node, dict):
        del node[key]
    else:
        node[key] = copy.deepcopy(rng.choice(_ODD))
    return document


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GOLDEN), st.integers(0, 2**32))
def test_reader_and_schema_agree_on_twisted_files(path, seed):
    document = twisted(json.loads(path.read_bytes()), random.Random(seed))

    assert reader_takes(document) == VALIDATOR.is_valid(document)
