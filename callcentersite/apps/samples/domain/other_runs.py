"""What else ran: reports that people asked for, Sunday's retention, files that were refused."""

from datetime import datetime, timedelta

from .cast import ADMINISTRATOR, ANALYST, TECHNICIAN
from .drawing import Draw, below
from .episode import Episode, Line


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
