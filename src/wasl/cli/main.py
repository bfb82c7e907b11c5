"""`wasl`: the one command line. Each command is a module with `add_parser(sub)`; only the one asked for is imported.

Exit codes of all commands: 0 done, 1 refused or invalid, 2 unreadable input or wrong usage, 3 nothing to verify or log
unknown, 4 not fully checked, 5 environment (port, lock, disk, database).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import NamedTuple, NoReturn


class Command(NamedTuple):
    module: str
    summary: str


GROUPS: dict[str, dict[str, Command]] = {
    "Start here": {
        "demo": Command("wasl.cli.demo", "install nothing, see everything: three sellers, 60 invoices, the main job before your eyes"),
    },
    "Documents (no server needed)": {
        "validate": Command("wasl.cli.validate", "check invoices against the official rules; says what, where and how to mend it"),
        "validate-service": Command("wasl.cli.validate_service", "a small HTTP validator with a page to drop a file on"),
        "fix": Command("wasl.cli.fix", "mend what is certain in an invoice, show each fix as a diff, refuse to guess"),
        "render": Command("wasl.cli.render", "make a bilingual PDF/A-3 of an invoice"),
        "convert": Command("wasl.cli.convert", "turn one syntax into another, naming anything that is lost"),
        "sheet": Command("wasl.cli.sheet", "turn CSV and XLSX tables into invoices, and invoices into tables"),
        "verify": Command("wasl.cli.verify", "prove offline that an invoice is genuine, unchanged and in the log"),
        "trust": Command("wasl.cli.trust", "the logs and authorities that `verify` believes"),
        "rules": Command("wasl.cli.rules", "list the official rules, or explain one: `wasl rules show BR-CO-15`"),
    },
    "Your installation": {
        "serve": Command("wasl.cli.serve", "run the web pages and the worker; refuses what `wasl check` calls unsafe"),
        "worker": Command("wasl.cli.worker", "run only the background work"),
        "check": Command("wasl.cli.check", "say what is unsafe in the settings"),
        "org": Command("wasl.cli.org", "open a seller with its owner; list the sellers"),
        "gateway": Command("wasl.cli.gateway", "connect a seller's payment gateway; try its key"),
        "issue": Command("wasl.cli.issue", "issue an invoice from a file"),
        "fsck": Command("wasl.cli.fsck", "check every invariant of the books and of the log"),
        "search": Command("wasl.cli.search", "make the search index anew: `wasl search reindex`"),
        "backup": Command("wasl.cli.backup", "write database, documents, tiles and wrapped keys to a folder"),
        "restore": Command("wasl.cli.restore", "bring a backup up on a fresh machine"),
        "bench": Command("wasl.cli.bench", "measure the headline figures here, beside the named peer"),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}

EPILOG = """\
Try:
  wasl validate invoice.xml --lang ar       what is wrong, in Arabic
  wasl rules show BR-CO-15                  what a rule wants
  wasl verify INV-2026-000001.pdf --offline
Exit codes: 0 done · 1 refused or invalid · 2 unreadable input or wrong usage · 3 nothing to verify or log unknown
            4 not fully checked · 5 environment (port, lock, disk, database)
"""


class Parser(argparse.ArgumentParser):
    """argparse with one clear line instead of a usage dump, and exit code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See `{self.prog} --help`.\n")


def overview() -> str:
    """The text of `wasl --help`: what there is, grouped by what a newcomer wants to do."""
    title = "Wasl (وَصْل): issue, check, seal, deliver and prove e-invoices, in Arabic and English."
    lines = [title, "", "usage: wasl COMMAND [ARGUMENT ...]"]
    for title, commands in GROUPS.items():
        lines += ["", f"{title}:"] + [f"  {name:<18}{command.summary}" for name, command in commands.items()]
    lines += ["", "`wasl COMMAND --help` tells more.", "", EPILOG]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> NoReturn:
    """Entry point of the console script: never shows a traceback to a user."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: list[str]) -> int:
    """Run one command line; returns the exit code."""
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(overview(), end="")
        return 0
    if argv[0] in {"-V", "--version"}:
        from wasl import __version__

        print(f"wasl {__version__}")
        return 0
    if argv[0] not in COMMANDS:
        return _complain(f"wasl: there is no command {argv[0]!r}. {_nearest(argv[0])}See `wasl --help`.", 2)
    return _guarded(argv)


def _guarded(argv: list[str]) -> int:
    from wasl.errors import WaslError

    try:
        parser = Parser(prog="wasl", add_help=False)
        importlib.import_module(COMMANDS[argv[0]].module).add_parser(parser.add_subparsers(parser_class=Parser))
        arguments = parser.parse_args(argv)
        return int(arguments.run(arguments))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    except WaslError as error:
        return _complain("\n".join(f"wasl: {error.message(lang)}" for lang in _languages(argv)), error.exit_code)
    except KeyboardInterrupt:
        return _complain("wasl: stopped.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  the last fence: a user never sees a traceback
        return _unexpected(error)


def _languages(argv: list[str]) -> tuple[str, ...]:
    """Which language a refusal speaks: that of --lang, where it is about what is said and not about the page that is made."""
    asked = next((value for at, value in _options(argv) if at == "--lang"), "en")
    if argv[0] in {"render", "convert"} or asked not in {"ar", "both"}:
        return ("en",)
    return ("ar",) if asked == "ar" else ("en", "ar")


def _options(argv: list[str]) -> list[tuple[str, str]]:
    """Each word of the command line with what follows it, or with what stands after its =."""
    return [tuple(word.split("=", 1)) if "=" in word else (word, after) for word, after in zip(argv, [*argv[1:], ""], strict=True)]  # type: ignore[misc]


def _unexpected(error: Exception) -> int:
    if os.environ.get("WASL_DEBUG"):
        raise error
    reason = " ".join(str(error).split())[:200] or "no message"
    environment = isinstance(error, OSError | MemoryError) or type(error).__name__ in {"OperationalError", "InterfaceError"}
    label = "the machine or the database refused" if environment else "this is a fault in Wasl; please report it (WASL_DEBUG=1 shows where)"
    return _complain(f"wasl: {label}: {type(error).__name__}: {reason}", 5)


def _nearest(word: str) -> str:
    import difflib

    found = difflib.get_close_matches(word, COMMANDS, n=1)
    return f"Did you mean `wasl {found[0]}`? " if found else ""


def _complain(line: str, code: int) -> int:
    print(line, file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
