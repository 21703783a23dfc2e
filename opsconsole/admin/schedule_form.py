"""The form of a programme: a registered operation with its own form, and a time that will come."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .. import params as parameters
from ..exceptions import BadInput
from ..models import OnMissed
from ..operations import Operation
from ..programmes.describing import TYPES
from ..programmes.orders import FUNCTION, Order, cron_problem, order_of
from ..programmes.timetable import next_after, times
from .forms import params_form
from .programme_offer import offered, terms_of
from .programme_times import as_cron, zone_choices
from .schedule_seen import SEEN, SeenField, require_seen, state_of

# Before the names of the operation's own fields.
OWN = "p_"
TIME_FIELDS = ("schedule_type", "cron", "minutes", "next_run", "zone")


class ScheduleForm(forms.ModelForm):
    """There is no function name in it: every programme goes through one launcher."""

    user: Any = None  # whoever fills it in; the admin sets it
    chosen: Operation | None = None  # whose form it shows; None: it is still to be chosen

    name = forms.CharField(
        label=_("Nombre"),
        required=False,
        max_length=100,
        help_text=_("Para reconocerla en la lista."),
    )
    operation = forms.ChoiceField(label=_("Operación"))
    schedule_type = forms.ChoiceField(label=_("Cuándo"), choices=TYPES, initial=Schedule.CRON)
    cron = forms.CharField(
        label=_("Cron"),
        required=False,
        help_text=_("Minuto, hora, día, mes y día de la semana: 0 2 * * 0."),
    )
    minutes = forms.IntegerField(label=_("Minutos"), required=False, min_value=1, max_value=32_767)
    next_run = forms.SplitDateTimeField(
        label=_("Próxima vez"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_(
            "En la hora del sitio. Vacío, la siguiente que corresponda. De cada día, cada semana y "
            "cada mes dice también la hora y el día."
        ),
    )
    zone = forms.ChoiceField(
        label=_("Zona horaria"),
        required=False,
        choices=zone_choices,
        help_text=_("Con qué reloj se lee el cron, también las noches en que cambia la hora."),
    )
    on_missed = forms.ChoiceField(
        label=_("Si no se pudo"),
        choices=OnMissed.choices,
        initial=OnMissed.SKIP,
        help_text=_("Qué se hace cuando a su hora no había workers. En todo caso se avisa."),
    )
    active = forms.BooleanField(label=_("Activa"), required=False, initial=True)
    seen = SeenField()

    class Meta:
        model = Schedule
        fields = ("name", "schedule_type", "cron", "minutes", "next_run")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order, terms = order_of(self.instance), terms_of(self.instance)
        self.initial.update(zone=terms.zone, on_missed=terms.on_missed)
        if self.instance.pk:
            self.initial["active"] = self.instance.repeats != 0
            self.initial[SEEN] = state_of(self.instance)
        else:
            self.initial["next_run"] = None
        self._choose(self.chosen, order)

    def _choose(self, operation: Operation | None, order: Order | None) -> None:
        """The operation, and its own fields; none of it yet, all those on offer."""
        choices = [operation] if operation else offered(self.user)
        self.fields["operation"].choices = [(one.name, one.title) for one in choices]  # type: ignore[attr-defined]
        if operation is None:
            return
        self.initial["operation"] = operation.name
        kept = order.params if order and order.operation == operation.name else {}
        for name, field in params_form(operation).fields.items():
            if name not in operation.sensitive:
                self.fields[OWN + name] = field
                self.initial[OWN + name] = kept.get(name, parameters.initial(field))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        require_seen(cleaned.get(SEEN, ""), self.instance)
        self._clean_time(cleaned)
        if self.chosen is not None and not self.errors:
            self._clean_params(self.chosen, cleaned)
        return cleaned

    def _clean_time(self, cleaned: dict[str, Any]) -> None:
        kind, at = cleaned.get("schedule_type"), cleaned.get("next_run")
        if kind == Schedule.CRON:
            problem = cron_problem(cleaned.get("cron") or "")
            if problem:
                self.add_error("cron", problem)
        elif kind == Schedule.MINUTES and cleaned.get("minutes", 1) is None:
            self.add_error("minutes", _("Indique cada cuántos minutos."))
        elif kind not in (Schedule.HOURLY, Schedule.MINUTES) and "next_run" in cleaned:
            if at is None:
                self.add_error("next_run", _("Indique el día y la hora."))
            elif kind == Schedule.ONCE and at <= timezone.now() and cleaned.get("active"):
                self.add_error("next_run", _("Esa hora ya pasó."))

    def _clean_params(self, operation: Operation, cleaned: dict[str, Any]) -> None:
        own = {name: cleaned[OWN + name] for name in self.own_fields()}
        values = parameters.to_json(own)
        try:
            accepted = parameters.to_json(parameters.clean(operation.Params, values))
        except BadInput as error:
            for name, sentences in error.errors.items():
                for sentence in sentences:
                    self.add_error(OWN + name if name in own else None, sentence)
            return
        start = parameters.to_json(
            {name: parameters.initial(operation.Params.base_fields[name]) for name in own}
        )
        # Only what was said: a default that changes later changes the programme as well.
        cleaned["params"] = {
            name: accepted[name]
            for name in own
            if accepted[name] != start[name]
            and not (parameters.is_empty(accepted[name]) and parameters.is_empty(start[name]))
        }

    def own_fields(self) -> list[str]:
        """The names of the operation's fields."""
        return [name.removeprefix(OWN) for name in self.fields if name.startswith(OWN)]

    def save(self, commit: bool = True) -> Any:
        schedule, cleaned = self.instance, self.cleaned_data
        order = Order(
            operation=cleaned["operation"],
            params=cleaned.get("params", {}),
            owner_id=str(self.user.pk),
        )
        schedule.func, schedule.args, schedule.hook = FUNCTION, None, None
        schedule.kwargs, schedule.intended_date_kwarg = order.as_text(), None
        schedule.repeats = -1 if cleaned["active"] else 0
        self._set_time(schedule, ZoneInfo(cleaned["zone"] or timezone.get_default_timezone_name()))
        return super().save(commit)

    def _set_time(self, schedule: Schedule, zone: ZoneInfo) -> None:
        """A day, a week, a month by the wall are crons; a time that is past is the next one."""
        now, at = timezone.now(), schedule.next_run
        text = as_cron(schedule.schedule_type, at, zone=zone)
        if text:
            schedule.schedule_type, schedule.cron = Schedule.CRON, text
        if schedule.schedule_type == Schedule.ONCE or self._is_wished(at, now=now):
            return
        # Left empty, an interval keeps its beat.
        schedule.next_run = at or self.initial.get("next_run")
        schedule.next_run = next_after(schedule, zone=zone, now=now) or now

    def coming(self, *, count: int = 5) -> list[datetime]:
        """The next times of what is filled in so far; raises ValidationError with what is not."""
        wrong = [str(text) for name in TIME_FIELDS for text in self.errors.get(name, ())]
        if wrong:
            raise forms.ValidationError(wrong)
        schedule = self.instance
        zone = ZoneInfo(self.cleaned_data["zone"] or timezone.get_default_timezone_name())
        self._set_time(schedule, zone)
        later = islice(times(schedule, zone=zone, after=schedule.next_run), count - 1)
        return [timezone.localtime(moment, zone) for moment in (schedule.next_run, *later)]

    def _is_wished(self, at: datetime | None, *, now: datetime) -> bool:
        """Whether somebody wrote a time that is still to come."""
        return at is not None and at > now and "next_run" in self.changed_data
