"""What every reader costs at a size, as a table: `python tests/fuzz/measure.py [MB] [READER ...]`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from large import KINDS  # noqa: E402


def cost(reader: str, data: bytes) -> dict[str, object]:
    """Seconds, megabytes and outcome of reading `data` in a process of its own."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        done = subprocess.run([sys.executable, str(HERE / "child.py"), reader, file.name], capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        return {"seconds": 99.0, "megabytes": 9999, "outcome": f"DIED {done.returncode} {done.stderr[-200:]}"}
    return json.loads(done.stdout)


def main() -> None:
    size = int(float(sys.argv[1]) * 1_000_000) if len(sys.argv) > 1 else 20_000_000
    chosen = sys.argv[2:] or list(KINDS)
    for reader in chosen:
        for kind, make in KINDS[reader].items():
            data = make(size)
            found = cost(reader, data)
            limit = 12 * len(data) / 1e6 + 60
            mark = " " if found["seconds"] <= 3 and found["megabytes"] <= limit else "*"
            print(f"{mark} {reader:<10}{kind:<28}{len(data) / 1e6:6.1f} MB {found['seconds']:6.2f} s {found['megabytes']:6} MB (<= {limit:.0f})  {found['outcome'][:90]}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(HERE.parents[1] / "src"))
    main()
