"""`wasl trust`: the logs and certificate roots that `wasl verify` believes.

An installation publishes one trust file with its log keys, its root and its revocation list. Whoever adds it compares the
fingerprint with the operator by another way (telephone, contract, letterhead); nothing is ever trusted because a bundle says so.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("trust", help="the logs and authorities that `verify` believes", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="trust an installation from its trust file")
    add.add_argument("file", type=Path, help="the installation's trust file (JSON)")
    add.add_argument("--fingerprint", help="the fingerprint its operator told you; anything else is refused")
    add.add_argument("--replace", action="store_true", help="take new keys for a log that is trusted already")
    add.add_argument("--trust", type=Path, metavar="DIR", help="the trust store (default: `trust` in the data directory)")
    add.set_defaults(run=run_add)
    listing = actions.add_parser("list", help="what is trusted now")
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.add_argument("--trust", type=Path, metavar="DIR", help="the trust store")
    listing.set_defaults(run=run_list)


def run_add(arguments: argparse.Namespace) -> int:
    from wasl.cli.verify import read_bytes
    from wasl.ledger import trust

    new = trust.decode(read_bytes(arguments.file, limit=trust.TRUST_BYTES_MAX))
    told = arguments.fingerprint
    if told is not None and told.replace(" ", "").lower() != new.fingerprint.replace(" ", ""):
        print(f"wasl: the file's fingerprint is {new.fingerprint}, not the one you gave; nothing was added.", file=sys.stderr)
        return 1
    store = trust.TrustStore(arguments.trust or trust.default_folder())
    changed = store.add(new, replace=arguments.replace)
    print(f"{'Trusted' if changed else 'Already trusted'}: {new.name}")
    _show(new)
    if told is None:
        print("  Compare this fingerprint with the operator's before you rely on it.")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    import json

    from wasl.ledger import trust

    entries = trust.TrustStore(arguments.trust or trust.default_folder()).list()
    if arguments.json:
        print(json.dumps([{**entry.to_json(), "fingerprint": entry.fingerprint} for entry in entries], ensure_ascii=False, indent=2))
        return 0
    for entry in entries:
        print(entry.name)
        _show(entry)
    if not entries:
        print("No installation is trusted yet. Add one with `wasl trust add FILE`.")
    return 0


def _show(entry: object) -> None:
    from wasl.ledger.trust import Installation

    assert isinstance(entry, Installation)
    print(f"  fingerprint {entry.fingerprint}")
    for key in entry.logs:
        print(f"  log         {key}")
    print(f"  roots {len(entry.roots)} · revocation lists {len(entry.crls)}")
