"""The pages between a button and its effect: a question; afterwards what is told only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opsconsole import OperationError
from opsconsole.admin.pages import page, problem_page
from opsconsole.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a button of a row's page does: its address, what is asked, what the button says."""

    slug: str
    title: Text
    sentence: Text
    button: Text
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Something that is shown now and never again."""

    title: Text
    text: str
    sentences: tuple[Text, ...]
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How it went, in a sentence."""

    text: str
    went_well: bool = True


Deed = Callable[[HttpRequest, Any], Secret | Said]


def step_urls(
    modeladmin: ModelAdmin[Any], *steps: tuple[Step, Deed], key: str = "<int:pk>"
) -> list[URLPattern]:
    """An address beside the row's page for each of its buttons."""
    name = f"{modeladmin.opts.app_label}_{modeladmin.opts.model_name}"
    guarded = modeladmin.admin_site.admin_view
    return [
        path(
            f"{key}/{step.slug}/",
            guarded(step_view(modeladmin, step, deed)),
            name=f"{name}_{step.slug}",
        )
        for step, deed in steps
    ]


def step_view(modeladmin: ModelAdmin[Any], step: Step, deed: Deed) -> Callable[..., Any]:
    """A view that asks (GET) and does (POST); needs the right to change the row."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, pk: str) -> HttpResponseBase:
        if not request.user.has_perm(change_permission(modeladmin)):
            raise PermissionDenied
        row = get_object_or_404(modeladmin.model._default_manager, pk=pk)
        if request.method != "POST":
            return question_page(request, modeladmin, row, step)
        try:
            done = deed(request, row)
        except OperationError as error:
            return problem_page(request, error, title=step.title)
        modeladmin.log_change(request, row, str(step.title))
        if isinstance(done, Secret):
            return secret_page(request, done, back=address_of(row))
        level = messages.SUCCESS if done.went_well else messages.WARNING
        messages.add_message(request, level, done.text)
        return redirect(address_of(row))

    return view


def question_page(
    request: HttpRequest, modeladmin: ModelAdmin[Any], row: Any, step: Step
) -> HttpResponseBase:
    """What will happen, and the way back."""
    return page(
        request,
        "admin/integrations/question.html",
        title=step.title,
        step=step,
        row=row,
        opts=modeladmin.model._meta,
        list_url=reverse(f"admin:{url_name(row)}_changelist"),
        back=address_of(row),
    )


def secret_page(request: HttpRequest, secret: Secret, *, back: str) -> HttpResponseBase:
    """Shown once: it is in no session, no message and no log."""
    return page(
        request, "admin/integrations/secret.html", title=secret.title, secret=secret, back=back
    )


def only_save(row: Any) -> dict[str, bool]:
    """A new row's form has one button: what follows it is the secret, not another form."""
    if row is not None:
        return {}
    return {"show_save_and_add_another": False, "show_save_and_continue": False}


def change_permission(modeladmin: ModelAdmin[Any]) -> str:
    """``integrations.change_apiclient``."""
    return f"{modeladmin.opts.app_label}.change_{modeladmin.opts.model_name}"


def address_of(row: Any) -> str:
    """The row's page."""
    return reverse(f"admin:{url_name(row)}_change", args=[row.pk])


def url_name(row: Any) -> str:
    """``integrations_apiclient``."""
    return str(row._meta.label_lower.replace(".", "_"))


def once_only() -> str:
    """The warning that comes with every secret."""
    return _("Cópielo ahora: no se vuelve a mostrar. Si se pierde, se renueva.")
