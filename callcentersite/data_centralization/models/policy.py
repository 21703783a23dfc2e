"""For how long the rows of a target are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.configuration.domain.catalog import catalog

from .. import targets
from ..domain.terms import DEFAULT_FLOOR, LEAST_FLOOR, MOST_DAYS

DAYS = [MinValueValidator(LEAST_FLOOR), MaxValueValidator(MOST_DAYS)]


class RetentionPolicy(models.Model):
    """What is older than this many days is deleted, or made anonymous.

    Days are written here or read from a setting; fewer than the floor are refused wherever they
    come from, so that a slip of the pen cannot empty a table.
    """

    class Action(models.TextChoices):
        """What is done to old rows."""

        DELETE = targets.DELETE, _("eliminar")
        ANONYMISE = targets.ANONYMISE, _("anonimizar")

    name = models.SlugField(_("nombre"), max_length=60, unique=True)
    target = models.CharField(_("tabla"), max_length=60)
    action = models.CharField(
        _("acción"), max_length=10, choices=Action.choices, default=Action.DELETE
    )
    days = models.PositiveIntegerField(
        _("días"),
        null=True,
        blank=True,
        validators=DAYS,
        help_text=_("Se conserva lo que tenga como mucho esta edad."),
    )
    config_key = models.CharField(
        _("configuración"),
        max_length=80,
        blank=True,
        help_text=_("Clave que guarda los días, en lugar de escribirlos aquí."),
    )
    condition = models.CharField(
        _("condición"),
        max_length=40,
        blank=True,
        help_text=_("Solo las filas que además la cumplen."),
    )
    floor_days = models.PositiveIntegerField(
        _("mínimo de días"),
        default=DEFAULT_FLOOR,
        validators=DAYS,
        help_text=_("Con menos días la política no se guarda ni se aplica."),
    )
    archive = models.BooleanField(
        _("archivar"),
        default=False,
        help_text=_("Guarda lo eliminado durante un tiempo, para poder deshacerlo."),
    )
    archive_days = models.PositiveSmallIntegerField(
        _("días del archivo"),
        default=7,
        validators=[MinValueValidator(1)],
        help_text=_("Cuánto se guarda; mientras tanto se puede deshacer, si la tabla lo admite."),
    )
    max_rows = models.PositiveIntegerField(
        _("filas sin mirar"),
        null=True,
        blank=True,
        help_text=_(
            "Hasta cuántas filas puede eliminar una tarea programada con --force, sin más."
        ),
    )
    needs_approval = models.BooleanField(
        _("con aprobación"),
        default=False,
        help_text=_("Cada vez la aprueba una segunda persona."),
    )
    order = models.PositiveSmallIntegerField(_("orden"), default=100)
    active = models.BooleanField(_("activa"), default=True)

    class Meta:
        db_table = "retention_policies"
        verbose_name = _("política de retención")
        verbose_name_plural = _("políticas de retención")
        ordering = ["order", "name"]
        permissions = [
            ("import_retentionpolicy", _("Puede importar políticas de retención")),
            ("export_retentionpolicy", _("Puede exportar políticas de retención")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isnull=False, config_key="")
                | (Q(days__isnull=True) & ~Q(config_key="")),
                name="retention_days_or_key",
                violation_error_message=_("Indique los días o la configuración, y solo una cosa."),
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=F("floor_days"), days__lte=MOST_DAYS),
                name="retention_days_within_floor",
                violation_error_message=_("Los días son menos que el mínimo de la política."),
            ),
            models.CheckConstraint(
                condition=Q(floor_days__gte=LEAST_FLOOR, floor_days__lte=MOST_DAYS),
                name="retention_floor_at_least_one",
            ),
            models.CheckConstraint(
                condition=Q(archive=False) | Q(action="delete"),
                name="retention_archive_only_deleted",
                violation_error_message=_(
                    "Lo que se anonimiza no se archiva: el archivo guardaría los datos personales."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What the database cannot know: the target and what it offers."""
        target = targets.find(self.target)
        if target is None:
            raise ValidationError({"target": gettext("No existe esa tabla registrada.")})
        errors = dict(self._problems(target))
        if self.active and (rival := next(self.rivals(), None)):
            text = gettext("La política activa «%(name)s» ya trata estas filas.")
            errors["target"] = text % {"name": rival}
        if errors:
            raise ValidationError(errors)

    def rivals(self) -> Iterator[RetentionPolicy]:
        """Other active ones that would do the same to rows of this one."""
        same = RetentionPolicy.objects.filter(active=True, target=self.target, action=self.action)
        for other in same.exclude(name=self.name):
            if not (self.condition and other.condition and self.condition != other.condition):
                yield other

    def _problems(self, target: targets.Target) -> Any:
        if self.action not in target.actions:
            yield "action", gettext("La tabla no admite esta acción.")
        if self.condition and self.condition not in target.conditions:
            yield "condition", gettext("La tabla no ofrece esa condición.")
        if self.config_key and not is_days_key(self.config_key):
            yield "config_key", gettext("No es una configuración que guarde días.")
        if self.floor_days is not None and self.floor_days < target.least_days:
            text = gettext("La tabla exige un mínimo de %(days)s días.")
            yield "floor_days", text % {"days": target.least_days}
        if self.archive and target.person is not None:
            yield "archive", gettext("Guarda datos de personas: no se archiva, porque volverían.")
        elif self.archive and not (target.may_archive and target.alias == "default"):
            yield "archive", gettext("Esta tabla no se puede archivar.")
        if target.must_archive and not self.archive:
            yield "archive", gettext("Esta tabla se archiva siempre antes de eliminar.")


def is_days_key(clave: str) -> bool:
    """Whether the setting says for how many days something is kept."""
    return clave in catalog() and clave.endswith("retention_days")


def days_keys() -> list[tuple[str, str]]:
    """The settings that hold days, to choose from."""
    return [(clave, clave) for clave in catalog() if is_days_key(clave)]
