"""A provider that cannot be found is refused before the start, not at the first message."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _


@register(Tags.compatibility)
def check_sms_provider(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SMS_PROVIDER names a class with ``send``, or nothing."""
    name = settings.SMS_PROVIDER
    if not name:
        return []
    try:
        found = import_string(name)
    except ImportError:
        found = None
    if callable(getattr(found, "send", None)):
        return []
    return [
        Error(
            _("SMS_PROVIDER: «%(name)s» no es una clase con un método send().") % {"name": name},
            hint=_("Corrija la ruta con puntos, o déjela vacía."),
            id="notifications.E001",
        )
    ]
