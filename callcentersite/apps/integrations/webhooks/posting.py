"""A POST to somebody else's address: five seconds in all, no redirect, never into our own network.

The name is resolved once, every address that it has is looked at, and the connection goes to one
of those: a name that changes its mind between the look and the connection changes nothing. The
certificate is still asked for the name.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..domain.targets import Target, is_public

TOTAL_SECONDS = 5.0
MOST_READ_BYTES = 2_000


class NotPosted(Exception):
    """Nothing was answered; ``reason`` names why, ``detail`` is the system's own word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The status, and the first bytes of what came with it."""

    code: int
    start: bytes


class Limit:
    """The moment at which all is over."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then; never nothing, for a socket takes that for no limit."""
        return max(0.001, self.at - time.monotonic())

    @property
    def has_passed(self) -> bool:
        """Whether it is over."""
        return time.monotonic() >= self.at


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    trusted_hosts: Collection[str],
    seconds: float,
) -> Reply:
    """Send it and return the reply, whatever its status; raise NotPosted."""
    limit = Limit(seconds)
    addresses = resolved(target, limit)
    if target.host not in trusted_hosts and not all(map(is_public, addresses)):
        raise NotPosted("private")
    connection = Pinned(target, addresses, limit)
    # A server that sends a byte a second keeps every single wait short: somebody has to end it.
    cut = threading.Timer(limit.left, connection.cut)
    cut.daemon = True
    cut.start()
    try:
        connection.request("POST", target.path, body, {"Host": target.authority, **headers})
        response = connection.getresponse()
        reply = Reply(code=response.status, start=response.read(MOST_READ_BYTES))
    except (OSError, http.client.HTTPException) as error:
        raise NotPosted(*why(error, limit)) from error
    finally:
        cut.cancel()
        connection.close()
    if limit.has_passed:  # what was cut off looks like a short answer
        raise NotPosted("slow")
    return reply


def why(error: Exception, limit: Limit) -> tuple[str, str]:
    """The reason's name, and the system's word where it says more."""
    if limit.has_passed or isinstance(error, TimeoutError):
        return "slow", ""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate", error.verify_message
    return "broken", getattr(error, "strerror", None) or type(error).__name__


def resolved(target: Target, limit: Limit) -> list[str]:
    """Every address that the name has; the system's resolver knows no limit of ours."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(look_up(target.host, target.port))
        except (OSError, UnicodeError):
            found.append([])

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(limit.left)
    if not found:
        raise NotPosted("slow")
    if not found[0]:
        raise NotPosted("unresolved")
    addresses: list[str] = found[0]
    return addresses


def look_up(host: str, port: int) -> list[str]:
    """What the resolver says."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class Pinned(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at, in the target's name."""

    def __init__(self, target: Target, addresses: Sequence[str], limit: Limit) -> None:
        super().__init__(target.host, target.port)
        self.target = target
        self.addresses = addresses
        self.limit = limit

    def connect(self) -> None:
        """To the first address that answers; then, for https, the handshake in the host's name."""
        self.sock = self._plain()
        if self.target.scheme == "https":
            self.sock.settimeout(self.limit.left)
            context = ssl.create_default_context()
            wrapped = context.wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            wrapped.do_handshake()
        self.sock.settimeout(self.limit.left)

    def _plain(self) -> socket.socket:
        for address in self.addresses[:-1]:
            try:
                return self._to(address)
            except OSError:
                continue
        return self._to(self.addresses[-1])

    def _to(self, address: str) -> socket.socket:
        return socket.create_connection((address, self.target.port), timeout=self.limit.left)

    def cut(self) -> None:
        """From another thread: whoever waits for this socket waits no more."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it is gone already
