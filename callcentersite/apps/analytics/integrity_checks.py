"""What must be true of calls and of their daily sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.integrity.domain.findings import Offender, Severity, mixed
from callcentersite.apps.integrity.registry import Check, Key, Mend, register
from callcentersite.apps.integrity.rows import offenders

from . import daily, mending
from .models import Agent, Call, DailyMetrics, Queue

# What the ETL lets a duration differ from the call's own length, in seconds.
TOLERANCE_SECONDS = 2
REREAD = gettext_lazy("Corríjala en el IVR y vuelva a leerla: python manage.py run_etl --full")

OUT_OF_CALL = Q(answered_at__lt=F("started_at")) | Q(answered_at__gt=F("ended_at"))
PARTS = F("wait_s") + F("talk_s")
LENGTHS_DIFFER = Q(duration_s__gt=PARTS + TOLERANCE_SECONDS) | Q(
    duration_s__lt=PARTS - TOLERANCE_SECONDS
)


# The daily sums come first: mending calls makes their days stale, which would change this one.


def differing_days() -> Iterator[Offender]:
    """One for each day and queue whose sums are not those of its calls."""
    for day, queue, stored, counted in daily.differences(zone=settings.TIME_ZONE):
        yield Offender(
            key=f"{day.isoformat()} {queue}",
            text=difference(day, queue, stored, counted),
            version=mixed(stored, counted),
            sought=day.isoformat(),
        )


def difference(day: date, queue: str, stored: daily.Side | None, counted: daily.Side | None) -> str:
    """Which figures, and what they should be."""
    where = {"day": day.isoformat(), "queue": queue}
    if stored is None:
        return _("%(day)s, %(queue)s: tiene llamadas y no tiene métricas.") % where
    if counted is None:
        return _("%(day)s, %(queue)s: tiene métricas y no tiene llamadas.") % where
    names = [DailyMetrics._meta.get_field(name).verbose_name for name in daily.COLUMNS[2:]]  # type: ignore[union-attr]
    figures = "; ".join(
        _("%(name)s: dice %(stored)s, son %(counted)s")
        % {"name": name, "stored": one, "counted": other}
        for name, one, other in zip(names, stored, counted, strict=True)
        if one != other
    )
    return _("%(day)s, %(queue)s: %(figures)s.") % {**where, "figures": figures}


def rebuild_days(keys: Sequence[Key]) -> int:
    """Their days are built anew after the commit; every queue of a day at once."""
    mending.mark_days(sorted({date.fromisoformat(str(key).split()[0]) for key in keys}))
    return len(keys)


register(
    Check(
        name="daily_metrics_differ",
        title=gettext_lazy("Métricas del día que no son la suma de sus llamadas"),
        model="analytics.DailyMetrics",
        severity=Severity.ERROR,
        explanation=gettext_lazy(
            "Los tableros y reportes leen estas sumas. Los días por recalcular y los que ya "
            "perdieron llamadas por retención no se comparan."
        ),
        remedy=gettext_lazy("Repárelas: los días se vuelven a contar desde las llamadas."),
        find=differing_days,
        in_order=False,
        lookup="day",
        mend=Mend(
            title=gettext_lazy("Se vuelven a contar desde las llamadas."),
            apply=rebuild_days,
            finish=mending.rebuild,
        ),
    )
)


# Calls


def answered_out_of_call() -> Iterator[Offender]:
    """Before they began, or after they ended."""
    return offenders(
        Call.objects.filter(OUT_OF_CALL),
        says=lambda key: (
            _("Llamada %(key)s: se contestó antes de empezar o después de terminar.") % {"key": key}
        ),
    )


def lengths_that_differ() -> Iterator[Offender]:
    """Wait and talk do not add up to the duration."""

    def says(key: Any, wait: int, talk: int, duration: int, *instants: Any) -> str:
        text = _(
            "Llamada %(key)s: espera %(wait)s s + conversación %(talk)s s ≠ duración %(all)s s."
        )
        return text % {"key": key, "wait": wait, "talk": talk, "all": duration}

    def mendable(key: Any, wait: int, talk: int, duration: int, *instants: Any) -> bool:
        began, answered, ended = instants
        return bool(began <= ended and (answered is None or began <= answered <= ended))

    return offenders(
        Call.objects.filter(LENGTHS_DIFFER),
        *("wait_s", "talk_s", "duration_s", "started_at", "answered_at", "ended_at"),
        says=says,
        mendable=mendable,
    )


def unknown_queues() -> Iterator[Offender]:
    """Queues are never deleted, so somebody wrote these past the ETL."""
    return offenders(
        Call.objects.exclude(queue_code__in=Queue.objects.order_by().values("code")),
        "queue_code",
        says=lambda key, code: (
            _("Llamada %(key)s: la cola «%(code)s» no existe.") % {"key": key, "code": code}
        ),
    )


def unknown_agents() -> Iterator[Offender]:
    """The IVR does not promise that it knows its agents."""
    known = Agent.objects.order_by().values("code")
    return offenders(
        Call.objects.filter(agent_code__isnull=False).exclude(agent_code__in=known),
        "agent_code",
        says=lambda key, code: (
            _("Llamada %(key)s: el agente «%(code)s» no existe.") % {"key": key, "code": code}
        ),
    )


register(
    Check(
        name="calls_answered_out_of_call",
        title=gettext_lazy("Llamadas contestadas antes de empezar o después de terminar"),
        model="analytics.Call",
        severity=Severity.ERROR,
        explanation=gettext_lazy(
            "El ETL no las carga: se escribieron por fuera. Su espera y su conversación no valen."
        ),
        remedy=REREAD,
        find=answered_out_of_call,
    )
)
register(
    Check(
        name="calls_lengths_differ",
        title=gettext_lazy("Llamadas cuya espera y conversación no suman su duración"),
        model="analytics.Call",
        severity=Severity.ERROR,
        explanation=gettext_lazy(
            "Se admiten 2 segundos de diferencia, como en el ETL. Las métricas de su día se "
            "calculan con estos tiempos."
        ),
        remedy=gettext_lazy(
            "Repárelas si sus instantes son buenos; si no, corríjalas en el IVR y vuelva a leerlas."
        ),
        find=lengths_that_differ,
        mend=Mend(
            title=gettext_lazy("Se calculan de nuevo desde sus instantes, y las métricas del día."),
            apply=mending.recompute_lengths,
            finish=mending.rebuild,
        ),
    )
)
register(
    Check(
        name="calls_queue_unknown",
        title=gettext_lazy("Llamadas de una cola que no existe"),
        model="analytics.Call",
        severity=Severity.ERROR,
        explanation=gettext_lazy("Sin cola no tienen nivel de servicio."),
        remedy=REREAD,
        find=unknown_queues,
    )
)
register(
    Check(
        name="calls_agent_unknown",
        title=gettext_lazy("Llamadas de un agente que no existe"),
        model="analytics.Call",
        severity=Severity.WARNING,
        explanation=gettext_lazy("El IVR nombra a un agente que no está en su tabla de agentes."),
        remedy=gettext_lazy("Dé de alta al agente en el IVR; el próximo ETL lo trae."),
        find=unknown_agents,
    )
)
