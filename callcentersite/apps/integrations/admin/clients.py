"""Clients of the API: created, renewed and revoked here; the token is shown once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.browsing import BrowseOnlyAdmin

from .. import clients
from ..models import ApiClient
from .filters import ClientStateFilter
from .forms import ClientForm
from .steps import (
    Said,
    Secret,
    Step,
    change_permission,
    once_only,
    only_save,
    secret_page,
    step_urls,
)
from .words import client_chip, rendered, scope_words

ROTATE = Step(
    slug="renovar",
    title=gettext_lazy("Renovar el token"),
    sentence=gettext_lazy(
        "El token de ahora deja de valer en el acto, y el nuevo se muestra una sola vez."
    ),
    button=gettext_lazy("Renovar el token"),
)
REVOKE = Step(
    slug="revocar",
    title=gettext_lazy("Revocar el cliente"),
    sentence=gettext_lazy(
        "Su token deja de valer en el acto y para siempre. Sus corridas siguen en la historia."
    ),
    button=gettext_lazy("Revocar"),
    danger=True,
)


@admin.register(ApiClient)
class ApiClientAdmin(BrowseOnlyAdmin):
    """Nobody edits a client: what it may do is what was decided when it was made."""

    keeps_history = True
    list_display = ("nombre", "state", "account", "scope_count", "last_used_at", "expires_at")
    list_select_related = ("account",)
    list_filter = (ClientStateFilter,)
    search_fields = ("nombre", "account__username", "=prefix")
    search_help_text = gettext_lazy("Parte del nombre o de la cuenta, o el prefijo del token.")
    ordering = ("nombre",)
    change_form_template = "admin/integrations/client.html"
    fields = (
        "nombre", "state", "account", "scope_list", "prefix", "created_by", "created_at",
        "rotated_at", "last_used_at", "expires_at", "revoked_at", "revoked_by",
    )  # fmt: skip

    class Media:
        css = {"all": ("callcentersite/integrations.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("integrations.add_apiclient"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ClientForm.Meta.fields if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any):  # type: ignore[no-untyped-def]
        if obj is not None:
            return super().get_form(request, obj, change, **kw)
        return type("ClientFormOfPerson", (ClientForm,), {"person": request.user})

    @admin.display(description=gettext_lazy("estado"))
    def state(self, client: ApiClient) -> SafeString:
        return rendered(client_chip(client, now=timezone.now()))

    @admin.display(description=gettext_lazy("alcances"))
    def scope_count(self, client: ApiClient) -> int:
        return len(client.scopes)

    @admin.display(description=gettext_lazy("alcances"))
    def scope_list(self, client: ApiClient) -> SafeString:
        return format_html_join("", "<p>{}</p>", ((scope_words(one),) for one in client.scopes))

    # What may be done

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the one place that makes tokens."""
        client, token = clients.create(
            nombre=obj.nombre,
            account=form.account,
            scopes=form.cleaned_data["scopes"],
            expires_at=form.cleaned_data["expires_at"],
            by=request.user,
        )
        obj.pk = client.pk
        request.new_token = token  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        title = _("Token de «%(name)s»") % {"name": obj}
        back = reverse("admin:integrations_apiclient_change", args=[obj.pk])
        shown = token_secret(title, request.new_token)  # type: ignore[attr-defined]
        return secret_page(request, shown, back=back)  # type: ignore[return-value]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        client = kw.get("obj")
        may = request.user.has_perm(change_permission(self))
        context["steps"] = [ROTATE, REVOKE] if may and client and not client.revoked_at else []
        return super().render_change_form(request, context | only_save(kw.get("obj")), *args, **kw)

    def get_urls(self) -> list[URLPattern]:
        def rotate(request: HttpRequest, client: ApiClient) -> Secret:
            title = _("Token nuevo de «%(name)s»") % {"name": client}
            return token_secret(title, clients.rotate(client, by=request.user))

        def revoke(request: HttpRequest, client: ApiClient) -> Said:
            clients.revoke(client, by=request.user)
            return Said(text=_("«%(name)s» quedó revocado.") % {"name": client})

        own = step_urls(self, (ROTATE, rotate), (REVOKE, revoke))
        return [*own, *super().get_urls()]


def token_secret(title: str, token: str) -> Secret:
    """A token with what to do with it."""
    address = settings.OPSCONSOLE["SITE_URL"] + reverse("api:configuration")
    return Secret(
        title=title,
        text=token,
        sentences=(once_only(), _("Va en cada solicitud, nunca en una dirección:")),
        example=f'curl -H "Authorization: Bearer $TOKEN" {address}',
    )
