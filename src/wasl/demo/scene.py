"""The outside world of the demo, as processes of their own: a strict mail server and the payment gateways, and how to reach them."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

from wasl.cli.installation import secret
from wasl.cli.ports import require_free_port
from wasl.cli.processes import Processes

HOST = "127.0.0.1"
GATEWAYS = ("stripe", "moyasar", "tap", "paytabs")  # beside the bank: dialects that a seller connects an account of its own at


@dataclass(frozen=True)
class Ports:
    """Where everything listens. Only `web` is Wasl; the others stand in for other people's machines."""

    web: int
    smtp: int
    imap: int
    mailbox: int
    gateways: int

    @classmethod
    def beside(cls, web: int) -> Ports:
        """The usual neighbours of `web` where they are free, else any free ones; `web` itself must be free."""
        require_free_port(HOST, web)
        taken = {web}

        def pick(wanted: int) -> int:
            port = wanted if wanted not in taken and _is_free(wanted) else _any_free(taken)
            taken.add(port)
            return port

        return cls(web=web, smtp=pick(2525), imap=pick(1143), mailbox=pick(8025), gateways=pick(8300))

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.web}"

    @property
    def mailbox_url(self) -> str:
        return f"http://{HOST}:{self.mailbox}"

    @property
    def gateways_url(self) -> str:
        """Five dialects, each under its own name."""
        return f"http://{HOST}:{self.gateways}"


def environment(directory: Path, ports: Ports) -> dict[str, str]:
    """What Wasl must know of the outside world, and what the outside world must know of Wasl."""
    password = secret(directory, "demo-imap.password").replace("/", "_").replace("+", "-").rstrip("=")
    return {
        "WASL_ORIGIN": ports.origin,
        "WASL_SMTP_URL": f"smtp://{HOST}:{ports.smtp}",
        "WASL_IMAP_URL": f"imap://wasl:{password}@{HOST}:{ports.imap}",
        "WASL_MAIL_FROM": "wasl@wasl.example",
        "WASL_BANK_URL": f"{ports.gateways_url}/bank",
        "WASL_BANK_KEY": secret(directory, "demo-bank.key"),
        "WASL_BANK_WEBHOOK_SECRET": secret(directory, "demo-bank-hook.key"),
        "WASL_GATEWAY_URLS": ",".join(f"{name}={ports.gateways_url}/{name}" for name in GATEWAYS),
        "BANK_KEY": secret(directory, "demo-bank.key"),
        "BANK_WEBHOOK_SECRET": secret(directory, "demo-bank-hook.key"),
        "STANDIN_IMAP_PASSWORD": password,
    }


def start_outside_world(processes: Processes, directory: Path, ports: Ports) -> None:
    """Mail server and gateways up and answering."""
    processes.start(
        "mail", "wasl.standins.mailserver", "--smtp", str(ports.smtp), "--imap", str(ports.imap), "--http", str(ports.mailbox),
        "--dir", str(directory / "mail"), "--late", "0.5",
    )  # fmt: skip
    processes.start("gateways", "wasl.standins.gateways", "--port", str(ports.gateways), "--dir", str(directory / "gateways"))
    processes.wait_for("mail", ports.mailbox_url)
    processes.wait_for("gateways", ports.gateways_url)


def _is_free(port: int) -> bool:
    with contextlib.suppress(Exception):
        require_free_port(HOST, port)
        return True
    return False


def _any_free(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
