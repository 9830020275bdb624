"""Why a photo sent as proof proves nothing."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_lists")]
    operations = [migrations.AddField("casefile", "refusal", models.TextField(default=""))]
