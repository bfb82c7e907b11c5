"""The validator service under load: a ten-line invoice over HTTP, beside SaxonC-HE warm under the very same roof.

    python bench/service.py [--json] [--seconds N] [--clients N] [--workers N]

Both are the same application behind the same server with the same number of processes; only what checks a document differs: our rules with
the schema and all explanations that a finding gets, or the official sheet in a SaxonC processor that was compiled before the first request.
Each client keeps one connection and sends another document every time. What is printed is requests a second and the median of a request.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DATA = HERE / "data" / "rich-10.xml"
TARGETS = {"wasl": "wasl.service.web:application", "saxonc-he-13": "service:saxon"}
START = """
import sys
sys.path.insert(0, sys.argv[4])
from wasl.cli.validate_service import serve
from wasl.service.limits import Limits
serve("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), Limits(), target=sys.argv[3])
"""


def saxon() -> Any:
    """The same application with the official sheet in SaxonC; one document at a time in a process, as its library wants it."""
    from saxonche import PySaxonProcessor

    from wasl.rules import sheets
    from wasl.rules.report.shown import FileReport
    from wasl.service.body import Upload
    from wasl.service.limits import Limits
    from wasl.service.web import App

    processor = PySaxonProcessor(license=False)
    sheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheets.locate("en16931-ubl").read_text())

    def check(uploads: list[Upload], _profile: str, _limits: Limits) -> list[FileReport]:
        found: list[FileReport] = []
        for upload in uploads:
            result = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=upload.data.decode()))
            found.append(FileReport(upload.name, syntax="ubl", profile="en16931", valid="failed-assert" not in str(result)))
        return found

    app = App(Limits(at_once=1))
    app.check = check  # type: ignore[method-assign]
    check([Upload("warm", DATA.read_bytes())], "", Limits())
    return app


def measure(name: str, seconds: float, clients: int, workers: int) -> dict[str, Any]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-c", START, str(port), str(workers), TARGETS[name], str(HERE)]
    process = subprocess.Popen(command)
    try:
        wait_for(port)
        warm = spent(process.pid)
        text = DATA.read_text()
        times: list[float] = []
        wrong: list[bytes] = []
        end = time.perf_counter() + seconds
        threads = [threading.Thread(target=client, args=(port, text, number, end, times, wrong)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu = spent(process.pid) - warm
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    return {
        "name": name, "per_second": round(len(times) / seconds), "median_ms": round(statistics.median(times) * 1e3, 2),
        "cpu_ms": round(cpu / len(times) * 1e3, 2), "wrong": len(wrong),
    }  # fmt: skip


def spent(server: int) -> float:
    """Processor seconds of the server and its workers so far: true also where others use the machine."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == server or int(fields[1]) == server:
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def client(port: int, text: str, number: int, end: float, times: list[float], wrong: list[bytes]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    count = 0
    while time.perf_counter() < end:
        count += 1
        data = text.replace("</cbc:ID>", f"-{number}-{count}</cbc:ID>", 1).encode()
        started = time.perf_counter()
        connection.request("POST", "/", data)
        body = connection.getresponse().read()
        times.append(time.perf_counter() - started)
        if json.loads(body)[0].get("valid") is not True:
            wrong.append(body)


def wait_for(port: int) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("POST", "/", DATA.read_bytes())
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(port)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    ours, theirs = (measure(name, arguments.seconds, arguments.clients, arguments.workers) for name in TARGETS)
    work = round(theirs["cpu_ms"] / ours["cpu_ms"], 1)
    ratio = round(ours["per_second"] / max(theirs["per_second"], 1), 1)
    result = {"name": "service/10-lines", "ratio": ratio, "cpu_ratio": work,
              "ours": ours, "peer": theirs, "clients": arguments.clients, "workers": arguments.workers}  # fmt: skip
    text = (
        f"service/10-lines  wasl {ours['per_second']}/s ({ours['median_ms']} ms)  {theirs['name']} "
        f"{theirs['per_second']}/s ({theirs['median_ms']} ms)  "
        f"{ratio}x  processor {ours['cpu_ms']} ms against {theirs['cpu_ms']} ms a request: {work}x  "
        f"clients={arguments.clients} workers={arguments.workers}, clients on the same cores"
    )
    print(json.dumps(result) if arguments.json else text)
    return int(bool(ours["wrong"] or theirs["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
