"""House rules about the files of the repository itself."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [ROOT / line for line in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()]
TEXT = [path for path in TRACKED if path.suffix in {".py", ".md", ".toml", ".css", ".html", ".js", ".typ", ".txt", ".po", ".json", ".xml", ""} and path.is_file()]
LINES_MAX = 400
LONG_BY_NATURE = {  # data, not code: a reader looks one thing up
    "src/wasl/invoice/terms.py", "src/wasl/invoice/codes.py",
}  # fmt: skip


@pytest.mark.skipif(not TRACKED, reason="not a git checkout")
def test_no_file_holds_a_path_of_one_machine_or_a_registry_address():
    forbidden = re.compile(r"/work/(main|shared)|/root/|/home/[a-z]|pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian", re.I)
    own = Path(__file__)
    found = [f"{path.relative_to(ROOT)}: {m[0]}" for path in TEXT if path != own and (m := forbidden.search(path.read_text(errors="replace")))]

    assert found == []


@pytest.mark.skipif(not TRACKED, reason="not a git checkout")
def test_no_source_file_is_too_long():
    long = {}
    for path in TRACKED:
        name = str(path.relative_to(ROOT))
        if path.suffix == ".py" and name.startswith("src/") and "/migrations/" not in name and name not in LONG_BY_NATURE:
            lines = path.read_text().count("\n")
            if lines > LINES_MAX:
                long[name] = lines

    assert long == {}


@pytest.mark.skipif(not TRACKED, reason="not a git checkout")
def test_t115_no_secret_is_committed():
    secret = re.compile(r"-----BEGIN (EC |RSA |ENCRYPTED )?PRIVATE KEY-----|\b(sk|rk)_live_[0-9A-Za-z]{8,}|AKIA[0-9A-Z]{16}|xox[bp]-[0-9A-Za-z-]{10,}")
    own = Path(__file__)
    found = [str(path.relative_to(ROOT)) for path in TEXT if path != own and secret.search(path.read_text(errors="replace"))]

    assert found == []
