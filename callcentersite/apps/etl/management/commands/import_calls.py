"""``manage.py import_calls llamadas.csv``: a file of this computer, loaded here."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from callcentersite.apps.common.interchange.from_disk import kept
from opsconsole import permissions, registry
from opsconsole.management.base import OperationCommand, door_of


class Command(OperationCommand):
    operation = "import_calls"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file; the rest is the operation's."""
        parser.add_argument("file", nargs="?", type=Path, metavar=_("ARCHIVO"),
                            help=_("CSV, XLSX o Parquet."))  # fmt: skip
        super().add_arguments(parser)

    def prepared(self, options: dict[str, Any]) -> dict[str, Any]:
        """The file becomes an upload, where a worker finds it as well."""
        if not options["file"]:
            return options
        declared: Any = registry.get(self.operation)
        sender = door_of(options["as_user"]).user
        permissions.require(declared, sender)
        upload = kept(options["file"], sender=sender, model=declared.model_label())
        return options | {"upload": upload.id}
