"""Where each setting takes effect, in a sentence; and whether it does yet."""

from collections.abc import Mapping
from dataclasses import dataclass


def _(text: str) -> str:
    """Mark a text for the catalogue; pure code does not translate."""
    return text


@dataclass(frozen=True, slots=True)
class Effect:
    """What obeys the setting. ``in_force`` False: nothing does, and the sentence says why."""

    sentence: str
    in_force: bool = False


TELEPHONY = Effect(_("Lo gobierna la plataforma de telefonía; la consola solo guarda el valor."))
TICKETS = Effect(_("Lo gobierna la mesa de tickets; la consola solo guarda el valor."))
RETENTION = Effect(_("Ninguna política de retención lo lee todavía."))
NOTIFICATIONS = Effect(_("La consola todavía no envía notificaciones."))
REPORTS = Effect(_("La consola todavía no genera reportes."))
PASSWORDS = Effect(
    _("Se exige a cada contraseña nueva; las que ya están se quedan como están."), in_force=True
)
LOCKOUT = Effect(
    _(
        "Tras ese número de fallos seguidos, la cuenta queda bloqueada desde esa dirección durante "
        "la duración configurada; desde otras se puede entrar. Se desbloquea en «Entradas "
        "fallidas»."
    ),
    in_force=True,
)
INTEGRATIONS = Effect(_("La consola todavía no tiene API ni webhooks."))

EFFECTS: Mapping[str, Effect] = {
    "seguridad.session_timeout": Effect(
        _(
            "Termina la sesión de quien no hace nada durante ese tiempo. Lo que una página abierta "
            "pide por sí sola para mantenerse al día no cuenta como actividad."
        ),
        in_force=True,
    ),
    "seguridad.password_min_length": PASSWORDS,
    "seguridad.password_require_uppercase": PASSWORDS,
    "seguridad.password_require_numbers": PASSWORDS,
    "seguridad.password_require_special": PASSWORDS,
    "seguridad.max_login_attempts": LOCKOUT,
    "seguridad.lockout_duration": LOCKOUT,
    "seguridad.password_expiry_days": Effect(
        _("Todavía no se pide cambiar la contraseña al vencer.")
    ),
    "notificaciones.email_enabled": NOTIFICATIONS,
    "notificaciones.sms_enabled": Effect(
        _("No se puede activar: la consola no tiene un proveedor de SMS.")
    ),
    "notificaciones.push_enabled": NOTIFICATIONS,
    "notificaciones.notification_retention_days": RETENTION,
    "notificaciones.max_notifications_per_user": NOTIFICATIONS,
    "llamadas.max_call_duration": TELEPHONY,
    "llamadas.enable_call_recording": TELEPHONY,
    "llamadas.recording_retention_days": TELEPHONY,
    "llamadas.auto_pause_threshold": TELEPHONY,
    "llamadas.enable_call_transfer": TELEPHONY,
    "llamadas.max_concurrent_calls": TELEPHONY,
    "tickets.auto_assignment_enabled": TICKETS,
    "tickets.default_priority": TICKETS,
    "tickets.sla_critical": TICKETS,
    "tickets.sla_high": TICKETS,
    "tickets.sla_medium": TICKETS,
    "tickets.sla_low": TICKETS,
    "tickets.ticket_retention_days": TICKETS,
    "reportes.default_format": REPORTS,
    "reportes.max_report_rows": REPORTS,
    "reportes.report_generation_timeout": REPORTS,
    "reportes.enable_scheduled_reports": REPORTS,
    "reportes.report_retention_days": RETENTION,
    "sistema.maintenance_mode": Effect(
        _(
            "Cierra la consola con una página 503 a todos menos a los superusuarios. La entrada "
            "sigue abierta, y las corridas y los comandos siguen su curso."
        ),
        in_force=True,
    ),
    "sistema.debug_mode": Effect(_("Las páginas de las corridas todavía no lo leen.")),
    "sistema.log_level": Effect(
        _(
            "Las líneas por debajo de este nivel no se guardan en las corridas, tampoco en las que "
            "ya están en marcha; la terminal las sigue mostrando."
        ),
        in_force=True,
    ),
    "sistema.max_log_file_size": Effect(_("La consola escribe a la salida, no a un archivo.")),
    "sistema.log_retention_days": RETENTION,
    "sistema.enable_profiling": Effect(
        _("Mientras esté activa se puede perfilar código: «Perfilar código» y profile_code."),
        in_force=True,
    ),
    "integraciones.api_rate_limit": INTEGRATIONS,
    "integraciones.api_timeout": INTEGRATIONS,
    "integraciones.enable_webhooks": INTEGRATIONS,
}
UNKNOWN = Effect(_("No está en el catálogo: ninguna parte de la consola lo lee."))


def effect_of(clave: str) -> Effect:
    """Where the setting takes effect."""
    return EFFECTS.get(clave, UNKNOWN)
