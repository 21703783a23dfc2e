"""Plans that are kept: shown once, valid for an hour, used by one run."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from . import params as parameters
from .conf import ops_alias, setting
from .doors import Door
from .exceptions import OperationError, UnknownPlan, UnusablePlan
from .models import JobRun, SealedPlan
from .operations import Operation
from .plans import Plan
from .sealing import seal, unseal
from .states import ENDINGS

MOST_AT_ONCE = 100


def keep(
    operation: Operation,
    plan: Plan,
    *,
    door: Door,
    params: dict[str, Any],
    secrets: dict[str, Any],
) -> SealedPlan:
    """Write the plan down, by the database's clock; its seal goes to the storage."""
    kept = SealedPlan(
        operation=operation.name,
        params=params,
        sealed_params=seal(secrets),
        digest=plan.digest(),
        rows=plan.rows,
        content=content_in(settings.LANGUAGE_CODE, plan) | in_other_languages(plan),
        fixed=plan.fixed,
        made_by=door.person,
        made_by_id=None if door.user is None else str(door.user.pk),
        made_at=Now(),
        expires_at=Now() + timedelta(minutes=setting("PLAN_MINUTES")),
    )
    kept.save(force_insert=True)
    kept.refresh_from_db()
    if plan.seal_file is not None:
        plan.seal_file.seek(0)
        kept.seal_file.save(f"{uuid.uuid4().hex}.seal", File(plan.seal_file), save=False)
        plan.seal_file.close()
        kept.save(update_fields=["seal_file"])
    return kept


def in_other_languages(plan: Plan) -> dict[str, Any]:
    """The same in every other language of the site, where the plan can say it anew."""
    if plan.words is None:
        return {}
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return {"languages": {code: content_in(code, plan) for code in others}}


def content_in(language: str, plan: Plan) -> dict[str, Any]:
    """What the page and the terminal show of it, in that language."""
    with override(language):
        said = plan if plan.words is None else replace(plan, **plan.words())
        return {
            "summary": str(said.summary),
            "lines": [{key: str(value) for key, value in line.items()} for line in said.lines],
            "warnings": [str(text) for text in said.warnings],
            "spoken": [str(text) for text in said.spoken],
            "details": said.details,
            "button": str(said.button),
            "promise": str(said.promise),
            "second_person": [str(text) for text in said.second_person],
            "unattended": [str(text) for text in said.unattended],
        }


def in_active_language(kept: SealedPlan) -> dict[str, Any]:
    """Its content for whoever reads it now."""
    languages = kept.content.get("languages", {})
    return dict(languages.get(get_language() or "", kept.content))


def shown(kept: SealedPlan) -> Plan:
    """The plan as it was shown."""
    content = in_active_language(kept)
    return Plan(
        summary=content["summary"],
        rows=kept.rows,
        lines=tuple(content["lines"]),
        warnings=tuple(content["warnings"]),
        spoken=tuple(content["spoken"]),
        details=content["details"],
        button=content["button"],
        promise=content["promise"],
        second_person=tuple(content["second_person"]),
        unattended=tuple(content["unattended"]),
    )


def second_person(kept: SealedPlan) -> list[str]:
    """Why somebody else must agree; empty: nobody must."""
    return list(in_active_language(kept).get("second_person", []))


def unattended(kept: SealedPlan) -> list[str]:
    """Why nobody may let it run unseen; empty: it may."""
    return list(in_active_language(kept).get("unattended", []))


def cleaned(kept: SealedPlan, operation: Operation) -> dict[str, Any]:
    """The parameters that it was made with."""
    return parameters.clean(operation.Params, values(kept))


def values(kept: SealedPlan) -> dict[str, Any]:
    """The same as JSON, secrets put back."""
    return kept.params | unseal(kept.sealed_params)


def find(plan_id: int) -> SealedPlan:
    """Return the plan; raise UnknownPlan."""
    kept = SealedPlan.objects.filter(pk=plan_id).first()
    if kept is None:
        raise UnknownPlan(
            _("No existe el plan %(id)s.") % {"id": plan_id or "–"},
            cause=_("Venció y se borró, o el número está mal escrito."),
            remedy=_("Lance la operación de nuevo y confirme su plan."),
        )
    return kept


def find_own(operation: Operation, digest: str, *, user: Any) -> SealedPlan:
    """The last plan of that digest that this account made; raise UnknownPlan."""
    own = SealedPlan.objects.filter(
        operation=operation.name, digest=digest, made_by_id=str(user.pk)
    ).last()
    return find(own.pk if own is not None else 0)


def is_own(kept: SealedPlan, user: Any) -> bool:
    """Whether this account may confirm it; the trusted terminal may confirm any."""
    return user is None or kept.made_by_id == str(user.pk)


def require_usable(kept: SealedPlan, *, door: Door) -> None:
    """Raise UnusablePlan unless it is this person's, unused and in time."""
    again = _("Lance la operación de nuevo y confirme su plan.")
    if not is_own(kept, door.user):
        raise UnusablePlan(
            _("El plan %(id)s es de otra persona: no se cambió nada.") % {"id": kept.pk},
            cause=_("Lo hizo %(person)s; solo ella puede confirmarlo.") % {"person": kept.made_by},
            remedy=again,
        )
    if kept.used_at is not None:
        raise UnusablePlan(
            _("El plan %(id)s ya se usó: no se cambió nada más.") % {"id": kept.pk},
            cause=_("Un plan se usa una sola vez; este es el de la corrida %(run)s.")
            % {"run": kept.run_id},
            remedy=again,
        )
    if not in_time().filter(pk=kept.pk).exists():
        raise UnusablePlan(
            _("El plan %(id)s venció: no se cambió nada.") % {"id": kept.pk},
            cause=_("Valía hasta el %(moment)s.")
            % {"moment": date_format(localtime(kept.expires_at), "SHORT_DATETIME_FORMAT")},
            remedy=again,
        )


def take(kept: SealedPlan, run: JobRun, *, door: Door) -> None:
    """Use it for this run, in the caller's transaction; of two at once, one is refused."""
    used = (
        in_time().filter(pk=kept.pk, used_at=None).update(used_at=Now(), run=run, sealed_params="")
    )
    if not used:
        kept.refresh_from_db()
        require_usable(kept, door=door)
        raise UnusablePlan(_("El plan %(id)s no se puede usar.") % {"id": kept.pk})


def taken_by(run: JobRun) -> SealedPlan:
    """The plan that the run carries out; raises where it has none, or another."""
    kept = SealedPlan.objects.filter(run=run, digest=run.plan_digest).first()
    if kept is None:
        raise needs_plan()
    return kept


def needs_plan() -> OperationError:
    """The refusal of a run without a plan."""
    return UnusablePlan(
        _("Esta operación solo hace lo que un plan confirmado dice."),
        cause=_("La corrida no tiene un plan."),
        remedy=_("Lance la operación desde su página o su comando, y confirme el plan."),
    )


def in_time() -> Any:
    """Plans that have not expired, by the database's clock."""
    return SealedPlan.objects.filter(expires_at__gt=Now())


def forget_expired() -> int:
    """Delete plans that nobody used, a day after they expired; and the seals of ended runs."""
    ended = SealedPlan.objects.filter(run__status__in=sorted(ENDINGS)).exclude(seal_file="")
    for kept in ended.filter(run__finished_at__lt=Now() - timedelta(days=1))[:MOST_AT_ONCE]:
        kept.seal_file.delete(save=True)
    late = SealedPlan.objects.filter(run=None, expires_at__lt=Now() - timedelta(days=1))
    found = list(late.order_by("expires_at")[:MOST_AT_ONCE])
    return sum(forget(kept) for kept in found)


def forget(kept: SealedPlan) -> bool:
    """Delete an unused plan with its file."""
    with transaction.atomic(using=ops_alias()):
        deleted, _rows = SealedPlan.objects.filter(pk=kept.pk, run=None).delete()
    if deleted and kept.seal_file:
        kept.seal_file.delete(save=False)
    return bool(deleted)
