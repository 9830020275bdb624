import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.TextField()),
                ("key", models.TextField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="DatasetState",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("built_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("refreshed_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("fault", models.TextField(default="")),
                ("findings", models.JSONField(default=list)),
            ],
        ),
    ]
