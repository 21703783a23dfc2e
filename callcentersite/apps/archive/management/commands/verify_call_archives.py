"""The operation's command; ``console run verify_call_archives`` is the same."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "verify_call_archives"
