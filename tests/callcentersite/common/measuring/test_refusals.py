"""What is refused, with nothing imported, executed or written by the attempt."""

import json
import sys
from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command

from callcentersite.apps.common.measuring.targets import deletes
from callcentersite.apps.users import seeding
from opsconsole import registry
from opsconsole.exceptions import BadInput, NotAllowed
from opsconsole.params import clean
from tests.callcentersite.users.conftest import join

from . import planted
from .conftest import said

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
CALCULATE = "callcentersite.apps.analytics.services.calculate_metrics"
FORBIDDEN_FUNCTIONS = {
    "the system": "os.system",
    "a process": "subprocess.run",
    "eval": "builtins.eval",
    "a module of the standard library that nobody has loaded": "turtle.mainloop",
    "the engine": "opsconsole.runner.submit",
    "Django": "django.core.management.call_command",
    "something imported into the services": "callcentersite.apps.analytics.services.settings",
    "an attribute of something in there": "callcentersite.apps.analytics.services.Call.objects.all",
    "something internal": "callcentersite.apps.analytics.services._internal",
    "what is not there": "callcentersite.apps.analytics.services.no_hay",
    "an app that is not there": "callcentersite.apps.no_hay.services.x",
    "another layer": "callcentersite.apps.analytics.models.Call",
    "a path": "../services.py",
    "code": "callcentersite.apps.analytics.services.x(); import os",
    "not registered": f"{planted.__name__}.not_registered",
}
FORBIDDEN_ENDPOINTS = {
    "elsewhere": "https://example.com/",
    "elsewhere without a scheme": "//example.com/",
    "another scheme": "file:///etc/passwd",
    "javascript": "javascript:alert(1)",
    "no beginning": "admin/",
    "upwards": "/admin/../etc/passwd",
    "logging out": "/admin/logout/",
    "logging out in other letters": "/admin/%6cogout/",
    "deleting": "/admin/users/grupopermiso/1/delete/",
    "deleting in other letters": "/admin/users/grupopermiso/1/%64elete/",
    "deleting behind a slash": "/admin/users/grupopermiso/1%2Fdelete/",
    "nobody answers": "/no/existe/",
    "nobody answers in the admin": "/admin/no/existe/",
    "nobody answers in the API": "/api/no/existe/",
    "a space": "/admin/ x",
    "a line break": "/admin/\nx",
}
FORBIDDEN_PARAMS = {
    "no JSON": "{no",
    "a list": "[1]",
    "a number": "7",
    "not a number": '{"a": NaN}',
    "too deep": '{"a": ' + "[" * 11 + "]" * 11 + "}",
    "far too deep": "[" * 60_000,
    "ten megabytes": json.dumps({"a": "x" * 10_000_000}),
}


def cleaned(**values):
    return clean(registry.get("profile_code").Params, values)


def refused(field, **values):
    """The sentences about the field."""
    with pytest.raises(BadInput) as refusal:
        cleaned(**values)
    return refusal.value.errors[field]


@pytest.mark.parametrize("function", FORBIDDEN_FUNCTIONS.values(), ids=FORBIDDEN_FUNCTIONS)
def test_a_function_outside_the_list_is_refused_and_nothing_imported(function):
    cleaned(function=CALCULATE)
    before = set(sys.modules)

    sentences = refused("function", function=function)

    assert sentences
    assert set(sys.modules) - before == set()
    assert planted.CALLED == []


@pytest.mark.parametrize("endpoint", FORBIDDEN_ENDPOINTS.values(), ids=FORBIDDEN_ENDPOINTS)
def test_an_address_that_is_not_to_be_measured_is_refused(endpoint):
    assert refused("endpoint", endpoint=endpoint)


@pytest.mark.parametrize("endpoint", ["/admin/login/", "/admin/password_change/"])
def test_no_password_is_tried_where_failures_are_rolled_back(endpoint):
    params = json.dumps({"username": "ana", "password": "clave-1"})

    assert cleaned(endpoint=endpoint)["method"] == "GET"
    assert refused("endpoint", endpoint=endpoint, method="POST", params=params)


@pytest.mark.parametrize(
    "params",
    [
        {"action": "delete_selected", "_selected_action": [1]},
        {"action": ["delete_selected"]},
        {"action": ["", "delete_selected"], "index": 1},
        {"action": {"delete_selected": 1}},
        {"links-0-DELETE": "on"},
    ],
)
def test_deleting_by_a_form_is_refused_however_it_is_written(params):
    values = {"endpoint": "/admin/users/user/", "method": "POST", "params": json.dumps(params)}

    assert refused("endpoint", **values)


def test_every_action_that_deletes_is_known(rf, ana):
    request = rf.get("/admin/")
    request.user = ana
    found = {
        name
        for one in admin.site._registry.values()
        for _do, name, label in one.get_actions(request).values()
        if str(label).startswith(("Eliminar", "Borrar", "Quitar"))
    }

    assert "erase" in found
    assert [name for name in found if not deletes({"action": name})] == []


@pytest.mark.parametrize("params", FORBIDDEN_PARAMS.values(), ids=FORBIDDEN_PARAMS)
def test_params_that_are_no_object_of_a_sensible_size_are_refused(params):
    assert refused("params", function=CALCULATE, params=params)


@pytest.mark.parametrize("iterations", ["0", "-1", "1001", "muchas", "1.5"])
def test_iterations_are_a_sensible_number(iterations):
    assert refused("iterations", endpoint="/limpia/", iterations=iterations)


@pytest.mark.parametrize(
    "values", [{}, {"endpoint": "/limpia/", "function": CALCULATE}], ids=["none", "two"]
)
def test_there_is_exactly_one_target(values):
    assert refused("__all__", **values)


def test_arguments_that_the_function_does_not_have_are_refused(switched_on, profile):
    run = profile(function=CALCULATE, params='{"nope": 1}')

    assert run.status == "failed"
    assert "start: datetime.date" in run.error_cause


# The output


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_command(output):
    call_command(
        "profile_code", endpoint="/limpia/", iterations=1, output=output, stdout=StringIO()
    )


def test_a_new_file_gets_the_report_and_nothing_else_does(switched_on, ana, folder):
    run_command("informe.txt")

    assert [path.name for path in folder.iterdir()] == ["informe.txt"]
    assert (folder / "informe.txt").read_text().startswith("Profiling endpoint: /limpia/ (GET)\n")


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "folder"])
def test_whatever_is_there_already_is_not_written_to(
    kind, switched_on, ana, folder, tmp_path_factory
):
    target = tmp_path_factory.mktemp("elsewhere") / "a.txt"
    if kind == "link":
        target.write_text("mío")
    {
        "file": lambda path: path.write_text("mío"),
        "link": lambda path: path.symlink_to(target),
        "dangling link": lambda path: path.symlink_to(target),
        "folder": lambda path: path.mkdir(),
    }[kind](folder / "x.txt")

    with pytest.raises(CommandError) as refusal:
        run_command("x.txt")

    assert refusal.value.returncode == 2
    assert "--output" in str(refusal.value)
    assert not target.exists() or target.read_text() == "mío"
    assert kind != "file" or (folder / "x.txt").read_text() == "mío"


@pytest.mark.parametrize("output", ["../x.txt", "/tmp/x.txt", "a/x.txt", "..", ".", "a\\\nb"])
def test_a_file_elsewhere_is_refused(output):
    assert refused("output", endpoint="/limpia/", output=output)


# Who, and when


def test_nothing_is_measured_while_it_is_switched_off(profile, ana):
    run = profile(endpoint="/limpia/", by=ana)

    assert (run.status, run.error) == ("failed", "El profiling está desactivado.")
    assert "sistema.enable_profiling" in run.error_cause


def test_in_production_somebody_says_why(settings):
    settings.PROFILING_NEEDS_REASON = True

    assert refused("reason", endpoint="/limpia/")
    assert cleaned(endpoint="/limpia/", reason="va lento")["reason"] == "va lento"


def test_silks_own_profiler_goes_first(switched_on, profile, ana, settings, monkeypatch):
    settings.SILKY_PYTHON_PROFILER = True
    monkeypatch.setattr("django.apps.apps.is_installed", lambda name: name == "silk")

    run = profile(endpoint="/limpia/", by=ana)

    assert run.error == "Ya hay otro profiler activo en este proceso."


def test_another_profiler_goes_first(switched_on, profile, ana):
    sys.setprofile(lambda *args: None)
    try:
        run = profile(endpoint="/limpia/", by=ana)
    finally:
        sys.setprofile(None)

    assert run.error == "Ya hay otro profiler activo en este proceso."


def test_a_slow_page_is_stopped_where_it_is(switched_on, profile, ana):
    run = profile(endpoint="/duerme/", by=ana, time_limit=1)

    assert (run.status, run.error) == ("failed", "La medición no terminó en 1 segundo.")
    assert planted.CALLED == ["sleeps"]


def test_so_is_a_query_without_end(switched_on, profile):
    run = profile(function=f"{planted.__name__}.endless_query", time_limit=1)

    assert (run.status, run.error) == ("failed", "La medición no terminó en 1 segundo.")
    assert planted.CALLED == ["asks"]


def test_a_page_is_measured_as_whoever_asks(switched_on, profile, colleague):
    run = profile(endpoint="/escribe/", method="POST", params='{"name": "x"}', by=colleague)

    assert run.status == "failed"  # submitting another operation takes a right
    assert planted.CALLED == [("x", "beto")]


def test_nobody_acts_as_somebody_else_without_the_right(switched_on, profile, colleague, ana):
    own = profile(endpoint="/limpia/", by=colleague, user="beto")
    another = profile(endpoint="/limpia/", by=colleague, user="ana")

    assert own.status == "succeeded"
    assert (another.status, another.error) == ("failed", "beto no puede medir como ana.")


def test_a_superuser_measures_as_anybody(switched_on, profile, ana, colleague):
    run = profile(endpoint="/limpia/", by=ana, user="beto")

    assert run.status == "succeeded"
    assert "As user: beto" in said(run)


def test_with_the_right_one_acts_as_others_but_never_as_a_superuser(
    switched_on, profile, colleague, ana, django_user_model
):
    django_user_model.objects.create_user("carla")
    seeding.seed(seeding.the_catalog(), say=lambda line: None)
    join(colleague, "administracion_usuarios")

    assert profile(endpoint="/limpia/", by=colleague, user="carla").status == "succeeded"
    assert profile(endpoint="/limpia/", by=colleague, user="ana").status == "failed"


def test_the_terminal_names_an_account_unless_only_one_can_be_meant(
    switched_on, profile, ana, django_user_model
):
    alone = profile(endpoint="/limpia/")
    django_user_model.objects.create_superuser("otra")
    ambiguous = profile(endpoint="/limpia/")

    assert "As user: ana" in said(alone)
    assert "indique --user" in ambiguous.error_cause


def test_whoever_may_not_measure_does_not(switched_on, profile, django_user_model):
    user = django_user_model.objects.create_user("carla", is_staff=True)

    with pytest.raises(NotAllowed):
        profile(endpoint="/limpia/", by=user)
