"""``migrate`` prepares every database, and the table in which the clusters report."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as MigrateCommand


class Command(MigrateCommand):
    help = "Prepara todas las bases de datos; con --database, solo una."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Check every database that will be migrated."""
        kwargs = super().get_check_kwargs(options)
        return {**kwargs, "databases": self.chosen(options)}

    def handle(self, *args: Any, **options: Any) -> None:
        aliases = self.chosen(options)
        for alias in aliases:
            if options["verbosity"] >= 1 and len(aliases) > 1:
                self.stdout.write(self.style.MIGRATE_HEADING(f"Base de datos «{alias}»:"))
            super().handle(*args, **{**options, "database": alias})
            if not options["plan"] and not options["check_unapplied"]:
                call_command("createcachetable", database=alias, verbosity=0)

    def chosen(self, options: dict[str, Any]) -> list[str]:
        """The one that was named, else all that are ours to prepare."""
        if options["database"]:
            return [options["database"]]
        shared = getattr(settings, "OPS_SHARES_DEFAULT", False)
        return ["default"] if shared else ["default", "ops"]
