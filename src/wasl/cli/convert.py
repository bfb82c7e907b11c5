"""`wasl convert IN --to ubl|json -o OUT`: one model, another syntax; a loss is named, never silent."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("convert", help="turn one syntax into another", description=__doc__)
    parser.add_argument("input", type=Path, metavar="IN", help="a UBL file, Wasl JSON, or a PDF that carries an invoice")
    parser.add_argument("--to", required=True, choices=["ubl", "json"])
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    parser.add_argument("--force", action="store_true", help="write even where something is lost")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl import files
    from wasl.cli import losses
    from wasl.formats import ubl, wasljson
    from wasl.formats.read import read

    result = read(files.read_bytes(arguments.input), name=arguments.input.name)
    losses.tell(result.losses, "lost")
    if result.losses and not arguments.force:
        print("wasl: not written, for the above would be lost. Use --force to write all the same.", file=sys.stderr)
        return 1
    data = ubl.write(result.invoice) if arguments.to == "ubl" else wasljson.write(result.invoice)
    files.write_atomic(arguments.output, data)
    return 0
