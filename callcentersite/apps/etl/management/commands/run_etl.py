"""The guide's command; ``console run run_etl`` is the same."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "run_etl"
