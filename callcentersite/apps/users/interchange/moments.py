"""Moments as a file has them: ISO 8601, in the site's zone, with its offset when they leave."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.common.days import LAST_YEAR

FIRST_YEAR = 1900  # what has ended may be history
DAY_LENGTH = len("2026-12-31")


def text_of(moment: datetime | None) -> str:
    """``2026-12-31T23:59:59-06:00``; nothing for none."""
    return (
        ""
        if moment is None
        else timezone.localtime(moment, timezone.get_default_timezone()).isoformat()
    )


def moment_of(text: str) -> datetime | None:
    """What the text says, here where it names no zone; a day alone counts to its end.

    Raises ValueError, with the sentence.
    """
    text = text.strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            _("«%(text)s» no es una fecha: escriba 2026-12-31 o 2026-12-31T18:00.") % {"text": text}
        ) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        years = {"text": text, "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise ValueError(_("«%(text)s»: el año debe estar entre %(first)s y %(last)s.") % years)
    if len(text) == DAY_LENGTH:
        moment = datetime.combine(moment, time(23, 59, 59))
    if timezone.is_naive(moment):
        return timezone.make_aware(moment, timezone.get_default_timezone())
    return moment
