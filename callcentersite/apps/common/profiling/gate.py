"""``sistema.enable_profiling``: the one question before anything is profiled or recorded."""

from __future__ import annotations

import random
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcentersite.apps.configuration.services import is_on, saved_at

from .domain.phases import Phases

CLAVE = "sistema.enable_profiling"
draw = random.random


def profiling_is_on() -> bool:
    """Whether requests may be recorded and code profiled, as it is configured now."""
    return is_on(CLAVE)


def is_drawn() -> bool:
    """Whether the request that has just come is to be recorded."""
    return profiling_is_on() and draw() < phases().share(saved_at(CLAVE), now=timezone.now())


def phases() -> Phases:
    """As the site has them."""
    found: Phases = settings.PROFILING
    return found


def what_is_recorded() -> str:
    """For the page of the setting: what is recorded now, and until when."""
    if not profiling_is_on():
        return _("Ahora no se graba ninguna petición.")
    since, now = saved_at(CLAVE), timezone.now()
    if since is not None and now < phases().everything_until(since):
        return everything(until=clock(phases().everything_until(since)))
    return " ".join(one for one in (sample(), how_to_go_on()) if one)


def everything(*, until: str) -> str:
    """The first phase, and what comes after it."""
    percent = phases().sample_percent
    if not percent:
        return _("Se graban todas las peticiones hasta las %(time)s, y después ninguna.") % {
            "time": until
        }
    return _(
        "Se graban todas las peticiones hasta las %(time)s, y después una muestra del "
        "%(percent)s %%."
    ) % {"time": until, "percent": f"{percent:g}"}


def sample() -> str:
    """The second phase."""
    percent = phases().sample_percent
    if not percent:
        return _("Ya no se graba ninguna petición.")
    return _("Se graba una muestra del %(percent)s %% de las peticiones.") % {
        "percent": f"{percent:g}"
    }


def how_to_go_on() -> str:
    """The way back to the first phase, where the site has one."""
    minutes = phases().minutes
    if not minutes:
        return ""
    return ngettext(
        "Guárdela otra vez para grabarlas todas durante %(minutes)s minuto.",
        "Guárdela otra vez para grabarlas todas durante %(minutes)s minutos.",
        minutes,
    ) % {"minutes": minutes}


def clock(moment: datetime) -> str:
    """The time of day, as people here read it."""
    return date_format(timezone.localtime(moment), "H:i")
