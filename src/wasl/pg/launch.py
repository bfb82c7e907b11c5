"""Runs one PostgreSQL program under an ordinary user when Wasl itself runs as root: PostgreSQL refuses root.

    python -m wasl.pg.launch UID GID KEEP PROGRAM ARG...

KEEP is 1 where a folder above the data or the binaries is closed to that user (a 0700 home): the program then keeps
the one capability that opens folders, CAP_DAC_OVERRIDE, instead of Wasl loosening anybody's folder. Linux only.
A process of its own, not a `preexec_fn`: forking a threaded web server and running Python in the child can deadlock.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def _check(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), what)


def become(uid: int, gid: int, *, keep_folders_open: bool) -> None:
    """Give up root for `uid`; keep CAP_DAC_OVERRIDE across exec where asked. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if keep_folders_open:
        _check(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "prctl keepcaps")
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keep_folders_open:
        bit = 1 << CAP_DAC_OVERRIDE
        header, data = _Header(CAPABILITY_VERSION_3, 0), (_Data * 2)(_Data(bit, bit, bit), _Data(0, 0, 0))
        _check(libc.capset(ctypes.byref(header), ctypes.byref(data)), "capset")
        _check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0), "prctl ambient")


def main(argv: list[str]) -> None:
    uid, gid, keep, program, *arguments = argv
    become(int(uid), int(gid), keep_folders_open=keep == "1")
    os.execv(program, [program, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
