"""Settings under which the engine would not keep its promises, refused before it starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _

from . import registry
from .conf import setting

BLIND_CACHES = ("locmem", "dummy")


@register(Tags.compatibility)
def check_queue(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What django-q2 needs so that JobRun stays the truth."""
    cluster = getattr(settings, "Q_CLUSTER", {})
    return [
        Error(text, hint=hint, id=f"opsconsole.{code}")
        for code, broken, text, hint in requirements(cluster)
        if broken
    ]


def requirements(cluster: dict[str, Any]) -> Iterator[tuple[str, bool, str, str]]:
    """Each requirement: its code, whether it is broken, what is wrong, what to do."""
    timeout = cluster.get("timeout") or 0
    yield (
        "E001",
        cluster.get("orm") != "ops",
        _("Q_CLUSTER['orm'] debe ser 'ops': la corrida y su aviso se escriben en una transacción."),
        _("Ponga Q_CLUSTER['orm'] = 'ops'."),
    )
    yield (
        "E002",
        cluster.get("retry", 60) <= timeout or not timeout,
        _("Q_CLUSTER['retry'] debe superar a 'timeout': si no, una tarea larga corre dos veces."),
        _("Por ejemplo timeout = 21600 y retry = 22500."),
    )
    yield (
        "E003",
        not cluster.get("ack_failures") or cluster.get("max_attempts") != 1,
        _("django-q no debe repetir tareas por su cuenta: los intentos son de JobRun."),
        _("Ponga ack_failures = True y max_attempts = 1 en Q_CLUSTER."),
    )
    yield (
        "E004",
        cluster.get("queue_limit") != 1 or cluster.get("bulk", 1) != 1,
        _("Un worker no debe apartar tareas que otro podría empezar ya."),
        _("Ponga queue_limit = 1 y bulk = 1 en Q_CLUSTER."),
    )
    yield (
        "E005",
        "ALT_CLUSTERS" not in cluster,
        _("Falta Q_CLUSTER['ALT_CLUSTERS']: con Q_CLUSTER_NAME, todo comando fallaría."),
        _("Ponga ALT_CLUSTERS = {} en Q_CLUSTER."),
    )
    yield (
        "E006",
        is_blind(cluster.get("cache", "default")),
        _("La caché de Q_CLUSTER no se ve desde otros procesos: la página de la cola mentiría."),
        _("Use DatabaseCache o FileBasedCache en CACHES[Q_CLUSTER['cache']]."),
    )
    yield (
        "E007",
        bool(cluster.get("sync")),
        _("Q_CLUSTER['sync'] ejecuta las tareas dentro de la petición web."),
        _("Quite sync de Q_CLUSTER."),
    )
    yield (
        "E012",
        bool(cluster.get("scheduler", True)),
        _("El programador de django-q lanzaría las tareas programadas por segunda vez."),
        _("Ponga scheduler = False en Q_CLUSTER: las tareas programadas las lanza la consola."),
    )


def is_blind(alias: str) -> bool:
    """Whether other processes cannot see what this cache holds."""
    backend = settings.CACHES.get(alias, {}).get("BACKEND", "locmem").lower()
    return any(word in backend for word in BLIND_CACHES)


@register(Tags.database)
def check_aliases(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What the databases need: an ``ops`` alias, and nothing that a fork would break."""
    errors: list[CheckMessage] = []
    if "ops" not in settings.DATABASES:
        errors.append(
            Error(
                _("Falta DATABASES['ops']."),
                hint=_("Un segundo archivo SQLite, o un segundo alias a la misma base PostgreSQL."),
                id="opsconsole.E008",
            )
        )
    for alias, database in settings.DATABASES.items():
        if database.get("OPTIONS", {}).get("pool"):
            errors.append(
                Error(
                    _("DATABASES[%(alias)r]: la opción «pool» corrompe a los procesos hijos.")
                    % {"alias": alias},
                    hint=_("Quite «pool»; use CONN_MAX_AGE = 60."),
                    id="opsconsole.E009",
                )
            )
        if database.get("ATOMIC_REQUESTS"):
            errors.append(
                Error(
                    _("DATABASES[%(alias)r]: ATOMIC_REQUESTS esconde la corrida a los workers.")
                    % {"alias": alias},
                    hint=_("Quite ATOMIC_REQUESTS."),
                    id="opsconsole.E010",
                )
            )
    return errors


@register(Tags.compatibility)
def check_canary(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One that is late before the next could have come would always be late."""
    least = setting("CANARY_SECONDS") + setting("TICK_SECONDS")
    if setting("CANARY_LATE_SECONDS") > least:
        return []
    return [
        Error(
            _("OPSCONSOLE['CANARY_LATE_SECONDS'] debe superar a CANARY_SECONDS + TICK_SECONDS."),
            hint=_("Por ejemplo 100, con 60 y 10."),
            id="opsconsole.E012",
        )
    ]


@register(Tags.compatibility)
def check_deadlines(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A deadline beyond the queue's own would end in the queue's way: by a kill, or twice."""
    most = getattr(settings, "Q_CLUSTER", {}).get("timeout") or 0
    return [
        Error(
            _("«%(name)s» puede durar más que Q_CLUSTER['timeout'] (%(most)s s).")
            % {"name": operation.name, "most": most},
            hint=_("Suba timeout y retry, o baje timeout_seconds de la operación."),
            id="opsconsole.E011",
        )
        for operation in registry.everything()
        if operation.timeout_seconds + operation.grace_seconds >= most
    ]
