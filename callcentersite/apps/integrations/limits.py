"""How fast: one statement per request, the same for every process."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.db import DEFAULT_DB_ALIAS, connections

from callcentersite.apps.configuration.services import get_int

from .domain.pace import WINDOW_SECONDS, Pace, Standing
from .models import ApiClient, Bucket

RATE = "integraciones.api_rate_limit"
# Wrong tokens from one address, a minute.
FAILURES = Pace(per_minute=20)

# Takes a token, or changes nothing and returns no row: two processes cannot take the same one.
TAKE = """
INSERT INTO api_buckets AS b (name, full_at) VALUES (%(name)s, %(now)s + %(interval)s)
ON CONFLICT (name) DO UPDATE SET full_at =
    CASE WHEN b.full_at > %(now)s THEN b.full_at ELSE %(now)s END + %(interval)s
WHERE CASE WHEN b.full_at > %(now)s THEN b.full_at ELSE %(now)s END + %(interval)s <= %(latest)s
RETURNING full_at
"""


def take(name: str, pace: Pace, *, now: float) -> Standing:
    """Take one token from the bucket of that name, if there is one."""
    values: dict[str, str | float] = {
        "name": name,
        "now": now,
        "interval": pace.interval,
        "latest": pace.latest_full_at(now),
    }
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(TAKE, values)
        row = cursor.fetchone()
    if row is not None:
        return pace.standing(row[0], allowed=True, now=now)
    found = Bucket.objects.filter(pk=name).values_list("full_at", flat=True).first()
    return pace.standing(found or now + WINDOW_SECONDS, allowed=False, now=now)


def take_for(client: ApiClient, *, now: float) -> Standing:
    """A request of the client."""
    return take(f"client:{client.pk}", Pace(per_minute=get_int(RATE)), now=now)


def take_failure(address: str | None, *, now: float) -> Standing:
    """A wrong token from the address."""
    return take(f"address:{network_of(address)}", FAILURES, now=now)


def network_of(address: str | None) -> str:
    """IPv4 addresses one by one; of IPv6 somebody has a whole /64 to choose from."""
    if address is None:
        return "-"
    bits = 64 if ip_address(address).version == 6 else 32
    return str(ip_network((address, bits), strict=False).network_address)


def forget_full(*, now: float) -> int:
    """Delete the buckets that have long been full: they say nothing."""
    stale = Bucket.objects.filter(full_at__lt=now - 3_600)
    # Asked first: on SQLite even a deletion of nothing waits for the file.
    return stale.delete()[0] if stale.exists() else 0
