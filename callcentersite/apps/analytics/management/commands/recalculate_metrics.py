"""The guide's command; ``console run recalculate_metrics`` is the same."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "recalculate_metrics"
