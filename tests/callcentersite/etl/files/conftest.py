"""Files of calls, and what they are loaded into."""

import csv
import io

import pytest
from django.core.files.base import ContentFile

from callcentersite.apps.analytics.models import Queue
from callcentersite.apps.common.interchange import uploads
from opsconsole import registry, runner
from opsconsole.doors import terminal
from tests.conftest import GOOD_CALL, good_call

HEAD = [name for name in GOOD_CALL if name != "wait_s"]


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def queues(transactional_db):
    Queue.objects.create(code="NA_VENTAS", name="Ventas", segment="nacional_a", sla_seconds=20)


def csv_of(*changes, head=HEAD, separator=","):
    """A row per change of a good call; the text of the file."""
    rows = [good_call(number) | change for number, change in enumerate(changes, 1)]
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator)
    writer.writerow(head)
    writer.writerows([row.get(name) for name in head] for row in rows)
    return target.getvalue()


def imported(content, *, name="llamadas.csv", **values):
    """The run that imports it, ended."""
    data = content.encode() if isinstance(content, str) else content
    upload = uploads.keep(ContentFile(data), name=name, sender=None, model="analytics.call")
    values = {"upload": upload.id, **values}
    run = runner.submit(registry.get("import_calls"), values, door=terminal(), enqueue=False)
    return runner.execute(run.pk).run
