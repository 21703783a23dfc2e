"""From where a request comes, also behind proxies of our own."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address that our outermost proxy saw; without proxies, the one that we see.

    ``settings.TRUSTED_PROXIES`` is how many of them add themselves to X-Forwarded-For. What stands
    further to the left anybody can write, so it is never believed.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if trusted else []
    candidates = [forwarded[-trusted].strip()] if len(forwarded) >= trusted > 0 else []
    return next((text for text in (*candidates, seen) if is_address(text)), None)


def is_address(text: str) -> bool:
    """Whether it is an IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
