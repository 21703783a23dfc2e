"""The operation's command; ``console run restore_archived_calls`` is the same."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "restore_archived_calls"
