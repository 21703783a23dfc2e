"""The settings of the console, and every change that was made to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.acting import Source, current

from .domain.catalog import Entry, catalog, rule_for
from .domain.rules import Rule
from .domain.values import TYPES, BadValue, canonical, typed
from .domain.values import Value as TypedValue
from .models_backups import ConfiguracionBackup
from .querysets import ChangeManager, ConfiguracionManager, HistoryError
from .wording import refusal

__all__ = ["Configuracion", "ConfiguracionBackup", "ConfiguracionChange"]

TYPE_TITLES = {
    "integer": _("entero"),
    "boolean": _("sí o no"),
    "string": _("texto"),
    "float": _("decimal"),
    "json": _("JSON"),
}


class Configuracion(models.Model):
    """One setting: a key, its value as text, and what it may be.

    No way of writing stores a value that the key may not have: ``save()`` checks it, bulk writes
    go through ``save()``, fixtures through the same check. Every change leaves a row of history.
    """

    categoria = models.CharField(_("categoría"), max_length=50)
    clave = models.CharField(_("clave"), max_length=100, unique=True)
    valor = models.TextField(_("valor"), blank=True)
    tipo_dato = models.CharField(
        _("tipo de dato"), max_length=10, choices=[(one, TYPE_TITLES[one]) for one in TYPES]
    )
    unidad = models.CharField(_("unidad"), max_length=50, blank=True, default="")
    valor_default = models.TextField(_("valor por omisión"), blank=True, default="")
    descripcion = models.CharField(_("descripción"), max_length=255, blank=True, default="")
    activa = models.BooleanField(
        _("activa"), default=True, help_text=_("Inactiva, rige el valor por omisión.")
    )
    updated_by = models.CharField(_("cambiada por"), max_length=150, blank=True, editable=False)
    updated_at = models.DateTimeField(_("cambiada"), auto_now=True)

    objects = ConfiguracionManager()

    class Meta:
        db_table = "configuracion"
        ordering = ["categoria", "clave"]
        base_manager_name = "objects"
        verbose_name = _("parámetro de configuración")
        verbose_name_plural = _("configuraciones")
        permissions = [
            ("import_configuracion", _("Puede importar configuraciones")),
            ("export_configuracion", _("Puede exportar configuraciones")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(tipo_dato__in=TYPES), name="configuracion_tipo_dato"
            ),
            models.CheckConstraint(
                condition=~Q(tipo_dato="boolean") | Q(valor__in=("true", "false")),
                name="configuracion_boolean",
            ),
            models.CheckConstraint(
                condition=~Q(tipo_dato__in=("integer", "float", "json")) | ~Q(valor=""),
                name="configuracion_valor_presente",
            ),
            models.CheckConstraint(
                condition=Q(clave__startswith=Concat(F("categoria"), Value("."))),
                name="configuracion_clave_en_categoria",
            ),
        ]

    def __str__(self) -> str:
        return self.clave

    def natural_key(self) -> tuple[str]:
        """By its key: backups are loaded where the rows may have other numbers."""
        return (self.clave,)

    @property
    def entry(self) -> Entry | None:
        """The catalogue's entry; None for a key that the catalogue does not have."""
        return catalog().get(self.clave)

    @property
    def rule(self) -> Rule:
        """What the value may be."""
        return rule_for(self.clave, self.tipo_dato)

    @property
    def is_default(self) -> bool:
        """Whether the value is the default one."""
        return self.valor == self.valor_default

    def get_valor_typed(self) -> TypedValue:
        """The value as int, bool, str, float or JSON."""
        return typed(self.valor, self.tipo_dato)

    def clean(self) -> None:
        """Bring the values to their one form; raise ValidationError for what may not be."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.entry and self.tipo_dato != self.entry.tipo_dato:
            errors["tipo_dato"] = _("%(key)s: «%(value)s» no vale. Su tipo es %(type)s.") % {
                "key": self.clave,
                "value": self.tipo_dato,
                "type": self.entry.tipo_dato,
            }
        elif self.tipo_dato in TYPES:
            errors |= self._bring_to_form("valor")
            if self.valor_default != "":
                errors |= self._bring_to_form("valor_default")
        if not self.clave.startswith(f"{self.categoria}."):
            errors["clave"] = _("%(key)s: la clave empieza por su categoría: %(category)s.") % {
                "key": self.clave,
                "category": self.categoria or "–",
            }
        if errors:
            raise ValidationError(errors)

    def _bring_to_form(self, field: str) -> dict[str, Any]:
        try:
            value = canonical(
                self.clave, getattr(self, field), tipo_dato=self.tipo_dato, rule=self.rule
            )
        except BadValue as error:
            return {field: refusal(error, unidad=self.unidad)}
        setattr(self, field, value)
        return {}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Check, write, and write the change down, or nothing of it."""
        self.updated_by = current().person
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "updated_by", "updated_at"}
        with transaction.atomic(using=self._alias(kwargs)):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it and write that down, or nothing of it."""
        with transaction.atomic(using=self._alias(kwargs)):
            return super().delete(*args, **kwargs)

    def _alias(self, kwargs: dict[str, Any]) -> str:
        return kwargs.get("using") or router.db_for_write(type(self), instance=self)


class ConfiguracionChange(models.Model):
    """A change of a setting: what it was, what it became, who did it, from where.

    Keeps no foreign key to the setting: it outlives it. Written once, by ``recording``; nobody
    edits it. The key is random, so that a backup can be loaded beside newer changes.
    """

    class Action(models.TextChoices):
        CREATED = "created", _("creada")
        CHANGED = "changed", _("cambiada")
        DELETED = "deleted", _("eliminada")

    SOURCES = [
        (Source.PAGE, _("la página")),
        (Source.IMPORT, _("una importación")),
        (Source.RUN, _("una corrida")),
        (Source.COMMAND, _("un comando")),
        (Source.SHELL, _("la consola de Python")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clave = models.CharField(_("clave"), max_length=100)
    action = models.CharField(_("qué pasó"), max_length=10, choices=Action.choices)
    old_valor = models.TextField(_("valor anterior"), null=True)
    new_valor = models.TextField(_("valor nuevo"), null=True)
    other_fields = models.JSONField(
        _("otros campos"),
        default=dict,
        blank=True,
        help_text=_("Campo → lo que decía y lo que dice."),
    )
    person = models.CharField(_("quién"), max_length=150, blank=True)
    source = models.CharField(_("desde"), max_length=10, choices=SOURCES)
    detail = models.CharField(_("detalle"), max_length=100, blank=True)
    at = models.DateTimeField(_("cuándo"))

    objects = ChangeManager()

    class Meta:
        db_table = "configuracion_changes"
        ordering = ["-at", "-id"]
        base_manager_name = "objects"
        verbose_name = _("cambio de configuración")
        verbose_name_plural = _("cambios de configuración")
        indexes = [
            models.Index(fields=["-at"], name="configuracion_changes_at"),
            models.Index(fields=["clave", "-at"], name="configuracion_changes_clave"),
        ]

    def __str__(self) -> str:
        return f"{self.clave}: {self.old_valor or '–'} → {self.new_valor or '–'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise HistoryError()
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise HistoryError()
