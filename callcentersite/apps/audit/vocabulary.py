"""What is written down, how it came out and through which door: closed lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# What an entry calls a run.
RUN = "opsconsole.jobrun"


class Action(models.TextChoices):
    """What somebody did, or tried to do."""

    LOGIN = "login", _("Entrada")
    LOGIN_FAILED = "login_failed", _("Entrada fallida")
    LOCKED_OUT = "locked_out", _("Bloqueo de cuenta")
    LOGOUT = "logout", _("Salida")
    UNLOCKED = "unlocked", _("Desbloqueo de cuenta")
    PASSWORD_CHANGED = "password_changed", _("Cambio de contraseña")
    PASSWORD_REQUESTED = "password_requested", _("Petición de otra contraseña")
    ACCOUNT_CREATED = "account_created", _("Alta de cuenta")
    ACCOUNT_CHANGED = "account_changed", _("Cambio de cuenta")
    ACCOUNT_DELETED = "account_deleted", _("Eliminación de cuenta")
    ACCOUNT_SUSPENDED = "account_suspended", _("Suspensión de cuenta")
    ACCOUNT_REACTIVATED = "account_reactivated", _("Reactivación de cuenta")
    GROUP_ASSIGNED = "group_assigned", _("Asignación de grupo")
    GROUP_REVOKED = "group_revoked", _("Revocación de grupo")
    GROUP_CHANGED = "group_changed", _("Cambio de grupo de permisos")
    EXCEPTION_MADE = "exception_made", _("Permiso excepcional")
    EXCEPTION_ANNULLED = "exception_annulled", _("Anulación de permiso excepcional")
    REQUEST_MADE = "request_made", _("Solicitud de permisos")
    REQUEST_APPROVED = "request_approved", _("Aprobación de solicitud")
    REQUEST_REJECTED = "request_rejected", _("Rechazo de solicitud")
    REQUEST_WITHDRAWN = "request_withdrawn", _("Retiro de solicitud")
    SETTING_CHANGED = "setting_changed", _("Cambio de configuración")
    RUN_PLANNED = "run_planned", _("Plan de operación")
    RUN_LAUNCHED = "run_launched", _("Lanzamiento de operación")
    RUN_CONFIRMED = "run_confirmed", _("Confirmación de plan")
    RUN_CANCELLED = "run_cancelled", _("Cancelación de corrida")
    RUN_PAUSED = "run_paused", _("Pausa de corrida")
    RUN_RESUMED = "run_resumed", _("Reanudación de corrida")
    RUN_RETRIED = "run_retried", _("Repetición de corrida")
    RUN_APPROVED = "run_approved", _("Aprobación de corrida")
    RUN_REJECTED = "run_rejected", _("Rechazo de corrida")
    RUN_ENDED = "run_ended", _("Final de corrida")
    SCHEDULE_CREATED = "schedule_created", _("Alta de tarea programada")
    SCHEDULE_CHANGED = "schedule_changed", _("Cambio de tarea programada")
    SCHEDULE_DELETED = "schedule_deleted", _("Eliminación de tarea programada")
    EXPECTATION_CREATED = "expectation_created", _("Alta de corrida esperada")
    EXPECTATION_CHANGED = "expectation_changed", _("Cambio de corrida esperada")
    EXPECTATION_DELETED = "expectation_deleted", _("Eliminación de corrida esperada")
    POLICY_CREATED = "policy_created", _("Alta de política de retención")
    POLICY_CHANGED = "policy_changed", _("Cambio de política de retención")
    POLICY_DELETED = "policy_deleted", _("Eliminación de política de retención")
    CLIENT_CREATED = "client_created", _("Alta de cliente de la API")
    CLIENT_ROTATED = "client_rotated", _("Renovación de token")
    CLIENT_REVOKED = "client_revoked", _("Revocación de cliente de la API")
    WEBHOOK_CREATED = "webhook_created", _("Alta de webhook")
    WEBHOOK_CHANGED = "webhook_changed", _("Cambio de webhook")
    WEBHOOK_RENEWED = "webhook_renewed", _("Renovación del secreto de un webhook")
    IMPORTED = "imported", _("Importación")
    EXPORTED = "exported", _("Exportación")
    DOWNLOADED = "downloaded", _("Descarga")
    VIEWED = "viewed", _("Consulta de datos personales")
    PRUNED = "pruned", _("Depuración de la auditoría")
    CHAIN_RESUMED = "chain_resumed", _("Cabecera de auditoría restablecida")


class Result(models.TextChoices):
    """How it came out."""

    OK = "ok", _("Hecho")
    REFUSED = "refused", _("Negado")
    FAILED = "failed", _("Falló")


class Source(models.TextChoices):
    """Through which door; those of ``common.acting.Source``, and those of the engine."""

    PAGE = "page", _("la página")
    IMPORT = "import", _("una importación")
    RUN = "run", _("una corrida")
    COMMAND = "command", _("un comando")
    SHELL = "shell", _("la consola de Python")
    API = "api", _("la API")
    SCHEDULE = "schedule", _("una tarea programada")
