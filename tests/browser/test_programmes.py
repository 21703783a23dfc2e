"""A programme from its page to its run, by a real cluster, beside one that is broken."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import Schedule

from opsconsole.models import JobRun, ProgrammeTerms
from tests.browser.conftest import keep
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])
LIST = "/admin/django_q/schedule/"


def test_a_programme_is_made_runs_by_itself_and_shows_how_it_went(visit, cluster):
    Schedule.objects.bulk_create(
        [Schedule(name="Ajeno", func="os.system", schedule_type="D", args="(")]
    )
    page = visit(LIST)
    page.click(".object-tools .addlink")
    keep(page, "programa-operacion")
    page.click("text=Contar despacio")
    page.fill("[name=name]", "Conteo de cada hora")
    page.fill("[name=p_steps]", "4")
    page.fill("[name=cron]", "0 * * * *")
    page.select_option("[name=zone]", "America/Tijuana")
    page.wait_for_selector("text=en America/Tijuana; aquí")
    keep(page, "programa-nuevo")
    page.click("[name=_continue]")
    page.wait_for_selector(".field-coming")
    keep(page, "programa")
    assert len(page.inner_text(".field-coming .readonly").split("\n")) == 5

    Schedule.objects.exclude(cron=None).update(next_run=timezone.now() - timedelta(seconds=1))
    run = eventually(
        lambda: JobRun.objects.filter(origin="schedule", status="succeeded").first(),
        seconds=30,
        what="the run of the programme",
    )

    assert run.result["counted"] == 4
    page.goto(page.url.split("/admin/")[0] + LIST)
    assert page.locator("text=✓ Terminó bien").count() == 1
    assert page.locator("text=▲ Suspendida").count() == 1
    assert page.locator("text=No lanza una operación registrada").count() == 1
    keep(page, "programas")
    narrow = visit(LIST, width=420, dark=True)
    keep(narrow, "programas-angosta")


def test_a_run_that_did_not_come_says_so_on_its_page(visit, operator):
    schedule = Schedule.objects.create(
        name="De noche", func="opsconsole.tasks.run_scheduled", schedule_type="H",
        next_run=timezone.now() - timedelta(hours=30),
        kwargs=repr({"operation": "count_slowly", "params": {}, "owner_id": str(operator.pk)}),
    )  # fmt: skip
    ProgrammeTerms.objects.create(schedule=schedule)
    from opsconsole.programmes.launching import look_after

    look_after(launch=False)
    page = visit(JobRun.objects.get(status="missed").get_absolute_url())

    assert "No se ejecutó 30 veces" in page.inner_text("main, #content")
    keep(page, "corrida-no-ejecutada")
