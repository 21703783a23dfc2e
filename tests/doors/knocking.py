"""Each door, as one function: ask for the operation there, and say whether it opened."""

import shlex
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callcentersite.apps.configuration.domain.catalog import categories
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.integrations.clients import create
from callcentersite.apps.integrations.domain.scopes import all_scopes
from opsconsole import Effect, registry, runner
from opsconsole.doors import terminal
from opsconsole.exceptions import NotAllowed
from opsconsole.masking import MASK
from opsconsole.models import JobRun, SealedPlan
from opsconsole.params import clean, command_line, complete
from opsconsole.programmes.orders import Order, launch
from tests.doors.examples import FILES

OPEN, SHUT = "open", "shut"
NO_SUCH_ACCOUNT = 2
NOT_ALLOWED = 4


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who asks for what; ``past`` is a run of it that somebody else asked for."""

    user: object
    browser: Client
    token: str
    operation: object
    values: dict
    past: JobRun

    @property
    def page(self):
        return reverse("admin:opsconsole_operation", args=[self.operation.name])

    def form(self):
        """The values as a browser sends them."""
        values = {name: value for name, value in self.values.items() if value is not False}
        return {name: "on" if value is True else value for name, value in values.items()}


def look_at_page(visit):
    return by_status(visit.browser.get(visit.page))


def launch_from_page(visit):
    return by_status(visit.browser.post(visit.page, visit.form()))


def confirm_on_page(visit):
    """With the very digest that the plan has: knowing it is no right."""
    if not visit.operation.has_plan():
        return launch_from_page(visit)
    if visit.operation.keeps_plan:
        return confirm_kept_plan(visit)
    plan = visit.operation.plan(clean(visit.operation.Params, visit.values))
    answer = {"plan_digest": plan.digest(), "typed_rows": str(plan.rows)}
    return by_status(visit.browser.post(visit.page, visit.form() | answer))


def confirm_kept_plan(visit):
    answer = by_status(visit.browser.post(kept_for(visit).get_absolute_url()))
    SealedPlan.objects.filter(run=None).delete()
    return answer


def kept_for(visit):
    """Her own plan, made while she still might."""
    values = clean(visit.operation.Params, visit.values)
    kept = runner.keep_plan(visit.operation, values, door=terminal())
    SealedPlan.objects.filter(pk=kept.pk).update(made_by_id=str(visit.user.pk))
    return kept


def act_on_selection(visit):
    """Every list that offers it as an action; without one, there is no such door."""
    answers = {
        by_action(visit, model)
        for model, modeladmin in admin.site._registry.items()
        if any(name_of(action) == visit.operation.name for action in modeladmin.actions or ())
    }
    return answers.pop() if answers else None


def by_action(visit, model):
    where = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    chosen = model._default_manager.values_list("pk", flat=True)[:1]
    data = {"action": f"operation_{visit.operation.name}", "_selected_action": list(chosen)}
    response = visit.browser.post(where, data)
    return OPEN if visit.page in response.content.decode() else SHUT


def name_of(action):
    return getattr(action, "__name__", "").removeprefix("operation_")


def type_command(visit):
    user = visit.user.get_username() or "nadie-de-aqui"
    words = shlex.split(command_line(visit.operation, visit.values))[2:]
    # A secret is not written into the line that people copy; she types it.
    words = [str(visit.values[before[2:]]) if word == MASK else word
             for before, word in zip(["", *words], words, strict=False)]  # fmt: skip
    force = ["--force"] if visit.operation.effect is Effect.DESTROYS else []
    with TemporaryDirectory() as folder, chdir(folder):
        Path("filas.csv").write_text(FILES.get(visit.operation.name, ""))
        return by_exit_code(*words, "--enqueue", "--as", user, *force)


def come_by_schedule(visit):
    order = Order(
        operation=visit.operation.name, params=visit.values, owner_id=str(visit.user.pk or "")
    )
    try:
        launch(order)
    except NotAllowed:
        return SHUT
    return OPEN


def write_schedule(visit):
    """Put it on a programme; what destroys, or begins with a file, is offered to nobody."""
    if visit.operation.effect is Effect.DESTROYS or visit.operation.begins_at:
        return None
    values = complete(visit.operation.Params, visit.values)
    own = {f"p_{name}": value for name, value in values.items() if value not in (None, False)}
    data = {
        "name": "de prueba", "operation": visit.operation.name, "on_missed": "skip",
        "schedule_type": "C", "cron": "0 2 * * 0", "active": "on", **own,
    }  # fmt: skip
    response = visit.browser.post(reverse("admin:django_q_schedule_add"), data)
    if response.status_code == 200 and "errorlist" in response.content.decode():
        return SHUT
    return by_status(response)


def repeat_run(visit):
    where = reverse("admin:opsconsole_jobrun_retry", args=[visit.past.pk])
    return by_status(visit.browser.post(where))


def repeat_run_at_terminal(visit):
    user = visit.user.get_username() or "nadie-de-aqui"
    if visit.operation.effect is Effect.DESTROYS:
        return None  # what destroys is planned anew
    return by_exit_code("console", "retry", str(visit.past.pk), "--enqueue", "--as", user)


def ask_the_api(visit):
    """With the digest of the plan where there is one: knowing it is no right."""
    body = {"params": visit.values}
    if visit.operation.keeps_plan:
        body["plan_digest"] = kept_for(visit).digest
    elif visit.operation.has_plan():
        plan = visit.operation.plan(clean(visit.operation.Params, visit.values))
        body |= {"plan_digest": plan.digest(), "rows": plan.rows}
    return by_answer(visit, reverse("api:launch", args=[visit.operation.name]), body)


def ask_the_api_for_the_plan(visit):
    if not visit.operation.has_plan():
        return None
    where = reverse("api:plan", args=[visit.operation.name])
    return by_answer(visit, where, {"params": visit.values})


def ask_the_api_to_repeat(visit):
    if visit.operation.effect is Effect.DESTROYS:
        return None  # what destroys is planned anew
    return by_answer(visit, reverse("api:retry", args=[visit.past.pk]), {})


def by_answer(visit, where, body):
    """What the API's answer means; one that says that nothing is to be done has opened."""
    response = Client().post(
        where, body, content_type="application/json", headers={"Authorization": visit.token}
    )
    SealedPlan.objects.filter(run=None).delete()
    if response.status_code in (401, 403, 404):
        return SHUT
    nothing = response.status_code == 400 and "No hay nada que hacer" in response.content.decode()
    assert response.status_code in (200, 202) or nothing, response.content.decode()
    return OPEN


def by_exit_code(*words):
    """What the terminal's answer means."""
    try:
        call_command(*words, stdout=StringIO())
    except CommandError as refusal:
        unknown = refusal.returncode == NO_SUCH_ACCOUNT and "No existe la cuenta" in str(refusal)
        assert unknown or refusal.returncode == NOT_ALLOWED, refusal
        return SHUT
    return OPEN


def by_status(response):
    """What the answer to a browser means."""
    to_login = response.status_code == 302 and "/login/" in response["Location"]
    if to_login or response.status_code in (401, 403, 404):
        return SHUT
    assert response.status_code in (200, 302), response.status_code
    return OPEN


def restore_by_action(visit):
    """The settings' own action, which does what the operation does with --restore."""
    if visit.operation.name != "seed_configuraciones_default":
        return None
    rows = Configuracion.objects.order_by("pk").values_list("pk", flat=True)[:1]
    data = {"action": "restore_defaults", "_selected_action": list(rows)}
    where = reverse("admin:configuration_configuracion_changelist")
    response = visit.browser.post(where, data)
    return OPEN if "Todavía no se ha cambiado nada." in response.content.decode() else SHUT


DOORS: dict[str, Callable[[Visit], str | None]] = {
    "page": look_at_page,
    "launch": launch_from_page,
    "confirm": confirm_on_page,
    "action": act_on_selection,
    "restoring action": restore_by_action,
    "command": type_command,
    "schedule": come_by_schedule,
    "programme form": write_schedule,
    "retry": repeat_run,
    "retry at the terminal": repeat_run_at_terminal,
    "API": ask_the_api,
    "API plan": ask_the_api_for_the_plan,
    "API retry": ask_the_api_to_repeat,
}


def browser_of(user):
    """A browser in which the person has logged in, if she is one."""
    client = Client()
    if not isinstance(user, AnonymousUser):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def token_of(user):
    """The header of a client that acts as the person, with every scope."""
    if isinstance(user, AnonymousUser):
        return "Bearer no-es-un-token"
    scopes = all_scopes(categories())
    _client, token = create(
        nombre=user.username, account=user, scopes=scopes, expires_at=None, by=user
    )
    return f"Bearer {token}"


def past_run(name, values):
    """One that the terminal asked for and that has ended."""
    operation = registry.get(name)
    if operation.keeps_plan:
        ended = {"status": "cancelled", "finished_at": timezone.now(), "requested_by": "otra"}
        return JobRun.objects.create(operation=name, origin="cli", params=values, **ended)
    run = runner.submit(operation, values, door=terminal(), enqueue=False)
    runner.cancel(run, door=terminal())
    return JobRun.objects.get(pk=run.pk)
