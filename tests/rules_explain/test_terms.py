"""Every term of the standard has one label a language and a place that really exists in the model."""

from __future__ import annotations

import re
import types
import typing

import msgspec
import pytest

from wasl.invoice import model
from wasl.invoice.terms import TERMS


def test_every_business_term_and_group_of_the_core_is_there() -> None:
    # BT-4 was withdrawn before the standard was published.
    assert {f"BT-{n}" for n in range(1, 166) if n != 4} | {f"BG-{n}" for n in range(33)} <= set(TERMS)


def test_terms_named_in_the_model_are_all_labelled() -> None:
    source = typing.cast(str, model.__loader__.get_source(model.__name__))  # type: ignore[union-attr]
    assert set(re.findall(r"B[TG]-\d+(?:-\d)?", source)) <= set(TERMS)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_no_two_terms_share_a_label(lang: str) -> None:
    labels = [info.label(lang) for info in TERMS.values()]
    assert len(labels) == len(set(labels))


def test_arabic_labels_hold_no_latin_letter_and_english_ones_no_arabic() -> None:
    for info in TERMS.values():
        assert not re.search("[A-Za-z]", info.ar), info
        assert not re.search("[\u0600-\u06ff]", info.en), info


@pytest.mark.parametrize("info", [i for i in TERMS.values() if i.path], ids=lambda i: i.id)
def test_the_model_path_exists(info) -> None:
    at: object = model.Invoice
    for step in info.path.split("."):
        name, many = step.removesuffix("[]"), step.endswith("[]")
        fields = {f.name: f.type for f in msgspec.structs.fields(at)}  # type: ignore[arg-type]
        assert name in fields, f"{info.id}: {info.path} stops at {name}"
        at = _struct(fields[name], many)


def _struct(annotation: object, many: bool) -> object:
    options = typing.get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
    kept = next(o for o in options if o is not type(None))
    if typing.get_origin(kept) is tuple:
        assert many, f"{annotation} repeats: write []"
        return typing.get_args(kept)[0]
    assert not many, f"{annotation} does not repeat"
    return kept


def test_a_credit_note_has_its_own_places() -> None:
    assert TERMS["BT-129"].ubl_credit_note == "cac:CreditNoteLine/cbc:CreditedQuantity"
    assert TERMS["BT-9"].ubl_credit_note == "cac:PaymentMeans/cbc:PaymentDueDate"


def test_every_term_has_a_place_in_cii_too() -> None:
    assert {info.id for info in TERMS.values() if not info.cii} == {"BG-0"}
    assert all(info.cii == () or info.cii[0].startswith("rsm:") for info in TERMS.values())
