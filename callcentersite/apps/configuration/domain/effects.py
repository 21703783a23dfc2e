"""Where each setting takes effect, in a sentence; and whether it does yet."""

from collections.abc import Mapping
from dataclasses import dataclass


def _(text: str) -> str:
    """Mark a text for the catalogue; pure code does not translate."""
    return text


@dataclass(frozen=True, slots=True)
class Effect:
    """What obeys the setting. ``in_force`` False: nothing of the console does.

    ``published``: another system reads it over the API, and obeys it.
    """

    sentence: str
    in_force: bool = False
    published: bool = False


TELEPHONY = Effect(
    _(
        "Publicada: la plataforma de telefonía la lee en /api/configuracion/llamadas/ y la obedece "
        "ella; en la consola no cambia nada más."
    ),
    published=True,
)
TICKETS = Effect(
    _(
        "Publicada: la mesa de tickets la lee en /api/configuracion/tickets/ y la obedece ella; en "
        "la consola no cambia nada más."
    ),
    published=True,
)
RETENTION = Effect(
    _("Lo leen las políticas de retención que lo nombran; por debajo de su mínimo no se aplican."),
    in_force=True,
)
RETENTION_OFFERED = Effect(
    _(
        "La política de la guía conserva las notificaciones leídas 60 días, escritos en ella; una "
        "política puede leer esta clave en su lugar."
    )
)
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
        _(
            "Pasados tantos días desde que se puso la contraseña, al entrar solo se puede elegir "
            "otra, distinta. Rige también para las sesiones abiertas."
        ),
        in_force=True,
    ),
    "notificaciones.email_enabled": Effect(
        _(
            "Los avisos salen también por correo, a las cuentas que tienen dirección. Si el "
            "servidor de correo no responde se intenta cinco veces; el buzón no pierde nada."
        ),
        in_force=True,
    ),
    "notificaciones.sms_enabled": Effect(
        _(
            "Los avisos salen también por SMS, si el sistema tiene un proveedor (SMS_PROVIDER). "
            "Sin proveedor no se puede activar."
        ),
        in_force=True,
    ),
    "notificaciones.push_enabled": Effect(
        _("Los avisos llegan al buzón de cada persona. Desactivado, no llega ninguno nuevo."),
        in_force=True,
    ),
    "notificaciones.notification_retention_days": RETENTION_OFFERED,
    "notificaciones.max_notifications_per_user": Effect(
        _(
            "Al llegar un aviso a un buzón que ya tiene tantos, se eliminan los leídos más "
            "antiguos; los que están sin leer, nunca."
        ),
        in_force=True,
    ),
    "llamadas.max_call_duration": Effect(
        _(
            "El ETL carga la llamada que dura más y la cuenta entre los avisos de la corrida. "
            "También está publicada en /api/configuracion/llamadas/."
        ),
        in_force=True,
    ),
    "llamadas.enable_call_recording": Effect(
        _(
            "Apagada, el ETL deja vacío el archivo de grabación; lo que ya está cargado se queda "
            "hasta que la llamada se lea otra vez, y un ETL completo las lee todas. También está "
            "publicada en /api/configuracion/llamadas/."
        ),
        in_force=True,
    ),
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
    "reportes.default_format": Effect(
        _("El formato de los reportes que se piden sin decir en cuál."), in_force=True
    ),
    "reportes.max_report_rows": Effect(
        _(
            "Un reporte con más filas no se genera, y la corrida dice cuántas tendría. Una "
            "exportación con más filas se rechaza entera y dice cuántas caben; desde la página "
            "nunca caben más de 50 000."
        ),
        in_force=True,
    ),
    "reportes.report_generation_timeout": Effect(
        _("El plazo de cada reporte que se pide desde entonces; al vencer, la corrida falla."),
        in_force=True,
    ),
    "reportes.enable_scheduled_reports": Effect(
        _(
            "Desactivada, los reportes que lanza una tarea programada fallan y lo dicen; los que "
            "pide una persona se generan."
        ),
        in_force=True,
    ),
    "reportes.report_retention_days": RETENTION,
    "sistema.maintenance_mode": Effect(
        _(
            "Cierra la consola con una página 503 a todos menos a los superusuarios. La entrada "
            "sigue abierta, y las corridas y los comandos siguen su curso."
        ),
        in_force=True,
    ),
    "sistema.debug_mode": Effect(
        _(
            "Encendido, la página de una corrida que falló muestra la traza del error a quien "
            "tiene el permiso de verla. Apagado, solo dice que está guardada."
        ),
        in_force=True,
    ),
    "sistema.log_level": Effect(
        _(
            "Las líneas por debajo de este nivel no se guardan en las corridas, tampoco en las que "
            "ya están en marcha; la terminal las sigue mostrando."
        ),
        in_force=True,
    ),
    "sistema.max_log_file_size": Effect(
        _(
            "Al llegar a este tamaño, el archivo de log (LOG_FILE) se cierra y empieza otro; se "
            "guardan los últimos (LOG_FILES_KEPT). Rige para todos los procesos en segundos."
        ),
        in_force=True,
    ),
    "sistema.log_retention_days": RETENTION,
    "sistema.enable_profiling": Effect(
        _(
            "Encendida, se graban peticiones a la consola con sus consultas: todas durante unos "
            "minutos, después una muestra. Los superusuarios las leen en «Peticiones grabadas». Y "
            "se puede perfilar código con «Perfilar código» o profile_code. Apagada, no se graba "
            "nada ni cuesta nada."
        ),
        in_force=True,
    ),
    "integraciones.api_rate_limit": Effect(
        _(
            "Cuántas solicitudes por minuto se responden a cada cliente de la API, contadas para "
            "todos los procesos; a las demás se responde 429 y cuánto esperar."
        ),
        in_force=True,
    ),
    "integraciones.api_timeout": Effect(
        _(
            "Cuánto puede trabajar una solicitud a la API; entonces su consulta se interrumpe y se "
            "responde 503. Lo que ya se está escribiendo se termina."
        ),
        in_force=True,
    ),
    "integraciones.enable_webhooks": Effect(
        _(
            "Encendida, de cada corrida que falla o se pierde se avisa a los webhooks con un POST "
            "firmado. Apagada, no se envía nada, y de lo que falle mientras tanto no se avisa."
        ),
        in_force=True,
    ),
}
UNKNOWN = Effect(_("No está en el catálogo: ninguna parte de la consola lo lee."))


def effect_of(clave: str) -> Effect:
    """Where the setting takes effect."""
    return EFFECTS.get(clave, UNKNOWN)
