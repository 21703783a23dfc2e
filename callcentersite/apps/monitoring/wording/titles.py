"""What the parts and their states are called."""

from django.utils.translation import gettext_lazy as _

from opsconsole.text import Text

from ..domain.parts import Key
from ..domain.states import State

TITLES: dict[Key, Text] = {
    Key.CANARY: _("Canario de la cola"),
    Key.WORKERS: _("Workers"),
    Key.QUEUE: _("Cola"),
    Key.FRESHNESS: _("Frescura del ETL"),
    Key.REJECTIONS: _("Rechazos del ETL"),
    Key.RUNS: _("Corridas"),
    Key.SCHEDULES: _("Tareas programadas"),
    Key.DISK: _("Disco"),
    Key.GROWTH: _("Crecimiento de tablas"),
    Key.MESSAGES: _("Avisos críticos"),
    Key.LOGINS: _("Entradas fallidas"),
}

STATES: dict[State, Text] = {
    State.OK: _("En orden"),
    State.WARNING: _("Atención"),
    State.CRITICAL: _("Crítico"),
    State.UNKNOWN: _("Sin datos"),
}

PLACES: dict[str, Text] = {
    "data": _("datos"),
    "media": _("archivos"),
    "logs": _("archivos de log"),
    "temporary": _("temporales"),
}
