"""Which heading of a file is which column of a call: guessed by its name, judged when chosen."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# What a file may bring; the waiting time is reckoned from the others.
COLUMNS = (
    "call_id",
    "started_at",
    "answered_at",
    "ended_at",
    "duration_s",
    "disposition",
    "queue_code",
    "agent_code",
    "ani",
    "dnis",
    "menu_path",
    "language",
    "customer_id",
    "recording_file",
    "notes",
    "updated_at",
)
REQUIRED = ("call_id", "started_at", "ended_at", "duration_s", "disposition", "queue_code")

# By what else people and telephone systems call them, as ``normal`` leaves a heading.
ALSO: Mapping[str, tuple[str, ...]] = {
    "call_id": ("llamada", "id_llamada", "id", "numero_de_llamada", "call", "callid", "uniqueid"),
    "started_at": ("inicio", "hora_inicio", "fecha_inicio", "fecha_y_hora", "start", "start_time"),
    "answered_at": ("contestada", "hora_contestada", "respuesta", "answer", "answer_time"),
    "ended_at": ("fin", "hora_fin", "fecha_fin", "end", "end_time", "hangup_time"),
    "duration_s": ("duracion", "duracion_s", "duracion_segundos", "duration", "duration_seconds"),
    "disposition": ("resultado", "estado", "result", "status", "outcome"),
    "queue_code": ("cola", "codigo_cola", "queue", "queue_name"),
    "agent_code": ("agente", "codigo_agente", "agent", "agent_id"),
    "ani": ("numero_que_llama", "telefono", "origen", "caller", "caller_id", "phone", "from"),
    "dnis": ("numero_marcado", "destino", "dialed_number", "called_number", "to"),
    "menu_path": ("ruta_del_menu", "menu", "ruta", "ivr_path"),
    "language": ("idioma", "lang"),
    "customer_id": ("cliente", "id_cliente", "customer"),
    "recording_file": ("grabacion", "archivo_de_grabacion", "recording"),
    "notes": ("notas", "nota", "comentarios", "observaciones", "note", "comments"),
    "updated_at": ("source_updated_at", "actualizada_en_origen", "actualizada", "updated"),
}

MISSING, TWICE, UNKNOWN = "missing", "twice", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a choice: a code and the names that it is about."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Column → heading, for the columns that the file brings."""

    heading_of: Mapping[str, str]

    def problems(self, headings: Sequence[str]) -> tuple[Problem, ...]:
        """Why a file with these headings cannot be read so; empty: it can."""
        chosen = list(self.heading_of.values())
        found = {
            MISSING: [column for column in REQUIRED if column not in self.heading_of],
            TWICE: sorted({heading for heading in chosen if chosen.count(heading) > 1}),
            UNKNOWN: sorted({*chosen} - {*headings}),
        }
        return tuple(
            Problem(code=code, names=tuple(names)) for code, names in found.items() if names
        )

    def fits(self, headings: Iterable[str]) -> bool:
        """Whether the file has every heading that it names."""
        return {*self.heading_of.values()} <= {*headings}


def guess(headings: Sequence[str]) -> Layout:
    """The layout that the names speak for; a heading serves one column at most."""
    by_name: dict[str, str] = {}
    for heading in headings:
        by_name.setdefault(normal(heading), heading)
    chosen: dict[str, str] = {}
    for column in COLUMNS:
        for name in (column, *ALSO[column]):
            if name in by_name:
                chosen[column] = by_name.pop(name)
                break
    return Layout(heading_of=chosen)


def normal(heading: str) -> str:
    """``Número que llama`` → ``numero_que_llama``; ``duración (s)`` → ``duracion_s``."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def fingerprint(headings: Iterable[str]) -> str:
    """What tells files with these headings from others, whatever their order."""
    return hashlib.sha256("\n".join(sorted(headings)).encode()).hexdigest()[:16]
