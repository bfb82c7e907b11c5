"""Largest contentful paint and layout shift of the payer's page in headless Chromium, as on a slow phone line.

    python bench/lcp.py [--world DIR] [--json] [--runs 5]

By the DevTools protocol: 1.6 Mbit/s down, 750 kbit/s up, 150 ms round trip, a processor four times slower, empty cache, 390 px wide.
The pages are those of an installation of bench/world.py (a small one is made without --world), served by `wasl serve`. What is
told besides: requests, bytes over the wire, and when the server's first byte came.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

PAINT_MS, SHIFT = 1200, 0.0
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER, PORT = 4, 8145
CHROMIUM = "/usr/bin/chromium"
WATCH = """
window.__lcp = 0; window.__cls = 0; window.__what = "";
new PerformanceObserver((list) => {
    for (const e of list.getEntries()) { window.__lcp = e.startTime; window.__what = (e.element && e.element.className) || ""; }
  })
  .observe({ type: "largest-contentful-paint", buffered: true });
window.__moved = [];
new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (!e.hadRecentInput) {
      window.__cls += e.value;
      for (const s of e.sources || []) {
        window.__moved.push((s.node && ((s.node.getAttribute && s.node.getAttribute("class")) || s.node.nodeName)) || "?");
      }
    }
  })
  .observe({ type: "layout-shift", buffered: true });
"""
READ = """() => { const n = performance.getEntriesByType("navigation")[0]; const r = performance.getEntriesByType("resource");
  const moved = [...new Set(window.__moved)].slice(0, 6);
  return { lcp: window.__lcp, cls: window.__cls, moved, what: window.__what, first: n.responseStart, requests: r.length + 1,
           bytes: n.transferSize + r.reduce((sum, e) => sum + e.transferSize, 0) }; }"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wasl-lcp-") as folder:
        world = arguments.world or Path(folder) / "world-1k"
        if not (world / "world.json").exists():
            here = Path(__file__).parent / "world.py"
            subprocess.run([sys.executable, str(here), "--size", "1000", "--real", "400", "--dir", str(world)], check=True, stdout=subprocess.DEVNULL)
        rows = measured(world, arguments.runs)
    for row in rows:
        print(json.dumps(row) if arguments.json else _line(row))
    return 0 if all(row["met"] for row in rows) else 1


def measured(world: Path, runs: int) -> list[dict[str, Any]]:
    from wasl.cli import installation

    command = [sys.executable, "-m", "wasl.cli.main", "serve", "--dir", str(world), "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # it owns the directory; we only look in
    try:
        _wait()
        with installation.opened(world, migrate=False, existing=True):
            token, session = _keys()
        search = f"/inbox/search?lang=ar&q={quote('محاسبه')}"
        pages = {"invoice ar": f"/i/{token}?lang=ar", "invoice en": f"/i/{token}?lang=en", "search ar": search}
        return [_result(name, _visits(f"http://127.0.0.1:{PORT}{path}", session, runs)) for name, path in pages.items()]
    finally:
        server.terminate()
        server.wait(30)


def _keys() -> tuple[str, str]:
    """A link to a real document, and the session of somebody with an inbox."""
    from django.contrib.sessions.backends.db import SessionStore

    from wasl.app.invoicing import links
    from wasl.app.sql import run
    from wasl.app.tenancy.models import Person

    sql = (
        "SELECT l.organisation_id, l.id FROM invoicing_document d JOIN invoicing_link l ON l.organisation_id = d.organisation_id"
        " AND l.invoice_id = d.invoice_id AND l.purpose = 'mail' WHERE d.kind = 'xades' AND octet_length(d.data) > 100 ORDER BY d.sha256 LIMIT 1"
    )
    person = Person.objects.get(email="ap@horizon.example")
    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_hash"] = str(person.pk), person.get_session_auth_hash()
    session["_auth_user_backend"] = "wasl.app.tenancy.signin.PasswordBackend"
    session.save()
    return links._token(*run(sql)[0]), session.session_key or ""


def _wait() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/live", timeout=2)
            return
        except OSError:
            time.sleep(1)
    raise SystemExit("the server did not come up")


def _visits(address: str, session: str, runs: int) -> list[dict[str, Any]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = []
        for run in range(runs + 1):
            context = browser.new_context(viewport={"width": 390, "height": 844})  # a new one has nothing cached
            context.add_cookies([{"name": "wasl_session", "value": session, "url": address}])
            page = context.new_page()
            page.add_init_script(WATCH)
            devtools = context.new_cdp_session(page)
            devtools.send("Network.enable")
            devtools.send("Network.emulateNetworkConditions", LINE)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(address, wait_until="load")
            page.wait_for_timeout(1500)
            if run:  # the first wakes the server
                found.append(page.evaluate(READ))
            context.close()
        browser.close()
    return found


def _result(name: str, visits: list[dict[str, Any]]) -> dict[str, Any]:
    paint, shift = statistics.median(each["lcp"] for each in visits), max(each["cls"] for each in visits)
    first = statistics.median(each["first"] for each in visits)
    return {
        "name": f"lcp.{name}", "value": round(paint), "unit": "ms", "shift": round(shift, 4), "target": PAINT_MS,
        "met": paint <= PAINT_MS and shift <= SHIFT,
        "first_byte": round(first), "requests": visits[0]["requests"], "bytes": visits[0]["bytes"], "what": visits[0]["what"],
        "moved": sorted({name for each in visits for name in each["moved"]}), "runs": len(visits),
        "load": round(os.getloadavg()[0] / (os.cpu_count() or 1), 1),
    }  # fmt: skip


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['name']:<16}{row['value']} ms  target {row['target']} {'met' if row['met'] else 'MISSED'}  shift {row['shift']}"
        f"  first byte {row['first_byte']} ms  {row['requests']} requests {row['bytes']:,} bytes  largest: {row['what'] or '?'}"
        f"{'  moved: ' + ', '.join(row['moved']) if row['moved'] else ''}  median of {row['runs']}, load {row['load']} a core"
    )


if __name__ == "__main__":
    sys.exit(main())
