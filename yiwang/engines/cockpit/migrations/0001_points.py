"""Cases in numbers and the moves of the last hours; a trigger tells which cases the numbers are behind of."""

import uuid
from django.db import migrations, models

from yiwang.engines.cockpit.map.statements import NO_TRIGGERS, TRIGGERS


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0003_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case_id', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='CasePoint',
            fields=[
                ('number', models.AutoField(primary_key=True, serialize=False)),
                ('case_id', models.UUIDField(unique=True)),
                ('turn', models.BigIntegerField(db_index=True)),
                ('x', models.IntegerField()),
                ('y', models.IntegerField()),
                ('division', models.IntegerField()),
                ('village', models.IntegerField()),
                ('version', models.IntegerField()),
                ('category', models.IntegerField()),
                ('status', models.IntegerField()),
                ('opened', models.IntegerField()),
                ('due', models.IntegerField()),
                ('closed', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('number', models.TextField()),
                ('division', models.TextField(db_collation='C')),
                ('type', models.TextField()),
                ('version', models.UUIDField()),
                ('category', models.TextField()),
                ('verb', models.TextField()),
                ('status', models.TextField()),
                ('stage', models.TextField()),
                ('outcome', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='PointState',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('generation', models.UUIDField(default=uuid.uuid4)),
                ('turn', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('text', models.TextField(db_collation='C', unique=True)),
            ],
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
