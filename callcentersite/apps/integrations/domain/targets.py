"""Where a webhook may be sent: never into our own network, unless the site says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

PORTS = {"https": 443, "http": 80}
MOST_CHARACTERS = 500
# Assigned to protocols, though a few of them count as global.
PROTOCOLS = ip_network("192.0.0.0/24")


class BadTarget(ValueError):
    """An address that no webhook goes to; the text is the reason's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A webhook's address, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, trusted_hosts: Collection[str]) -> Target:
    """Take the address apart; raise BadTarget for what is not plainly one of https.

    ``trusted_hosts`` may be reached by http too.
    """
    if len(url) > MOST_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise BadTarget("characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadTarget("characters") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or not host or port == 0:
        raise BadTarget("scheme")
    if parts.username is not None or parts.password is not None or parts.fragment or "\\" in url:
        raise BadTarget("parts")
    if parts.scheme != "https" and host not in trusted_hosts:
        raise BadTarget("http")
    path = parts.path or "/"
    return Target(
        scheme=parts.scheme,
        host=host,
        port=port or PORTS[parts.scheme],
        path=f"{path}?{parts.query}" if parts.query else path,
    )


def is_public(text: str) -> bool:
    """Whether the address is one of the open internet, whatever it is wrapped in."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour is not None or address.teredo is not None or "%" in text:
            return False
        if address.is_site_local:
            return False
    elif address in PROTOCOLS:
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )
