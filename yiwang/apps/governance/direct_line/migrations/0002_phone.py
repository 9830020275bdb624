"""Appeals by telephone number, for the card of a caller: sealed ones are of another type and never in this index."""

from __future__ import annotations

from django.db import migrations

INDEX = """CREATE INDEX direct_line_phone ON cases_case ((data ->> 'phone'), opened_at DESC, id DESC)
WHERE type = 'direct_line.appeal' AND data ->> 'phone' IS NOT NULL"""


class Migration(migrations.Migration):
    dependencies = [("direct_line", "0001_initial"), ("cases", "0003_lists")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX direct_line_phone")]
