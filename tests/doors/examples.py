"""Parameters that each operation of the house accepts; one without an example fails the tests."""

from datetime import timedelta

from django.utils import timezone

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole import registry, runner
from opsconsole.doors import terminal
from opsconsole.models import JobRun, SealedPlan


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


EXAMPLES = {
    "apply_retention": expired_call,
    "create_test_data": {"calls": 10},
    "erase_person": {"phone": "5512345678"},
    "run_etl": {"dry_run": True},
    "seed_configuraciones_default": {},
    "seed_permisos_granular": {},
    "seed_retention_policies": {},
    "undo_retention": archived_call,
    "vacuum_tables": {},
}
