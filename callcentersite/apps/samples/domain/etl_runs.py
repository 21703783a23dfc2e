"""Runs of the ETL by its schedule, in the guide's own lines."""

from datetime import datetime

from .cast import TECHNICIAN
from .drawing import Draw, below
from .episode import Episode, Line

ERRORS = {
    "failed": (
        "La base del IVR no responde.",
        "OperationalError: database connection failed",
        "Verifique LEGACY_DATABASE_URL y repita la corrida.",
    ),
    "lost": (
        "Perdida: el worker ops-1:4312 dejó de dar señales.",
        "El proceso murió o el equipo se detuvo.",
        "Revise el servicio de workers y repita la corrida.",
    ),
    "missed": (
        "No se ejecutó: debía empezar a las 02:00.",
        "A esa hora no había ningún worker en marcha.",
        "Compruebe que el servicio de workers arranque con el equipo.",
    ),
    "rejected": ("Mejor después del cierre de mes.", "", ""),
}


def etl(draw: Draw, at: datetime, number: int, status: str) -> Episode:
    """A run of ``run_etl`` by its schedule, in the guide's own lines."""
    read = 400 + below(draw, "read", number, 300)
    rejected = read * (2 + below(draw, "rejected", number, 3)) // 100
    seconds = 20.0 + below(draw, "seconds", number, 200) / 10
    valid = read - rejected
    figures = {"read": read, "valid": valid, "rejected": rejected, "inserted": valid,
               "updated": 0, "unchanged": 0}  # fmt: skip
    return Episode(
        number=number * 10,
        operation="run_etl",
        person=TECHNICIAN,
        origin="schedule",
        status=status,
        queued_at=at,
        seconds=seconds,
        lines=etl_lines(figures, seconds, status),
        result=figures if status == "succeeded" else None,
        error=ERRORS.get(status, ("", "", "")),
    )


def etl_lines(figures: dict[str, int], seconds: float, status: str) -> tuple[Line, ...]:
    """As far as it came: what was cut short says half of it."""
    said = (
        ("INFO", "Iniciando proceso ETL...", 0.0),
        ("INFO", "Extrayendo datos de base legacy...", 0.01),
        ("INFO", f"Extraccion completada: {figures['read']} registros", 0.4),
        ("INFO", "Transformando datos...", 0.41),
        ("INFO", f"Transformacion completada: {figures['valid']} registros validos", 0.6),
        ("INFO", "Cargando datos a analytics...", 0.61),
        ("INFO", f"Carga completada: {figures['inserted']} registros insertados", 0.99),
        ("INFO", "Proceso ETL ejecutado correctamente", 1.0),
    )
    told = {"succeeded": len(said), "rejected": 0, "expired": 0, "missed": 0}.get(status, 3)
    return tuple(
        Line(level=level, message=message, seconds=share * seconds)
        for level, message, share in said[:told]
    )
