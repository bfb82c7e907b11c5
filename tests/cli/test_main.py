"""The command line as a whole: it teaches, and every foolish input gets one clear line and the exit code of the contract."""

import os
import socket
import subprocess
import sys

import pytest

from wasl.cli.main import COMMANDS, run


def wasl(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "wasl.cli.main", *map(str, arguments)],
        capture_output=True, text=True, env=os.environ | environment, stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip


def one_line(text):
    return text.strip() and "\n" not in text.strip() and "Traceback" not in text


def test_help_names_every_command(capsys):
    assert run(["--help"]) == 0

    text = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name}" not in text] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    assert run([command, "--help"]) == 0
    assert len(capsys.readouterr().out) > 100


def test_a_mistyped_command_is_answered_with_the_likely_one(capsys):
    assert run(["valdiate"]) == 2
    assert "wasl validate" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["convert", "{}", "--to", "ubl", "-o", "{}.out"], ["issue", "{}", "--dir", "{}.d"], ["render", "{}", "-o", "{}.pdf"]])
@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\xfe binary", b"<a/>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", b'{"wasl": 2}', b"{", "<?xml version='1.0'?><é/>".encode("utf-16")],
    ids=["empty", "binary", "wrong-root", "doctype", "future-version", "cut-json", "other-encoding"],
)
def test_a_bad_file_is_one_line_and_exit_2(tmp_path, capsys, command, content):
    path = tmp_path / "in"
    path.write_bytes(content)

    assert run([part.replace("{}", str(path)) for part in command]) == 2
    assert one_line(capsys.readouterr().err)
    assert not (tmp_path / "in.out").exists()


@pytest.mark.parametrize("command", [["convert", "{}", "--to", "json", "-o", "x"], ["issue", "{}"], ["validate", "{}"], ["verify", "{}"]])
@pytest.mark.parametrize("name", ["absent.xml", ".", "n" * 300])
def test_a_file_that_cannot_be_opened_is_one_line_and_exit_2(tmp_path, capsys, command, name):
    code = run([part.replace("{}", str(tmp_path / name)) for part in command])
    printed = capsys.readouterr()

    assert code == 2
    assert "Traceback" not in printed.err + printed.out


def test_t93_a_taken_port_is_one_line_and_exit_5(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = wasl("serve", "--port", taken.getsockname()[1], "--dir", tmp_path / "d")

    assert done.returncode == 5
    assert one_line(done.stderr)
    assert not (tmp_path / "d").exists()


def test_a_data_directory_that_cannot_be_is_one_line_and_exit_5(tmp_path):
    (tmp_path / "file").write_text("")
    done = wasl("fsck", "--dir", tmp_path / "file" / "below")

    assert done.returncode == 5
    assert one_line(done.stderr)


def test_reset_deletes_nothing_that_is_not_a_demo(tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    done = wasl("demo", "--reset", "--yes", "--dir", tmp_path)

    assert done.returncode == 1
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_reset_asks_and_without_an_answer_keeps(tmp_path):
    (tmp_path / "demo.txt").write_text("a demo")
    done = wasl("demo", "--reset", "--dir", tmp_path)

    assert done.returncode == 1
    assert (tmp_path / "demo.txt").exists()


@pytest.mark.parametrize("asked", [("--lang", "ar"), ("--lang=ar",)])
def test_a_refusal_speaks_the_language_that_was_asked_for(asked, tmp_path, capsys):
    assert run(["verify", str(tmp_path / "none.xml"), *asked]) == 2
    said = capsys.readouterr().err
    assert one_line(said) and "تعذّرت" in said

    assert run(["convert", str(tmp_path / "none.xml"), "--to", "cii", "-o", "x", *asked]) == 2
    assert "Cannot read" in capsys.readouterr().err
