"""The detail of an entry, label by label, in the words of the screen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole.states import Status

from .models import AuditLog
from .wording import details

CHANGES = {"username", "is_active", "is_staff", "is_superuser", "codigo", "nombre", "activo",
           "nivel_riesgo", "requiere_aprobacion", "name", "target", "action", "days", "config_key",
           "condition", "floor_days", "archive", "archive_days", "max_rows", "needs_approval",
           "order", "active"}  # fmt: skip

LABELS = {
    "params": gettext_lazy("Parámetros"),
    "status": gettext_lazy("Estado de la corrida"),
    "operation": gettext_lazy("Operación"),
    "plan": gettext_lazy("Plan confirmado"),
    "client": gettext_lazy("Cliente de la API"),
    "account": gettext_lazy("Cuenta con cuyos permisos actúa"),
    "scopes": gettext_lazy("Alcances"),
    "expires_at": gettext_lazy("Vence"),
    "url": gettext_lazy("Dirección del webhook"),
    "statuses": gettext_lazy("Finales de los que avisa"),
    "operations": gettext_lazy("Operaciones de las que avisa"),
    "active": gettext_lazy("Activo"),
    "when": gettext_lazy("Cuándo"),
    "owner": gettext_lazy("A nombre de"),
    "grace": gettext_lazy("Margen"),
    "run": gettext_lazy("Corrida"),
    "bytes": gettext_lazy("Bytes"),
    "retry_of": gettext_lazy("Repite la corrida"),
    "group": gettext_lazy("Grupo"),
    "capability": gettext_lazy("Capacidad"),
    "kind": gettext_lazy("Tipo"),
    "until": gettext_lazy("Vence"),
    "why": gettext_lazy("Motivo dado"),
    "added": gettext_lazy("Agregado"),
    "removed": gettext_lazy("Quitado"),
    "cleared": gettext_lazy("Vaciado"),
    "waiting": gettext_lazy("Espera aprobación"),
    "changed": gettext_lazy("Cambiado"),
    "changes": gettext_lazy("Lista completa de cambios"),
    "others": gettext_lazy("Otros campos cambiados"),
    "username": gettext_lazy("Cuenta"),
    "is_active": gettext_lazy("Activa"),
    "is_staff": gettext_lazy("Entra a la consola"),
    "is_superuser": gettext_lazy("Superusuario"),
    "codigo": gettext_lazy("Código"),
    "nombre": gettext_lazy("Nombre"),
    "nivel_riesgo": gettext_lazy("Riesgo"),
    "requiere_aprobacion": gettext_lazy("Requiere aprobación"),
    "activo": gettext_lazy("Activo"),
    "deleted": gettext_lazy("Eliminado"),
    "of": gettext_lazy("De la clase"),
    "old": gettext_lazy("Valor anterior"),
    "new": gettext_lazy("Valor nuevo"),
    "file": gettext_lazy("Archivo"),
    "rows": gettext_lazy("Filas"),
    "created": gettext_lazy("Nuevas"),
    "updated": gettext_lazy("Cambiadas"),
    "format": gettext_lazy("Formato"),
    "filters": gettext_lazy("Filtros"),
    "count": gettext_lazy("Entradas"),
    "last_hash": gettext_lazy("Última huella"),
    "archive": gettext_lazy("Archivo"),
    "known": gettext_lazy("La cuenta existe"),
    "address": gettext_lazy("Dirección"),
    "page": gettext_lazy("Página"),
    "name": gettext_lazy("Nombre"),
    "target": gettext_lazy("Tabla"),
    "action": gettext_lazy("Acción"),
    "days": gettext_lazy("Días"),
    "config_key": gettext_lazy("Configuración"),
    "condition": gettext_lazy("Condición"),
    "floor_days": gettext_lazy("Mínimo de días"),
    "archive_days": gettext_lazy("Días del archivo"),
    "max_rows": gettext_lazy("Filas sin mirar"),
    "needs_approval": gettext_lazy("Con aprobación"),
    "order": gettext_lazy("Orden"),
}


# Words of the code that stand in a detail.
WORDS = {
    ("kind", "created"): gettext_lazy("creada"),
    ("kind", "changed"): gettext_lazy("cambiada"),
    ("kind", "deleted"): gettext_lazy("eliminada"),
    **{("status", str(status)): status.label for status in Status},
}


def detail_rows(row: AuditLog) -> list[tuple[str, str]]:
    """Label and value of each thing that the detail says, in the order of the labels."""
    said, order = details(row), list(LABELS)
    names = sorted(said, key=lambda name: order.index(name) if name in order else len(order))
    return [(str(LABELS.get(name, name)), in_words(name, said[name])) for name in names]


def in_words(name: str, value: Any) -> str:
    """As people say it; a pair under a column's name is what it was and what it is."""
    word = WORDS.get((name, value)) if isinstance(value, str) else None
    if word is not None:
        return str(word)
    if name in CHANGES and isinstance(value, list) and len(value) == 2:
        return " → ".join(map(shown, value))
    return shown(value)


def shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if value is None or value == "":
        return "–"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shown(item)}" for name, item in value.items()) or "–"
    return str(value)
