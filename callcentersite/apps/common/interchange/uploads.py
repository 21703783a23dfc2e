"""A file between its preview and its import: kept in the storage, bound to who sent it for what."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone

from opsconsole.models import JobRun
from opsconsole.states import ACTIVE

FOLDER = "importaciones"
SALT = "interchange.upload"
KEPT = timedelta(hours=2)
ID = re.compile(r"[0-9a-f]{32}")
MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A stored file: the name it came with, for which model, what it weighs and sums up to.

    ``sender`` is the key of the account, in whose name it is judged; empty: the trusted terminal.
    """

    id: str
    name: str
    sender: str
    model: str
    sha256: str
    size_bytes: int

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """The file, to be read from its beginning."""
        with default_storage.open(path_of(self.id), "rb") as file:
            yield file

    def is_whole(self) -> bool:
        """Whether the file is there, and the one that was sent."""
        if not default_storage.exists(path_of(self.id)):
            return False
        with self.opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256

    def token(self, digest: str) -> str:
        """What a confirmation carries: this file, and the seal of what was shown of it."""
        return signing.dumps([self.id, digest], salt=SALT)

    def remove(self) -> None:
        """Forget the file."""
        remove(self.id)


def keep(file: File[Any], *, name: str, sender: Any, model: str) -> Upload:
    """Store the file under a name that nobody guesses; forget those that nobody confirmed."""
    forget_old()
    upload = Upload(
        id=uuid.uuid4().hex,
        name=Path(name).name[-MOST_NAME:],
        sender=str(sender.pk) if sender is not None else "",
        model=model,
        sha256=digest_of(file),
        size_bytes=file.size,
    )
    file.seek(0)
    default_storage.save(path_of(upload.id), file)
    about = json.dumps(asdict(upload)).encode()
    default_storage.save(f"{path_of(upload.id)}.json", ContentFile(about))
    return upload


def digest_of(file: File[Any]) -> str:
    """The checksum of its bytes, block by block."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    return digest.hexdigest()


def find(upload_id: str) -> Upload | None:
    """The upload of this number; None: there is none, or no more."""
    about = f"{path_of(upload_id)}.json"
    if not ID.fullmatch(upload_id) or not default_storage.exists(about):
        return None
    with default_storage.open(about, "rb") as file:
        return Upload(**json.loads(file.read()))


def typed(values: Mapping[str, Any], *words: str, file: str) -> tuple[list[str], dict[str, Any]]:
    """The words of a command and the name that the upload came with; ``file`` where it is gone."""
    upload = find(str(values.get("upload", "")))
    rest = {name: value for name, value in values.items() if name != "upload"}
    return [*words, upload.name if upload else file], rest


def confirmed(token: str, *, user: Any, model: str) -> tuple[Upload, str] | None:
    """The upload that the token stands for, and the seal; None: not this person's, or gone."""
    try:
        upload_id, digest = signing.loads(token, salt=SALT, max_age=KEPT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    upload = find(upload_id)
    if upload is None or (upload.sender, upload.model) != (str(user.pk), model):
        return None
    return (upload, digest) if upload.is_whole() else None


def forget_old() -> None:
    """Remove the files that nobody confirmed in time, and that no run is waiting for."""
    forget_unwanted(is_old)


def forget_unwanted(which: Callable[[str], bool] = bool) -> None:
    """Remove these files, or all of them, but for those that a run is waiting for."""
    if not default_storage.exists(FOLDER):
        return
    names = default_storage.listdir(FOLDER)[1]
    found = {name.partition(".")[0] for name in names if which(f"{FOLDER}/{name}")}
    for upload_id in found - wanted() if found else ():
        remove(upload_id)


def is_old(path: str) -> bool:
    """Whether it lies there for longer than a confirmation would be taken."""
    try:
        return timezone.now() - default_storage.get_modified_time(path) > KEPT
    except FileNotFoundError:  # somebody else has just removed it
        return False


def wanted() -> set[Any]:
    """The files of runs that wait, for a worker or for a second person, or work."""
    active = JobRun.objects.filter(status__in=sorted(ACTIVE), params__has_key="upload")
    return {params.get("upload") for params in active.values_list("params", flat=True)}


def remove(upload_id: str) -> None:
    """Forget the file and what was written about it."""
    default_storage.delete(path_of(upload_id))
    default_storage.delete(f"{path_of(upload_id)}.json")


def path_of(upload_id: str) -> str:
    """Where it lies."""
    return f"{FOLDER}/{upload_id}"
