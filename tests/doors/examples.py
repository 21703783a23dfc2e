"""Parameters that each operation of the house accepts; one without an example fails the tests.

A function makes them in the world of the test, where they name something in it.
"""

from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.utils import timezone

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.archive.models import CallArchive
from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.etl.models import CallRejection
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole import registry, runner
from opsconsole.doors import terminal
from opsconsole.models import JobRun, SealedPlan

# One new row per kind of file.
FILES = {
    "import_configuracion": "clave,categoria,valor,tipo_dato\notra.x,otra,1,integer\n",
    "import_funcion": "nombre_completo,nombre,dominio,categoria\nsistema.x,x,sistema,x\n",
    "import_capacidad": "codigo,accion,nombre,nivel_riesgo\nsistema.x.ver,ver,Ver,bajo\n",
    "import_grupopermiso": "codigo,nombre,categoria,nivel_riesgo\nnuevo,Nuevo,x,bajo\n",
    "import_calls": "call_id,started_at,ended_at,duration_s,disposition,queue_code\n",
    "import_usuariogrupo": "usuario,grupo,motivo,vence_el\n",
}


def upload(name, world):
    """A file that has been sent for it."""
    content, model = ContentFile(FILES[name].encode()), registry.get(name).model_label()
    return {"upload": uploads.keep(content, name="filas.csv", sender=None, model=model).id}


def expired_call(world):
    """A policy, and a call that has outlived it."""
    RetentionPolicy.objects.create(
        name="anonymized_data", target="anonymized_data", days=365, floor_days=30, archive=True
    )
    Call.objects.update(anonymized_at=timezone.now() - timedelta(days=400))
    return {}


def archived_call(world):
    """A run that deleted it and can be undone; of the run only its number is left."""
    expired_call(world)
    operation = registry.get("apply_retention")
    kept = runner.keep_plan(operation, {"table": ""}, door=terminal())
    runner.execute(runner.apply(kept, door=terminal(), enqueue=False).pk)
    SealedPlan.objects.all().delete()
    JobRun.objects.all().delete()
    return {"run": RetentionRemoval.objects.get().run}


def repeated_rejection(world):
    """A refused row whose call is there."""
    call = Call.objects.first()
    CallRejection.objects.create(call_id=call.pk, reasons=["x"], raw={}, seen_at=timezone.now())
    return {"model": "etl.CallRejection"}


def old_call(world):
    """Calls that are old enough."""
    Call.objects.update(started_at=timezone.now() - timedelta(days=400))
    return {"days": 365}


def call_in_a_file(world):
    """The month that they were archived from."""
    operation = registry.get("archive_old_calls")
    kept = runner.keep_plan(operation, old_call(world), door=terminal())
    runner.execute(runner.apply(kept, door=terminal(), enqueue=False).pk)
    SealedPlan.objects.all().delete()
    JobRun.objects.all().delete()
    return {"month": f"{CallArchive.objects.get().month:%Y-%m}"}


EXAMPLES = {
    "archive_old_calls": old_call,
    "restore_archived_calls": call_in_a_file,
    "verify_call_archives": call_in_a_file,
    "apply_retention": expired_call,
    "backup_configuration": {},
    "create_test_data": {"calls": 10},
    "erase_person": {"phone": "5512345678"},
    "mend_data_integrity": repeated_rejection,
    "export_calls": {"format": "csv"},
    "monitor_validation": {},
    "generate_report": {"period": "yesterday", "format": "csv"},
    "profile_code": {"endpoint": "/admin/", "iterations": 1},
    "recalculate_metrics": {"dry_run": True},
    "reset_demo_data": {"calls": 10, "seed": 1},
    "run_etl": {"dry_run": True},
    "seed_configuraciones_default": {},
    "seed_permisos_granular": {},
    "seed_retention_policies": {},
    "setup_schedules": {"owner": "nadie"},  # the terminal has to name somebody
    "undo_retention": archived_call,
    "vacuum_tables": {},
    "validate_data_integrity": {"model": "analytics.Call"},
    **{name: partial(upload, name) for name in FILES},
}
