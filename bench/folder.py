"""A folder of 10,000 ten-line invoices through `wasl validate --json`, on all cores: files a second, and memory that stays flat.

    python bench/folder.py [--json] [--files N] [--jobs N]

Every file is another document (its number and its item names differ). What is timed is the whole command, from its start to its end:
interpreter, engines, reading, rules, and the JSON of every file. Exit 1 when the target is missed or a verdict is not "valid".
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).parent / "data" / "rich-10.xml"
TARGET_PER_SECOND = 1_000  # on two cores


def fill(folder: Path, files: int) -> int:
    """Write the invoices in a hundred sub-folders; the bytes of all."""
    text = DATA.read_text()
    total = 0
    for number in range(files):
        place = folder / f"{number % 100:02}"
        place.mkdir(exist_ok=True)
        data = text.replace("</cbc:Name>", f" {number}</cbc:Name>").replace("</cbc:ID>", f"-{number}</cbc:ID>", 1).encode()
        total += len(data)
        (place / f"{number:06}.dat").write_bytes(data)  # found by content, not by name
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, help="processes (default: all cores)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name) / "in", Path(name) / "out.json"
        folder.mkdir()
        size = fill(folder, arguments.files)
        wasl = [sys.executable, "-m", "wasl.cli.main", "validate"]
        subprocess.run([*wasl, str(DATA)], check=True, capture_output=True)  # the compiled sheet is in the cache from now on
        command = [*wasl, str(folder), "--json", *(["--jobs", str(arguments.jobs)] if arguments.jobs else [])]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        with out.open("wb") as stream:
            code = subprocess.run(command, stdout=stream, check=False).returncode
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        results = json.loads(out.read_bytes())
    rate = arguments.files / seconds
    valid = sum(result.get("valid") is True for result in results)
    each = cpu / arguments.files * 1e3  # also right where others use the machine
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    result = {
        "name": "validate/folder", "files": arguments.files, "seconds": round(seconds, 2), "per_second": round(rate), "target": TARGET_PER_SECOND,
        "valid": valid, "mb": round(size / 1e6, 1), "peak_mb_of_largest_process": round(peak), "cpu_ms_per_file": round(each, 2),
        "cores": arguments.jobs or os.cpu_count(),
    }  # fmt: skip
    text = (
        f"validate/folder  {result['files']} files ({result['mb']} MB) in {result['seconds']} s  {result['per_second']}/s "
        f"(target {TARGET_PER_SECOND}/s)  cpu {result['cpu_ms_per_file']} ms a file  "
        f"valid {valid}  peak {result['peak_mb_of_largest_process']} MB  cores={result['cores']}"
    )
    print(json.dumps(result) if arguments.json else text)
    return int(rate < TARGET_PER_SECOND or valid != arguments.files or code != 0)


if __name__ == "__main__":
    sys.exit(main())
