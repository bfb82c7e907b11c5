"""A schema without its documentation says the same, is remade when its package changes, and is done without where there is no cache."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from wasl.rules import cache, schema, schema_slim

UBL = ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice")
GOOD = (Path(__file__).resolve().parents[2] / "bench" / "data" / "rich-10.xml").read_bytes()
BROKEN = [
    GOOD.replace(b"<cbc:ID>", b"<cbc:Id>", 1).replace(b"</cbc:ID>", b"</cbc:Id>", 1),
    GOOD.replace(b">2026-11-23<", b">23.11.2026<"),
    GOOD.replace(b' currencyID="EUR"', b""),
    GOOD.replace(b"<cac:InvoiceLine>", b"<cac:InvoiceLine x='1'>"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WASL_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def whole(file: Path) -> Any:
    return etree.XMLSchema(etree.parse(str(file)))


def said(found: Any, data: bytes) -> list[tuple[int, str]]:
    found.validate(etree.fromstring(data))
    return [(entry.line, entry.message) for entry in found.error_log]


def test_it_says_the_same_about_every_document(folder: Path) -> None:
    file = schema.locate(UBL, ("en16931-ubl",))
    assert file is not None
    one, made, kept = whole(file), schema_slim.load(file), schema_slim.load(file)

    for data in (GOOD, *BROKEN):
        assert said(made, data) == said(one, data) == said(kept, data)
    assert said(one, GOOD) == [] and all(said(one, data) for data in BROKEN)


def test_another_release_of_the_package_makes_another_one(folder: Path) -> None:
    original = schema.locate(UBL, ("en16931-ubl",))
    assert original is not None
    copy = folder / "ubl"
    shutil.copytree(original.parents[1], copy)
    file = copy / "maindoc" / original.name
    assert said(schema_slim.load(file), BROKEN[2])
    common = next((copy / "common").glob("*UnqualifiedDataTypes*.xsd"))
    common.write_text(common.read_text().replace('name="currencyID" type="xsd:normalizedString" use="required"', 'name="currencyID" type="xsd:normalizedString"'))
    os.utime(common, ns=(1, 1))

    assert said(schema_slim.load(file), BROKEN[2]) == []


def test_a_damaged_or_foreign_cache_is_passed_over(folder: Path) -> None:
    file = schema.locate(UBL, ("en16931-ubl",))
    assert file is not None
    schema_slim.load(file)
    place = cache.folder()
    assert place is not None
    (kept,) = place.glob("xsd-*.bin")
    kept.write_bytes(kept.read_bytes()[:-9])
    assert said(schema_slim.load(file), BROKEN[1])
    kept.chmod(0o666)
    assert said(schema_slim.load(file), BROKEN[1])


def test_without_a_cache_the_files_are_read_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    file = schema.locate(UBL, ("en16931-ubl",))
    assert file is not None
    monkeypatch.setattr(cache, "folder", lambda: None)

    assert said(schema_slim.load(file), GOOD) == [] and said(schema_slim.load(file), BROKEN[0])
