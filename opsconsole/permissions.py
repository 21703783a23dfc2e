"""The one gate: every door asks here who may run what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser
from django.db import router
from django.utils.translation import gettext as _

from . import registry
from .exceptions import NotAllowed
from .language import source_language
from .operations import Operation

if TYPE_CHECKING:
    from .models import JobRun


def may_run(operation: Operation, user: Any) -> bool:
    """Whether this account may run it; nobody (None) is the trusted terminal."""
    return user is None or (user.is_active and user.has_perm(operation.permission()))


def require(operation: Operation, user: Any) -> None:
    """Raise NotAllowed, naming what is missing, unless the account may run it."""
    if not may_run(operation, user):
        raise not_allowed(operation.title, user, permission=operation.permission())


def require_permission(permission: str, user: Any, *, title: str) -> None:
    """The same for what is done to a run: cancel, retry, view."""
    if user is not None and not (user.is_active and user.has_perm(permission)):
        raise not_allowed(title, user, permission=permission)


def not_allowed(title: object, user: Any, *, permission: str) -> NotAllowed:
    """The refusal, in words."""
    return NotAllowed(
        _("%(user)s no puede hacer esto: %(title)s.")
        % {"user": user.get_username() or _("Una persona anónima"), "title": title},
        cause=_("Falta el permiso %(permission)s.") % {"permission": permission},
        remedy=_("Pida el permiso a quien administra los usuarios."),
    )


def person(user_id: str | None) -> Any:
    """The account that asked for a run, as it is now; AnonymousUser where it is gone."""
    model = get_user_model()
    try:
        return model._default_manager.get(pk=user_id or "")
    except (model.DoesNotExist, ValueError):
        return AnonymousUser()


def create_run_permissions(sender: Any, using: str, **kwargs: Any) -> None:
    """After a migration: one ``run_<name>`` permission per operation, on JobRun."""
    if sender.name != "opsconsole":
        return
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    from .models import JobRun

    if not router.allow_migrate_model(using, Permission):
        return
    create_permissions(sender, verbosity=0, using=using, apps=apps)
    content_type = ContentType.objects.db_manager(using).get_for_model(JobRun)
    with source_language():
        for operation in registry.everything():
            Permission.objects.using(using).get_or_create(
                content_type=content_type,
                codename=f"run_{operation.name}",
                defaults={"name": (_("Puede ejecutar: ") + str(operation.title))[:255]},
            )


# Who may see what has been run


def may_see_every_run(user: Any) -> bool:
    """Whether this account may read the whole history."""
    return bool(user.is_active and user.has_perm("opsconsole.view_jobrun"))


def may_see_runs(user: Any) -> bool:
    """Whether this account has a history of runs at all: every run, or those it may ask for."""
    return may_see_every_run(user) or bool(runnable(user))


def may_see(run: JobRun, user: Any) -> bool:
    """Whether this account may read this run.

    ``opsconsole.view_jobrun`` opens every run. Without it people see the runs that they asked
    for themselves, as long as they may still run that operation: whoever launches something has
    to see how it ends.
    """
    own = run.requested_by_id == str(user.pk)
    return may_see_every_run(user) or bool(
        own and user.is_active and user.has_perm(f"opsconsole.run_{run.operation}")
    )


def require_download(run: JobRun, user: Any) -> None:
    """Raise NotAllowed where the operation asks more of whoever takes its files home."""
    operation = registry.find(run.operation)
    title = _("descargar los archivos de la corrida %(id)s") % {"id": run.pk}
    for permission in operation.download_permissions(run) if operation is not None else ():
        require_permission(permission, user, title=title)


def may_see_tracebacks(user: Any) -> bool:
    """Whether this account may read where in the code a run broke, where the site shows it."""
    return bool(user.is_active and user.has_perm("opsconsole.view_traceback"))


def runnable(user: Any) -> list[Operation]:
    """The operations that this account may run."""
    return [operation for operation in registry.everything() if may_run(operation, user)]
