"""What the tests of the pipeline look at: everything it may write, as plain values."""

from callcentersite.apps.analytics.models import Agent, Call, DailyMetrics, Queue, StaleDay
from callcentersite.apps.etl.jobs import run_etl
from callcentersite.apps.etl.models import CallRejection, EtlWatermark
from opsconsole import RunContext

GUIDE = [
    "Iniciando proceso ETL...",
    "Extrayendo datos de base legacy...",
    "Extraccion completada: {read} registros",
    "Transformando datos...",
    "Transformacion completada: {valid} registros validos",
    "Cargando datos a analytics...",
    "Carga completada: {inserted} registros insertados",
    "Proceso ETL ejecutado correctamente",
]


def run(*, run_id=None, attempt=1, **params):
    """Run the ETL; return its result."""
    return run_etl(params, RunContext(run_id=run_id, attempt=attempt))


def call_ids():
    return list(Call.objects.order_by("pk").values_list("pk", flat=True))


def rejected_ids():
    return list(CallRejection.objects.order_by("pk").values_list("pk", flat=True))


def everything():
    """All that a run may write, but for the time at which it last looked."""
    tables = (Call, CallRejection, Queue, Agent, StaleDay)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables} | {
        "DailyMetrics": list(DailyMetrics.objects.order_by("day", "queue").values()),
        "EtlWatermark": list(EtlWatermark.objects.values("name", "updated_at", "call_id")),
    }


def watermark():
    return EtlWatermark.objects.get(pk="ivr_calls").updated_at
