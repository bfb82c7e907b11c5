"""Messages as files: `<uid>.eml` holds the bytes as they came, `<uid>.json` what the envelope said."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass
class Stored:
    """One message in one mailbox. `copies` counts how often the same Message-ID came for the same
    recipient, `differing` how many of those were not the first one's bytes."""

    uid: int
    mailbox: str
    sender: str
    recipient: str
    message_id: str
    received_at: str
    seen: bool = False
    copies: int = 1
    differing: int = 0
    outcome: str = "accepted"
    size: int = 0


def mailbox_of(address: str) -> str:
    """The address without its plus-tag, lower case: what receives mail for `nadir+bounce@x` is `nadir@x`."""
    local, _, domain = address.rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain}".lower()


class Mailstore:
    """The only owner of the directory; safe for threads. A retry with the same Message-ID is kept once and counted."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.lock = threading.RLock()
        directory.mkdir(parents=True, exist_ok=True)
        self._all: dict[int, Stored] = {}
        for path in sorted(directory.glob("*.json")):
            entry = Stored(**json.loads(path.read_text("utf-8")))
            self._all[entry.uid] = entry
        self._known = {(each.message_id, each.recipient): each for each in self._all.values() if each.message_id}

    def add(self, data: bytes, *, sender: str, recipient: str, outcome: str = "accepted") -> Stored:
        message = message_from_bytes(data, policy=policy.compat32)
        message_id = str(message.get("Message-ID", "")).strip()
        with self.lock:
            old = self._known.get((message_id, recipient))
            if old is not None:
                old.copies += 1
                old.differing += self.data(old.uid) != data
                old.outcome = outcome
                self._write(old)
                return old
            uid = next(reversed(self._all), 0) + 1
            stored = Stored(
                uid=uid,
                mailbox=mailbox_of(recipient),
                sender=sender,
                recipient=recipient,
                message_id=message_id,
                received_at=datetime.now(UTC).isoformat(timespec="seconds"),
                outcome=outcome,
                size=len(data),
            )
            (self.directory / f"{uid:08}.eml").write_bytes(data)
            self._all[uid] = stored
            if message_id:
                self._known[(message_id, recipient)] = stored
            self._write(stored)
            return stored

    def _write(self, stored: Stored) -> None:
        path = self.directory / f"{stored.uid:08}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(asdict(stored), ensure_ascii=False, indent=1), "utf-8")
        part.replace(path)

    def list(self, mailbox: str | None = None) -> list[Stored]:
        """All messages, or those of one mailbox, named by its address or by the part before the @ as sign-in names are."""
        with self.lock:
            return [m for m in self._all.values() if mailbox is None or mailbox.lower() in (m.mailbox, m.mailbox.partition("@")[0])]

    def get(self, uid: int) -> Stored | None:
        return self._all.get(uid)

    def data(self, uid: int) -> bytes:
        return (self.directory / f"{uid:08}.eml").read_bytes()

    def message(self, uid: int) -> EmailMessage:
        message = message_from_bytes(self.data(uid), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def mark_seen(self, uid: int, seen: bool) -> None:
        with self.lock:
            stored = self._all[uid]
            stored.seen = seen
            self._write(stored)

    def mailboxes(self) -> list[tuple[str, int]]:
        """Each mailbox with its number of messages, the fullest first."""
        counts: dict[str, int] = {}
        for stored in self.list():
            counts[stored.mailbox] = counts.get(stored.mailbox, 0) + 1
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def clear(self) -> None:
        with self.lock:
            for path in self.directory.glob("[0-9]*.*"):
                path.unlink()
            self._all.clear()
            self._known.clear()
