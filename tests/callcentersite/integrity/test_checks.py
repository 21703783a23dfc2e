"""Every check: nothing in a clean database; its offender found, and mended where it can be."""

import pytest
from django.db import transaction

from callcentersite.apps.analytics.models import Call, DailyMetrics, StaleDay
from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.integrity import registry
from callcentersite.apps.notifications.models import Notification
from callcentersite.apps.users.models import PermisoExcepcional, UsuarioGrupo
from opsconsole import registry as operations
from opsconsole import runner
from opsconsole.doors import terminal
from opsconsole.models import JobRun
from tests.callcentersite.integrity.conftest import (
    PLOTS,
    a_membership_expired,
    an_exception_is_repeated,
    everything_found,
    found,
    the_audit_lost_its_end,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
OF_THEIR_OWN = {"notifications_without_recipient", "audit_chain_broken"}


def mend(model=""):
    """Plan, confirm, do; return the run as it ended."""
    kept = mend_plan(model)
    done = runner.apply(kept, door=terminal(), enqueue=False)
    runner.execute(done.pk)
    return JobRun.objects.get(pk=done.pk)


def mend_plan(model=""):
    operation = operations.get("mend_data_integrity")
    return runner.keep_plan(operation, {"model": model}, door=terminal())


def test_every_check_has_its_plot():
    assert set(PLOTS) == {one.name for one in registry.everything()} - OF_THEIR_OWN


def test_a_clean_database_has_nothing_to_tell(clean):
    assert everything_found() == {}


def test_every_offender_is_found_and_what_can_be_mended_is(clean, account):
    keys = {name: breaks(account) for name, (breaks, _is_mended) in PLOTS.items()}

    before = everything_found()
    assert {name: key for name, key in keys.items() if key not in before.get(name, [])} == {}

    run = mend()

    assert (run.status, run.error) == ("succeeded", "")
    mended = {name for name, (_breaks, is_mended) in PLOTS.items() if is_mended}
    assert set(run.result["checks"]) == mended
    assert run.result["mended"] == sum(len(before[name]) for name in mended)
    assert set(everything_found()) == set(PLOTS) - mended
    assert mend_plan().rows == 0


def test_a_chain_that_lost_its_end_is_found(clean):
    position = the_audit_lost_its_end()

    assert everything_found() == {"audit_chain_broken": [position]}


def test_a_message_without_an_account_is_found_and_goes(clean, account):
    ida = account("ida")
    kept = Notification.objects.create(recipient=account("ana"), subject="Hola")
    lost = Notification.objects.create(recipient=ida, subject="Hola")
    check = registry.find("notifications_without_recipient")

    with transaction.atomic():  # the database looks at its promise only at the end
        type(ida).objects.filter(pk=ida.pk)._raw_delete("default")
        assert found(check.name) == [lost.pk]
        assert check.mend.apply([lost.pk, kept.pk]) == 1

    assert list(Notification.objects.all()) == [kept]


def test_an_empty_catalogue_is_one_problem_with_its_way_out(transactional_db):
    assert everything_found() == {"catalog_functions_missing": ["–"]}


def test_mending_says_who_did_it_and_keeps_what_people_have(clean, account):
    an_exception_is_repeated(account)
    a_membership_expired(account)

    mend()

    assert PermisoExcepcional.objects.filter(anulado_el=None).count() == 1
    membership = UsuarioGrupo.objects.get()
    assert membership.revocado_el == membership.vence_el
    actions = AuditLog.objects.values_list("action", flat=True)
    assert {"exception_annulled", "group_revoked"} <= set(actions)


def test_a_mended_call_brings_its_day_along(clean):
    Call.objects.filter(pk=4).update(talk_s=400, duration_s=60)

    mend("analytics.Call")

    call, sums = Call.objects.get(pk=4), DailyMetrics.objects.get()
    assert (call.wait_s, call.talk_s, call.duration_s) == (10, 50, 60)
    assert (sums.talk_sum_s, sums.talk_max_s) == (500, 50)
    assert not StaleDay.objects.exists()


def test_a_drifted_setting_keeps_a_value_that_will_do(clean):
    PLOTS["settings_type_drifted"][0](None)

    mend("configuration.Configuracion")

    setting = Configuracion.objects.get(clave="seguridad.session_timeout")
    assert (setting.tipo_dato, setting.valor) == ("integer", setting.valor_default)


def test_a_day_that_is_to_be_rebuilt_anyway_is_no_problem(clean):
    DailyMetrics.objects.update(offered=12)
    StaleDay.objects.create(day="2026-10-05")

    assert found("daily_metrics_differ") == []
