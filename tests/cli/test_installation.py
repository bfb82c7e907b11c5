"""Commands that need an installation say so where there is none, and leave the disk as it was."""

import subprocess
import sys

import pytest


def wasl(*arguments, environment=None):
    return subprocess.run([sys.executable, "-m", "wasl.cli.main", *map(str, arguments)], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize(
    "command", [("fsck",), ("backup", "somewhere"), ("org", "list"), ("worker", "--once"), ("issue", "invoice.json")], ids=lambda command: command[0]
)
def test_nothing_is_made_where_there_is_no_installation(command, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "invoice.json").write_text('{"wasl": 1}')
    there = tmp_path / "nothing here"
    monkeypatch.chdir(tmp_path)

    done = wasl(*command, "--dir", there)

    assert done.returncode == 5, done.stderr
    assert "no Wasl installation" in done.stderr and str(there) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["invoice.json"]


@pytest.mark.parametrize("port", ["0", "-1", "99999", "65536"])
def test_a_port_that_cannot_be_is_refused_in_one_line(port, tmp_path):
    done = wasl("serve", f"--port={port}", "--dir", tmp_path / "d")

    assert done.returncode == 2
    assert done.stderr.strip() == f"wasl: There is no port {port}. Use a number from 1 to 65535 with --port."
    assert not (tmp_path / "d").exists()


def test_a_draft_without_a_date_is_rendered(tmp_path):
    (tmp_path / "draft.json").write_text('{"wasl": 1}')

    done = wasl("render", tmp_path / "draft.json", "-o", tmp_path / "draft.pdf")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "draft.pdf").read_bytes().startswith(b"%PDF-")
