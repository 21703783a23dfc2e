"""The guide's command: archives, or with ``--restore`` brings a month back."""

from typing import Any

from django.core.management.base import CommandParser

from opsconsole.management.base import OperationCommand

from ...management.restoring import add_restore, restore


class Command(OperationCommand):
    operation = "archive_old_calls"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_restore(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["restore"] is None:
            super().handle(*args, **options)
        else:
            restore(self, options)
