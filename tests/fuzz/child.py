"""Reads one file with one reader and prints what it cost: `python child.py READER FILE` -> {"seconds", "megabytes", "outcome"}.

Seconds are of this process on the processor, from bytes to answer; megabytes are the highest that the process ever had,
the interpreter and all libraries included.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from readers import READERS, allowed

CPU_SECONDS_MAX = 60
ADDRESSES_MAX = 6 << 30


def peak() -> float:
    """VmHWM: of this program alone, unlike ru_maxrss, which remembers the parent."""
    text = Path("/proc/self/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) / 1000


def main(name: str, path: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES_MAX, ADDRESSES_MAX))
    read, refusals = READERS[name], allowed(name)
    if name.startswith("rules"):  # the sheet is compiled once an installation, and loaded once a process
        read(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>') if name == "rules-ubl" else None
        if name == "rules-cii":
            read(b'<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>')
    data = Path(path).read_bytes()
    started = time.process_time()
    try:
        outcome = type(read(data)).__name__
    except refusals as refused:
        outcome = f"refused {refused.code}: {str(refused)[:120]}"
    except Exception as error:
        outcome = f"CRASH {type(error).__name__}: {str(error)[:200]}"
    print(json.dumps({"seconds": round(time.process_time() - started, 2), "megabytes": round(peak()), "outcome": outcome}))


if __name__ == "__main__":
    main(*sys.argv[1:])
