from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="EtlWatermark",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="lectura"
                    ),
                ),
                (
                    "updated_at",
                    models.CharField(
                        blank=True, max_length=19, null=True, verbose_name="actualizadas hasta"
                    ),
                ),
                (
                    "call_id",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="leídas hasta la llamada"
                    ),
                ),
                (
                    "owner",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="La ejecución que puede moverla; otra que despierte tarde queda fuera.",
                        max_length=32,
                        verbose_name="en uso por",
                    ),
                ),
                ("saved_at", models.DateTimeField(auto_now=True, verbose_name="guardada")),
            ],
            options={
                "verbose_name": "avance de lectura",
                "verbose_name_plural": "avances de lectura",
                "db_table": "etl_watermarks",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CallRejection",
            fields=[
                (
                    "call_id",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="llamada"
                    ),
                ),
                (
                    "reasons",
                    models.JSONField(
                        help_text="Lista de reglas incumplidas.", verbose_name="motivos"
                    ),
                ),
                ("raw", models.JSONField(verbose_name="fila original")),
                (
                    "last_good",
                    models.JSONField(
                        blank=True,
                        help_text="La llamada como estaba cargada antes de que su fila se estropeara.",
                        null=True,
                        verbose_name="últimos valores buenos",
                    ),
                ),
                ("seen_at", models.DateTimeField(verbose_name="vista")),
                ("run", models.BigIntegerField(blank=True, null=True, verbose_name="ejecución")),
            ],
            options={
                "verbose_name": "llamada rechazada",
                "verbose_name_plural": "llamadas rechazadas",
                "db_table": "call_rejections",
                "ordering": ["-call_id"],
                "indexes": [models.Index(fields=["-seen_at"], name="call_rejections_seen_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reasons", []), _negated=True),
                        name="call_rejections_has_reason",
                    )
                ],
            },
        ),
    ]
