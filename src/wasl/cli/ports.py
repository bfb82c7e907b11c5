"""A port to listen on: said in one line before a server starts, not in the stack of one that could not."""

from __future__ import annotations

import socket

from wasl.errors import EnvironmentFault, WaslError

PORT_MAX = 65_535


class PortTaken(EnvironmentFault):
    code = "WASL-ENV-04"
    en = "Port {port} on {host} is taken by another program. Stop that one, or choose another with --port."
    ar = "المنفذ {port} على {host} يستخدمه برنامج آخر. أوقفه أو اختر منفذًا آخر بالخيار --port."


class NoSuchPort(WaslError):
    code = "WASL-ENV-06"
    en = "There is no port {port}. Use a number from 1 to 65535 with --port."
    ar = "لا منفذ برقم {port}. اختر رقمًا من 1 إلى 65535 بالخيار --port."
    exit_code = 2


def require_free_port(host: str, port: int) -> None:
    """Raise NoSuchPort, or PortTaken where nobody could listen: better one line now than a stack of a server's later."""
    if not 0 < port <= PORT_MAX:
        raise NoSuchPort(port=port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(port=port, host=host) from error
