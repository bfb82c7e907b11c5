"""`wasl demo`: a whole installation with its outside world, sample data, and the main job before your eyes.

Three sellers (Riyadh, Amman, Brussels), 60 invoices in all states and one payer who deals with all three are played through
the real services, once; a second start keeps them. A mail server and a bank, as strict as real ones, run as processes of their
own on this machine. Nothing leaves it.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from wasl.errors import WaslError

if TYPE_CHECKING:
    from rich.console import Console

    from wasl.demo.narrate import Links
    from wasl.demo.scene import Ports
    from wasl.demo.world import Seller

class HalfADemo(WaslError):
    code, exit_code = "WASL-DEMO-02", 5
    en = "The demo in this directory was stopped while its sample data was being made. Start anew: wasl demo --reset."
    ar = "توقّف العرض في هذا المجلد قبل أن تكتمل بياناته. ابدأ من جديد: ‎wasl demo --reset."


DEFAULT_DIR = Path("demo-data")


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("demo", help="see everything", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true", help="stop after the main job")
    parser.add_argument("--dir", type=Path, default=DEFAULT_DIR, help=f"where the demo lives (default: ./{DEFAULT_DIR})")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true", help="delete the demo's data first; asks")
    parser.add_argument("--yes", action="store_true", help="answer yes to --reset")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    directory = arguments.dir.absolute()
    if arguments.reset and not _reset(directory, arguments.yes):
        return 1
    _play(directory, arguments.port, console, once=arguments.once)
    return 0


def _reset(directory: Path, yes: bool) -> bool:
    """Delete an earlier demo, and only a demo, after asking."""
    if not directory.exists():
        return True
    if not (directory / "demo.txt").exists():
        print(f"wasl: {directory} is not a demo's directory; nothing was deleted.", file=sys.stderr)
        return False
    if not yes:
        if not sys.stdin.isatty():
            print("wasl: --reset asks first; add --yes where nobody can answer.", file=sys.stderr)
            return False
        if input(f"Delete the demo in {directory} with all its invoices? [y/N] ").strip().lower() not in {"y", "yes", "نعم"}:
            print("Nothing was deleted.")
            return False
    from wasl.pg import Cluster

    cluster = Cluster(directory)
    cluster._take_lock()  # refuses while the demo runs
    cluster.stop()
    shutil.rmtree(directory)
    return True


def _play(directory: Path, port: int, console: Console, *, once: bool) -> None:
    from wasl.cli import installation
    from wasl.cli.processes import Processes
    from wasl.demo import scene

    started = time.perf_counter()
    for name in ("DATABASE_URL", "WASL_MASTER_KEY", "WASL_MASTER_KEY_FILE", "WASL_SECRET_KEY", "WASL_CHECKPOINT_DIR"):
        os.environ.pop(name, None)  # a demo never touches an operator's own installation
    ports = scene.Ports.beside(port)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / "demo.txt").write_text("A Wasl demo lives here: `wasl demo --reset` may delete it.\n")
    os.environ.update(scene.environment(directory, ports))
    console.print("[bold]Wasl (وَصْل)[/]: starting PostgreSQL, the mail server and the gateways ...")
    with installation.opened(directory, own=True):
        logging.getLogger().setLevel(logging.WARNING)  # this process talks to a person; the others' lines are in logs/
        processes = Processes({}, directory / "logs")
        try:
            scene.start_outside_world(processes, directory, ports)
            sellers = _sellers(console, directory, ports)
            _start_wasl(processes, directory, ports)
            console.print(f"  ready after {time.perf_counter() - started:.1f} s\n\n[bold]The main job[/]")
            from wasl.demo.narrate import main_job

            links = main_job(sellers[0], ports, directory, console)
            _show(console, ports, directory, sellers, links)
            if not once:
                console.print("\nCtrl-C stops everything; `make demo` brings it back with its data.")
                processes.run_until_signal()
        finally:
            processes.stop()


def _sellers(console: Console, directory: Path, ports: Ports) -> list[Seller]:
    """The sample sellers: kept from an earlier demo, or opened and their history played now."""
    from wasl.app import clock
    from wasl.demo import bank, desk, gateways, history, paying, plan, till, world

    told = directory / "history.txt"
    found = world.existing()
    if found and not told.exists():
        raise HalfADemo
    if found:
        gateways.connect_all(found, directory, ports)
        console.print("  the sample data of the earlier demo is kept (`wasl demo --reset` starts anew)")
        return found
    now = clock.now()
    with console.status("three sellers, three months, 60 invoices ...") as status:
        with clock.frozen(plan.plan(now)[0].at - plan.BEFORE):
            sellers = world.build()
            desk.set_up(sellers)
            gateways.connect_all(sellers, directory, ports)
        count = history.play(sellers, now, status.update)
        paying.pay_out(ports.gateways_url)
        till.set_up(sellers[0])
        bank.statements(sellers)
        talks = desk.converse(sellers, now)
    told.write_text(f"{count} invoices, whole.\n")
    console.print(f"  three sellers and {count} invoices over three months, issued, mailed, paid and credited through the real services")
    console.print("  paid by card, mada, Apple Pay and stc pay at the test gateways; one is disputed, one refunded, some refused")
    console.print(f"  {talks} customers ask about an invoice, one of them by mail, and one waits for a call")
    return sellers


def _start_wasl(processes: object, directory: Path, ports: Ports) -> None:
    from wasl.cli.processes import Processes, web_arguments
    from wasl.demo.scene import HOST

    assert isinstance(processes, Processes)
    processes.environment = os.environ | {}  # by now it holds the database and the keys' places too
    processes.start("web", *web_arguments(HOST, ports.web, workers=2))
    processes.start("worker", "wasl.cli.main", "worker", "--dir", str(directory))
    processes.wait_for("web", f"{ports.origin}/health/ready")


def _show(console: Console, ports: Ports, directory: Path, sellers: list[Seller], links: Links) -> None:
    from wasl.app.console.home import entry_token

    program = "wasl" if shutil.which("wasl") else os.path.relpath(sys.argv[0])
    console.print("\n[bold]Open[/]")
    rows = [
        ("the payer's page", links.payer),
        ("pay one yourself", f"{_unpaid(ports, sellers[0])}  (card 4242 4242 4242 4242, any future date, any code)"),
        ("a payer's inbox", f"{ports.origin}/inbox  (as {sellers[0].sample.customers[0].email}; the code comes to the mailbox)"),
        (
            "the seller's console",
            f"{ports.origin}/console/enter/{entry_token(sellers[0].owner)}  (works once, for {sellers[0].sample.owner})",
        ),
        ("the mailbox", f"{ports.mailbox_url}/"),
        ("the test gateways", f"{ports.gateways_url}/"),
        ("the public proof", links.verify),
        ("verify it yourself", f"{program} verify {links.files / (links.number + '.pdf')} --trust {directory / 'demo-trust'}"),
    ]
    for name, where in rows:
        console.print(f"  {name:<21}{where}")


def _unpaid(ports: Ports, seller: Seller) -> str:
    """The mail link of the seller's newest invoice that waits for its payment."""
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice, InvoiceText, Link
    from wasl.app.payments.journal import balance

    for row in Invoice.objects.for_org(seller.org).filter(kind="invoice").order_by("-issued_at"):
        if balance(row.organisation_id, row) > 0:
            recipient = InvoiceText.objects.for_org(seller.org).get(pk=row.pk).buyer_email
            return f"{ports.origin}/i/{make_link(row, Link.MAIL, recipient)}/pay"
    return "(all are paid)"
