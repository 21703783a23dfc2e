"""What each setting of the catalogue may be. Beyond these the console could not obey it."""

from collections.abc import Mapping

from .rules import Flag, OneOf, Range, Rule, StaysOff

DAY = 24 * 3600
DAYS = Range(1, 3_650)
# The queue of runs ends whatever takes longer than six hours.
LONGEST_REPORT = 5 * 3600
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
PRIORITIES = ("low", "medium", "high", "critical")
FORMATS = ("pdf", "csv", "xlsx")


def _(text: str) -> str:
    """Mark a text for the catalogue; pure code does not translate."""
    return text


LIMITS: Mapping[str, Rule] = {
    "seguridad.session_timeout": Range(60, DAY),
    "seguridad.password_min_length": Range(6, 128),
    "seguridad.password_require_uppercase": Flag(),
    "seguridad.password_require_numbers": Flag(),
    "seguridad.password_require_special": Flag(),
    "seguridad.max_login_attempts": Range(1, 100),
    "seguridad.lockout_duration": Range(1, 7 * DAY),
    "seguridad.password_expiry_days": DAYS,
    "notificaciones.email_enabled": Flag(),
    "notificaciones.sms_enabled": StaysOff(
        _("no hay un proveedor de SMS configurado"), facility="sms_provider"
    ),
    "notificaciones.push_enabled": Flag(),
    "notificaciones.notification_retention_days": DAYS,
    "notificaciones.max_notifications_per_user": Range(1, 10_000),
    "llamadas.max_call_duration": Range(1, DAY),
    "llamadas.enable_call_recording": Flag(),
    "llamadas.recording_retention_days": DAYS,
    "llamadas.auto_pause_threshold": Range(1, DAY),
    "llamadas.enable_call_transfer": Flag(),
    "llamadas.max_concurrent_calls": Range(1, 100_000),
    "tickets.auto_assignment_enabled": Flag(),
    "tickets.default_priority": OneOf(PRIORITIES),
    "tickets.sla_critical": Range(1, 8_760),
    "tickets.sla_high": Range(1, 8_760),
    "tickets.sla_medium": Range(1, 8_760),
    "tickets.sla_low": Range(1, 8_760),
    "tickets.ticket_retention_days": DAYS,
    "reportes.default_format": OneOf(FORMATS),
    "reportes.max_report_rows": Range(1, 1_000_000),
    "reportes.report_generation_timeout": Range(1, LONGEST_REPORT),
    "reportes.enable_scheduled_reports": Flag(),
    "reportes.report_retention_days": DAYS,
    "sistema.maintenance_mode": Flag(),
    "sistema.debug_mode": Flag(),
    "sistema.log_level": OneOf(LOG_LEVELS),
    "sistema.max_log_file_size": Range(1, 10_240),
    "sistema.log_retention_days": DAYS,
    "sistema.enable_profiling": Flag(),
    "integraciones.api_rate_limit": Range(1, 100_000),
    "integraciones.api_timeout": Range(1, 600),
    "integraciones.enable_webhooks": Flag(),
}
