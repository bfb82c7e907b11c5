"""Canonical events against RFC 8785, written here a second time and in another way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasl.ledger import canonical
from wasl.ledger.errors import EventNotCanonical

KEYS = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    TEXTS | st.integers(-(2**53) + 1, 2**53 - 1), lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=10
)
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def rfc_8785(value) -> str:
    """JCS by hand: members by UTF-16 units, the short escapes, other controls as \\u00xx, integers as they are."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(f"{rfc_8785(key)}:{rfc_8785(item)}" for key, item in members) + "}"
    if isinstance(value, str):
        return '"' + "".join(ESCAPES.get(ch) or (f"\\u{ord(ch):04x}" if ch < " " else ch) for ch in value) + '"'
    return str(value)


def depth(value):
    return 1 + max(map(depth, value.values()), default=0) if isinstance(value, dict) else 0


@given(st.dictionaries(KEYS, VALUES, max_size=6).filter(lambda event: depth(event) <= canonical.DEPTH_MAX))
def test_our_bytes_are_rfc_8785_bytes(event):
    data = canonical.canonical(event)
    assert data == rfc_8785(event).encode()
    assert canonical.parse(data) == event == json.loads(data)


@pytest.mark.parametrize(
    "event",
    [
        {"amount": 1.0},
        {"amount": True},
        {"amount": None},
        {"lines": [1]},
        {"amount": 2**53},
        {"amount": -(2**53)},
        {"a": {"amount": 2**53}},
        {1: "amount"},
        {"مبلغ": 1},
        {"text": "\ud800"},
        {"a": {"b": {"c": {"d": {}}}}},
        {"text": "x" * 9000},
    ],
    ids=["float", "boolean", "null", "list", "over 2^53 - 1", "under", "inside", "number as key", "Arabic", "surrogate", "too deep", "too long"],
)
def test_what_has_no_single_form_is_refused(event):
    with pytest.raises(EventNotCanonical):
        canonical.canonical(event)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":"\\u0041"}',
        b"[]",
        b"{",
        b'{"a":NaN}',
        b'{"a":-0}',
    ],
)
def test_any_other_form_is_refused(data):
    with pytest.raises(EventNotCanonical):
        canonical.parse(data)
