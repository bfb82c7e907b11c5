"""Server time of the pages that grow: invoice, inbox, search; cold and warm, from 1,000 invoices to 1,000,000.

    python bench/pages.py [--sizes 1k,10k,100k,1m] [--worlds DIR] [--json]

Each size is an installation of bench/world.py: `DIR/world-1k` and so on, kept there; a missing one is made first (1m takes
minutes). Requests go through the whole of Django, every middleware included, in one process; the network is not in it. "Cold"
is the first pass after a restart of PostgreSQL, its buffers empty (the machine's file cache is not dropped: others live on it);
"warm" the second. "cpu" is what this process and its backend spent on a core, by the kernel's own count: where the machine is
busy with other work (load above 1.5 a core), the clock measures that work, and the targets are held against cpu; it is said.
Peer in the same run: the same words by the ORM's icontains over the same rows, as a plain Django program would.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
TARGETS = {"invoice": 25.0, "inbox": 50.0, "search": 50.0, "seller search": 50.0}  # ms, p95, warm and cold
BUSY = 1.5  # load a core
REQUESTS, QUERIES, PEER_QUERIES = 100, 200, 12
REAL = {"1k": 1_000, "10k": 1_000}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1k,10k")
    parser.add_argument("--worlds", type=Path)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one)))
        return 0
    with tempfile.TemporaryDirectory(prefix="wasl-pages-") as folder:
        worlds = arguments.worlds or Path(folder)
        results = [_run(worlds / f"world-{size}", size) for size in arguments.sizes.split(",")]
    rows = [row for result in results for row in result]
    for row in rows:
        print(json.dumps(row) if arguments.json else _line(row))
    if not arguments.json:
        _flat(rows)
    return 0 if all(row["met"] for row in rows) else 1


def _run(world: Path, size: str) -> list[dict[str, Any]]:
    here = Path(__file__).parent
    if not (world / "world.json").exists():
        command = [sys.executable, str(here / "world.py"), "--size", str(SIZES[size]), "--dir", str(world), "--real", str(REAL.get(size, 8_000))]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    answer = subprocess.run([sys.executable, __file__, "--one", str(world)], check=True, capture_output=True, text=True).stdout
    return [_result(size, *row) for row in json.loads(answer.strip().splitlines()[-1])]


def _result(size: str, page: str, cold: list[list[float]], warm: list[list[float]], peer: list[float], load: float) -> dict[str, Any]:
    figures = {
        f"{when}{kind}_p{percent}": _at([each[at] for each in taken], percent)
        for when, taken in (("cold_", cold), ("", warm)) for at, kind in enumerate(("wall", "cpu")) for percent in (50, 95)
    }  # fmt: skip
    is_busy = load > BUSY
    judged = ("cold_cpu_p95", "cpu_p95") if is_busy else ("cold_wall_p95", "wall_p95")
    found: dict[str, Any] = {
        "name": f"pages.{page}", "size": size, "value": figures[judged[1]], "unit": "ms", **figures, "target": TARGETS[page],
        "met": max(figures[each] for each in judged) <= TARGETS[page], "requests": len(warm), "load": round(load, 1), "judged": judged[1],
    }  # fmt: skip
    if peer:
        found |= {"peer": "Django ORM icontains", "peer_value": _at(peer, 50), "ratio": round(_at(peer, 50) / max(figures["cpu_p50"], 0.1), 1)}
    return found


def _at(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


def _line(row: dict[str, Any]) -> str:
    peer = f"  {row['peer']} p50 {row['peer_value']:,} ms  {row['ratio']}x" if "peer" in row else ""
    return (
        f"{row['name']:<20}{row['size']:>5}  cold p50 {row['cold_wall_p50']:>6} p95 {row['cold_wall_p95']:>6} (cpu {row['cold_cpu_p95']:>5})"
        f"  warm p50 {row['wall_p50']:>6} p95 {row['wall_p95']:>6} (cpu p50 {row['cpu_p50']:>5} p95 {row['cpu_p95']:>5}) ms"
        f"  target {row['target']:.0f} {'met' if row['met'] else 'MISSED'} by {row['judged']}{peer}  n={row['requests']} load {row['load']}"
    )


def _flat(rows: list[dict[str, Any]]) -> None:
    """How much a page slows from the smallest size to the biggest: the table's last word."""
    for page in TARGETS:
        mine = [row for row in rows if row["name"] == f"pages.{page}"]
        if len(mine) > 1:
            print(f"pages.{page}: p95 warm, cpu {' -> '.join(str(row['cpu_p95']) for row in mine)} ms from {mine[0]['size']} to {mine[-1]['size']}")


# -- one installation, in a process of its own -------------------------------------------------------------------------


Pass = list[tuple[float, float]]  # (by the clock, on a core) of each request, ms


def measure(world: Path) -> list[tuple[str, Pass, Pass, list[float], float]]:
    from wasl.cli import installation
    from wasl.pg.supervisor import Cluster

    cluster = Cluster(world).start()
    try:
        os.environ.update(installation.environment(world, cluster))
        import django

        django.setup()
        installation.migrate_tables()
        from django.conf import settings
        from django.db import connection

        from wasl.app.sql import run

        settings.ALLOWED_HOSTS.append("testserver")
        logging.disable(logging.CRITICAL)
        run("ANALYZE")
        asked = _requests()
        for page in asked:
            _pass(asked[page][:3])  # templates, imports, catalogues: not the database's
        peer = _peer()
        cold: dict[str, Pass] = {}
        for page in asked:
            connection.close()
            cluster.stop()
            cluster = Cluster(world).start()
            run("SELECT 1")
            cold[page] = _pass(asked[page])
        warm = {page: _pass(asked[page]) for page in asked}
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
        return [(page, cold[page], warm[page], peer if page == "seller search" else [], load) for page in asked]
    finally:
        cluster.stop()


def _pass(requests: list[tuple[Any, str]]) -> Pass:
    """Milliseconds of each request, in order; an answer other than a page ends the run."""
    from wasl.app.sql import run
    from wasl.app.ui.limits import forget_all

    backend, taken = Path(f"/proc/{run('SELECT pg_backend_pid()')[0][0]}/schedstat"), []
    for client, address in requests:
        forget_all()
        began = (time.perf_counter(), time.process_time(), _on_core(backend))
        response = client.get(address)
        ended = (time.perf_counter(), time.process_time(), _on_core(backend))
        taken.append(((ended[0] - began[0]) * 1000, (ended[1] - began[1] + ended[2] - began[2]) * 1000))
        assert response.status_code == 200, (address, response.status_code)
    if os.environ.get("PAGES_SLOWEST"):
        from urllib.parse import unquote

        for (_, spent), (_, address) in sorted(zip(taken, requests, strict=True), key=lambda pair: -pair[0][1])[:6]:
            print(f"{spent:.0f} ms {unquote(address)}", file=sys.stderr)
    return taken


def _on_core(backend: Path) -> float:
    """Seconds that a process spent on a core (Linux); 0 where that is not told, or it is gone."""
    try:
        return int(backend.read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _requests() -> dict[str, list[tuple[Any, str]]]:
    from django.test import Client

    rng = random.Random(7)
    payer, owner = _signed_in("ap@horizon.example"), _signed_in("owner@world.example")
    stranger = Client()
    inbox = ["/inbox/", "/inbox/?state=overdue", "/inbox/?state=paid", "/inbox/?sort=amount", "/inbox/?since=2026-01-01&until=2026-03-31"]
    return {
        "invoice": [(stranger, f"/i/{token}?lang={rng.choice(('ar', 'en'))}") for token in _tokens(rng)],
        "inbox": [(payer, inbox[at % len(inbox)] if at % 2 else "/inbox/") for at in range(REQUESTS)],
        "search": [(payer, f"/inbox/search?{query}") for query in _queries(rng, payer=True)],
        "seller search": [(owner, f"/console/seller-0/search?{query}") for query in _queries(rng, payer=False)],
    }


def _signed_in(email: str) -> Any:
    from django.test import Client

    from wasl.app.tenancy.models import Person

    client = Client()
    client.force_login(Person.objects.get(email=email), backend="wasl.app.tenancy.signin.PasswordBackend")
    return client


_REAL = """
SELECT l.organisation_id, l.id FROM invoicing_document d
JOIN invoicing_link l ON l.organisation_id = d.organisation_id AND l.invoice_id = d.invoice_id AND l.purpose = 'mail'
WHERE d.kind = 'xades' AND octet_length(d.data) > 100 ORDER BY d.sha256 LIMIT %s
"""


def _tokens(rng: random.Random) -> list[str]:
    """Links of documents that are real."""
    from wasl.app.invoicing import links
    from wasl.app.sql import run

    return [links._token(*row) for row in run(_REAL, (REQUESTS,))]


_SOME = """
SELECT s.lines, i.number, i.payable_amount, i.currency FROM archive_searchrow s
JOIN invoicing_invoice i ON i.organisation_id = s.organisation_id AND i.id = s.id WHERE {where} ORDER BY md5(s.id::text) LIMIT 200
"""
_GRANTED = (
    "(s.organisation_id, s.id) IN (SELECT organisation_id, invoice_id FROM tenancy_payergrant g"
    " JOIN tenancy_payeraddress a USING (payer_id) WHERE a.email = %s)"
)
_OWN = "s.organisation_id = (SELECT id FROM tenancy_organisation WHERE slug = %s)"


def _queries(rng: random.Random, *, payer: bool) -> list[str]:
    """200 questions about what is there, as people ask: words and their beginnings, slips, numbers, amounts, times; some find nothing."""
    from urllib.parse import urlencode

    from wasl.app.sql import run
    from wasl.invoice.money import from_minor

    rows = run(_SOME.format(where=_GRANTED if payer else _OWN), ("ap@horizon.example" if payer else "seller-0",))
    asked: list[str] = []
    for at in range(QUERIES):
        lines, number, payable, currency = rows[at % len(rows)]
        words = [word for word in lines.split() if len(word) > 3] or ["محاسبة"]
        word = rng.choice(words)
        made = (
            word, word, f"{word} {rng.choice(words)}", word[: rng.randint(3, 5)], word[:2] + word[3] + word[2] + word[4:] if len(word) > 4 else word,
            number, number.replace("-", "").lower(), number.split("-")[-1].lstrip("0") or number, f"{from_minor(int(payable), currency):,}",
            f"{int(from_minor(int(payable), currency))}",
            rng.choice(("محاسبة", "accounting", "صيانة", "software")), f'"{" ".join(words[:2])}"',
            rng.choice(("الشهر الماضي", "last month", "yesterday", "ديسمبر", "2026-03", "رجب")),
            f"{word} {rng.choice(('متأخرة', 'paid', 'last month', 'هذا العام'))}",
            rng.choice(("overdue", "غير مدفوعة", "مدفوعة", "due soon")),
            rng.choice(("zzzqqxy", "ظظظغغغ خخ", "nothing of the sort")),
        )  # fmt: skip
        asked.append(urlencode({"q": made[at % len(made)]}))
    return asked


def _peer() -> list[float]:
    """The words of the biggest seller by LIKE over the same rows, newest first, a page of twenty."""
    from django.db.models import Q

    from wasl.app.archive.models import SearchRow
    from wasl.app.tenancy.models import Organisation

    org, taken = Organisation.objects.get(slug="seller-0"), []
    for at in range(PEER_QUERIES):
        word = ("محاسبة", "accounting", "صيانة", "zzzqqxy")[at % 4]
        began = time.perf_counter()
        holds = Q(lines__icontains=word) | Q(notes__icontains=word) | Q(refs__icontains=word)
        list(SearchRow.objects.for_org(org).filter(holds).order_by("-id")[:20])
        taken.append((time.perf_counter() - began) * 1000)
    return taken


if __name__ == "__main__":
    sys.exit(main())
