import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Agent",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=32, primary_key=True, serialize=False, verbose_name="clave"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                (
                    "team",
                    models.CharField(blank=True, max_length=60, null=True, verbose_name="equipo"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="activo")),
            ],
            options={
                "verbose_name": "agente",
                "verbose_name_plural": "agentes",
                "db_table": "agents",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=32, primary_key=True, serialize=False, verbose_name="clave"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nombre")),
                ("segment", models.CharField(max_length=32, verbose_name="segmento")),
                (
                    "sla_seconds",
                    models.IntegerField(
                        default=20,
                        help_text="Una llamada contestada en este tiempo está dentro del nivel de servicio.",
                        verbose_name="segundos de nivel de servicio",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="activa")),
            ],
            options={
                "verbose_name": "cola",
                "verbose_name_plural": "colas",
                "db_table": "queues",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="StaleDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="día")),
            ],
            options={
                "verbose_name": "día por recalcular",
                "verbose_name_plural": "días por recalcular",
                "db_table": "stale_days",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "call_id",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="llamada"
                    ),
                ),
                (
                    "ani",
                    models.CharField(
                        blank=True,
                        help_text="E.164; vacío si estaba oculto o no era un número.",
                        max_length=32,
                        null=True,
                        verbose_name="número que llama",
                    ),
                ),
                (
                    "dnis",
                    models.CharField(
                        blank=True, max_length=32, null=True, verbose_name="número marcado"
                    ),
                ),
                ("queue_code", models.CharField(max_length=32, verbose_name="cola")),
                (
                    "agent_code",
                    models.CharField(blank=True, max_length=32, null=True, verbose_name="agente"),
                ),
                ("started_at", models.DateTimeField(verbose_name="inicio")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="contestada"),
                ),
                ("ended_at", models.DateTimeField(verbose_name="fin")),
                ("duration_s", models.IntegerField(verbose_name="duración (s)")),
                ("wait_s", models.IntegerField(verbose_name="espera (s)")),
                ("talk_s", models.IntegerField(verbose_name="conversación (s)")),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("ANSWERED", "Contestada"),
                            ("ABANDONED", "Abandonada"),
                            ("NO_ANSWER", "Sin respuesta"),
                            ("BUSY", "Ocupado"),
                            ("FAILED", "Fallida"),
                            ("TRANSFERRED", "Transferida"),
                            ("VOICEMAIL", "Buzón de voz"),
                        ],
                        max_length=16,
                        verbose_name="resultado",
                    ),
                ),
                (
                    "menu_path",
                    models.CharField(
                        blank=True, max_length=64, null=True, verbose_name="ruta del menú"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("es", "Español"), ("en", "Inglés"), ("nah", "Náhuatl")],
                        max_length=8,
                        verbose_name="idioma",
                    ),
                ),
                (
                    "customer_id",
                    models.BigIntegerField(blank=True, null=True, verbose_name="cliente"),
                ),
                (
                    "recording_file",
                    models.CharField(
                        blank=True, max_length=120, null=True, verbose_name="grabación"
                    ),
                ),
                ("notes", models.TextField(blank=True, null=True, verbose_name="notas")),
                (
                    "source_updated_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="actualizada en origen"
                    ),
                ),
            ],
            options={
                "verbose_name": "llamada",
                "verbose_name_plural": "llamadas",
                "db_table": "calls",
                "ordering": ["-started_at"],
                "indexes": [models.Index(fields=["started_at"], name="calls_started_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__gte", models.F("started_at")),
                            ("talk_s__gte", 0),
                            ("wait_s__gte", 0),
                        ),
                        name="calls_lengths_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DailyMetrics",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(help_text="Día local del sitio.", verbose_name="día")),
                ("queue", models.CharField(max_length=32, verbose_name="cola")),
                ("offered", models.IntegerField(verbose_name="ofrecidas")),
                ("answered", models.IntegerField(verbose_name="contestadas")),
                ("abandoned", models.IntegerField(verbose_name="abandonadas")),
                ("within_sla", models.IntegerField(verbose_name="dentro del nivel de servicio")),
                ("wait_sum_s", models.BigIntegerField(verbose_name="espera, suma (s)")),
                ("wait_max_s", models.IntegerField(verbose_name="espera, máximo (s)")),
                ("talk_sum_s", models.BigIntegerField(verbose_name="conversación, suma (s)")),
                ("talk_max_s", models.IntegerField(verbose_name="conversación, máximo (s)")),
            ],
            options={
                "verbose_name": "métricas del día",
                "verbose_name_plural": "métricas por día",
                "db_table": "daily_metrics",
                "ordering": ["-day", "queue"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "queue"), name="daily_metrics_day_queue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered__gte", models.F("within_sla")),
                            (
                                "offered__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("answered"), "+", models.F("abandoned")
                                ),
                            ),
                        ),
                        name="daily_metrics_parts_within_whole",
                    ),
                ],
            },
        ),
    ]
