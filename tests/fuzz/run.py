"""Feeds damaged files to a reader, and says which one it could neither read nor refuse.

    python tests/fuzz/run.py READER FIRST COUNT        the same files as the tests; a failure is named by its seed
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import seeds
from mutate import mutated
from readers import READERS, allowed

SECONDS_MAX = 5.0  # of one small file: a hundred times what the slowest needs


class Outcome(NamedTuple):
    read: int
    refused: int
    failures: list[str]


def file_of(reader: str, seed: int) -> bytes:
    rng = random.Random(f"{reader} {seed}")
    data, kind = rng.choice(seeds.of(reader))
    if rng.random() < 0.1:
        return data[: rng.randrange(len(data))]
    return mutated(data, rng, kind)


def run(reader: str, first: int, count: int) -> Outcome:
    read, refusals = READERS[reader], allowed(reader)
    done = refused = 0
    failures: list[str] = []
    for seed in range(first, first + count):
        data = file_of(reader, seed)
        started = time.process_time()
        try:
            read(data)
            done += 1
        except refusals as refusal:
            refused += 1
            if not (refusal.message("en") and refusal.message("ar")) or "\n" in refusal.message("en"):
                failures.append(f"{reader} {seed}: a refusal of several lines: {refusal.message('en')[:200]!r}")
        except Exception as error:
            failures.append(f"{reader} {seed}: {type(error).__name__}: {str(error)[:200]}")
        if time.process_time() - started > SECONDS_MAX:
            failures.append(f"{reader} {seed}: {time.process_time() - started:.1f} s")
    return Outcome(done, refused, failures)


if __name__ == "__main__":
    print(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
