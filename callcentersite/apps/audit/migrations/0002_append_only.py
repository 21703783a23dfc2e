"""The database refuses what the application refuses: see guarding."""

from django.db import migrations

from callcentersite.apps.audit import guarding


def install(apps, schema_editor):
    guarding.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
