from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("opsconsole", "0004_view_traceback"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobrun",
            name="request_key",
            field=models.CharField(editable=False, max_length=80, null=True),
        ),
        migrations.AddField(
            model_name="jobrun",
            name="request_digest",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="jobrun",
            constraint=models.UniqueConstraint(
                fields=("request_key",), name="one_run_per_request_key"
            ),
        ),
    ]
