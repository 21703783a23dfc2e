"""Forgetting a person: where they are found, and what is said of it afterwards."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole import Plan
from opsconsole.models import SealedPlan
from opsconsole.plans import StalePlan

from . import elsewhere, sealing, targets
from .applying import Step
from .domain.sizes import in_words
from .models import RetentionRemoval
from .selection import Selection
from .tables import Extent, open_table

NAME = "erase_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """By customer number, by phone in E.164, or by both."""

    customer_id: int | None
    phone: str

    @property
    def reference(self) -> str:
        """What stands for the person on paper: whoever has the number can compute it, no other."""
        text = f"{self.customer_id or ''}|{self.phone}"
        key = hashlib.sha256(b"erase_person" + settings.SECRET_KEY.encode()).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def selections(person: Person) -> Iterator[Selection]:
    """The person's rows in every target that knows people."""
    for target in targets.everything():
        if target.person is None:
            continue
        rows: Q | None = target.person(person.customer_id, person.phone)
        if rows is not None:
            yield Selection.of_person(rows, target=target)


def make(person: Person) -> Plan:
    """Where the person is found, sealed."""
    seals = sealing.SealFile()
    facts: list[dict[str, Any]] = []
    lines: list[Callable[[], dict[str, Any]]] = []
    for selection in selections(person):
        facts.append(examine(selection, seals))
        lines.append(partial(row_of, selection, facts[-1], extent_of(selection, facts[-1])))
    for files in elsewhere.everything():
        facts.append(examine_files(files, person))
        lines.append(partial(row_of_files, files, facts[-1]))
    said = partial(words, facts, lines)
    return Plan(
        rows=sum(fact["rows"] for fact in facts),
        seal=sealing.digest_of(facts),
        fixed={"policies": facts},
        seal_file=seals.file,
        words=said,
        **said(),
    )


def words(facts: list[dict[str, Any]], lines: list[Callable[[], dict[str, Any]]]) -> dict[str, Any]:
    """The plan's sentences, in the active language."""
    rows = sum(fact["rows"] for fact in facts)
    return {
        "summary": summary(rows, len([fact for fact in facts if fact["rows"]])),
        "spoken": tuple(spoken(facts)),
        "details": {"tables": [line() for line in lines]},
        "button": button(rows),
        "promise": _(
            "Deja de saberse quién fue, y no se puede deshacer. La base de la telefonía no se "
            "toca, pero la carga ya no trae de vuelta esos datos."
        ),
    }


def examine(selection: Selection, seals: sealing.SealFile) -> dict[str, Any]:
    """What was found in one table; nothing in it says of whom."""
    name = selection.target.name
    seal, fine = seals.write(name, selection)
    return {
        "name": name,
        "target": name,
        "action": selection.action,
        "archive_days": 0,
        "rows": seal.rows,
        "digest": seal.digest,
        "fine": fine,
        "place": list(seals.places[name]),
    }


def examine_files(files: elsewhere.Files, person: Person) -> dict[str, Any]:
    """What was found in files, by file; nothing in it says of whom."""
    found = files.find(person.customer_id, person.phone)
    return {
        "name": files.name,
        "action": targets.ANONYMISE,
        "rows": sum(found.values()),
        "found": found,
    }


def row_of_files(files: elsewhere.Files, fact: dict[str, Any]) -> dict[str, Any]:
    """Their line of the plan's page."""
    return {
        "name": files.name,
        "title": str(files.title),
        "rows": fact["rows"],
        "action": deed(targets.ANONYMISE),
        "oldest": "",
        "newest": "",
        "size": "",
    }


def extent_of(selection: Selection, fact: dict[str, Any]) -> Extent:
    """The oldest and the newest of the rows, and what they weigh."""
    table = open_table(selection.target)
    return table.extent(selection.where(), selection.target.age, rows=fact["rows"])


def row_of(selection: Selection, fact: dict[str, Any], extent: Extent) -> dict[str, Any]:
    """The table's line of the plan's page."""
    return {
        "name": selection.target.name,
        "title": str(selection.target.title),
        "rows": fact["rows"],
        "action": deed(selection.action),
        "oldest": day(extent.oldest),
        "newest": day(extent.newest),
        "size": in_words(extent.size_bytes),
    }


def steps_of(plan: SealedPlan, person: Person) -> list[Step]:
    """The tables of a plan in which the person was found."""
    facts = {fact["name"]: fact for fact in plan.fixed["policies"] if "digest" in fact}
    found = [(facts.get(one.target.name), one) for one in selections(person)]
    return [Step(facts=fact, selection=one) for fact, one in found if fact]


def require_same(plan: SealedPlan, person: Person) -> None:
    """Raise StalePlan with the difference."""
    for step in steps_of(plan, person):
        sealing.require_same(plan, step.facts, step.selection)
    require_same_files(plan, person)


def require_same_files(plan: SealedPlan, person: Person) -> None:
    """The same in the files that were looked through."""
    facts = {fact["name"]: fact for fact in plan.fixed["policies"]}
    for files in elsewhere.everything():
        if examine_files(files, person) != facts.get(files.name):
            cause = _("Lo que hay en los archivos cambió desde que se mostró.")
            raise StalePlan(cause=cause)


def erase_files(plan: SealedPlan, person: Person, *, run_id: int) -> list[RetentionRemoval]:
    """Forget the person in files, before the tables: what is brought back is forgotten already."""
    require_same_files(plan, person)
    facts = {fact["name"]: fact for fact in plan.fixed["policies"]}
    return [
        erase_in(files, facts[files.name]["found"], person, run_id=run_id)
        for files in elsewhere.everything()
        if facts[files.name]["rows"]
    ]


def erase_in(
    files: elsewhere.Files, found: dict[str, int], person: Person, *, run_id: int
) -> RetentionRemoval:
    """One kind of files, file by file; what was done is written down as for a table."""
    now = timezone.now()
    rows = sum(files.erase(name, person.customer_id, person.phone, now) for name in found)
    return RetentionRemoval.objects.create(
        run=run_id, policy=files.name, target=files.name, action=targets.ANONYMISE, rows=rows,
        removed_at=now,
    )  # fmt: skip


# In words


def deed(action: str) -> str:
    return _("se anonimiza") if action == targets.ANONYMISE else _("se elimina")


def summary(rows: int, tables: int) -> str:
    """In one sentence."""
    if not rows:
        return _("No se encontró a la persona en ninguna tabla.")
    text = ngettext(
        "Se borrará a la persona de %(rows)s registro",
        "Se borrará a la persona de %(rows)s registros",
        rows,
    ) % {"rows": rows}
    where = ngettext("en %(count)s tabla", "en %(count)s tablas", tables) % {"count": tables}
    return f"{text} {where}."


def spoken(facts: list[dict[str, Any]]) -> Iterator[str]:
    """For the terminal."""
    yield _("Buscando a la persona...")
    for fact in facts:
        if "found" in fact and not fact["rows"]:
            continue  # files are told of only where the person is in them
        yield "[INFO] " + _("%(name)s: %(rows)s registros (%(deed)s)") % {
            "name": fact["name"],
            "rows": fact["rows"],
            "deed": deed(fact["action"]),
        }
    yield _("Total a borrar: %(rows)s registros") % {"rows": sum(fact["rows"] for fact in facts)}


def button(rows: int) -> str:
    """The consequence, in numbers."""
    text = ngettext("Borrarla de %(rows)s registro", "Borrarla de %(rows)s registros", rows)
    return text % {"rows": rows}


def day(value: Any) -> str:
    return date_format(localtime(value), "j b Y") if isinstance(value, datetime) else ""


def certificate(
    person: Person, removals: list[RetentionRemoval], *, run_id: int, by: str, at: datetime
) -> str:
    """What was done, for whoever asked to be forgotten; it names nobody."""
    lines = [
        _("CERTIFICADO DE BORRADO DE DATOS PERSONALES"),
        "",
        _("Fecha: %(at)s") % {"at": localtime(at).isoformat(" ", "seconds")},
        _("Corrida: %(id)s") % {"id": run_id},
        _("Lo hizo: %(person)s") % {"person": by},
        _("Referencia de la persona: %(reference)s") % {"reference": person.reference},
        "",
        _("Qué se hizo:"),
    ]
    for one in removals:
        verb = _("anonimizados") if one.action == targets.ANONYMISE else _("eliminados")
        lines.append(f"- {one.target}: {one.rows} {verb}")
    lines += [
        "",
        _("Sin archivo y sin vuelta atrás: nada de esto se puede deshacer en la consola."),
        _("La base de la telefonía es ajena y no se tocó; la carga no vuelve a traer estos datos."),
        _("Las copias de seguridad anteriores los conservan hasta que se renueven."),
        _("La referencia es una huella con clave: quien conoce el dato puede comprobarla."),
    ]
    return "\n".join(lines) + "\n"
