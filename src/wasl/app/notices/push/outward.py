"""A door to the outside that does not open inward (T47-T50): the name is resolved once, every address that it gives must be a public
one, and the connection goes to exactly that address, so a name that answers differently the second time gains nothing.

No redirect is followed, no proxy of the environment is asked, answers are read only so far.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

from wasl.app.notices.errors import BadSubscription
from wasl.errors import Words

ENDPOINT_CHARS_MAX = 1_000
ANSWER_SECONDS_MAX = 15.0
INWARD_ENDS = ("local", "localhost", "internal", "lan", "home", "arpa")
NOT_HTTPS = Words("its address is not a plain https address", "عنوانه ليس عنوان https سليمًا")
INWARD = Words("its address does not lead to the public internet", "عنوانه لا يؤدي إلى الإنترنت العام")


def checked_endpoint(url: str) -> str:
    """`url` if a push service could live there: https, a name and no number, no user, the usual port. Raises BadSubscription.

    An installation on this machine alone may also push to the hosts of WASL_PUSH_HOSTS: a stand-in in tests and demo.
    """
    if len(url) > ENDPOINT_CHARS_MAX or not url.isascii() or any(c <= " " or c in "\\\x7f" for c in url):
        raise BadSubscription(reason=NOT_HTTPS)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadSubscription(reason=NOT_HTTPS) from None
    if is_stand_in(parts.scheme, parts.netloc):
        return url
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or not host or parts.username is not None or parts.password is not None or port not in (None, 443):
        raise BadSubscription(reason=NOT_HTTPS)
    last = host.rpartition(".")[2]
    # A name whose last label is a number is an address in one of its many spellings: 127.1, 0x7f.1, 2130706433, [::1]
    is_name = last.isalpha() or last.startswith("xn--")
    if ":" in host or "." not in host or not is_name or last in INWARD_ENDS:
        raise BadSubscription(reason=INWARD)
    return url


def is_stand_in(scheme: str, netloc: str) -> bool:
    config = settings.CONFIG
    return not config.is_public and scheme == "http" and netloc in config.push_hosts.split(",") and bool(netloc)


def public_addresses(host: str, port: int) -> list[str]:
    """What the name resolves to, if all of it is public; raises OSError else. Addresses in IPv6 clothes are undressed first."""
    found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(str(address)) for address in found):
        raise OSError("the name leads inward")
    return [str(address) for address in found]


def is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Pinned(httpcore.SyncBackend):
    """Connects to the address that was looked at; TLS still asks for the name."""

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        try:
            target = host if is_stand_in("http", f"{host}:{port}") else public_addresses(host, port)[0]
        except (OSError, ValueError) as error:
            raise httpcore.ConnectError(str(error)) from error
        return super().connect_tcp(target, port, timeout, local_address, socket_options)


@dataclass(frozen=True)
class Answer:
    """What came back: the status and the beginning of the words."""

    status: int
    words: str


def post(url: str, headers: dict[str, str], body: bytes) -> Answer:
    """One POST. Raises httpcore.ConnectError and ConnectTimeout where nothing had left, other httpcore errors where it may have."""
    limits = {"connect": ANSWER_SECONDS_MAX, "read": ANSWER_SECONDS_MAX, "write": ANSWER_SECONDS_MAX, "pool": ANSWER_SECONDS_MAX}
    with (
        httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=_Pinned(), retries=0) as pool,
        pool.stream("POST", url, headers=headers, content=body, extensions={"timeout": limits}) as response,
    ):
        words = next(iter(response.iter_stream()), b"")[:200]
        return Answer(response.status, "".join(c if c.isprintable() else " " for c in words.decode("utf-8", "replace")))
