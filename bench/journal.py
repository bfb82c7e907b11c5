"""The journal: posting one entry, and reading balances, at 1,000 and at 1,000,000 entries.

    python bench/journal.py [--json] [--entries 1000000]

Posting is the service's own statement with everything that hangs on it: keys, the check that it balances, each invoice's balance
kept in the same statement; measured inside one transaction, without the wait for the disk that a whole payment shares. Balances are
those that pages ask for: one invoice, a page of 25, a customer's credit, and the trial balance of the books. Flat: the larger books
answer in less than twice the time of the small ones, beyond a millisecond of noise. A wall clock: run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TARGET_POST_MS = 1.0
FLAT_RATIO, NOISE_MS = 2.0, 1.0
RUNS = 300
SMALL = 1_000

# Invoices of one customer each hundred, as issue writes them: a row, an event, an entry with two lines
_FILL = """
CREATE TEMP TABLE world AS SELECT g AS n, gen_random_uuid() AS id, gen_random_uuid() AS event FROM generate_series({since}, {until}) g;
INSERT INTO invoicing_customer (organisation_id, id, name, name_second, vat_identifier, tax_registration, legal_registration, electronic_address,
    electronic_address_scheme, contact_name, phone, email, line_1, line_2, city, post_code, subdivision, country, language, buyer_reference,
    created_at, updated_at, version)
SELECT 1 WHERE false;
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--entries", type=int, default=1_000_000)
    arguments = parser.parse_args()
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(folder) as cluster:
        masterkey.generate(Path(folder) / "master.key")
        os.environ |= {"DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings"}
        results = _measure(arguments.entries)
    for result in results:
        print(json.dumps(result) if arguments.json else _line(result))
    return 0 if all(result["met"] for result in results) else 1
