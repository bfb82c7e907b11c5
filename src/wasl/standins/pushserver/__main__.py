"""`python -m wasl.standins.pushserver --port 8200`: POST /push/<id> takes messages; /control and /api are for tests and the demo."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading

from wasl.standins.pushserver.service import Refused, Service, b64
from wasl.standins.web import Request, Response, Site, serve


def mount(service: Service, site: Site) -> None:
    def guarded(act: object) -> object:
        def route(request: Request) -> Response:
            try:
                return act(request)  # type: ignore[operator]
            except Refused as refused:
                return Response.json({"error": refused.why}, refused.status)

        return route

    def push(request: Request) -> Response:
        fault = service.receive(request.matched["id"], request.headers, request.body)
        if fault == "dieafterdata":
            return Response(b"", 201, abort=True)
        if fault == "redirect":
            return Response(b"", 307, headers={"Location": "http://127.0.0.1:9/inward"})
        return Response(b"", 201, "text/plain", headers={"Location": f"{service.origin}/m/1"})

    def subscribe(request: Request) -> Response:
        browser = service.subscribe(json.loads(request.body)["applicationServerKey"])
        keys = {"p256dh": b64(browser.p256dh), "auth": b64(browser.auth)}
        return Response.json({"id": browser.id, "endpoint": f"{service.origin}/push/{browser.id}", "keys": keys})

    def behaviour(request: Request) -> Response:
        told = json.loads(request.body)
        service.browser(told["id"]).behaviour.append((told["behaviour"], int(told.get("times", 1))))
        return Response.json({})

    def messages(request: Request) -> Response:
        return Response.json(service.browser(request.query["id"]).messages)

    for method, pattern, act in (
        ("POST", r"/push/(?P<id>[\w-]+)", push), ("POST", r"/control/subscribe", subscribe),
        ("POST", r"/control/behaviour", behaviour), ("GET", r"/api/messages", messages),
    ):  # fmt: skip
        site.add(method, pattern, guarded(act))  # type: ignore[arg-type]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m wasl.standins.pushserver", description="A push service: strict, and it opens what it gets.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8200)
    options = parser.parse_args(argv)
    service, site = Service(), Site()
    mount(service, site)
    try:
        server = serve(site, options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"push server: {error.strerror or error}\n")
        return 5
    port = server.server_address[1]
    service.origin = f"http://{options.host}:{port}"
    print(f"ready http={port}", flush=True)  # noqa: T201 - the starter waits for it
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    stopped.wait()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
