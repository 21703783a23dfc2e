from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("etl", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="etlwatermark",
            name="tally",
            field=models.JSONField(blank=True, null=True, verbose_name="lo cargado"),
        ),
    ]
