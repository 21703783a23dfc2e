"""The form of a programme: a registered operation, parameters it accepts, a time that will come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .. import params as parameters
from .. import permissions, registry
from ..exceptions import BadInput
from ..operations import Effect, Operation
from ..schedules import FUNCTION, Order, cron_problem, following, order_of

# Without the ones that exist twice in other words.
TYPES = [
    (Schedule.CRON, _("Cron")),
    (Schedule.MINUTES, _("Cada tantos minutos")),
    (Schedule.HOURLY, _("Cada hora")),
    (Schedule.DAILY, _("Cada día")),
    (Schedule.WEEKLY, _("Cada semana")),
    (Schedule.MONTHLY, _("Cada mes")),
    (Schedule.ONCE, _("Una sola vez")),
]


class ScheduleForm(forms.ModelForm):
    """There is no function name in it: every programme goes through one launcher."""

    user: Any = None  # whoever fills it in; the admin sets it

    name = forms.CharField(
        label=_("Nombre"),
        required=False,
        max_length=100,
        help_text=_("Para reconocerlo en la lista."),
    )
    operation = forms.ChoiceField(label=_("Operación"))
    params = forms.JSONField(
        label=_("Parámetros"),
        required=False,
        initial=dict,
        help_text=_('Un objeto JSON con los nombres de los parámetros: {"batch_size": 50000}.'),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    schedule_type = forms.ChoiceField(label=_("Cuándo"), choices=TYPES, initial=Schedule.CRON)
    cron = forms.CharField(
        label=_("Cron"),
        required=False,
        help_text=_("Minuto, hora, día, mes y día de la semana, en la hora local: 0 2 * * 0."),
    )
    minutes = forms.IntegerField(label=_("Minutos"), required=False, min_value=1, max_value=32_767)
    next_run = forms.SplitDateTimeField(
        label=_("Próxima vez"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_("Vacío: la siguiente que corresponda."),
    )
    active = forms.BooleanField(label=_("Activo"), required=False, initial=True)

    class Meta:
        model = Schedule
        fields = ("name", "schedule_type", "cron", "minutes", "next_run")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operation"].choices = [  # type: ignore[attr-defined]
            (one.name, one.title) for one in offered(self.user)
        ]
        order = order_of(self.instance)
        if self.instance.pk:
            self.initial["active"] = self.instance.repeats != 0
        else:
            self.initial["next_run"] = None
        if order is not None:
            self.initial["operation"] = order.operation
            self.initial["params"] = order.params

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._clean_time(cleaned)
        operation = registry.find(cleaned.get("operation") or "")
        if operation is not None and "params" in cleaned:
            self._clean_params(operation, cleaned)
        return cleaned

    def _clean_time(self, cleaned: dict[str, Any]) -> None:
        kind = cleaned.get("schedule_type")
        if kind == Schedule.CRON:
            problem = cron_problem(cleaned.get("cron") or "")
            if problem:
                self.add_error("cron", problem)
        elif kind == Schedule.MINUTES and cleaned.get("minutes", 1) is None:
            self.add_error("minutes", _("Indique cada cuántos minutos."))

    def _clean_params(self, operation: Operation, cleaned: dict[str, Any]) -> None:
        values = cleaned["params"] or {}
        if not isinstance(values, dict):
            self.add_error("params", _("Se espera un objeto JSON: {…}."))
            return
        if any(values.get(name) for name in operation.sensitive):
            self.add_error("params", _("Un programa no puede guardar parámetros confidenciales."))
            return
        try:
            accepted = parameters.clean(operation.Params, values)
        except BadInput as error:
            for sentence in error.sentences():
                self.add_error("params", sentence)
            return
        # Only what was said: a default that changes later changes the programme as well.
        kept = {name: accepted[name] for name in values}
        cleaned["params"] = parameters.to_json(kept)

    def save(self, commit: bool = True) -> Any:
        schedule, cleaned = self.instance, self.cleaned_data
        order = Order(
            operation=cleaned["operation"],
            params=cleaned["params"] or {},
            owner_id=str(self.user.pk),
        )
        schedule.func, schedule.args, schedule.hook = FUNCTION, None, None
        schedule.kwargs, schedule.intended_date_kwarg = order.as_text(), None
        schedule.repeats = -1 if cleaned["active"] else 0
        if schedule.next_run is None or "cron" in self.changed_data:
            schedule.next_run = first_time(schedule)
        return super().save(commit)


def offered(user: Any) -> list[Operation]:
    """What this person may put on a programme: of what destroys only what keeps its plan.

    Nobody reads that one, so it is applied within its limits or not at all (``limits``).
    """
    return [
        one
        for one in permissions.runnable(user)
        if one.effect is not Effect.DESTROYS or one.keeps_plan
    ]


def first_time(schedule: Schedule) -> Any:
    """The first time of a new programme, or of one whose cron has changed."""
    now = timezone.now()
    return following(schedule, now) if schedule.schedule_type == Schedule.CRON else now
