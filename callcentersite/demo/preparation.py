"""Databases, account and data: made the first time, kept every other time."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.etl.test_data import count_calls
from callcentersite.apps.samples import services as samples
from callcentersite.apps.users.models_permisos_granular import Funcion
from callcentersite.data_centralization.models import RetentionPolicy
from opsconsole import RunContext, ticking
from opsconsole.conf import setting
from opsconsole.management.base import Refusal

CALLS = 50_000
SEED = 1
LOGIN = PASSWORD = "admin"


def migrate() -> None:
    """Bring every database to the current schema."""
    call_command("migrate", verbosity=0, interactive=False)


def make_account() -> None:
    """admin/admin, only where nobody has an account yet: a database in use is not opened up."""
    accounts: Any = get_user_model()._default_manager
    if not accounts.exists():
        accounts.create_superuser(LOGIN, password=PASSWORD)


def login() -> str:
    """What to type at the login page."""
    account: Any = get_user_model()._default_manager.filter(username=LOGIN).first()
    if account is not None and account.check_password(PASSWORD):
        return f"{LOGIN} · {PASSWORD}"
    return _("la suya (ya había cuentas; no se creó admin)")


def seed() -> None:
    """Permissions, settings and policies, the first time; the demo keeps every line of its runs."""
    if not Funcion.objects.exists():
        call_command("seed_permisos_granular", verbosity=0)
    if not Configuracion.objects.exists():
        call_command("seed_configuraciones_default", verbosity=0)
        level = Configuracion.objects.get(clave="sistema.log_level")
        level.valor = "DEBUG"
        level.save()
    if not RetentionPolicy.objects.exists():
        call_command("seed_retention_policies", verbosity=0)


def calls_there() -> int:
    """How many demo calls the legacy database holds."""
    return count_calls(connections["legacy"])


def create_calls() -> None:
    """Make the demo calls; wait for an attempt that died half way to be declared lost."""
    deadline = time.monotonic() + setting("LOST_AFTER_SECONDS") + 5
    while True:
        try:
            call_command("create_test_data", calls=CALLS, seed=SEED, until=yesterday(), verbosity=0)
            return
        except Refusal as refusal:
            if refusal.returncode != 6 or time.monotonic() > deadline:
                raise
        time.sleep(1)
        ticking.tick()


def furnish(keys: Iterable[str]) -> None:
    """Parts of the demonstration beside the calls; what is there already stays as it is."""
    scene = samples.Scene(seed=SEED, until=yesterday(), ctx=RunContext(), awaits_workers=True)
    samples.make(keys, scene)


def yesterday() -> date:
    """The last full day: the home page shows the latest thirty."""
    return timezone.localdate() - timedelta(days=1)
