"""The SMTP side: strict acceptance (RFC 5321, 5322), delivery reports (RFC 3461, 3464), and faults on demand."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from wasl.standins.mailserver import dsn, strict
from wasl.standins.mailserver.store import Mailstore

MESSAGE_BYTES_MAX = 30_000_000  # advertised as SIZE
TAGGED = re.compile(r"^[^@+]+\+(?P<tag>[a-z]+)(?P<times>\d*)@", re.IGNORECASE)
BEHAVIOURS = ("defer", "reject", "dieafterdata", "bounce", "latebounce", "dsn", "relayed", "hang")
ALWAYS = -1


@dataclass
class Plan:
    """What happens to one recipient's mail, and how often still."""

    behaviour: str = "accept"
    left: int = ALWAYS

    def take(self) -> bool:
        """Whether the fault strikes now; a limited one is used up."""
        if self.left == 0:
            return False
        if self.left > 0:
            self.left -= 1
        return True


@dataclass
class Faults:
    """Plans by recipient: from the plus-tag at the first sight of an address, or set by the control API."""

    plans: dict[str, Plan] = field(default_factory=dict)

    def plan(self, recipient: str) -> Plan:
        key = recipient.lower()
        if key not in self.plans:
            tag = TAGGED.match(key)
            known = tag is not None and tag["tag"] in BEHAVIOURS
            if not known or tag is None:
                return Plan()
            left = int(tag["times"]) if tag["times"] else (1 if tag["tag"] == "dieafterdata" else ALWAYS)
            self.plans[key] = Plan(tag["tag"], left)
        return self.plans[key]

    def set(self, recipient: str, behaviour: str, times: int) -> None:
        if behaviour not in (*BEHAVIOURS, "accept"):
            raise ValueError(behaviour)
        self.plans[recipient.lower()] = Plan(behaviour, times)


class StrictSMTP(SMTP):
    """aiosmtpd with the DSN extension: it takes RET, ENVID, NOTIFY and ORCPT, and hands them to the handler."""

    def _getparams(self, params: Any) -> Any:
        parsed = super()._getparams(params)
        if parsed is None:
            return None
        for name in ("RET", "ENVID", "NOTIFY", "ORCPT"):
            parsed.pop(name, None)
        return parsed


class Handler:
    """Accepts or refuses each message and files it once per recipient."""

    def __init__(self, store: Mailstore, faults: Faults, *, late_seconds: float, advertise_dsn: bool = True) -> None:
        self.store, self.faults = store, faults
        self.late_seconds, self.advertise_dsn = late_seconds, advertise_dsn
        self._tasks: set[asyncio.Task[None]] = set()

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]] if self.advertise_dsn else responses

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if not re.fullmatch(r"[^\s<>@\x00-\x1f]+@[A-Za-z0-9.-]+", address):
            return "553 5.1.3 malformed address"
        plan = self.faults.plan(address)
        if plan.behaviour == "defer" and plan.take():
            return "451 4.2.2 mailbox busy, try again later"
        if plan.behaviour == "reject" and plan.take():
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        notify = next((o.partition("=")[2] for o in options if o.startswith("NOTIFY=")), "")
        envelope.rcpt_options.append(notify)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        data = envelope.original_content or b""
        refused = strict.refusal(data, smtputf8=envelope.smtp_utf8)
        if refused:
            return refused
        dies = False
        for recipient, notify in zip(envelope.rcpt_tos, envelope.rcpt_options, strict=True):
            dies |= await self._file(data, envelope.mail_from or "", recipient, notify)
        if dies and server.transport is not None:
            server.transport.abort()
        return "250 2.0.0 message accepted"

    async def _file(self, data: bytes, sender: str, recipient: str, notify: str) -> bool:
        """Stores one copy; True when this recipient's fault is to cut the connection now."""
        plan = self.faults.plan(recipient)
        strikes = plan.behaviour not in ("accept", "defer", "reject") and plan.take()
        fault = plan.behaviour if strikes else "accept"
        if fault == "hang":
            await asyncio.sleep(3600)
        bounced = fault in ("bounce", "latebounce")
        if not bounced:
            self.store.add(data, sender=sender, recipient=recipient, outcome="accepted")
        action = {"bounce": "failed", "latebounce": "failed", "dsn": "delivered", "relayed": "relayed"}.get(fault, "")
        wants_success = "SUCCESS" in notify.split(",")
        if fault in ("accept", "dieafterdata") and wants_success:
            action = "delivered"
        if action == "relayed" and not wants_success:
            action = ""
        if action and sender:
            self._report(data, sender, recipient, action, self.late_seconds if fault == "latebounce" else 0)
        return fault == "dieafterdata"

    def _report(self, data: bytes, sender: str, recipient: str, action: str, after: float) -> None:
        async def send() -> None:
            await asyncio.sleep(after)
            self.report(data, sender, recipient, action)

        task = asyncio.get_running_loop().create_task(send())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def report(self, data: bytes, sender: str, recipient: str, action: str) -> None:
        """Files a delivery report about `recipient` in the mailbox of the return path."""
        made = dsn.report(data, return_path=sender, recipient=recipient, action=action)
        self.store.add(made, sender="", recipient=sender, outcome=f"report: {action}")
