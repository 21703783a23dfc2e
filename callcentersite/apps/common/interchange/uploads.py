"""A file between its preview and its confirmation: stored, and bound to who sent it."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER = "importaciones"
SALT = "interchange.upload"
KEPT = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The stored file, the name it came with, whose it is, and what its preview showed."""

    stored: str
    name: str
    user: str
    model: str
    digest: str

    def token(self) -> str:
        """What the confirmation carries: nobody can make one up, or use another's."""
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    def content(self) -> bytes:
        """The file."""
        with default_storage.open(self.stored) as file:
            return bytes(file.read())

    def remove(self) -> None:
        """Forget the file."""
        default_storage.delete(self.stored)


def store(content: bytes) -> str:
    """Keep the file until it is confirmed; forget those that nobody confirmed."""
    forget_old()
    return default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(content))


def forget_old() -> None:
    """Remove files whose confirmation would no longer be taken."""
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if timezone.now() - default_storage.get_modified_time(path) > KEPT:
            default_storage.delete(path)


def confirmed(token: str, *, user: Any, model: str) -> Upload | None:
    """The upload that the token stands for; None where it is not this person's, or is gone."""
    try:
        upload = Upload(**signing.loads(token, salt=SALT, max_age=KEPT))
    except (signing.BadSignature, TypeError):
        return None
    mine = upload.user == str(user.pk) and upload.model == model
    return upload if mine and default_storage.exists(upload.stored) else None
