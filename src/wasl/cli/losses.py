"""What a file holds and the model does not, told at a terminal: each with its place, but never more than a person reads."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from wasl.formats.result import Loss

SHOWN_MAX = 50
VALUE_CHARS_MAX = 200


def tell(losses: Sequence[Loss], word: str) -> None:
    """One line a loss on stderr, the first SHOWN_MAX of them, then how many more there are."""
    for loss in losses[:SHOWN_MAX]:
        value = loss.value if len(loss.value) <= VALUE_CHARS_MAX else f"{loss.value[:VALUE_CHARS_MAX]}…"
        print(f"{word}: {loss.xpath} = {value!r}: {loss.en}", file=sys.stderr)
    if len(losses) > SHOWN_MAX:
        print(f"{word}: {len(losses) - SHOWN_MAX:,} more", file=sys.stderr)
