"""The trigger that keeps entries as they were written."""

from django.db import migrations

from yiwang.apps.governance.credit.sql import statement


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial")]
    operations = [migrations.RunSQL(statement("guard"), "DROP FUNCTION credit_refuse_change CASCADE")]
