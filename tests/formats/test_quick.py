"""The quick way never gives another answer than the thorough one: on official files, on broken ones, and on each trap of XML."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from wasl.errors import UnreadableInput
from wasl.formats import cii, quick, ubl, wasljson, xml
from wasl.formats.roots import read_xml

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
FILES = sorted([*CORPUS.glob("*/**/examples/*.xml"), *CORPUS.glob("xrechnung/*.xml"), *CORPUS.glob("zatca/*.xml"), *(ROOT / "tests/golden").glob("*.xml")])
EVERY = wasljson.read((ROOT / "tests/golden/every-term.json").read_bytes()).invoice


def thorough(data: bytes):
    root = xml.parse(data)
    return (cii if "CrossIndustry" in root.tag else ubl).from_tree(root)


def build(source):
    return (cii if "CrossIndustry" in source.root.tag else ubl).build(source)


def same(data: bytes) -> bool:
    """Whether the quick way was taken; its answer must be that of the thorough way."""
    found = quick.attempt(data, build)
    if found is None:
        return False
    assert found == thorough(data)
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_read_quickly_exactly_where_nothing_is_lost(path):
    data = path.read_bytes()

    assert same(data) == (thorough(data).losses == ())


@pytest.mark.parametrize("syntax", [ubl, cii])
@pytest.mark.parametrize(
    ("old", "new", "quickly"),
    [
        (b"EVERY-1<", b"EVERY<!-- x -->-1<", True),
        (b"EVERY-1<", b"EVERY<?x y?>-1<", True),
        (b"EVERY-1<", b"<![CDATA[EVERY-1]]><", True),
        (b"EVERY-1<", b"&#69;VERY-1<", True),
        (b"EVERY-1<", b"EVERY-1\r\n<", True),
        (b"\n<", b"<", True),
        (b"\n<", b"\n<!-- between -->\n<", True),
        (b">\n</", b">stray</", False),
        (b"EVERY-1<", b"EVERY-1<x/><", False),
        (b"EVERY-1<", b"EVERY-1\x0b<", False),
        (b"EVERY-1<", b"EVERY-1&nbsp;<", False),
    ],
)
def test_traps_of_xml(syntax, old, new, quickly):
    data = syntax.write(EVERY)
    number = EVERY.number.encode()
    data = data.replace(old.replace(b"EVERY-1", number), new.replace(b"EVERY", number[:-2]).replace(b"-1", number[-2:]), 1)

    assert same(data) is quickly


def test_hints_to_a_validator_are_no_loss():
    data = cii.write(EVERY).replace(b" xmlns:udt=", b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" xmlns:udt=', 1)

    assert same(data)
    assert not same(data.replace(b"xsi:schemaLocation", b"schemaLocation"))


@pytest.mark.parametrize("syntax", [ubl, cii])
def test_a_thousand_broken_files_get_the_same_answer_both_ways(syntax):
    dice = random.Random(str(syntax))
    rows = syntax.write(EVERY).splitlines(keepends=True)
    for _ in range(500):
        broken = list(rows)
        row = broken.pop(dice.randrange(1, len(broken)))
        for _ in range(dice.randrange(3)):
            broken.insert(dice.randrange(1, len(broken)), row)
        data = bytearray(b"".join(broken))
        if dice.random() < 0.5:
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            slow = thorough(bytes(data))
        except UnreadableInput:
            with contextlib.suppress(UnreadableInput):  # the guard refuses some before either way
                assert quick.attempt(bytes(data), build) is None
            continue
        assert same(bytes(data)) == (slow.losses == ())
        assert read_xml(bytes(data)).losses == slow.losses
