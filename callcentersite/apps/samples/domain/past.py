"""Three months of runs: a pure function of a seed and a last moment.

Every ending occurs at least once, whatever the seed; the rest is drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from callcentersite.apps.etl.domain.test_data.draw import Draw

from .cast import ADMINISTRATOR, ANALYST, TECHNICIAN, Role

DAYS = 90
# The hours of each day at which the ETL ran.
ETL_HOURS = (2, 8, 14, 20)
# Days before the last one on which it came out otherwise, and how: whatever the seed.
CERTAIN = {2: "failed", 4: "cancelled", 6: "lost", 11: "rejected", 19: "expired"}
WORKERS = ("ops-1:4312", "ops-1:4313")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a log, so many seconds after the start."""

    level: str
    message: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A run that is told: when, of what, by whom, how it ended, what it said."""

    number: int
    operation: str
    person: Role
    origin: str
    status: str
    queued_at: datetime
    seconds: float
    lines: tuple[Line, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: tuple[str, str, str] = ("", "", "")
    file: tuple[str, str] | None = None

    @property
    def has_started(self) -> bool:
        """Whether a worker ever took it."""
        return self.status not in ("rejected", "expired")


def episodes(*, seed: int, end: datetime) -> list[Episode]:
    """All of them, the oldest first; ``end`` is the midnight after the last day."""
    told = [
        one
        for back in range(DAYS, 0, -1)
        for one in of_day(Draw(seed), end - timedelta(days=back), back)
    ]
    return sorted(told, key=lambda one: one.queued_at)


def of_day(draw: Draw, day: datetime, back: int) -> Iterator[Episode]:
    """The runs of one day; ``back`` counts from the last day, which is 1."""
    for hour in ETL_HOURS:
        status = CERTAIN.get(back, "") if hour == ETL_HOURS[0] else drawn_status(draw, back, hour)
        yield etl(draw, day + timedelta(hours=hour), back * 24 + hour, status or "succeeded")
    if day.weekday() < 5:
        yield report(draw, day + timedelta(hours=9), back)
    if day.weekday() == 6:
        yield retention(draw, day + timedelta(hours=2, minutes=5), back)
    if back % 30 == 3:
        yield failed_import(day + timedelta(hours=11), back)


def below(draw: Draw, purpose: str, key: int, limit: int) -> int:
    """A whole number from 0 to ``limit`` - 1."""
    return draw.number(purpose, key) % limit


def drawn_status(draw: Draw, back: int, hour: int) -> str:
    """Mostly well."""
    chance = below(draw, "status", back * 24 + hour, 100)
    return "failed" if chance < 2 else "lost" if chance < 3 else "succeeded"


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
    told = {"succeeded": len(said), "rejected": 0, "expired": 0}.get(status, 3)
    return tuple(
        Line(level=level, message=message, seconds=share * seconds)
        for level, message, share in said[:told]
    )


ERRORS = {
    "failed": (
        "La base del IVR no responde.",
        "OperationalError: database connection failed",
        "Verifique LEGACY_DATABASE_URL y repita la corrida.",
    ),
    "lost": (
        "Perdida: el worker ops-1:4313 dejó de dar señales.",
        "El proceso murió o el equipo se detuvo.",
        "Revise el servicio de workers y repita la corrida.",
    ),
    "rejected": ("Mejor después del cierre de mes.", "", ""),
}


def report(draw: Draw, at: datetime, back: int) -> Episode:
    """The analyst's report of the day before."""
    failed = below(draw, "report", back, 100) < 4
    rows = 24 + below(draw, "report rows", back, 8)
    end = Line(level="SUCCESS", message=f"Reporte listo: {rows} filas, PDF", seconds=3.2)
    return Episode(
        number=back * 240 + 91,
        operation="generate_report",
        person=ANALYST,
        origin="admin",
        status="failed" if failed else "succeeded",
        queued_at=at + timedelta(minutes=below(draw, "minute", back, 50)),
        seconds=3.2,
        params={"period": "yesterday", "format": "pdf"},
        lines=(
            Line(level="INFO", message="Métricas por día y cola", seconds=0.1),
            *(() if failed else (end,)),
        ),
        result=None if failed else {"rows": rows, "size_bytes": 41_000 + rows * 97},
        error=("Tiempo agotado tras 300 segundos.", "El reporte tardó más que su plazo.",
               "Pida menos días, o suba reportes.report_generation_timeout.")
        if failed else ("", "", ""),
    )  # fmt: skip


def retention(draw: Draw, at: datetime, back: int) -> Episode:
    """Sunday's retention."""
    rows = 900 + below(draw, "retention", back, 700)
    return Episode(
        number=back * 240 + 92,
        operation="apply_retention",
        person=TECHNICIAN,
        origin="schedule",
        status="succeeded",
        queued_at=at,
        seconds=8.5,
        params={"table": ""},
        lines=(
            Line(level="INFO", message="Eliminando...", seconds=0.5),
            Line(level="SUCCESS", message=f"{rows} registros eliminados", seconds=8.3),
            Line(level="INFO", message=f"Espacio liberado: {rows // 20} MB", seconds=8.4),
        ),
        result={"deleted": rows, "anonymised": 0, "freed": f"{rows // 20} MB"},
    )


def failed_import(at: datetime, back: int) -> Episode:
    """A file of memberships with a wrong line, and what was wrong with it."""
    why = "Fila 3: no existe el grupo «supervisor»."
    return Episode(
        number=back * 240 + 93,
        operation="import_usuariogrupo",
        person=ADMINISTRATOR,
        origin="admin",
        status="failed",
        queued_at=at,
        seconds=1.4,
        params={"upload": 0},
        lines=(Line(level="ERROR", message=why, seconds=1.2),),
        error=("1 fila no se puede importar: no se cambió nada.", why,
               "Corrija el archivo y súbalo de nuevo."),
        file=("errores.csv", f"fila,error\n3,{why}\n"),
    )  # fmt: skip
