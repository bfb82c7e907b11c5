"""A small IMAP4rev1 server (RFC 3501): what a mail poller needs, one INBOX per login, strict about order and syntax.

Commands: CAPABILITY NOOP LOGIN SELECT EXAMINE STATUS SEARCH FETCH STORE EXPUNGE CLOSE LOGOUT, and UID SEARCH/FETCH/STORE.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import shlex
from contextlib import suppress
from datetime import datetime

from wasl.standins.mailserver.store import Mailstore, Stored, mailbox_of

LINE_BYTES_MAX = 8_192
UIDVALIDITY = 1
SPECIAL = re.compile(r"BODY(?:\.PEEK)?\[(?P<section>[A-Z]*)\](?:<\d+\.\d+>)?|RFC822(?:\.SIZE|\.HEADER)?|FLAGS|UID|INTERNALDATE", re.IGNORECASE)


class Refused(Exception):
    """A tagged NO or BAD; the text is the whole answer after the tag."""


class Connection:
    """One client. State: not authenticated, authenticated, selected (RFC 3501, 3)."""

    def __init__(self, store: Mailstore, password: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.store, self.password = store, password
        self.reader, self.writer = reader, writer
        self.mailbox: str | None = None
        self.selected = False
        self.read_only = False

    async def run(self) -> None:
        self._untagged("OK [CAPABILITY IMAP4rev1] ready")
        await self.writer.drain()
        try:
            while line := await self.reader.readline():
                if not await self._answer(line):
                    break
        except (ConnectionError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            self.writer.close()

    def _untagged(self, text: str) -> None:
        self.writer.write(f"* {text}\r\n".encode())

    async def _answer(self, line: bytes) -> bool:
        tag, _, rest = line.decode("utf-8", "replace").rstrip("\r\n").partition(" ")
        command, _, args = rest.partition(" ")
        command = command.upper()
        try:
            done = self._dispatch(command, args)
        except Refused as refused:
            done = str(refused)
        self.writer.write(f"{tag or '*'} {done}\r\n".encode())
        await self.writer.drain()
        return command != "LOGOUT"

    def _dispatch(self, command: str, args: str) -> str:
        by_uid = command == "UID"
        if by_uid:
            command, _, args = args.partition(" ")
            command = command.upper()
        handler = {
            "CAPABILITY": self._capability,
            "NOOP": lambda a: "OK NOOP completed",
            "LOGOUT": self._logout,
            "LOGIN": self._login,
            "SELECT": lambda a: self._select(a, read_only=False),
            "EXAMINE": lambda a: self._select(a, read_only=True),
            "SEARCH": lambda a: self._search(a, by_uid),
            "FETCH": lambda a: self._fetch(a, by_uid),
            "STORE": lambda a: self._store(a, by_uid),
            "CLOSE": self._close,
        }.get(command)
        if handler is None or (by_uid and command not in ("SEARCH", "FETCH", "STORE")):
            raise Refused("BAD unknown command")
        if command not in ("CAPABILITY", "NOOP", "LOGOUT", "LOGIN") and self.mailbox is None:
            raise Refused("NO log in first")
        if command in ("SEARCH", "FETCH", "STORE", "CLOSE") and not self.selected:
            raise Refused("BAD select a mailbox first")
        return handler(args)

    def _capability(self, args: str) -> str:
        self._untagged("CAPABILITY IMAP4rev1")
        return "OK CAPABILITY completed"

    def _logout(self, args: str) -> str:
        self._untagged("BYE until later")
        return "OK LOGOUT completed"

    def _login(self, args: str) -> str:
        try:
            user, password = shlex.split(args)
        except ValueError:
            raise Refused("BAD LOGIN wants a name and a password") from None
        if not hmac.compare_digest(password.encode(), self.password.encode()):
            raise Refused("NO [AUTHENTICATIONFAILED] wrong name or password")
        self.mailbox = mailbox_of(user) if "@" in user else user.lower()
        return "OK LOGIN completed"

    def _select(self, args: str, *, read_only: bool) -> str:
        if args.strip().strip('"').upper() != "INBOX":
            raise Refused("NO no such mailbox")
        self.selected, self.read_only = True, read_only
        messages = self._messages()
        self._untagged(f"{len(messages)} EXISTS")
        self._untagged("0 RECENT")
        self._untagged("FLAGS (\\Seen)")
        self._untagged(f"OK [UIDVALIDITY {UIDVALIDITY}] valid")
        self._untagged(f"OK [UIDNEXT {max((m.uid for m in messages), default=0) + 1}] next")
        return "OK [READ-ONLY] EXAMINE completed" if read_only else "OK [READ-WRITE] SELECT completed"

    def _close(self, args: str) -> str:
        self.selected = False
        return "OK CLOSE completed"

    def _messages(self) -> list[Stored]:
        return self.store.list(self.mailbox)

    def _search(self, args: str, by_uid: bool) -> str:
        numbered = list(enumerate(self._messages(), start=1))
        words = args.upper().split()
        while words:
            word = words.pop(0)
            if word == "UNSEEN":
                numbered = [(n, m) for n, m in numbered if not m.seen]
            elif word == "SEEN":
                numbered = [(n, m) for n, m in numbered if m.seen]
            elif word == "UID" and words:
                wanted = self._set(words.pop(0), max((m.uid for m in self._messages()), default=0))
                numbered = [(n, m) for n, m in numbered if m.uid in wanted]
            elif word == "CHARSET" and words:
                words.pop(0)
            elif word != "ALL":
                raise Refused("BAD search key not supported")
        found = " ".join(str(m.uid if by_uid else n) for n, m in numbered)
        self._untagged(f"SEARCH {found}".rstrip())
        return "OK SEARCH completed"

    @staticmethod
    def _set(text: str, last: int) -> set[int]:
        """The numbers of a sequence-set such as `3,7:*`. As RFC 3501 says, `9:*` holds the last one even if it is 5."""
        numbers: set[int] = set()
        for part in text.split(","):
            ends = [last if end == "*" else int(end) for end in part.split(":") if end == "*" or end.isdigit()]
            if not ends:
                raise Refused("BAD sequence set")
            numbers.update(range(min(ends), max(ends) + 1))
        return numbers

    def _chosen(self, text: str, by_uid: bool) -> list[tuple[int, Stored]]:
        messages = self._messages()
        last = max((m.uid for m in messages), default=0) if by_uid else len(messages)
        wanted = self._set(text, last)
        return [(n, m) for n, m in enumerate(messages, start=1) if (m.uid if by_uid else n) in wanted]

    def _fetch(self, args: str, by_uid: bool) -> str:
        which, _, items = args.partition(" ")
        asked = [match.group(0).upper() for match in SPECIAL.finditer(items)]
        if not asked:
            raise Refused("BAD nothing to fetch")
        if by_uid and "UID" not in asked:
            asked.append("UID")
        for number, message in self._chosen(which, by_uid):
            self.writer.write(f"* {number} FETCH (".encode())
            for position, item in enumerate(asked):
                self.writer.write(b" " if position else b"")
                self._item(item, message)
            self.writer.write(b")\r\n")
        return "OK FETCH completed"

    def _item(self, item: str, message: Stored) -> None:
        if item == "UID":
            self.writer.write(f"UID {message.uid}".encode())
        elif item == "FLAGS":
            self.writer.write(b"FLAGS (\\Seen)" if message.seen else b"FLAGS ()")
        elif item == "RFC822.SIZE":
            self.writer.write(f"RFC822.SIZE {message.size}".encode())
        elif item == "INTERNALDATE":
            received = datetime.fromisoformat(message.received_at)
            self.writer.write(f'INTERNALDATE "{received:%d-%b-%Y %H:%M:%S %z}"'.encode())
        else:
            data = self.store.data(message.uid)
            if "HEADER" in item:
                data = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            elif "PEEK" not in item and not self.read_only:
                self.store.mark_seen(message.uid, True)
            name, mark, partial = item.replace(".PEEK", "").partition("<")
            if mark:  # a part of it: answered under its first octet (RFC 3501, 6.4.5)
                first, _, count = partial.rstrip(">").partition(".")
                data, name = data[int(first) : int(first) + int(count)], f"{name}<{first}>"
            self.writer.write(f"{name} {{{len(data)}}}\r\n".encode() + data)

    def _store(self, args: str, by_uid: bool) -> str:
        which, _, rest = args.partition(" ")
        change, _, flags = rest.partition(" ")
        if self.read_only:
            raise Refused("NO the mailbox is read-only")
        if change.upper().removesuffix(".SILENT") not in ("+FLAGS", "-FLAGS", "FLAGS") or "\\SEEN" not in flags.upper():
            raise Refused("BAD only \\Seen can be stored")
        for number, message in self._chosen(which, by_uid):
            self.store.mark_seen(message.uid, not change.startswith("-"))
            if not change.upper().endswith(".SILENT"):
                self._untagged(f"{number} FETCH (FLAGS ({'' if change.startswith('-') else chr(92) + 'Seen'}) UID {message.uid})")
        return "OK STORE completed"


async def serve(store: Mailstore, password: str, host: str, port: int) -> asyncio.Server:
    """Listens; each login sees the mailbox of its own address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # only the end of the process cancels it
            await Connection(store, password, reader, writer).run()

    return await asyncio.start_server(connected, host, port, limit=LINE_BYTES_MAX)
