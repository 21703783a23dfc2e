"""Which calls somebody wants in a file: by local day, queue, ending, language, or by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.analytics.daily import bounds
from callcentersite.apps.analytics.models import Call, Disposition, Language
from callcentersite.apps.analytics.selectors import queue_choices
from callcentersite.apps.common import bulk

from ..domain.request import MOST_CALL_IDS, call_ids
from ..forms import CallIdsField

ALL = [("", _("Todas"))]


def every_queue() -> list[tuple[str, Any]]:
    """All of them together, then each."""
    return [*ALL, *queue_choices()]


class SelectionForm(forms.Form):
    """Each may be left out; together they narrow."""

    since = forms.DateField(
        label=_("Desde"),
        required=False,
        help_text=_("Primer día en que empiezan, AAAA-MM-DD."),
    )
    until = forms.DateField(
        label=_("Hasta"), required=False, help_text=_("Último día, incluido; AAAA-MM-DD.")
    )
    queue = forms.ChoiceField(
        label=_("Cola"), choices=every_queue, required=False, help_text=_("Solo esta cola.")
    )
    disposition = forms.ChoiceField(
        label=_("Resultado"),
        choices=[*ALL, *Disposition.choices],
        required=False,
        help_text=_("Solo las que terminaron así."),
    )
    language = forms.ChoiceField(
        label=_("Idioma"),
        choices=[*ALL, *Language.choices],
        required=False,
        help_text=_("Solo las de este idioma."),
    )
    call_ids = CallIdsField(
        label=_("Llamadas"),
        required=False,
        help_text=format_lazy(
            _("Solo estas llamadas: números separados por comas, hasta {most}."),
            most=MOST_CALL_IDS,
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse days that go backwards."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("since", _("«Desde» es posterior a «Hasta»."))
        return cleaned


def selected(params: Mapping[str, Any]) -> QuerySet[Call]:
    """The calls, the earliest first."""
    zone = ZoneInfo(settings.TIME_ZONE)
    calls = Call.objects.order_by("started_at", "pk")
    if params["since"]:
        calls = calls.filter(started_at__gte=bounds(params["since"], zone=zone)[0])
    if params["until"]:
        calls = calls.filter(started_at__lt=bounds(params["until"], zone=zone)[1])
    if params["call_ids"]:
        calls = calls.filter(pk__in=bulk.values(call_ids(params["call_ids"])))
    equal = {"queue_code": "queue", "disposition": "disposition", "language": "language"}
    return calls.filter(**{name: params[key] for name, key in equal.items() if params[key]})
