"""The main job before the user's eyes: every step is the real mechanism, timed as it happens."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
from msgspec.structs import replace
from rich.console import Console

from wasl.demo.scene import Ports
from wasl.demo.world import Seller
from wasl.errors import WaslError

SAMPLE = "riyadh_services_sar.json"
WAY = "card@stripe"  # as the pay page names it
WAIT_SECONDS_MAX = 20.0


class DemoFailed(WaslError):
    code = "WASL-DEMO-01"
    en = "The demo stopped at the step {step}: {reason}. Logs are in {logs}."
    ar = "توقف العرض عند الخطوة {step}: {reason}. السجلات في {logs}."


@dataclass
class Links:
    """What the user may open afterwards."""

    payer: str
    verify: str
    files: Path
    number: str


class Narrator:
    """Prints one line a step with its time; a step that fails ends the demo with the reason."""

    def __init__(self, console: Console, logs: Path) -> None:
        self.console, self.logs = console, logs
        self.seconds: dict[str, float] = {}

    def step(self, name: str, work: Callable[[], Any], said: Callable[[Any], str]) -> Any:
        started = time.perf_counter()
        try:
            result = work()
        except (httpx.HTTPError, AssertionError, subprocess.SubprocessError) as error:
            raise DemoFailed(step=name, reason=str(error) or type(error).__name__, logs=str(self.logs)) from error
        spent = self.seconds[name] = time.perf_counter() - started
        self.console.print(f"  [green]✓[/] [bold]{name:<9}[/] {said(result)}  [dim]{spent * 1000:,.0f} ms[/]", highlight=False)
        return result


def main_job(seller: Seller, ports: Ports, directory: Path, console: Console) -> Links:
    """Read, check, issue, log, render, deliver, open, pay, verify one invoice. Raises DemoFailed."""
    from wasl.app.delivery.send import deliver
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice as Row
    from wasl.app.invoicing.models import Link
    from wasl.app.invoicing.pdf import pdf_for
    from wasl.cli.issue import wait_for_proof, write_files
    from wasl.formats import read as reading

    tell = Narrator(console, directory / "logs")
    data = (resources.files("wasl") / "samples" / SAMPLE).read_bytes()
    source = tell.step(
        "read", lambda: _due_in_30_days(reading.read(data, name=SAMPLE).invoice), lambda invoice: f"{SAMPLE}: {len(invoice.lines)} lines"
    )
    source = replace(source, seller=None, payment=None, buyer=seller.customers[0][1].party())
    tell.step("check", lambda: _check(seller, source), lambda r: f"{r.stats.rules} official rules: {_count(r)}")
    answer = tell.step("issue", lambda: issue(seller.org, source, actor=seller.actor, customer_id=seller.customers[0][1].pk),
                       lambda a: f"{a.number}, numbered, sealed and stored in one transaction")  # fmt: skip
    row = Row.objects.for_org(seller.org).get(pk=answer.invoice_id)
    tell.step(
        "log", lambda: _need(wait_for_proof(row), "no proof"), lambda proof: f"in the tamper-evident log, proof of {len(proof):,} bytes"
    )
    tell.step("render", lambda: pdf_for(row), lambda pdf: f"bilingual PDF/A-3 with the sealed XML inside, {len(pdf) / 1000:,.0f} kB")
    mail = tell.step("deliver", lambda: _delivered(row, deliver(row)), lambda d: f"{d.state.replace('_', ' ')} to {d.recipient}")
    token = make_link(row, Link.MAIL, mail.recipient)
    links = Links(f"{ports.origin}/i/{token}", f"{ports.origin}/v/{make_link(row, Link.VERIFY)}", directory / "issued", answer.number)
    with httpx.Client(timeout=10, follow_redirects=True) as browser:
        tell.step(
            "open",
            lambda: _page(browser, links.payer, answer.number),
            lambda page: f"the payer's page, {len(page) / 1000:,.0f} kB, no password",
        )
        tell.step(
            "pay", lambda: _pay(browser, ports, links.payer, row), lambda _: "at the gateway's own page; its signed webhook settled the invoice"
        )
    paths = write_files(row, links.files)
    tell.step(
        "verify",
        lambda: _verify(ports, directory, paths),
        lambda _: "`wasl verify --offline`: hash, seal, commitment, inclusion, log signature",
    )
    console.print(f"  [dim]the whole job: {sum(tell.seconds.values()):.1f} s[/]")
    return links


def _check(seller: Seller, source: Any) -> Any:
    """The rules of the seller's profile over the very bytes that would be issued now."""
    from wasl.app import clock
    from wasl.app.invoicing.examine import examine
    from wasl.app.invoicing.prepare import local_date, prepare
    from wasl.formats import ubl

    prepared = prepare(seller.org, source, on=local_date(seller.org, clock.now()), number="DEMO-0")
    report = examine(seller.org, prepared.invoice, ubl.write(prepared.invoice)).report
    assert report.valid is True, "; ".join(finding.rule for finding in report.findings)
    return report


def _count(report: Any) -> str:
    return "no finding" if not report.findings else f"valid, {len(report.findings)} remarks"


def _due_in_30_days(invoice: Any) -> Any:
    return replace(invoice, due_date=(datetime.now(UTC) + timedelta(days=30)).date())


def _need(value: Any, reason: str) -> Any:
    assert value is not None, reason
    return value


def _delivered(row: Any, delivery: Any) -> Any:
    """Until the worker has handed the mail over; the state is what the mail server said, nothing better."""
    from wasl.app.delivery.models import Delivery

    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < deadline:
        now = Delivery.objects.for_org(row.organisation_id).get(pk=delivery.pk)
        if now.state in {Delivery.HANDED_OVER, Delivery.DELIVERED}:
            return now
        assert now.state != Delivery.BOUNCED, now.reply
        time.sleep(0.05)
    raise AssertionError("the mail was not handed over in time; is the worker running?")


def _page(browser: httpx.Client, url: str, number: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, f"HTTP {answer.status_code}"
    assert number in answer.text, "the page does not show the number"
    return answer.text


def _pay(browser: httpx.Client, ports: Ports, url: str, row: Any) -> None:
    """What a payer does: Pay, a card on the gateway's page, and back; then the page must say paid because the webhook came."""
    from wasl.app.payments.journal import balance
    from wasl.demo.paying import at_the_page

    page = browser.get(f"{url}/pay")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    chosen = {"csrfmiddlewaretoken": token[1] if token else "", "way": WAY}
    gateway = browser.post(f"{url}/pay", data=chosen, headers={"Referer": url, "Origin": _origin(url)})
    assert gateway.status_code == 200 and str(gateway.url).startswith(ports.gateways_url), f"no page: HTTP {gateway.status_code} at {gateway.url}"
    at_the_page(str(gateway.url))
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while balance(row.organisation_id, row) > 0:
        assert time.monotonic() < deadline, "the payment was not settled in time"
        time.sleep(0.05)


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def _verify(ports: Ports, directory: Path, paths: list[Path]) -> None:
    """As anybody would: the installation's trust file into a store of one's own, then `wasl verify --offline`."""
    trust = directory / "demo-trust"
    published = directory / "wasl-trust.json"
    published.write_bytes(httpx.get(f"{ports.origin}/log/trust.json", timeout=10).raise_for_status().content)
    _wasl("trust", "add", str(published), "--replace", "--trust", str(trust))
    pdf = next(path for path in paths if path.suffix == ".pdf")
    _wasl("verify", str(pdf), "--offline", "--trust", str(trust))


def _wasl(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "wasl.cli.main", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"wasl {' '.join(arguments[:2])} gave {done.returncode}: {(done.stdout + done.stderr).strip()[:500]}"
