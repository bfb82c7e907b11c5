"""Row identifiers: UUID version 7 (RFC 9562), made in Python so that any PostgreSQL from 15 on will do.

They grow with time, so indexes are appended to, not scattered; within one process they are strictly increasing, which
gives the events of one document their order.
"""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """48 bits of milliseconds, 12 bits of sub-millisecond order, 62 random bits."""
    global _last
    with _lock:
        nanoseconds = time.time_ns()
        stamp = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000)
        _last = stamp = max(stamp, _last + 1)
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62))
