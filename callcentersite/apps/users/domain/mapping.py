"""Which capability stands behind which permission of Django: the one table of it.

Whoever has the capability has the permission. What is in neither table is a mistake, and a test
says so; what is in PLAIN stays with superusers and with Django's own permissions, for a reason.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

USUARIOS = "sistema.administracion.usuarios"
CONFIGURACION = "sistema.tecnico.configuracion"
CLIENTES = "sistema.operaciones.clientes"
LLAMADAS = "sistema.operaciones.llamadas"
METRICAS = "sistema.analisis.metricas"
REPORTES = "sistema.analisis.reportes"
AUDITORIA = "sistema.calidad.auditoria"
ALERTAS = "sistema.monitoreo.alertas"

# A capability may also be asked for by its own code: user.has_perm("sistema.…").
CODE_PREFIX = "sistema."

CAPABILITY_OF: dict[str, str] = {
    # People
    "users.view_user": f"{USUARIOS}.ver",
    "users.add_user": f"{USUARIOS}.crear",
    "users.change_user": f"{USUARIOS}.editar",
    "users.suspend_user": f"{USUARIOS}.suspender",
    "users.reactivate_user": f"{USUARIOS}.reactivar",
    "users.delete_user": f"{USUARIOS}.eliminar",
    # What people may do
    "users.view_funcion": f"{USUARIOS}.ver",
    "users.view_capacidad": f"{USUARIOS}.ver",
    "users.view_grupopermiso": f"{USUARIOS}.ver",
    "users.add_grupopermiso": f"{USUARIOS}.asignar_grupos",
    "users.change_grupopermiso": f"{USUARIOS}.asignar_grupos",
    "users.view_usuariogrupo": f"{USUARIOS}.ver",
    "users.add_usuariogrupo": f"{USUARIOS}.asignar_grupos",
    "users.change_usuariogrupo": f"{USUARIOS}.asignar_grupos",
    "users.view_permisoexcepcional": f"{USUARIOS}.ver",
    "users.add_permisoexcepcional": f"{USUARIOS}.asignar_grupos",
    "users.change_permisoexcepcional": f"{USUARIOS}.asignar_grupos",
    "users.view_solicitudasignacion": f"{USUARIOS}.ver",
    "users.approve_solicitudasignacion": f"{USUARIOS}.asignar_grupos",
    # The same, as files: to take them home as well as to bring them is to know who may do what
    "users.import_grupopermiso": f"{USUARIOS}.asignar_grupos",
    "users.export_grupopermiso": f"{USUARIOS}.asignar_grupos",
    "users.import_usuariogrupo": f"{USUARIOS}.asignar_grupos",
    "users.export_usuariogrupo": f"{USUARIOS}.asignar_grupos",
    "users.export_funcion": f"{USUARIOS}.asignar_grupos",
    "users.export_capacidad": f"{USUARIOS}.asignar_grupos",
    # The settings
    "configuration.view_configuracion": f"{CONFIGURACION}.ver",
    "configuration.change_configuracion": f"{CONFIGURACION}.editar",
    "configuration.export_configuracion": f"{CONFIGURACION}.exportar",
    "configuration.import_configuracion": f"{CONFIGURACION}.importar",
    "configuration.view_configuracionchange": f"{CONFIGURACION}.ver",
    "configuration.view_configuracionbackup": f"{CONFIGURACION}.exportar",
    # Failed logins, and who is locked out by them
    "access.view_failedlogin": f"{USUARIOS}.ver",
    "access.unlock_failedlogin": f"{USUARIOS}.reactivar",
    # Who did what
    "audit.view_auditlog": f"{AUDITORIA}.ver",
    "audit.export_auditlog": f"{AUDITORIA}.exportar",
    # What everybody was told, and what left by mail; one's own mailbox is in OPEN
    "notifications.view_sentnotification": f"{ALERTAS}.configurar_notificaciones",
    "notifications.view_delivery": f"{ALERTAS}.configurar_notificaciones",
    # How the whole console does
    "monitoring.view_health": f"{ALERTAS}.ver",
    # Other systems: the catalogue has no function of their own
    "integrations.view_apiclient": f"{CONFIGURACION}.ver",
    "integrations.add_apiclient": f"{CONFIGURACION}.editar",
    "integrations.change_apiclient": f"{CONFIGURACION}.editar",
    "integrations.view_webhookendpoint": f"{CONFIGURACION}.ver",
    "integrations.add_webhookendpoint": f"{CONFIGURACION}.editar",
    "integrations.change_webhookendpoint": f"{CONFIGURACION}.editar",
    "integrations.view_webhookdelivery": f"{CONFIGURACION}.ver",
    "integrations.change_webhookdelivery": f"{CONFIGURACION}.editar",
    # Calls and their figures
    "analytics.view_call": f"{LLAMADAS}.ver",
    "archive.view_callarchive": f"{LLAMADAS}.ver",
    "archive.download_callarchive": f"{CLIENTES}.exportar",
    "analytics.view_queue": f"{LLAMADAS}.ver",
    "analytics.view_agent": f"{LLAMADAS}.ver",
    "analytics.view_dailymetrics": f"{METRICAS}.ver",
    "reports.view_report": f"{REPORTES}.ver",
    "reports.download_report": f"{REPORTES}.exportar",
    "reports.schedule_report": f"{REPORTES}.programar",
    "etl.view_callrejection": f"{AUDITORIA}.auditar_llamadas",
    "etl.view_etlwatermark": f"{CONFIGURACION}.ver",
    # Retention: which data go, when
    "data_centralization.view_retentionpolicy": f"{CONFIGURACION}.ver",
    "data_centralization.add_retentionpolicy": f"{CONFIGURACION}.editar",
    "data_centralization.change_retentionpolicy": f"{CONFIGURACION}.editar",
    "data_centralization.delete_retentionpolicy": f"{CONFIGURACION}.editar",
    "data_centralization.import_retentionpolicy": f"{CONFIGURACION}.importar",
    "data_centralization.export_retentionpolicy": f"{CONFIGURACION}.exportar",
    "data_centralization.view_retentionremoval": f"{CONFIGURACION}.ver",
    # Runs and the queue: the catalogue has no function of their own, so they are technical
    "opsconsole.view_jobrun": f"{CONFIGURACION}.ver",
    "opsconsole.cancel_jobrun": f"{CONFIGURACION}.editar",
    "opsconsole.retry_jobrun": f"{CONFIGURACION}.editar",
    "opsconsole.approve_jobrun": f"{CONFIGURACION}.editar",
    "opsconsole.view_traceback": f"{CONFIGURACION}.editar",
    "django_q.view_success": f"{CONFIGURACION}.ver",
    "django_q.view_failure": f"{CONFIGURACION}.ver",
    "django_q.view_ormq": f"{CONFIGURACION}.ver",
    "django_q.view_schedule": f"{CONFIGURACION}.ver",
    "django_q.add_schedule": f"{CONFIGURACION}.editar",
    "django_q.change_schedule": f"{CONFIGURACION}.editar",
    "django_q.delete_schedule": f"{CONFIGURACION}.editar",
    # What cron should launch, as the programmes
    "opsconsole.view_expectation": f"{CONFIGURACION}.ver",
    "opsconsole.add_expectation": f"{CONFIGURACION}.editar",
    "opsconsole.change_expectation": f"{CONFIGURACION}.editar",
    "opsconsole.delete_expectation": f"{CONFIGURACION}.editar",
    # Measuring a page as somebody else: whoever gives rights out may see what they show
    "users.impersonate_user": f"{USUARIOS}.asignar_grupos",
    # Operations
    "opsconsole.run_seed_permisos_granular": f"{USUARIOS}.asignar_grupos",
    "opsconsole.run_import_grupopermiso": f"{USUARIOS}.asignar_grupos",
    "opsconsole.run_import_usuariogrupo": f"{USUARIOS}.asignar_grupos",
    "opsconsole.run_import_configuracion": f"{CONFIGURACION}.importar",
    "opsconsole.run_backup_configuration": f"{CONFIGURACION}.exportar",
    "opsconsole.run_setup_schedules": f"{CONFIGURACION}.editar",
    "opsconsole.run_seed_configuraciones_default": f"{CONFIGURACION}.restaurar",
    "opsconsole.run_run_etl": f"{CONFIGURACION}.editar",
    "opsconsole.run_recalculate_metrics": f"{METRICAS}.configurar",
    "opsconsole.run_archive_old_calls": f"{LLAMADAS}.eliminar",
    "opsconsole.run_restore_archived_calls": f"{CONFIGURACION}.restaurar",
    "opsconsole.run_verify_call_archives": f"{AUDITORIA}.auditar_llamadas",
    # As the ETL: whoever may load from the IVR may load from a file
    "opsconsole.run_import_calls": f"{CONFIGURACION}.editar",
    "opsconsole.run_export_calls": f"{REPORTES}.exportar",
    "opsconsole.run_generate_report": f"{REPORTES}.generar",
    "opsconsole.run_seed_retention_policies": f"{CONFIGURACION}.restaurar",
    "opsconsole.run_apply_retention": f"{CONFIGURACION}.editar",
    "opsconsole.run_undo_retention": f"{CONFIGURACION}.restaurar",
    "opsconsole.run_vacuum_tables": f"{CONFIGURACION}.editar",
    "opsconsole.run_erase_person": f"{CLIENTES}.eliminar",
    "opsconsole.run_profile_code": f"{CONFIGURACION}.editar",
    "opsconsole.run_validate_data_integrity": f"{CONFIGURACION}.ver",
    "opsconsole.run_mend_data_integrity": f"{CONFIGURACION}.editar",
    "opsconsole.run_monitor_validation": f"{ALERTAS}.ver",
}

# Patterns of permissions that no capability gives, and why.
PLAIN: dict[str, str] = {
    "auth.*": "Django's own groups: whoever needs them is a superuser.",
    "users.delete_grupopermiso": "A group that people had is switched off, so that history reads.",
    "users.import_funcion": "The catalogue is what binds everybody else: superusers bring it.",
    "users.import_capacidad": "It says what needs approval, also of whoever imports: superusers.",
    "opsconsole.run_import_funcion": "As users.import_funcion.",
    "opsconsole.run_import_capacidad": "As users.import_capacidad.",
    "users.*_funcion": "The catalogue is seeded, not edited.",
    "users.*_capacidad": "The catalogue is seeded, not edited.",
    "users.delete_usuariogrupo": "Revoked, never deleted.",
    "users.delete_permisoexcepcional": "Annulled, never deleted.",
    "users.*_solicitudasignacion": "Requests are made by assigning, and decided, never edited.",
    "configuration.*_configuracion": "The settings are seeded; people change their values.",
    "configuration.*_configuracionchange": "Nobody edits history.",
    "axes.*": "access shows what axes keeps.",
    "analytics.*": "Only the ETL writes calls and figures.",
    "etl.*": "Only the ETL writes them.",
    "django_q.*": "The queue is changed by the engine alone.",
    "silk.*": "What was recorded of requests is read by superusers, and written by nobody.",
    "opsconsole.run_create_test_data": "Only development has test data.",
    "opsconsole.run_reset_demo_data": "As opsconsole.run_create_test_data.",
}

# Pages that need no right beyond being let in, and why.
OPEN: dict[str, str] = {
    "notifications.view_notification": "Everybody reads what is addressed to her, and no more.",
}


def capability_of(permission: str) -> str | None:
    """The capability behind a permission; None: no capability gives it."""
    if permission.startswith(CODE_PREFIX):
        return permission
    return CAPABILITY_OF.get(permission)


def is_considered(permission: str) -> bool:
    """Whether somebody has thought about this permission."""
    return permission in CAPABILITY_OF or any(fnmatchcase(permission, one) for one in PLAIN)


def permissions_of(codes: frozenset[str]) -> frozenset[str]:
    """All the permissions that these capabilities give."""
    return frozenset(name for name, code in CAPABILITY_OF.items() if code in codes)
