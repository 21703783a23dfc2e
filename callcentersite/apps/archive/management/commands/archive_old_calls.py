"""The guide's command: archives, or with ``--restore`` brings a month back."""

from django.utils.translation import gettext_lazy as _

from opsconsole.management.base import OperationCommand
from opsconsole.management.instead import Instead


class Command(OperationCommand):
    operation = "archive_old_calls"
    instead = Instead(
        option="restore",
        operation="restore_archived_calls",
        param="month",
        metavar=_("AAAA-MM"),
        help=_("Devuelve a la tabla el mes archivado."),
    )
