"""``manage.py seed_configuraciones_default``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "seed_configuraciones_default"
