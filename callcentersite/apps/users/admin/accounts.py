"""Accounts: who they are, and the actions that say what they may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.audit.services import Action, record, refusals, viewed
from callcentersite.apps.audit.viewing import PersonalDataAdmin
from callcentersite.apps.common.days import UntilField
from opsconsole import OperationError
from opsconsole.admin.paginator import CappedPaginator

from .. import granting
from ..models import GrupoPermiso, SolicitudAsignacion, User
from ..passwords import require_another
from ..reach import may_reset_password
from ..selectors import memberships_in_force
from .asking import Question, ReasonForm, ask
from .effective import effective_page
from .passwords import ADD_FIELDSETS, ANOTHER_PASSWORD, FIELDSETS, ResetPasswordForm
from .plain import NamedPermissions
from .refusing import RefusingAdmin

ONLY_SUPERUSERS = ("is_superuser", "groups", "user_permissions", "is_active")


class AssignForm(ReasonForm):
    """Which group, until when, and why."""

    grupo = forms.ModelChoiceField(
        GrupoPermiso.objects.filter(activo=True).order_by("nombre"),
        label=gettext_lazy("Grupo"),
        help_text=gettext_lazy(
            "Si el grupo, o algo que contiene, requiere aprobación, espera a una segunda persona."
        ),
    )
    vence_el = UntilField(
        label=gettext_lazy("Vence el"),
        required=False,
        help_text=gettext_lazy("Último día en que vale. Vacío: sin vencimiento."),
    )
    field_order = ("grupo", "vence_el", "motivo")


class RevokeForm(ReasonForm):
    """Which group, and why."""

    grupo = forms.ModelChoiceField(
        GrupoPermiso.objects.order_by("nombre"),
        label=gettext_lazy("Grupo"),
        help_text=gettext_lazy("Se retira a quienes lo tienen entre las cuentas seleccionadas."),
    )
    field_order = ("grupo", "motivo")


ASSIGN = Question(
    action="assign",
    title=gettext_lazy("Asignar un grupo"),
    sentence=gettext_lazy("Las cuentas podrán lo que el grupo puede, mientras la asignación dure."),
    button=gettext_lazy("Asignar"),
    form=AssignForm,
)
REVOKE = Question(
    action="revoke",
    title=gettext_lazy("Revocar un grupo"),
    sentence=gettext_lazy("Las cuentas dejan de tener desde ahora lo que el grupo les daba."),
    button=gettext_lazy("Revocar"),
    form=RevokeForm,
    danger=True,
)
SUSPEND = Question(
    action="suspend",
    title=gettext_lazy("Suspender cuentas"),
    sentence=gettext_lazy("Una cuenta suspendida no entra ni puede nada, hasta que se reactive."),
    button=gettext_lazy("Suspender"),
    form=forms.Form,
    danger=True,
)
REACTIVATE = Question(
    action="reactivate",
    title=gettext_lazy("Reactivar cuentas"),
    sentence=gettext_lazy("Las cuentas vuelven a poder lo que sus grupos y excepciones les dan."),
    button=gettext_lazy("Reactivar"),
    form=forms.Form,
)


class GroupFilter(admin.SimpleListFilter):
    """Those whom a group gives something now."""

    title = gettext_lazy("grupo")
    parameter_name = "grupo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        groups = GrupoPermiso.objects.filter(activo=True).order_by("nombre")
        return [(one.codigo, one.nombre) for one in groups]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        members = memberships_in_force(timezone.now()).filter(grupo__codigo=self.value())
        return queryset.filter(pk__in=members.values("usuario"))


@admin.register(User)
class CuentaAdmin(NamedPermissions, RefusingAdmin, PersonalDataAdmin, UserAdmin):  # type: ignore[type-arg]
    """Django's own, where only a superuser makes or touches a superuser."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_display = ("username", "full_name", "group_names", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", GroupFilter)
    change_form_template = "admin/users/account.html"
    actions = ("assign", "revoke", "suspend", "reactivate", "another_password")
    change_password_form = ResetPasswordForm
    change_user_password_template = "admin/users/change_password.html"  # noqa: S105
    fieldsets = FIELDSETS
    add_fieldsets = ADD_FIELDSETS
    readonly_fields = ("password_set_at",)

    # Who may

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.add_usuariogrupo"))

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.suspend_user"))

    def has_reactivate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.reactivate_user"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request.user, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The password has a button: only for whom it leads somewhere."""
        found = super().get_fieldsets(request, obj)
        if obj is None or self._may_set_password(request, obj):
            return found
        (title, first), *others = found
        fields = tuple(name for name in first["fields"] if name != "password")
        return ((title, {**first, "fields": fields}), *others)

    def _may_set_password(self, request: HttpRequest, obj: Any) -> bool:
        """As the page behind the button decides; one's own has another page."""
        if not self.has_change_permission(request, obj):
            return False
        own = obj.pk == request.user.pk
        return own or may_reset_password(request.user, obj, now=timezone.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, *ONLY_SUPERUSERS)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The first password is known to whoever makes the account."""
        return {"must_change_password": True, **super().get_changeform_initial_data(request)}

    def shows_personal_data(self, request: HttpRequest, obj: Any) -> bool:
        """One's own page tells nothing about another."""
        return bool(obj.pk != request.user.pk)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        in_force = memberships_in_force(timezone.now()).select_related("grupo")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("asignaciones", in_force, to_attr="vigentes"))
        )

    @admin.display(description=gettext_lazy("nombre"))
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "–"

    @admin.display(description=gettext_lazy("grupos"))
    def group_names(self, user: Any) -> str:
        return ", ".join(sorted(one.grupo.nombre for one in user.vigentes)) or "–"

    # What may be done with a selection

    @admin.action(description=gettext_lazy("Asignar un grupo…"), permissions=["assign"])
    def assign(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(user: User, values: dict[str, Any]) -> str:
            grant = granting.Grant(
                by=request.user,
                motivo=values["motivo"],
                now=timezone.now(),
                until=values["vence_el"],
            )
            made = granting.assign_group(user, values["grupo"], grant)
            if isinstance(made, SolicitudAsignacion):
                return _("Espera a que una segunda persona la apruebe")
            return _("Grupo asignado")

        return ask(self, request, rows, ASSIGN, deed)

    @admin.action(description=gettext_lazy("Revocar un grupo…"), permissions=["assign"])
    def revoke(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(user: User, values: dict[str, Any]) -> str:
            grant = granting.Grant(by=request.user, motivo=values["motivo"], now=timezone.now())
            membership = granting.current(user, values["grupo"]).first()
            if membership is None or not granting.revoke_group(membership, grant):
                raise OperationError(_("No tiene ese grupo."))
            return _("Grupo revocado")

        return ask(self, request, rows, REVOKE, deed)

    @admin.action(description=gettext_lazy("Suspender…"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(user: User, values: dict[str, Any]) -> str:
            switch(user, by=request.user, active=False)
            return _("Cuenta suspendida")

        return ask(self, request, rows, SUSPEND, deed)

    @admin.action(description=gettext_lazy("Reactivar…"), permissions=["reactivate"])
    def reactivate(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(user: User, values: dict[str, Any]) -> str:
            switch(user, by=request.user, active=True)
            return _("Cuenta reactivada")

        return ask(self, request, rows, REACTIVATE, deed)

    @admin.action(description=gettext_lazy("Pedir otra contraseña…"), permissions=["change"])
    def another_password(
        self, request: HttpRequest, rows: QuerySet[Any]
    ) -> HttpResponseBase | None:
        def deed(user: User, values: dict[str, Any]) -> str:
            if not may_touch(request.user, user):
                raise OperationError(_("Solo un superusuario cambia la cuenta de otro."))
            require_another(user, by=request.user)
            self.log_change(request, user, _("Se le pidió otra contraseña"))
            return _("Tendrá que elegir otra contraseña")

        return ask(self, request, rows, ANOTHER_PASSWORD, deed)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """As Django does, but nobody becomes her own second person by resetting a password.

        Her own is changed on the page that asks for the old one.
        """
        user = self.get_object(request, unquote(id))
        if user is not None and user.pk == request.user.pk and user.has_usable_password():
            return redirect("admin:password_change")
        if user is not None and not may_reset_password(request.user, user, now=timezone.now()):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    # What she may, and why

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<int:pk>/permisos/",
            self.admin_site.admin_view(self.effective_view),
            name="users_user_effective",
        )
        return [page, *super().get_urls()]

    def effective_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        user = User.objects.filter(pk=pk).first()
        if not self.has_view_permission(request, user):
            raise PermissionDenied
        if user is None:
            raise Http404
        if user.pk != request.user.pk:
            viewed(user, page="permisos")
        return effective_page(request, user)


def may_touch(person: Any, user: Any) -> bool:
    """A superuser's account is changed by superusers: its password would be theirs."""
    return user is None or not user.is_superuser or person.is_superuser


def switch(user: User, *, by: Any, active: bool) -> None:
    """Suspend or reactivate, where this person may."""
    action = Action.ACCOUNT_REACTIVATED if active else Action.ACCOUNT_SUSPENDED
    with refusals(action, user, by=by), transaction.atomic():
        granting.refuse_oneself(user, by)
        if not may_touch(by, user):
            raise OperationError(_("Solo un superusuario cambia la cuenta de otro."))
        User.objects.filter(pk=user.pk).update(is_active=active)
        record(action, user, by=by)
