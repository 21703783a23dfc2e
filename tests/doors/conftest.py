"""A site with some calls and rejections, and as it is after a week."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from callcentersite.apps.configuration.domain.catalog import catalog
from callcentersite.apps.configuration.services import create
from opsconsole.models import JobRun
from opsconsole.permissions import create_run_permissions
from tests.doors.world import populate


@pytest.fixture
def world(legacy_calls, transactional_db):
    """Calls, rejections and their figures, a setting; nothing was run yet."""
    create_run_permissions(apps.get_app_config("opsconsole"), using="default")
    legacy_calls({}, {"ended_at": None})
    call_command("run_etl", stdout=StringIO())
    JobRun.objects.all().delete()
    create(catalog()["seguridad.session_timeout"])


@pytest.fixture
def a_week_later(world, admin_user):
    """One of everything that the admin lists."""
    populate(admin_user)
    return admin_user
