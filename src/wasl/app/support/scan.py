"""The hook for a virus scanner: the command in WASL_SCAN_COMMAND gets each file on its standard input.

Exit 0 is clean, 1 is infected, as clamdscan, clamscan and most others have it; anything else, or no answer in time, means
that the file cannot be taken now. A check that is configured never fails open.
"""

from __future__ import annotations

import shlex
import subprocess

from django.conf import settings

from wasl.app.support.errors import PhotoInfected, ScannerAway

SECONDS_MAX = 20  # a payer waits on the other end


def scanned(data: bytes) -> bool:
    """True where a scanner passed `data`, False where none is configured. Raises PhotoInfected, ScannerAway."""
    command = shlex.split(settings.CONFIG.scan_command)
    if not command:
        return False
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS_MAX, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise ScannerAway from None
    if done.returncode == 1:
        raise PhotoInfected
    if done.returncode != 0:
        raise ScannerAway
    return True
