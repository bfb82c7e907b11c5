"""Bodies beyond an ordinary form: a bank's statement of up to 200 MB, from somebody who is signed in, through a file and never through memory.

Which form may bring one says its route (ui.uploads.allow_large); anybody else is refused by the announced length, before a byte is read.
The file has no name, so that it is gone with the request, whatever ends it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from typing import IO, Any

SLOWEST_OCTETS = 128 * 1024  # a second: a slower sender is cut off
MARGIN_OCTETS = 1024 * 1024  # of the form around the file
AT_ONCE = 2  # a process: two large files and all the ordinary forms beside them
DRAINED = 3  # a file up to so many times too large is read and thrown away: a browser shows an answer only when it has sent all
_DIRECT_OCTETS = 64 * 1024

Admit = Callable[[str, str], int]  # (path, the Cookie header) -> octets that this sender may bring there; 0: nothing large


def admitted(path: str, cookies: str) -> int:
    """What the session behind `cookies` may send to `path`. Runs in a page's thread: it asks the database."""
    from django.db import close_old_connections

    from wasl.app.ui.uploads import large_for

    octets = large_for(path)
    if not octets:
        return 0
    try:
        return octets if _is_signed_in(cookies) else 0
    finally:
        close_old_connections()


def _is_signed_in(cookies: str) -> bool:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import SESSION_KEY
    from django.http import parse_cookie

    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return bool(key and SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key))


def nobody(_path: str, _cookies: str) -> int:
    return 0


class TooSlow(Exception):
    """The body did not come in time, or its sender went away."""


class NotAsSaid(Exception):
    """More or less than was announced."""


def opened() -> IO[bytes]:
    """A file without a name, for its owner alone: on the disk of the data, since a system's own place for such files is often memory."""
    from django.conf import settings

    place = settings.CONFIG.data_path
    return tempfile.TemporaryFile(buffering=_DIRECT_OCTETS, prefix="wasl-", dir=place if os.access(place, os.W_OK | os.X_OK) else None)


async def poured(proto: Any, length: int, into: IO[bytes] | None, *, seconds: float) -> None:
    """The body into `into`, or into nothing. A sender has `seconds`, and what its length takes at SLOWEST_OCTETS. Raises TooSlow, NotAsSaid."""
    came, loop = 0, asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds + length / SLOWEST_OCTETS):
            async for piece in proto:
                came += len(piece)
                if came > length:
                    raise NotAsSaid
                if into is not None:
                    await loop.run_in_executor(None, into.write, bytes(piece))
    except (TimeoutError, RuntimeError):
        raise TooSlow from None
    if came != length:
        raise NotAsSaid
    if into is not None:
        into.seek(0, os.SEEK_SET)
