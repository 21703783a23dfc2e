"""The guide's command; ``console run seed_permisos_granular`` is the same."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "seed_permisos_granular"
