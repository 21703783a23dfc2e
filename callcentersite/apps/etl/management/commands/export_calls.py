"""The calls as a file of a run; ``console run export_calls`` is the same."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "export_calls"
