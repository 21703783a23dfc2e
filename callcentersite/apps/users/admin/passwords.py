"""Passwords of accounts in the admin: where they are shown, set, and asked for anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.utils.translation import gettext_lazy as _

from .asking import Question

FIELDSETS = (
    (None, {"fields": ("username", "password", "must_change_password")}),
    *(UserAdmin.fieldsets or ())[1:3],
    (_("Fechas"), {"fields": ("password_set_at", "last_login", "date_joined")}),
)
FIRST = ("username", "usable_password", "password1", "password2", "must_change_password")
ADD_FIELDSETS = ((None, {"classes": ("wide",), "fields": FIRST}),)

ANOTHER_PASSWORD = Question(
    action="another_password",
    title=_("Pedir otra contraseña"),
    sentence=_(
        "En la próxima página que abran tendrán que elegir una contraseña nueva; hasta entonces no "
        "podrán hacer nada más."
    ),
    button=_("Pedirla"),
    form=forms.Form,
)


class ResetPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """As Django's; but a password that two people know is good for one login only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django puts its own text together at import, in whatever language that is.
        self.fields["usable_password"].help_text = _(
            "Sin contraseña, la cuenta pierde la de ahora y solo actúa por la API."
        )

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit=commit)
        user.must_change_password = user.has_usable_password()
        if commit:
            user.save(update_fields=["must_change_password"])
        return user
