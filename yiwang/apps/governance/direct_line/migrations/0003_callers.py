"""Appeals by telephone number in a table of their own instead of an index on the data of all cases.

With an index on its data a case could never be changed in place: each step wrote all indexes of its row anew.
"""

from __future__ import annotations

from django.db import migrations, models

INDEX = """CREATE INDEX direct_line_phone ON cases_case ((data ->> 'phone'), opened_at DESC, id DESC)
WHERE type = 'direct_line.appeal' AND data ->> 'phone' IS NOT NULL"""
_ROW = "sha256(convert_to({row}.data ->> 'phone', 'UTF8'))"
TRIGGERS = f"""
CREATE FUNCTION direct_line_keep_caller() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM direct_line_callerappeal WHERE case_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.data ->> 'phone' IS NOT NULL THEN
        INSERT INTO direct_line_callerappeal (case_id, phone_digest, opened_at)
        VALUES (NEW.id, {_ROW.format(row="NEW")}, NEW.opened_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER direct_line_caller_new AFTER INSERT ON cases_case
FOR EACH ROW WHEN (NEW.type = 'direct_line.appeal') EXECUTE FUNCTION direct_line_keep_caller();
CREATE TRIGGER direct_line_caller_gone AFTER DELETE ON cases_case
FOR EACH ROW WHEN (OLD.type = 'direct_line.appeal') EXECUTE FUNCTION direct_line_keep_caller();
CREATE TRIGGER direct_line_caller_changed AFTER UPDATE ON cases_case FOR EACH ROW WHEN (
    NEW.type = 'direct_line.appeal' AND OLD.data ->> 'phone' IS DISTINCT FROM NEW.data ->> 'phone'
) EXECUTE FUNCTION direct_line_keep_caller();
INSERT INTO direct_line_callerappeal (case_id, phone_digest, opened_at)
SELECT c.id, {_ROW.format(row="c")}, c.opened_at FROM cases_case AS c
WHERE c.type = 'direct_line.appeal' AND c.data ->> 'phone' IS NOT NULL;
"""
NO_TRIGGERS = """
DROP TRIGGER direct_line_caller_new ON cases_case;
DROP TRIGGER direct_line_caller_gone ON cases_case;
DROP TRIGGER direct_line_caller_changed ON cases_case;
DROP FUNCTION direct_line_keep_caller();
"""


class Migration(migrations.Migration):
    dependencies = [("direct_line", "0002_phone"), ("cases", "0003_lists")]
    operations = [
        migrations.CreateModel(
            name="CallerAppeal",
            fields=[
                ("case_id", models.UUIDField(primary_key=True, serialize=False)),
                ("phone_digest", models.BinaryField(max_length=32)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["phone_digest", "-opened_at", "-case_id"], name="direct_line_caller_newest"
                    ),
                ],
            },
        ),
        migrations.RunSQL("DROP INDEX direct_line_phone", INDEX),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
