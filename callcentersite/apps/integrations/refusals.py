"""What the frame of the API refuses, each in its three parts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from callcentersite.apps.configuration import maintenance

from .answers import ApiError


def too_many_failures(retry_after_seconds: int) -> ApiError:
    """429 for an address from which too many wrong tokens came."""
    return ApiError(
        _("Demasiados intentos con tokens que no valen."),
        status=429,
        cause=_("Llegaron de la misma dirección en el último minuto."),
        remedy=_("Espere, y revise el token."),
        headers={"Retry-After": str(retry_after_seconds)},
    )


def nobodys_token() -> ApiError:
    """401 for whoever shows nothing that we know."""
    return unauthorised(_("Falta el token, o no es de nadie."))


def unauthorised(cause: str) -> ApiError:
    """401, with the way in."""
    return ApiError(
        _("No se sabe quién pide."),
        status=401,
        cause=cause,
        remedy=_("Envíe «Authorization: Bearer» y un token vigente."),
        headers={"WWW-Authenticate": 'Bearer realm="api"'},
    )


def too_many(per_minute: int) -> ApiError:
    """429; the headers say how long to wait."""
    return ApiError(
        _("Demasiadas solicitudes."),
        status=429,
        cause=_("El límite es de %(count)s por minuto.") % {"count": per_minute},
        remedy=_("Espere los segundos que dice Retry-After."),
    )


def closed() -> ApiError:
    """503 while the console is closed."""
    return ApiError(
        _("La consola está en mantenimiento."),
        status=503,
        cause=_("El modo de mantenimiento está encendido."),
        remedy=_("Vuelva a intentarlo más tarde."),
        headers={"Retry-After": maintenance.RETRY_AFTER_SECONDS},
    )


def wrong_method(allowed: list[str]) -> ApiError:
    """405, with those that there are."""
    methods = ", ".join(allowed)
    return ApiError(
        _("Ese método no vale aquí."),
        status=405,
        remedy=_("Métodos que valen: %(methods)s.") % {"methods": methods},
        headers={"Allow": methods},
    )


def database_away() -> ApiError:
    """503; the driver's own words stay in our log."""
    return ApiError(
        _("La base de datos no respondió."),
        status=503,
        cause=_("Está ocupada o detenida."),
        remedy=_("Vuelva a intentarlo en unos segundos."),
        headers={"Retry-After": "5"},
    )


def our_mistake() -> ApiError:
    """500: it is in our log."""
    return ApiError(
        _("Algo falló de nuestro lado."),
        status=500,
        cause=_("Un error que nadie previó; quedó anotado."),
        remedy=_("Avise al equipo técnico."),
    )
