"""Sensitive parameters wait in the queue encrypted, and are wiped when the run ends."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .exceptions import OperationError


def seal(values: dict[str, Any]) -> str:
    """Encrypt the values with a key made from SECRET_KEY; nothing sealed is an empty text."""
    return _fernet().encrypt(json.dumps(values).encode()).decode() if values else ""


def unseal(text: str) -> dict[str, Any]:
    """Decrypt; raise OperationError where SECRET_KEY has changed meanwhile."""
    if not text:
        return {}
    try:
        return dict(json.loads(_fernet().decrypt(text.encode())))
    except InvalidToken as error:
        raise OperationError(
            _("No se pueden leer los parámetros confidenciales."),
            cause=_("SECRET_KEY cambió mientras la corrida esperaba."),
            remedy=_("Lance la operación de nuevo."),
        ) from error


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"opsconsole.sealing" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
