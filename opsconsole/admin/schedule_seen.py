"""Two people at one programme: whoever saves must have seen it as it is."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .programme_offer import terms_of

SEEN = "seen"


def state_of(schedule: Schedule) -> str:
    """A digest of what people say of it, and of whether it is on; its next time moves by itself."""
    terms = terms_of(schedule)
    said = (
        schedule.name, schedule.func, schedule.kwargs, schedule.schedule_type, schedule.cron,
        schedule.minutes, schedule.repeats == 0, terms.zone, terms.on_missed,
    )  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


class SeenField(forms.CharField):
    """Hidden: the programme's state when the form was made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=16, widget=forms.HiddenInput, **kwargs)


def require_seen(seen: str, schedule: Schedule) -> None:
    """Raise ValidationError where somebody, or the engine, has changed it since."""
    if schedule.pk is not None and seen and seen != state_of(schedule):
        raise forms.ValidationError(
            _(
                "Mientras usted tenía abierta esta página, la tarea programada cambió. "
                "Ábrala de nuevo para ver cómo está, y repita su cambio."
            )
        )
