"""Old calls, policies, and the two ways to apply them."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization.models import RetentionPolicy
from opsconsole import registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.models import JobRun, Origin

BASE = {
    "ani": "+525512345678",
    "queue_code": "NA_VENTAS",
    "duration_s": 60,
    "wait_s": 10,
    "talk_s": 50,
    "disposition": "ANSWERED",
    "language": "es",
    "customer_id": 7,
    "notes": "pidió «factura» 100 % \\ ' \" \n y colgó",
    "recording_file": "2025/1.wav",
}


@pytest.fixture(autouse=True)
def quick_beats(settings, tmp_path):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05}
    settings.MEDIA_ROOT = str(tmp_path / "media")


def call(number, *, days, anonymised_days=None, **changes):
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
    gone = None if anonymised_days is None else timezone.now() - timedelta(days=anonymised_days)
    fields = {"started_at": began, "ended_at": began + timedelta(seconds=60), "anonymized_at": gone}
    return Call(call_id=number, **{**BASE, **fields, **changes})


@pytest.fixture
def calls(transactional_db):
    """``calls(range(1, 4), days=400)`` writes three calls of that age."""

    def calls(numbers, **how):
        return Call.objects.bulk_create([call(number, **how) for number in numbers])

    return calls


@pytest.fixture
def old_and_new(calls):
    """Ten calls made anonymous long ago, ninety that nobody may touch."""
    calls(range(1, 11), days=800, anonymised_days=400, ani=None, customer_id=None)
    calls(range(101, 191), days=20)


@pytest.fixture
def policy(transactional_db):
    """``policy(archive=True)``: delete calls that were made anonymous a year ago."""

    def policy(name="anonymized_data", **changes):
        fields = {"name": name, "target": name, "days": 365, "floor_days": 30}
        made = RetentionPolicy(**{**fields, **changes})
        made.full_clean()
        made.save()
        return made

    return policy


@pytest.fixture
def account(transactional_db, django_user_model):
    """Staff with these rights of the engine."""

    def account(name, *codenames):
        user = django_user_model.objects.create_user(name, password="clave-1", is_staff=True)
        for codename in codenames:
            user.user_permissions.add(Permission.objects.get(codename=codename))
        return django_user_model.objects.get(pk=user.pk)

    return account


@pytest.fixture
def operator(account):
    return account("operadora.1", "run_apply_retention", "run_undo_retention")


@pytest.fixture
def supervisor(account):
    return account("supervisor.1", "approve_jobrun", "view_jobrun", "run_apply_retention")


def door(user=None):
    return terminal() if user is None else Door(origin=Origin.ADMIN, user=user)


def shown(operation="apply_retention", *, user=None, **params):
    """A kept plan, as the page makes it."""
    declared = registry.get(operation)
    cleaned = declared.Params({**dict.fromkeys(declared.Params.base_fields), **params})
    assert cleaned.is_valid(), cleaned.errors
    return runner.keep_plan(declared, cleaned.cleaned_data, door=door(user))


def applied(kept, *, user=None, **how):
    """Confirm it and execute it here; return the run as it ended."""
    run = runner.apply(kept, door=door(user), enqueue=False, **how)
    runner.execute(run.pk)
    return JobRun.objects.get(pk=run.pk)


def command(*words, **options):
    """What a command prints."""
    out = StringIO()
    call_command(*words, stdout=out, stderr=out, no_color=True, **options)
    return out.getvalue()


def call_ids():
    return list(Call.objects.order_by("pk").values_list("pk", flat=True))
