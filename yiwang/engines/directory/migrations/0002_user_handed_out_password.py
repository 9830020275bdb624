from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="handed_out_password",
            field=models.CharField(blank=True, default="", max_length=128),
        ),
    ]
