from django.db import migrations

from yiwang.engines.rulebooks.sql import statement

NO_GUARD = "DROP FUNCTION rulebooks_guard_edition() CASCADE; DROP FUNCTION rulebooks_guard_rule() CASCADE"


class Migration(migrations.Migration):

    dependencies = [
        ('rulebooks', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(statement("guard"), NO_GUARD),
    ]
