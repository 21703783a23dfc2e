"""The OpenAPI description of the figures, read off the forms that judge what is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from callcentersite.apps.integrations.schema import described

from .forms import CallAnalyticsForm, ReportForm
from .schemas import components, reference

VERSION = "3.1.0"
REFUSALS = {
    "400": "Parámetros no válidos; error.fields dice cuáles.",
    "401": "Falta el token, o no vale.",
    "403": "El cliente no tiene el alcance, o su cuenta no tiene el permiso.",
    "429": "Demasiadas solicitudes; Retry-After dice cuánto esperar.",
    "500": "Un error de la consola, que queda en su registro.",
    "503": "Mantenimiento, o se acabó el plazo.",
}

BODY_REFUSALS = {
    "413": "El contenido es demasiado grande.",
    "415": "El contenido no es JSON.",
}


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": VERSION,
        "info": {"title": "Métricas de llamadas", "version": "1"},
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": components(),
        },
        "paths": {
            reverse("metrics:dashboard"): {
                "get": operation("Los últimos 30 días.", answer="Dashboard")
            },
            reverse("metrics:reports"): {
                "get": operation("Un periodo, día por día.", answer="Report", query=ReportForm)
            },
            reverse("metrics:call_analytics"): {
                "post": operation(
                    "Un periodo, por día o por hora.", answer="Report", body=CallAnalyticsForm
                )
            },
        },
    }


def operation(
    summary: str,
    *,
    answer: str,
    query: type[forms.Form] | None = None,
    body: type[forms.Form] | None = None,
) -> dict[str, Any]:
    """One verb of a path."""
    texts = REFUSALS | BODY_REFUSALS if body is not None else REFUSALS
    refusals = {code: described_as(text, "Error") for code, text in texts.items()}
    figures = {"200": described_as("Las cifras.", answer)}
    if body is None:
        figures["304"] = {"description": "Las mismas que las de la ETag de If-None-Match."}
    found: dict[str, Any] = {"summary": summary, "responses": figures | refusals}
    if query is not None:
        found["parameters"] = [
            {"name": name, "in": "query", "required": field.required, "schema": described(field)}
            for name, field in query.base_fields.items()
        ]
    if body is not None:
        content = {"application/json": {"schema": schema(body)}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def described_as(description: str, name: str) -> dict[str, Any]:
    """An answer that is one of the components."""
    content = {"application/json": {"schema": reference(name)}}
    return {"description": description, "content": content}


def schema(form_class: type[forms.Form]) -> dict[str, Any]:
    """What the body may be."""
    fields = form_class.base_fields
    return {
        "type": "object",
        "properties": {name: described(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }
