"""What may be recorded of requests, and who may read it. The settings load it: no models here."""

from django.http import HttpRequest

# Where passwords pass, what a page or a probe asks by itself, and what shows the recordings, are no
# business of a profile.
LEFT_OUT = (
    "/admin/login/",
    "/admin/password_change/",
    "/admin/silk/",
    "/admin/jsi18n/",
    "/static/",
    "/health",
    "/metrics",
    "/i18n/",
    "/favicon.ico",
)
LEFT_OUT_ENDS = ("/live/", "/password/", "/user/add/")


def is_recorded(request: HttpRequest) -> bool:
    """Whether this request may be recorded."""
    path = request.path_info
    return not path.startswith(LEFT_OUT) and not path.endswith(LEFT_OUT_ENDS)


def may_look(user: object) -> bool:
    """Who may read what was recorded: SILKY_PERMISSIONS."""
    return bool(getattr(user, "is_active", False) and getattr(user, "is_superuser", False))
