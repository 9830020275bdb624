"""The queue of the centres and the triggers that keep it, whoever writes: a step, a replay, a change of the calendar.

What a step does to tasks is copied by the set. A case tells its rows only when something they hold has changed: the
condition is looked at before any function runs, so steps of other kinds of case cost nothing.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.expressions import RawSQL

_TYPE = "'city_incident.incident'"
_WORKABLE = "IN ('claimed', 'countersigning', 'delegated', 'open', 'signing')"
_CASE = {
    "division": "{row}.division", "version_id": "{row}.version_id", "category": "{row}.category",
    "status": "{row}.status", "level": "coalesce(said.level, '')", "unit": "coalesce(said.unit, '')",
    "is_urgent": "coalesce(said.urgency = 'urgent' OR said.facts ->> 'is_urgent' = 'true', false)",
    "risen": "coalesce(said.risen::numeric, 0)::smallint",
    "is_returned": "coalesce({row}.memory -> 'returned' <> '{{}}', false)",
    "is_ruled": "coalesce({row}.memory -> 'visited' ? 'ruling', false)",
}  # fmt: skip
_TASK = ("node", "assignee", "organisation", "due_at")
_NAMES = ", ".join(("case_id", "no", *_CASE, *_TASK))
_OF_CASE = ", ".join(_CASE.values())
_SAID = "jsonb_to_record({row}.data) AS said(level text, unit text, urgency text, facts jsonb, risen text)"
_SAME = "queued.case_id = touched.case_id AND queued.no = touched.no"
_WITHIN = "{row}.data -> 'level', {row}.data -> 'unit', {row}.data -> 'urgency', {row}.data -> 'facts', {row}.data -> 'risen'"
_KNOWN = "{row}.memory -> 'returned', {row}.memory -> 'visited' ? 'ruling'"


def _new_rows(tasks: str) -> str:
    return f"""INSERT INTO dispatch_queuedtask ({_NAMES})
    SELECT t.case_id, t.no, {_OF_CASE.format(row="c")}, {", ".join(f"t.{name}" for name in _TASK)}
    FROM {tasks} AS t JOIN cases_case AS c ON c.id = t.case_id CROSS JOIN LATERAL {_SAID.format(row="c")}
    WHERE t.type = {_TYPE} AND t.status {_WORKABLE}"""


def _differ(columns: str) -> str:
    return f"({columns.format(row='OLD')}) IS DISTINCT FROM ({columns.format(row='NEW')})"


FUNCTIONS = f"""
CREATE FUNCTION dispatch_queue_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_new_rows("touched")};
    RETURN NULL;
END $$;
CREATE FUNCTION dispatch_queue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
    workable bigint;
    held bigint;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE status {_WORKABLE}) INTO given, workable FROM touched WHERE type = {_TYPE};
    IF given = 0 THEN
        RETURN NULL;
    END IF;
    UPDATE dispatch_queuedtask AS queued SET {", ".join(f"{name} = touched.{name}" for name in _TASK)}
    FROM touched WHERE {_SAME};
    GET DIAGNOSTICS held = ROW_COUNT;
    IF held = given AND workable = given THEN -- New limits of half a million tasks are no more than this.
        RETURN NULL;
    END IF;
    DELETE FROM dispatch_queuedtask AS queued USING touched WHERE {_SAME} AND touched.status NOT {_WORKABLE};
    {_new_rows("touched")} AND NOT EXISTS (SELECT FROM dispatch_queuedtask AS queued
    WHERE queued.case_id = t.case_id AND queued.no = t.no);
    RETURN NULL;
END $$;
CREATE FUNCTION dispatch_queue_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM dispatch_queuedtask AS queued USING touched WHERE {_SAME} AND touched.type = {_TYPE};
    RETURN NULL;
END $$;
CREATE FUNCTION dispatch_queue_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dispatch_queuedtask AS queued SET {", ".join(f"{name} = {text.format(row='NEW')}" for name, text in _CASE.items())}
    FROM {_SAID.format(row="NEW")} WHERE queued.case_id = NEW.id;
    RETURN NULL;
END $$;
"""
TRIGGERS = f"""
CREATE TRIGGER dispatch_queue_new AFTER INSERT ON cases_token
REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION dispatch_queue_new();
CREATE TRIGGER dispatch_queue_changed AFTER UPDATE ON cases_token
REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION dispatch_queue_changed();
CREATE TRIGGER dispatch_queue_gone AFTER DELETE ON cases_token
REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION dispatch_queue_gone();
CREATE TRIGGER dispatch_queue_told AFTER UPDATE ON cases_case FOR EACH ROW WHEN (
    NEW.type = {_TYPE} AND (
        {_differ("{row}.division, {row}.version_id, {row}.category, {row}.status")}
        OR OLD.data IS DISTINCT FROM NEW.data AND {_differ(_WITHIN)}
        OR {_differ(_KNOWN)})
) EXECUTE FUNCTION dispatch_queue_told();
{_new_rows("cases_token")};
"""
UNDO = """
DROP TRIGGER dispatch_queue_told ON cases_case;
DROP TRIGGER dispatch_queue_gone ON cases_token;
DROP TRIGGER dispatch_queue_changed ON cases_token;
DROP TRIGGER dispatch_queue_new ON cases_token;
DROP FUNCTION dispatch_queue_told();
DROP FUNCTION dispatch_queue_gone();
DROP FUNCTION dispatch_queue_changed();
DROP FUNCTION dispatch_queue_new();
"""
SETTINGS = "ALTER TABLE dispatch_queuedtask SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0003_lists")]
    operations = [
        migrations.CreateModel(
            name="QueuedTask",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case_id", models.UUIDField()),
                ("no", models.IntegerField()),
                ("division", models.TextField(db_collation="C")),
                ("version_id", models.UUIDField()),
                ("category", models.TextField()),
                ("status", models.TextField()),
                ("level", models.TextField()),
                ("unit", models.TextField()),
                ("is_urgent", models.BooleanField()),
                ("risen", models.SmallIntegerField()),
                ("is_returned", models.BooleanField()),
                ("is_ruled", models.BooleanField()),
                ("node", models.TextField()),
                ("assignee", models.BigIntegerField(null=True)),
                ("organisation", models.BigIntegerField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "marks",
                    models.GeneratedField(
                        db_persist=True,
                        expression=RawSQL(
                            """((status = 'open')::int + is_urgent::int * 2 + is_returned::int * 4 + is_ruled::int * 8
+ (assignee IS NULL)::int * 16 + risen * 32)::smallint""",
                            [],
                        ),
                        output_field=models.SmallIntegerField(),
                    ),
                ),
            ],
        ),
        migrations.RunSQL(SETTINGS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO),
    ]
