"""The page between an admin action and its effect: whom, what, why; then a POST does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from opsconsole import OperationError
from opsconsole.admin.forms import admin_form
from opsconsole.admin.pages import page
from opsconsole.text import Text

CONFIRMED = "_confirmado"
MOST = 900  # each travels as a field of the form, and Django takes a thousand
SHOWN = 50
SHOWN_REFUSALS = 5


class ReasonForm(forms.Form):
    """What every change of rights wants to know."""

    motivo = forms.CharField(
        label=_("Motivo"),
        max_length=300,
        help_text=_("Queda en la historia, con su nombre y la hora."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the page asks, and what its button says."""

    action: str
    title: Text
    sentence: Text
    button: Text
    form: type[forms.Form] = ReasonForm
    danger: bool = False


Deed = Callable[[Any, dict[str, Any]], str]


def ask(
    modeladmin: ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    question: Question,
    deed: Deed,
) -> HttpResponseBase | None:
    """Show the form until it is complete; then do ``deed`` to each row and say what came of it."""
    count = rows.order_by()[: MOST + 1].count()
    if count > MOST:
        text = _("La selección es demasiado grande: el máximo es %(most)s.") % {"most": MOST}
        modeladmin.message_user(request, text, messages.ERROR)
        return None
    confirmed = CONFIRMED in request.POST
    form = question.form(request.POST if confirmed else None)
    if confirmed and form.is_valid():
        do_each(modeladmin, request, rows, deed, form.cleaned_data)
        return None
    return page(
        request,
        "admin/users/asking.html",
        title=question.title,
        question=question,
        opts=modeladmin.model._meta,
        rows=rows[:SHOWN],
        count=count,
        selected=rows.values_list("pk", flat=True),
        checkbox=ACTION_CHECKBOX_NAME,
        confirmed=CONFIRMED,
        form=form,
        adminform=admin_form(form),
    )


def do_each(
    modeladmin: ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    deed: Deed,
    values: dict[str, Any],
) -> None:
    """Each row by itself: one that is refused does not stop the others."""
    done: dict[str, int] = {}
    refusals: list[str] = []
    for row in rows:
        try:
            sentence = deed(row, values)
            done[sentence] = done.get(sentence, 0) + 1
        except OperationError as error:
            refusals.append(f"{row}: {error.message} {error.cause} {error.remedy}")
    for sentence, times in done.items():
        modeladmin.message_user(request, f"{sentence} ({times})", messages.SUCCESS)
    say(modeladmin, request, refusals)


def say(modeladmin: ModelAdmin[Any], request: HttpRequest, refusals: Sequence[str]) -> None:
    """The first refusals in full."""
    for refusal in refusals[:SHOWN_REFUSALS]:
        modeladmin.message_user(request, refusal, messages.WARNING)
    if len(refusals) > SHOWN_REFUSALS:
        rest = len(refusals) - SHOWN_REFUSALS
        text = _("Y %(count)s más, por lo mismo o algo parecido.") % {"count": rest}
        modeladmin.message_user(request, text, messages.WARNING)
