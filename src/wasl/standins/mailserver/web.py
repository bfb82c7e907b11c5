"""The web mailbox and the control API of the local mail server."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from email import message_from_string, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

from wasl.standins.mailserver.smtp import ALWAYS, Faults
from wasl.standins.mailserver.store import Mailstore, Stored
from wasl.standins.web import Request, Response, Site, content_type, page

# The mail's own part: no script, no network, inline styles as mails have them; links open in a new window.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox"
Report = Callable[[bytes, str, str, str], None]


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else None


def _attachments(message: EmailMessage) -> list[tuple[str, bytes]]:
    found = []
    for number, part in enumerate(message.iter_attachments() if message.is_multipart() else ()):
        payload = _payload(part)
        found.append((part.get_filename() or f"part-{number}.txt", payload))
    return found


def _payload(part: MIMEPart) -> bytes:
    content: Any = part.get_content() if not part.is_multipart() else part.as_bytes()
    if isinstance(content, bytes):
        return content
    return content.encode() if isinstance(content, str) else bytes(content)


def _words(data: bytes) -> dict[str, str]:
    """The named fields in words. Python's own address parser keeps the fold between two encoded words as a space (RFC 2047, 6.2: it
    is none), so a long Arabic name would show a gap in the middle of a word."""
    plain = message_from_string(data.partition(b"\r\n\r\n")[0].decode(errors="replace"), policy=policy.compat32)
    return {name: _decoded(plain.get(name, "")) for name in ("Subject", "From", "Reply-To")}


def _decoded(field: str) -> str:
    try:
        return str(make_header(decode_header(field)))
    except (HeaderParseError, LookupError, UnicodeError):  # shown as it came
        return field


def _shown(store: Mailstore, stored: Stored) -> dict[str, Any]:
    said = _words(store.data(stored.uid))
    return {
        **asdict(stored),
        "subject": said["Subject"],
        "sender": said["From"],
        "name": parseaddr(said["From"])[0] or said["From"],
        "to": stored.recipient,
        "reply_to": said["Reply-To"],
        "time": stored.received_at.replace("T", " ")[:16],
    }


def _pictures(message: Any) -> dict[str, str]:
    """What the HTML shows of the mail's own pictures, as data addresses: a mail program does the same."""
    found: dict[str, str] = {}
    for part in message.walk():
        if part["Content-ID"] and part.get_content_type() == "image/png":
            found[str(part["Content-ID"]).strip("<>")] = "data:image/png;base64," + b64encode(part.get_content()).decode()
    return found


class Mailbox:
    """Pages and control calls over one store."""

    def __init__(self, store: Mailstore, faults: Faults, report: Report) -> None:
        self.store, self.faults, self.report = store, faults, report

    def site(self) -> Site:
        site = Site()
        site.add("GET", r"/", self.list)
        site.add("GET", r"/m/(?P<uid>\d+)", self.show)
        site.add("GET", r"/m/(?P<uid>\d+)/(?P<part>html|text|source)", self.part)
        site.add("GET", r"/m/(?P<uid>\d+)/a/(?P<number>\d+)", self.attachment)
        site.add("GET", r"/api/messages", self.api_list)
        site.add("POST", r"/control/behaviour", self.behaviour)
        site.add("POST", r"/control/report", self.send_report)
        site.add("POST", r"/control/clear", self.clear)
        site.add("GET", r"/health", lambda r: Response.json({"ok": True}))
        return site

    def list(self, request: Request) -> Response:
        chosen = request.query.get("mailbox", "")
        messages = sorted(self.store.list(chosen or None), key=lambda m: -m.uid)
        shown = [_shown(self.store, m) for m in messages[:200]]
        return page("mail_list.html", request, messages=shown, mailboxes=self.store.mailboxes(), chosen=chosen, total=len(self.store.list()))

    def _stored(self, request: Request) -> Stored | None:
        return self.store.get(int(request.matched["uid"]))

    def show(self, request: Request) -> Response:
        stored = self._stored(request)
        if stored is None:
            return Response.json({"error": "not_found"}, 404)
        message = self.store.message(stored.uid)
        shown = _shown(self.store, stored) | {
            "html": _body(message, "html") is not None,
            "text": _body(message, "plain") or "",
            "attachments": [name for name, _ in _attachments(message)],
        }
        return page("mail_message.html", request, m=shown)

    def part(self, request: Request) -> Response:
        stored = self._stored(request)
        if stored is None:
            return Response.json({"error": "not_found"}, 404)
        kind = request.matched["part"]
        if kind == "source":
            return Response(self.store.data(stored.uid), type="text/plain; charset=utf-8")
        text = _body(self.store.message(stored.uid), "html" if kind == "html" else "plain") or ""
        if kind == "text":
            return Response(text, type="text/plain; charset=utf-8")
        for name, shown in _pictures(self.store.message(stored.uid)).items():
            text = text.replace(f"cid:{name}", shown)
        return Response(text.replace("<head>", '<head><base target="_blank">', 1), headers={"Content-Security-Policy": MAIL_POLICY})

    def attachment(self, request: Request) -> Response:
        stored = self._stored(request)
        parts = _attachments(self.store.message(stored.uid)) if stored else []
        number = int(request.matched["number"])
        if number >= len(parts):
            return Response.json({"error": "not_found"}, 404)
        name, data = parts[number]
        return Response(data, type=content_type(name), headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"})

    def api_list(self, request: Request) -> Response:
        mailbox = request.query.get("mailbox")
        return Response.json([_shown(self.store, m) for m in self.store.list(mailbox)])

    def behaviour(self, request: Request) -> Response:
        """`{"recipient", "behaviour", "times"?}`: what happens to the next mail for one address."""
        try:
            wanted = json.loads(request.body)
            self.faults.set(wanted["recipient"], wanted["behaviour"], int(wanted.get("times", ALWAYS)))
        except (ValueError, KeyError, TypeError):
            return Response.json({"error": "recipient and a known behaviour are needed"}, 422)
        return Response.json({"ok": True})

    def send_report(self, request: Request) -> Response:
        """`{"message_id", "recipient", "action"}`: a delivery report now, for a message that arrived before."""
        try:
            wanted = json.loads(request.body)
            stored = next(m for m in self.store.list() if m.message_id == wanted["message_id"] and m.recipient == wanted["recipient"])
            self.report(self.store.data(stored.uid), stored.sender, stored.recipient, wanted["action"])
        except (ValueError, KeyError, TypeError, StopIteration):
            return Response.json({"error": "a known message_id, recipient and action are needed"}, 422)
        return Response.json({"ok": True})

    def clear(self, request: Request) -> Response:
        """An empty mailbox and no fault left over."""
        self.store.clear()
        self.faults.plans.clear()
        return Response.json({"ok": True})
