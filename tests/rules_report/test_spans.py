"""Line and column as an editor counts them, in every encoding, and byte spans that edits can trust."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasl.formats import xml
from wasl.rules.report.spans import Place, Source, spans

BODY = '<a xmlns="u">\n  <b>é</b><b x="1>2"\n>زيد</b>\r\n  <c/><d><b>deep</b></d>\n</a>'
HEAD = '<?xml version="1.0" encoding="{}"?>\n\n'


def path(*steps: tuple[str, int]) -> tuple[tuple[str, str, int], ...]:
    return tuple(("u", name, place) for name, place in steps)


SECOND = path(("a", 1), ("b", 2))
DEEP = path(("a", 1), ("d", 1), ("b", 1))
EMPTY = path(("a", 1), ("c", 1))


def places(data: bytes) -> dict[str, Place]:
    source = Source(data)
    found = spans(source.data, [SECOND, DEEP, EMPTY, path(("a", 1), ("b", 3))])
    return {name: source.place(found[at].start) for name, at in {"second": SECOND, "deep": DEEP, "empty": EMPTY}.items()}


def test_line_and_column_count_characters_from_one() -> None:
    assert places(BODY.encode()) == {"second": Place(2, 11), "deep": Place(4, 10), "empty": Place(4, 3)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1256"])
def test_the_place_is_that_in_the_file_as_it_was_given(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16"}.get(encoding, encoding)
    data = (HEAD.format(declared) + BODY).encode(encoding)

    assert places(data) == {"second": Place(4, 11), "deep": Place(6, 10), "empty": Place(6, 3)}


def test_a_span_holds_start_tag_content_and_end_tag() -> None:
    data = BODY.encode()
    found = spans(data, [SECOND, EMPTY])
    one = found[SECOND]

    assert data[one.start : one.inner] == b'<b x="1>2"\n>' and data[one.inner : one.close].decode() == "زيد" and data[one.close : one.end] == b"</b>"
    assert found[EMPTY].empty_tag and data[found[EMPTY].start : found[EMPTY].end] == b"<c/>"


@given(st.lists(st.sampled_from(["x", "y", "<!-- <x> -->", "text", "<![CDATA[<x>]]>", "<y a='>'/>", "\n"]), max_size=12))
def test_every_element_of_lxml_is_found_where_it_begins(pieces: list[str]) -> None:
    inner = "".join(f"<{each}>1</{each}>" if each in ("x", "y") else each for each in pieces)
    data = f"<a>{inner}</a>".encode()
    wanted = {}
    counts: dict[str, int] = {}
    for child in xml.parse(data).iterchildren("x", "y"):
        counts[child.tag] = counts.get(child.tag, 0) + 1
        wanted[(("", "a", 1), ("", child.tag, counts[child.tag]))] = child.tag
    found = spans(data, wanted)

    assert set(found) == set(wanted)
    for at, tag in wanted.items():
        assert data.startswith(f"<{tag}".encode(), found[at].start) and data[found[at].end - 1 : found[at].end] == b">"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1256", "iso-8859-6"])
def test_bytes_go_back_into_the_encoding_of_the_file(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    data = (HEAD.format(declared) + BODY.replace("é", "e")).encode(encoding)
    source = Source(data)

    assert source.restored(source.data) == data
