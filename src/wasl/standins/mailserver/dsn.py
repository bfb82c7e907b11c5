"""Delivery status notifications, RFC 3464, as a next hop writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, make_msgid

HOST = "mail.standin.example"
WORDS = {
    "failed": ("5.1.1", "smtp; 550 5.1.1 no such user here", "could not be delivered"),
    "delivered": ("2.1.5", "smtp; 250 2.1.5 delivered", "was delivered"),
    "relayed": ("2.0.0", "smtp; 250 2.0.0 relayed to a server that sends no reports", "was relayed"),
    "delayed": ("4.2.2", "smtp; 452 4.2.2 mailbox full", "is delayed"),
}


def _fields(pairs: list[tuple[str, str]]) -> Message:
    block = Message()
    for name, value in pairs:
        block[name] = value
    return block


def _status_part(recipient: str, action: str, status: str, diagnostic: str) -> Message:
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    part.set_payload(
        [
            _fields([("Reporting-MTA", f"dns; {HOST}"), ("Arrival-Date", format_datetime(datetime.now(UTC)))]),
            _fields(
                [
                    ("Final-Recipient", f"rfc822; {recipient}"),
                    ("Action", action),
                    ("Status", status),
                    ("Diagnostic-Code", diagnostic),
                ]
            ),
        ]
    )
    return part


def report(original: bytes, *, return_path: str, recipient: str, action: str) -> bytes:
    """The bytes of a multipart/report about `recipient` for `return_path`; the original's header is attached."""
    status, diagnostic, words = WORDS[action]
    message = MIMEMultipart("report", report_type="delivery-status")
    message["From"] = f"Mail Delivery System <mailer-daemon@{HOST}>"
    message["To"] = return_path
    message["Subject"] = f"Your message to {recipient} {words}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=HOST)
    message["Auto-Submitted"] = "auto-replied"
    message.attach(MIMEText(f"Your message to <{recipient}> {words}.\r\n{diagnostic}\r\n", "plain", "us-ascii"))
    message.attach(_status_part(recipient, action, status, diagnostic))
    header = re.split(rb"\r?\n\r?\n", original, maxsplit=1)[0]
    attached = EmailMessage()
    for line in re.sub(rb"\r?\n[ \t]+", b" ", header).splitlines():
        name, _, value = line.decode("ascii", "replace").partition(":")
        if name.lower() in {"message-id", "from", "to", "date"}:
            attached[name] = value.strip()
    wrapped = MIMEMessage(attached, "rfc822")
    message.attach(wrapped)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
