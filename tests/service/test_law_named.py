"""`auto` judges by EN 16931 where no identifier says more; of a Saudi seller's invoice it says how to judge by Saudi law."""

from __future__ import annotations

from pathlib import Path

from wasl.service.examine import examine

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def test_a_saudi_invoice_that_fails_is_told_of_its_law():
    data = (GOLDEN / "simplified-sa.xml").read_bytes()
    found = examine(data, "sa.xml", "auto")

    assert found.picked is not None
    assert "--profile sa" in found.picked.en
    assert "--profile sa" in found.picked.ar
    assert examine(data, "sa.xml", "sa").picked is None


def test_a_belgian_invoice_is_told_nothing_of_the_kind():
    data = (GOLDEN / "several-rates.xml").read_bytes().replace(b">356.60</cbc:Tax", b">365.60</cbc:Tax")

    assert "--profile" not in str(examine(data, "be.xml", "auto").picked)
