"""What to do about each reason."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opsconsole.text import Text

from ..domain.parts import Reason, Why

RESTART = _("Detenga el servicio de workers y arránquelo de nuevo.")
REMEDIES: dict[Why, Text] = {
    Why.CANARY_NEVER: _("Arranque el servicio de workers."),
    Why.CANARY_SILENT: RESTART,
    Why.CANARY_BUSY: _("Si dura, añada workers (Q_WORKERS)."),
    Why.NO_WORKERS: _("Arranque el servicio de workers."),
    Why.STOPPING: _("Cuando termine, arránquelo de nuevo."),
    Why.WAITS_LONG: _("Vea qué ocupa a los workers, o añada más (Q_WORKERS)."),
    Why.DEEP: _("Vea qué ocupa a los workers, o añada más (Q_WORKERS)."),
    Why.NEVER_LOADED: _("Ejecute el ETL y prográmelo."),
    Why.NO_LARGE_LOAD: _("Con la próxima carga grande se podrá comparar."),
    Why.STALE: _("Vea por qué no corre el ETL: su tarea programada y su última corrida."),
    Why.REJECTS_MORE: _("Vea los motivos en «Llamadas rechazadas»."),
    Why.BROKEN: _("Vea el error de la última corrida y repítala."),
    Why.LOST: _("Revise la memoria del equipo y el servicio de workers."),
    Why.OVERDUE: _("Compruebe que el servicio de workers esté en marcha."),
    Why.MISSED: _("Lance a mano lo que falte y revise sus tareas programadas."),
    Why.DISK_FULL: _("Aplique la retención, o amplíe el disco."),
    Why.GROWS: _("Vea qué la llena, y si una política de retención la cubre."),
    Why.UNREAD: _("Léalos, y revise quién está suscrito."),
    Why.FAILED_LOGINS: _("Vea de qué direcciones vienen."),
    Why.LOCKED: _("Vea quiénes son, y desbloquee a quien corresponda."),
}


def remedy(reason: Reason) -> str:
    """What mends it."""
    return str(REMEDIES[reason.why])
