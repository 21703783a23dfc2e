"""Where each part is mended, and the right that opens the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from opsconsole.text import Text

from .domain.parts import Key


@dataclass(frozen=True, slots=True)
class Door:
    """A page where something is mended, and the right that opens it."""

    title: Text
    permission: str
    view: str
    args: tuple[str, ...] = ()


QUEUE = Door(_("Ver la cola"), "opsconsole.view_jobrun", "admin:opsconsole_queue")
DOORS: dict[Key, Door] = {
    Key.CANARY: QUEUE,
    Key.WORKERS: QUEUE,
    Key.QUEUE: QUEUE,
    Key.FRESHNESS: Door(
        _("Ejecutar el ETL"),
        "opsconsole.run_run_etl",
        "admin:opsconsole_operation",
        ("run_etl",),
    ),
    Key.REJECTIONS: Door(
        _("Ver las llamadas rechazadas"),
        "etl.view_callrejection",
        "admin:etl_callrejection_changelist",
    ),
    Key.RUNS: Door(
        _("Ver las corridas"),
        "opsconsole.view_jobrun",
        "admin:opsconsole_jobrun_changelist",
    ),
    Key.SCHEDULES: Door(
        _("Ver las tareas programadas"),
        "django_q.view_schedule",
        "admin:django_q_schedule_changelist",
    ),
    Key.DISK: Door(
        _("Aplicar la retención"),
        "opsconsole.run_apply_retention",
        "admin:opsconsole_operation",
        ("apply_retention",),
    ),
    Key.GROWTH: Door(
        _("Ver las políticas de retención"),
        "data_centralization.view_retentionpolicy",
        "admin:data_centralization_retentionpolicy_changelist",
    ),
    Key.MESSAGES: Door(
        _("Ver los avisos enviados"),
        "notifications.view_sentnotification",
        "admin:notifications_sentnotification_changelist",
    ),
    Key.LOGINS: Door(
        _("Ver las entradas fallidas"),
        "access.view_failedlogin",
        "admin:access_failedlogin_changelist",
    ),
}
