"""Operations that exist only for tests: each shows one way for a run to go."""

import os
import time
from dataclasses import replace

from django import forms
from django.contrib.auth import get_user_model

from opsconsole import Effect, Figure, Operation, OperationError, Phase, Plan, limits


class CountSlowly(Operation):
    """Counts to ``steps``, resting between; stops when asked."""

    name = "count_slowly"
    title = "Contar despacio"
    description = "Cuenta hasta un número."
    section = "Pruebas"
    unit = "números"
    phases = (Phase("count", "Contar"),)
    figures = (Figure("counted", "Contados"),)
    exclusive = True
    timeout_seconds = 60
    grace_seconds = 1

    class Params(forms.Form):
        steps = forms.IntegerField(label="Pasos", help_text="Hasta cuánto.", initial=3, min_value=1)
        pause = forms.FloatField(label="Pausa", help_text="Segundos entre números.", initial=0.0)

    def run(self, params, ctx):
        ctx.say("Empiezo a contar")
        with ctx.step("count"):
            for number in ctx.track(range(1, params["steps"] + 1)):
                ctx.info(f"numero {number}")
                ctx.figures(counted=number)
                time.sleep(params["pause"])
        ctx.say("Conteo terminado")
        return {"counted": params["steps"]}


class CountResumably(CountSlowly):
    """The same, and it may go on in another worker."""

    name = "count_resumably"
    title = "Contar con reanudación"
    resumable = True


class CountInParts(CountResumably):
    """Counts in parts; the part that ``fails`` names does not end well."""

    name = "count_in_parts"
    title = "Contar por partes"
    timeout_seconds = 40

    class Params(CountSlowly.Params):
        parts = forms.IntegerField(label="Partes", help_text="Cuántas.", initial=2)
        fails = forms.IntegerField(label="Falla", help_text="Cuál.", required=False)

    def run(self, params, ctx):
        done = ctx.fan_out(lambda: [{"from": 10 * n} for n in range(params["parts"])])
        return {"counted": sum(part["counted"] for part in done), "began": done[0]["began"]}

    def run_part(self, params, part, ctx):
        if part["from"] == 10 * (params["fails"] or 0) - 10:
            raise OperationError("No se deja contar.", cause="Así se pidió", remedy="Pida otra")
        return super().run(params, ctx) | {"began": part["from"]}


class Raise(Operation):
    """Fails: as foreseen, or as a bug."""

    name = "raise_error"
    title = "Fallar"

    class Params(forms.Form):
        kind = forms.CharField(label="Clase", help_text="operation o bug.", initial="operation")

    def run(self, params, ctx):
        ctx.info("antes del error")
        if params["kind"] == "operation":
            raise OperationError("No hay datos.", cause="Tabla vacía", remedy="Cargue datos")
        raise ValueError("postgres://ana:secreta@db/iact no responde")


class KeepSecret(Operation):
    """Has a parameter that nobody may read."""

    name = "keep_secret"
    title = "Guardar secreto"
    sensitive = frozenset({"password"})

    class Params(forms.Form):
        password = forms.CharField(label="Clave", help_text="La clave.")
        host = forms.CharField(label="Equipo", help_text="Dónde.", initial="localhost")

    def run(self, params, ctx):
        ctx.info(f"conecto con {params['password']} a {params['host']}")
        return {"length": len(params["password"]), "seen": params["password"]}


class KillWorker(Operation):
    """Takes its worker down with it."""

    name = "kill_worker"
    title = "Matar al worker"
    resumable = True

    def run(self, params, ctx):
        os._exit(9)


class Stubborn(Operation):
    """Never reaches a safe place."""

    name = "stubborn"
    title = "Terca"
    timeout_seconds = 1
    grace_seconds = 1

    class Params(forms.Form):
        seconds = forms.FloatField(label="Segundos", help_text="Cuánto duerme.", initial=30)

    def run(self, params, ctx):
        until = time.monotonic() + params["seconds"]
        while time.monotonic() < until:
            time.sleep(0.05)


class RemovePeople(Operation):
    """Destroys: deletes the accounts whose name begins with the prefix."""

    name = "remove_people"
    title = "Eliminar cuentas"
    section = "Pruebas"
    effect = Effect.DESTROYS

    class Params(forms.Form):
        prefix = forms.CharField(label="Prefijo", help_text="Inicio del nombre.", initial="viejo")

    def selection(self, params):
        return get_user_model().objects.filter(username__startswith=params["prefix"])

    def plan(self, params):
        names = sorted(self.selection(params).values_list("username", flat=True))
        return Plan(
            summary=f"Se eliminarán {len(names)} cuentas.",
            rows=len(names),
            lines=tuple({"cuenta": name} for name in names),
        )

    def run(self, params, ctx):
        deleted, _per_model = self.selection(params).delete()
        return {"deleted": deleted}


class RemoveKept(RemovePeople):
    """The same, by a plan that is kept."""

    name = "remove_kept"
    title = "Eliminar cuentas con plan"
    exclusive = True
    keeps_plan = True

    def plan(self, params):
        found = super().plan(params)
        large = (f"Son {found.rows} filas.",) if limits.is_large(found.rows) else ()
        return replace(found, fixed={"prefix": params["prefix"]}, unattended=large)

    def run(self, params, ctx):
        return super().run(params, ctx) | {"fixed": ctx.plan.fixed["prefix"]}


class NeedsTwo(Operation):
    """Waits for a second person each time."""

    name = "needs_two"
    title = "Necesita dos"
    description = "Espera a una segunda persona."
    section = "Pruebas"
    exclusive = True
    requires_approval = True

    class Params(forms.Form):
        word = forms.CharField(label="Palabra", help_text="Qué se dice.", initial="hola")

    def run(self, params, ctx):
        ctx.info(params["word"])
        return {"said": params["word"]}


EVERY = (
    NeedsTwo,
    CountSlowly,
    CountResumably,
    CountInParts,
    Raise,
    KeepSecret,
    KillWorker,
    Stubborn,
    RemovePeople,
    RemoveKept,
)
