"""The inbound-mail port, and its first driver: polling an IMAP mailbox. Reports come first; what is none goes to the readers
that higher floors register: a reply to a conversation. A second driver hands in one mail at a time (`take`)."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.db import DatabaseError

from wasl.app.delivery.bounds import BYTES_MAX, head_of, is_monstrous
from wasl.app.delivery.reports import NOT_A_REPORT, take_in
from wasl.errors import EnvironmentFault, Words

log = structlog.get_logger(__name__)
ANSWER_SECONDS_MAX = 30
BATCH_MAX = 200


class MailboxDown(EnvironmentFault):
    code = "WASL-MAIL-10"
    en = "The mailbox for delivery reports cannot be read: {reason}. Check WASL_IMAP_URL."
    ar = "تعذّرت قراءة صندوق تقارير التسليم: {reason}. راجع WASL_IMAP_URL."


class InboundMail(Protocol):
    """Where mail to us can be read. A message is offered again until `done` is called for it."""

    def unread(self) -> Iterator[tuple[str, bytes]]: ...

    def done(self, message: str) -> None: ...


class ImapMailbox:
    """One INBOX; \\Seen marks what was taken in. Raises imaplib's errors and OSError."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap

    def unread(self) -> Iterator[tuple[str, bytes]]:
        _kind, found = self._imap.uid("SEARCH", "UNSEEN")
        for uid in found[0].split()[:BATCH_MAX] if found and found[0] else []:
            _kind, parts = self._imap.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{BYTES_MAX + 1}>)")  # one more octet tells that it is too large
            data = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if data is not None:
                yield uid.decode(), data

    def done(self, message: str) -> None:
        self._imap.uid("STORE", message, "+FLAGS.SILENT", "(\\Seen)")


@contextmanager
def imap_mailbox(url: str) -> Iterator[ImapMailbox]:
    """Signs in to `imap[s]://user:password@host:port`; raises MailboxDown."""
    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    try:
        if parts.scheme == "imaps":
            imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=ssl.create_default_context(), timeout=ANSWER_SECONDS_MAX)
        else:
            imap = imaplib.IMAP4(host, parts.port or 143, timeout=ANSWER_SECONDS_MAX)
        try:
            imap.login(unquote(parts.username or ""), unquote(parts.password or ""))
            imap.select("INBOX")
            yield ImapMailbox(imap)
        finally:
            _leave(imap)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxDown(reason=Words(type(error).__name__, "تعذّر الاتصال به")) from error


def _leave(imap: imaplib.IMAP4) -> None:
    try:
        imap.logout()
    except (OSError, imaplib.IMAP4.error):
        imap.shutdown()


Reader = Callable[[bytes, bool], str]  # the mail, or its header fields alone where it is not opened (False); "" where it is not theirs
_readers: list[Reader] = []
TOO_LARGE = "too large"


def read_by(reader: Reader) -> None:
    """Let a higher floor read mail that is no delivery report."""
    if reader not in _readers:
        _readers.append(reader)


def take(data: bytes) -> str:
    """Take in one mail, wherever it came from; safe to repeat. What it was found to be."""
    if is_monstrous(data):
        head = head_of(data)
        return next((result for reader in _readers if (result := reader(head, False))), TOO_LARGE)
    result = take_in(data)
    if result != NOT_A_REPORT:
        return result
    return next((found for reader in _readers if (found := reader(data, True))), result)


def poll(mailbox: InboundMail | None = None) -> dict[str, int]:
    """Take in what is unread: committed first, then marked, so nothing is lost between. Counts by result; {} without a mailbox."""
    if mailbox is None:
        if not settings.CONFIG.imap_url:
            return {}
        with imap_mailbox(settings.CONFIG.imap_url) as opened:
            return poll(opened)
    counts: dict[str, int] = {}
    for message, data in mailbox.unread():
        try:
            result = take(data)
        except DatabaseError:  # ours to mend: the mail stays unread and is offered again
            raise
        except EnvironmentFault:  # a scanner that is away: so does this one, and the next ones are read
            counts["later"] = counts.get("later", 0) + 1
            continue
        except Exception:  # a mail that cannot be read must not hold up the next ones (T91)
            log.exception("inbound mail not read")
            result = "unreadable"
        mailbox.done(message)
        counts[result] = counts.get(result, 0) + 1
    return counts


def beat() -> int:
    """`poll` for the worker's round: how many mails were taken in."""
    return sum(number for result, number in poll().items() if result != "later")
