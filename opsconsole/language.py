"""Logs and titles are kept in the site's own language, whoever triggers the work."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import override


def source_language() -> AbstractContextManager[None]:
    """Activate the site's language for the block."""
    return override(settings.LANGUAGE_CODE)
