"""One try to hand a message to the next hop, with the moment of truth told apart: before, in, and after the data."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

HANDED_OVER, DEFERRED, REFUSED, UNKNOWN = "handed_over", "deferred", "refused", "unknown"
ANSWER_SECONDS_MAX = 60
REPLY_CHARS_MAX = 200


@dataclass(frozen=True)
class Attempt:
    """How a try ended, and the next hop's words. UNKNOWN: the message left us and no answer came."""

    result: str
    reply: str
    is_lost: bool = False  # the connection is gone, before any of the message had left


class _Answered(Exception):
    def __init__(self, code: int, text: bytes) -> None:
        self.code, self.text = code, text


CONNECTION_MAILS_MAX = 100  # many next hops end a connection after that many


class Session:
    """A connection that serves many mails. Opened when first wanted, opened anew when the far side closed it in between."""

    def __init__(self, url: str) -> None:
        self._url, self._count = url, 0
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc: object) -> None:
        self._leave()

    def hand_over(self, data: bytes, *, sender: str, recipient: str) -> Attempt:
        """Send `data` exactly as it is. Never raises for what a next hop, or its absence, can do."""
        if self._count >= CONNECTION_MAILS_MAX:
            self._leave()
        is_used = self._smtp is not None
        attempt = self._begin(sender, recipient)
        if attempt is not None and attempt.is_lost and is_used:  # the far side had grown tired of us: nothing of this mail had left
            attempt = self._begin(sender, recipient)
        if attempt is None and self._smtp is not None:
            attempt = _data(self._smtp, data)
            self._count += 1
        assert attempt is not None
        if attempt.is_lost or attempt.result == UNKNOWN:
            self._drop()
        return attempt

    def _begin(self, sender: str, recipient: str) -> Attempt | None:
        """Connect where needed and give the envelope; None when the data may follow."""
        try:
            if self._smtp is None:
                self._smtp, self._count = _connect(self._url), 0
            _envelope(self._smtp, sender, recipient)
            _expect(self._smtp.docmd("DATA"), 354)
        except _Answered as answered:
            return self._refused(answered)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Attempt(DEFERRED, _words(error), is_lost=True)
        return None

    def _refused(self, answered: _Answered) -> Attempt:
        """The next hop said no to this envelope; the next one starts afresh on the same connection."""
        try:
            if self._smtp is not None and answered.code != 421:  # 421: it closes the connection itself
                self._smtp.rset()
            else:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()
        return _classified(answered)

    def _leave(self) -> None:
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()
        self._smtp = None

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def hand_over(url: str, data: bytes, *, sender: str, recipient: str) -> Attempt:
    """One mail over a connection of its own."""
    with Session(url) as session:
        return session.hand_over(data, sender=sender, recipient=recipient)


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port
    if parts.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=ANSWER_SECONDS_MAX, context=ssl.create_default_context())
    else:
        smtp = smtplib.SMTP(host, port or 25, timeout=ANSWER_SECONDS_MAX)
    smtp.ehlo_or_helo_if_needed()
    if parts.scheme == "smtp+starttls":
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    if parts.username:
        try:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        except smtplib.SMTPAuthenticationError as error:  # a wrong password is ours to mend: the mail waits
            raise _Answered(454, b"sign-in refused: " + _bytes(error.smtp_error)) from error
    return smtp


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    """MAIL and RCPT; where the next hop can, it is asked to report success as well (RFC 3461)."""
    reports = smtp.has_extn("dsn")
    _expect(smtp.mail(sender, ["RET=HDRS"] if reports else []), 250)
    _expect(smtp.rcpt(recipient, ["NOTIFY=SUCCESS,FAILURE,DELAY"] if reports else []), 250, 251)


def _expect(answer: tuple[int, bytes], *good: int) -> None:
    if answer[0] not in good:
        raise _Answered(*answer)


def _data(smtp: smtplib.SMTP, data: bytes) -> Attempt:
    """From here on a lost connection leaves us in doubt: the next hop may have the message."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        smtp.send(stuffed + end)
        answer = smtp.getreply()
        _expect(answer, 250)
    except _Answered as answered:
        return _classified(answered)
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(UNKNOWN, _words(error))
    return Attempt(HANDED_OVER, _text(answer[0], answer[1]))


def _classified(answered: _Answered) -> Attempt:
    return Attempt(REFUSED if 500 <= answered.code < 600 else DEFERRED, _text(answered.code, answered.text))


def _text(code: int, text: bytes) -> str:
    return _printable(f"{code} {text.decode('utf-8', 'replace')}")


def _words(error: Exception) -> str:
    return _printable(f"{type(error).__name__}: {error}")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:REPLY_CHARS_MAX]
