"""Inputs led by coverage, with atheris (optional: `pip install atheris`; Linux only):

    python tests/fuzz/coverage_guided.py READER [-runs=20000] [-max_total_time=60] [...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["wasl.formats", "wasl.rules"]):
    import readers
    import seeds

    import wasl.formats.cii
    import wasl.formats.pdf
    import wasl.formats.read
    import wasl.formats.table
    import wasl.formats.ubl
    import wasl.formats.wasljson
    import wasl.rules  # noqa: F401


def main() -> None:
    name = sys.argv[1]
    read, refusals = readers.READERS[name], readers.allowed(name)

    def one(data: bytes) -> None:
        try:
            read(data)
        except refusals:
            return

    corpus = Path(tempfile.mkdtemp(prefix="wasl-fuzz-"))
    for at, (data, _) in enumerate(seeds.of(name)):
        (corpus / str(at)).write_bytes(data)
    atheris.Setup([sys.argv[0], str(corpus), *sys.argv[2:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
