"""Whether a programme may go on: it can be read, its time will come, its owner may still do it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_q.models import Schedule

from .. import params as parameters
from .. import permissions, registry
from ..exceptions import BadInput
from ..models import ProgrammeTerms
from ..operations import Operation
from .orders import FUNCTION, Order, cron_problem, order_of


def why_not(schedule: Schedule, terms: ProgrammeTerms) -> str:
    """What is wrong with it, in a sentence; empty: nothing."""
    if schedule.func != FUNCTION:
        return _("No lanza una operación registrada, sino %(func)s.") % {"func": schedule.func}
    order = order_of(schedule)
    if order is None:
        return _("Sus argumentos no se pueden leer.")
    operation = registry.find(order.operation)
    if operation is None:
        return _("La operación «%(name)s» ya no existe.") % {"name": order.operation}
    wrong = wrong_time(schedule, terms) or wrong_owner(order, operation)
    return wrong or wrong_params(order, operation)


def wrong_time(schedule: Schedule, terms: ProgrammeTerms) -> str:
    """Whether no time of it will ever come."""
    try:
        terms.zone_info()
    except (ValueError, KeyError):
        return _("No existe la zona horaria «%(zone)s».") % {"zone": terms.zone}
    if schedule.schedule_type not in dict(Schedule.TYPE):
        return _("No se sabe cada cuánto se ejecuta.")
    if schedule.schedule_type == Schedule.CRON:
        problem = cron_problem(schedule.cron or "")
        if problem:
            return _("Cron «%(cron)s»: %(problem)s") % {"cron": schedule.cron, "problem": problem}
    if schedule.next_run is None:
        return _("No tiene próxima vez.")
    return ""


def wrong_owner(order: Order, operation: Operation) -> str:
    """Whether the account in whose name it runs is gone, suspended, or has lost the right."""
    owner = permissions.person(order.owner_id)
    if owner.pk is None:
        return _("La cuenta a cuyo nombre corre ya no existe.")
    if not owner.is_active:
        return _("La cuenta %(name)s está suspendida.") % {"name": owner.get_username()}
    if not permissions.may_run(operation, owner):
        return _("%(name)s ya no puede ejecutar «%(title)s»: falta el permiso %(permission)s.") % {
            "name": owner.get_username(),
            "title": operation.title,
            "permission": operation.permission(),
        }
    return ""


def wrong_params(order: Order, operation: Operation) -> str:
    """Whether the operation accepts its parameters no more."""
    try:
        parameters.clean(operation.Params, order.params)
    except BadInput as error:
        return _("Sus parámetros ya no valen. %(why)s") % {"why": " ".join(error.sentences())}
    return ""
