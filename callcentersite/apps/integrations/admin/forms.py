"""What is asked about a client of the API, and about a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.days import UntilField
from callcentersite.apps.configuration.services import categories
from opsconsole import OperationError, registry
from opsconsole.states import ENDINGS, Status

from .. import clients, endpoints
from ..domain import scopes, targets
from ..models import ApiClient, WebhookEndpoint
from ..webhooks.words import refusal
from .words import scope_words

ENDED = [status for status in Status if status in ENDINGS]


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new client: which system, with whose rights, for what, until when."""

    account_name = forms.CharField(
        label=gettext_lazy("Cuenta"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "El nombre de la cuenta con cuyos permisos actúa: la suya, o una de servicio. Cree una "
            "para cada sistema, sin acceso al admin y sin contraseña."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Alcances"),
        widget=forms.CheckboxSelectMultiple,
        initial=scopes.USUAL,
        help_text=gettext_lazy(
            "Lo que el token permite, dentro de lo que la cuenta puede. Dé solo lo necesario."
        ),
    )
    expires_at = UntilField(
        label=gettext_lazy("Vence"),
        required=False,
        help_text=gettext_lazy("Último día en que vale. Vacío: hasta que alguien lo revoque."),
    )
    person: Any = None

    class Meta:
        model = ApiClient
        fields = ("nombre", "account_name", "scopes", "expires_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = scopes.all_scopes(categories())
        self.fields["scopes"].choices = [(one, scope_words(one)) for one in every]  # type: ignore[attr-defined]

    def clean_account_name(self) -> str:
        """An active account, that can do nothing which this person cannot."""
        name = self.cleaned_data["account_name"]
        account = get_user_model()._default_manager.filter(username=name, is_active=True).first()
        if account is None:
            raise forms.ValidationError(_("No hay una cuenta activa con ese nombre."))
        try:
            clients.require_giveable(account, self.person)
        except OperationError as error:
            raise forms.ValidationError(f"{error.message} {error.cause} {error.remedy}") from error
        self.account = account
        return str(name)


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]
    """A webhook: where to, and of what."""

    url = forms.CharField(
        label=gettext_lazy("Dirección"),
        max_length=targets.MOST_CHARACTERS,
        widget=forms.TextInput(attrs={"class": "vTextField", "placeholder": "https://"}),
        help_text=gettext_lazy(
            "Recibe un POST firmado. Debe ser https y pública, salvo que el equipo esté en "
            "WEBHOOK_ALLOWED_HOSTS. No se siguen redirecciones."
        ),
    )
    statuses = forms.MultipleChoiceField(
        label=gettext_lazy("Cuándo avisa"),
        choices=[(one.value, one.label) for one in ENDED],
        widget=forms.CheckboxSelectMultiple,
        initial=[Status.FAILED, Status.LOST, Status.MISSED],
        help_text=gettext_lazy("Los finales de una corrida de los que se avisa."),
    )
    operations = forms.MultipleChoiceField(
        label=gettext_lazy("De qué operaciones"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Ninguna marcada: de todas, también de las que se añadan."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("nombre", "url", "active", "statuses", "operations")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.name: one.title for one in registry.everything()}
        gone = {name: name for name in (self.instance.operations or []) if name not in known}
        self.fields["operations"].choices = [*known.items(), *gone.items()]  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        """An address to which something may be sent at all."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            targets.target_of(url, trusted_hosts=endpoints.trusted_hosts())
        except targets.BadTarget as error:
            raise forms.ValidationError(refusal(error)) from error
        return url
