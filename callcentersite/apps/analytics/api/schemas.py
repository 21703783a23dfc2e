"""What the figures look like as JSON: schemas read off the dataclasses that are sent."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ..domain.metrics import Figures

RATES = (
    "abandonment_rate",
    "service_level",
    "average_speed_of_answer_s",
    "average_handle_time_s",
)
MOMENT = {"type": "string", "format": "date-time"}
COUNT = {"type": "integer", "minimum": 0}
RATE = {"type": ["number", "null"], "minimum": 0}
PERIOD = {"start": MOMENT, "end": MOMENT, "queue": {"type": ["string", "null"]}}


def components() -> dict[str, Any]:
    """By name, for the document's ``components``."""
    figures = {one.name: COUNT for one in fields(Figures)} | dict.fromkeys(RATES, RATE)
    day = {"date": {"type": "string", "format": "date"}, "offered": COUNT}
    totals = {"totals": reference("Figures")}
    error = {name: {"type": "string"} for name in ("message", "cause", "remedy")}
    wrong = {"type": "object", "additionalProperties": many({"type": "string"})}
    return {
        "Figures": strict(figures),
        "Day": strict(day),
        "Interval": strict({"start": MOMENT, "end": MOMENT} | figures),
        "Dashboard": strict(
            PERIOD | totals | {"today": reference("Figures"), "days": many(reference("Day"))}
        ),
        "Report": strict(PERIOD | totals | {"intervals": many(reference("Interval"))}),
        "Error": strict({"error": open_object(error | {"fields": wrong}, required=list(error))}),
    }


def reference(name: str) -> dict[str, str]:
    """To one of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(items: dict[str, Any]) -> dict[str, Any]:
    """A list of them."""
    return {"type": "array", "items": items}


def strict(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these."""
    return open_object(properties, required=list(properties)) | {"additionalProperties": False}


def open_object(properties: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    """An object with these, and perhaps more."""
    return {"type": "object", "properties": properties, "required": required}
