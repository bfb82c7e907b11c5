"""Every document of the corpus as a PDF and as a page, themes and languages in turn: no exception, no broken clause."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.slow]
FOLDER = str(Path(__file__).parents[1] / "render")


def test_every_document_of_the_corpus_is_rendered(corpus: Path, record_property) -> None:
    sys.path.insert(0, FOLDER)
    from corpus_documents import documents
    from test_corpus import shown

    found = list(documents(corpus))

    faults = [fault for at, (name, data) in enumerate(found) for fault in shown(name, data, at)]

    record_property("count", f"{len(found)} documents of the corpus rendered")
    assert len(found) > 500
    assert faults == []
