"""Several people, each in a browser of her own: what is set acts, and what is given shows."""

import pytest
from django.core.management import call_command

from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.users import granting
from callcentersite.apps.users.models import GrupoPermiso, UsuarioGrupo
from opsconsole.models import Approval, JobRun
from tests.browser.conftest import PASSWORD, keep
from tests.browser.test_live_console import STATE, shows
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])


@pytest.fixture
def seeded(transactional_db):
    call_command("seed_permisos_granular", verbosity=0)
    call_command("seed_configuraciones_default", verbosity=0)


@pytest.fixture
def person(django_user_model):
    """Make a member of the staff without any right."""

    def person(name):
        return django_user_model.objects.create_user(name, password=PASSWORD, is_staff=True)

    return person


def switch(page, clave, value):
    """As a person does: find it, open it, change it, save it."""
    page.goto(page.url.split("/admin/")[0] + f"/admin/configuration/configuracion/?q={clave}")
    page.click(f"text={clave}")
    page.check(f"input[name=valor][value={value}]")
    page.click("input[name=_save]")
    page.wait_for_selector(".messagelist .success")


def test_closing_the_console_for_maintenance_acts_at_once_and_opens_again(seeded, visit, person):
    person("ana")
    administrator, ana = visit("/admin/"), visit("/admin/", user="ana")

    switch(administrator, "sistema.maintenance_mode", "true")
    eventually(lambda: ana.goto(ana.url).status == 503, every=0.5, what="a closed console")
    keep(ana, "maintenance")
    switch(administrator, "sistema.maintenance_mode", "false")
    eventually(lambda: ana.goto(ana.url).status == 200, every=0.5, what="an open console")


def test_an_account_is_locked_by_wrong_passwords_and_unlocked_in_the_admin(seeded, visit, person):
    person("ana")
    stranger = visit("/admin/", user=None)

    for _attempt in range(4):
        stranger.fill("#id_username", "ana")
        stranger.fill("#id_password", "no-es-esta")
        with stranger.expect_navigation():
            stranger.click("[type=submit]")
        if not stranger.locator("#id_username").count():
            break
    keep(stranger, "locked-out")
    assert "bloqueada" in stranger.text_content("#content").lower()

    administrator = visit("/admin/access/failedlogin/")
    keep(administrator, "failed-logins")
    administrator.check("input[name=_selected_action]")
    administrator.select_option("select[name=action]", "unlock")
    administrator.click("button[name=index]")
    administrator.wait_for_selector(".messagelist .success")

    ana = visit("/admin/", user="ana")
    assert "Consola de operaciones" in ana.title()


def test_a_group_that_is_assigned_changes_what_its_member_sees(seeded, visit, person):
    user = person("ana")
    ana, administrator = visit("/admin/", user="ana"), visit("/admin/users/user/?q=ana")
    assert ana.locator("a[href='/admin/analytics/call/']").count() == 0

    administrator.check("input[name=_selected_action]")
    administrator.select_option("select[name=action]", "assign")
    administrator.click("button[name=index]")
    grupo = free_group()
    administrator.select_option("#id_grupo", str(grupo.pk))
    administrator.fill("#id_motivo", "Ingreso al área")
    keep(administrator, "assign-group")
    administrator.click(".btn.primary")
    administrator.wait_for_selector(".messagelist .success")

    ana.reload()
    keep(ana, "home-with-group")
    assert UsuarioGrupo.objects.get(usuario=user).asignado_por.username == "operadora.1"
    assert ana.locator("a[href='/admin/analytics/call/']").count() > 0


def free_group():
    """One that shows calls and waits for nobody."""
    code = "sistema.operaciones.llamadas.ver"
    groups = GrupoPermiso.objects.filter(activo=True, capacidades__codigo=code)
    return next(group for group in groups if not granting.needs_approval(group))


def test_a_second_person_approves_and_the_run_begins(seeded, visit, cluster, django_user_model):
    for name in ("ana", "berta"):
        django_user_model.objects.create_superuser(name, password=PASSWORD)
    ana = visit("/admin/operaciones/needs_two/", user="ana")
    ana.click(".ops-form .btn.primary")
    shows(ana, STATE, "Espera aprobación")
    keep(ana, "awaiting-approval")
    run = JobRun.objects.latest("pk")
    assert ana.locator(f"a[href='/admin/opsconsole/jobrun/{run.pk}/decidir/']").count() == 0

    berta = visit(f"/admin/opsconsole/jobrun/{run.pk}/decidir/", user="berta")
    berta.fill("#decision-reason", "De acuerdo")
    keep(berta, "decide")
    berta.click("button[value=approve]")

    shows(ana, STATE, "Terminó bien")
    approval = Approval.objects.get(run_id=run.pk)
    assert (approval.requested_by, approval.decided_by) == ("ana", "berta")


def test_a_wrong_value_is_refused_at_the_form_and_nothing_is_lost(seeded, visit):
    page = visit("/admin/configuration/configuracion/?q=session_timeout")

    page.click("text=seguridad.session_timeout")
    page.fill("#id_valor", "-5")
    page.click("input[name=_save]")
    page.wait_for_selector(".errorlist")
    keep(page, "bad-setting")

    assert page.input_value("#id_valor") == "-5"
    assert Configuracion.objects.get(clave="seguridad.session_timeout").valor == "900"
