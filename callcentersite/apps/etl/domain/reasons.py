"""Why a row was refused, in words, and which of its fields are to blame.

The codes are those of ``rules.REASONS``. The texts are Spanish, the source language; whoever
shows one translates it.
"""

from dataclasses import dataclass


def _(text: str) -> str:
    """Mark a text for the catalogue; pure code does not translate."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that a row broke: its code, a few words, a sentence, the guilty fields."""

    code: str
    title: str
    sentence: str
    fields: tuple[str, ...] = ()


REASONS = {
    reason.code: reason
    for reason in (
        Reason(
            code="started_missing",
            title=_("Sin inicio"),
            sentence=_(
                "No se sabe cuándo empezó: el inicio está vacío, es una fecha cero o una hora que "
                "nunca existió por el cambio de horario."
            ),
            fields=("started_at",),
        ),
        Reason(
            code="ended_missing",
            title=_("Sin fin"),
            sentence=_(
                "No se sabe cuándo terminó: el fin está vacío, es una fecha cero o una hora que "
                "nunca existió por el cambio de horario."
            ),
            fields=("ended_at",),
        ),
        Reason(
            code="ended_before_started",
            title=_("Termina antes de empezar"),
            sentence=_("El fin es anterior al inicio."),
            fields=("started_at", "ended_at"),
        ),
        Reason(
            code="answered_missing",
            title=_("Contestada sin hora"),
            sentence=_("El resultado dice que alguien contestó, pero falta a qué hora."),
            fields=("answered_at", "disposition"),
        ),
        Reason(
            code="answered_out_of_range",
            title=_("Contestada fuera de la llamada"),
            sentence=_("Se contestó antes del inicio o después del fin."),
            fields=("answered_at",),
        ),
        Reason(
            code="duration_invalid",
            title=_("Duración imposible"),
            sentence=_("La duración está vacía, es negativa o pasa de 86 400 segundos (un día)."),
            fields=("duration_s",),
        ),
        Reason(
            code="duration_mismatch",
            title=_("Duración que no cuadra"),
            sentence=_(
                "La duración difiere en más de 2 segundos del tiempo entre el inicio y el fin."
            ),
            fields=("duration_s", "started_at", "ended_at"),
        ),
        Reason(
            code="queue_unknown",
            title=_("Cola desconocida"),
            sentence=_("La cola está vacía o no aparece en ivr_queues."),
            fields=("queue_code",),
        ),
        Reason(
            code="disposition_unknown",
            title=_("Resultado desconocido"),
            sentence=_("El resultado de la llamada está vacío o no es ninguno de los que existen."),
            fields=("disposition",),
        ),
        # Only of files: the IVR's columns have types.
        Reason(
            code="time_unreadable",
            title=_("Hora ilegible"),
            sentence=_(
                "Una hora no se entiende: se escribe AAAA-MM-DD HH:MM:SS, con o sin su "
                "desplazamiento (-06:00, Z), entre 1970 y 2200."
            ),
            fields=("started_at", "answered_at", "ended_at", "updated_at"),
        ),
        Reason(
            code="number_invalid",
            title=_("Cliente que no es un número"),
            sentence=_("El cliente no es un número entero."),
            fields=("customer_id",),
        ),
        Reason(
            code="text_too_long",
            title=_("Texto demasiado largo"),
            sentence=_("Un texto es más largo de lo que cabe en su columna."),
            fields=("dnis", "agent_code", "menu_path", "recording_file", "notes"),
        ),
    )
}
# Of rows that have nowhere to go: without a number of their own they cannot be kept as refused.
UNKEYED = {
    reason.code: reason
    for reason in (
        Reason(
            code="call_id_invalid",
            title=_("Sin número de llamada"),
            sentence=_("El número de la llamada está vacío o no es un número entero positivo."),
            fields=("call_id",),
        ),
        Reason(
            code="call_id_repeated",
            title=_("Número repetido"),
            sentence=_("El número de la llamada ya está en otra fila del archivo."),
            fields=("call_id",),
        ),
    )
}


def reason(code: str) -> Reason:
    """The reason with this code; one that the rules no longer know keeps its code as its name."""
    return (REASONS | UNKEYED).get(code) or Reason(
        code=code, title=code, sentence=_("Esta regla ya no existe.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RawField:
    """A field of a refused row: what it held, and the reasons that point at it."""

    name: str
    value: object
    reasons: tuple[Reason, ...]

    @property
    def is_guilty(self) -> bool:
        """Whether some reason points at it."""
        return bool(self.reasons)


def judged(raw: dict[str, object], codes: list[str]) -> list[RawField]:
    """The row field by field, each with the reasons that point at it, in the row's order."""
    reasons = [reason(code) for code in codes]
    return [
        RawField(
            name=name, value=value, reasons=tuple(each for each in reasons if name in each.fields)
        )
        for name, value in raw.items()
    ]
