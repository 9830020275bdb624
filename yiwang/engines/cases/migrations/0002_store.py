"""What the ORM has no words for: the sequence of number blocks, and room in pages for rows that change in place."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE IF NOT EXISTS cases_number START 1;
ALTER TABLE cases_case SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE cases_token SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE cases_due SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
"""
BACKWARD = "DROP SEQUENCE IF EXISTS cases_number;"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
