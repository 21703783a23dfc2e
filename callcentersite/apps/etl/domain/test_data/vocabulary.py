"""What the calls are made of: queues, agents, callers' habits, the words in the notes.

Distributions are tables of quantiles in seconds, at 0, 10 … 100 %: whole numbers give the same
rows on every machine.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """One row of ``ivr_queues``."""

    queue_code: str
    name: str
    segment: str
    sla_seconds: int = 20
    active: int = 1


@dataclass(frozen=True, slots=True)
class Agent:
    """One row of ``ivr_agents``."""

    agent_code: str
    name: str
    team: str | None
    active: int = 1


QUEUES = {
    Queue("NA_VENTAS", "Ventas Nacional A", "nacional_a"): 18,
    Queue("NA_SOPORTE", "Soporte Nacional A", "nacional_a", 30): 16,
    Queue("NA_COBRANZA", "Cobranza Nacional A", "nacional_a"): 7,
    Queue("NB_VENTAS", "Ventas Nacional B", "nacional_b"): 12,
    Queue("NB_SOPORTE", "Soporte Nacional B", "nacional_b", 30): 11,
    Queue("NB_COBRANZA", "Cobranza Nacional B", "nacional_b"): 5,
    Queue("NB_ENCUESTAS", "Encuestas Nacional B", "nacional_b", 60, 0): 1,
    Queue("PUE_VENTAS", "Ventas Puebla", "puebla"): 8,
    Queue("PUE_SOPORTE", "Soporte Puebla", "puebla", 30): 7,
    Queue("PUE_LENGUAS", "Atención en náhuatl", "puebla", 45): 2,
    Queue("EMP_VENTAS", "Ventas Empresas", "empresas", 15): 5,
    Queue("EMP_SOPORTE", "Soporte Empresas", "empresas", 15): 6,
    Queue("EMP_PRIORIDAD", "Línea prioritaria Empresas", "empresas", 10): 2,
}  # queue: its share of the calls, in percent
SEGMENTS = ("nacional_a", "nacional_b", "puebla", "empresas")

FIRST_NAMES = (
    "María", "José", "Guadalupe", "Juan", "Verónica", "Luis", "Xóchitl", "Jesús",
    "Leticia", "Ángel", "Sofía", "Raúl",
)  # fmt: skip
LAST_NAMES = ("Hernández", "García", "Martínez", "López", "Núñez", "Pérez", "Xicoténcatl", "Muñoz")
AGENTS_PER_SEGMENT = len(FIRST_NAMES) * len(LAST_NAMES) // len(SEGMENTS)
AGENTS = tuple(
    Agent(
        f"A{number:03d}",
        f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number // len(FIRST_NAMES)]}",
        SEGMENTS[number // AGENTS_PER_SEGMENT] if number % 11 else None,
        int(number % 13 > 0),
    )
    for number in range(AGENTS_PER_SEGMENT * len(SEGMENTS))
)

# How the load falls over the hours of a day and the days of a week, Monday first.
HOUR_LOAD = (
    6, 4, 3, 3, 4, 9, 22, 48, 78, 100, 104, 98,
    90, 84, 92, 96, 90, 80, 66, 52, 38, 26, 16, 10,
)  # fmt: skip
DAY_LOAD = (108, 99, 97, 98, 104, 62, 38)
HOLIDAY_LOAD = 35
HOLIDAYS = frozenset({(1, 1), (2, 5), (5, 1), (9, 16), (11, 2), (12, 12), (12, 25)})
BUSY_FROM = 90 * 97  # hour load × day load from which callers feel it

CALM_WAIT = (1, 3, 5, 7, 9, 11, 14, 18, 25, 42, 180)
BUSY_WAIT = (2, 6, 9, 12, 15, 19, 25, 36, 58, 105, 420)
PATIENCE = (2, 6, 12, 20, 30, 42, 58, 80, 115, 180, 600)
TALK = (8, 45, 80, 115, 150, 190, 240, 310, 410, 600, 2400)
TALK_PERCENT = {"nacional_a": 100, "nacional_b": 90, "puebla": 105, "empresas": 150}
CALM_ENDINGS: dict[str | None, int] = {
    "ANSWERED": 860, "TRANSFERRED": 45, "ABANDONED": 48, "VOICEMAIL": 18,
    "NO_ANSWER": 17, "BUSY": 8, "FAILED": 4,
}  # fmt: skip
BUSY_ENDINGS: dict[str | None, int] = {
    "ANSWERED": 780, "TRANSFERRED": 50, "ABANDONED": 118, "VOICEMAIL": 22,
    "NO_ANSWER": 14, "BUSY": 12, "FAILED": 4,
}  # fmt: skip

# Area codes: 55 56 Ciudad de México, 33 Guadalajara, 81 Monterrey, 222 238 Puebla …
AREAS: dict[str | None, int] = {
    "55": 38, "56": 8, "33": 12, "81": 12, "222": 12, "238": 4, "442": 5, "664": 5, "999": 4,
}  # fmt: skip
DNIS = {
    "nacional_a": "8005550100", "nacional_b": "8005550200",
    "puebla": "2225550300", "empresas": "8005550400",
}  # fmt: skip

MENUS: dict[str | None, int] = {
    "1": 20, "1>2": 18, "1>2>3": 12, "2": 12, "2>1": 12, "3>1>1": 6, "9": 5, "0": 4,
    ">".join("9" * 32) + ">": 1,  # a caller going round in the menu: cut at 64 characters
    "": 6, None: 4,
}  # fmt: skip
LANGUAGES: dict[str | None, int] = {
    "es": 58, "ES": 8, "es-MX": 12, "en": 8, "nah": 4, "": 6, None: 4,
}  # fmt: skip


def mojibake(text: str) -> str:
    """The text as it looks after its UTF-8 bytes were read as cp1252 (holes read as latin1)."""
    return "".join(
        bytes([byte]).decode("cp1252" if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "latin1")
        for byte in text.encode()
    )


NOTES: dict[str | None, int] = {
    None: 700,
    "": 50,
    "Cliente pide factura": 40,
    "Reclamación por cobro doble": 40,
    "Cambio de domicilio; llamar después de las 18:00": 30,
    "Se ofreció plan nuevo, lo pensará": 30,
    'Dice: "no funciona", es la 3ª vez': 20,
    "Ruta C:\\NOTAS\\1, folio 'A-17'": 10,
    mojibake("Reclamación por cobro doble"): 15,
    mojibake("El señor Muñoz llamará mañana"): 15,
    mojibake("Área de cobranza: “urgente”"): 5,
    "Folio\t4471\tpendiente": 15,
    "Primera línea\nsegunda línea": 10,
    "Primera línea\r\nsegunda línea\r\n": 5,
    "Nota con nulo\x00al centro": 8,
    "   ": 3,
}
