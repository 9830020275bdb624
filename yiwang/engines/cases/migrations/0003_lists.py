"""What lists need: indexes in the order people sort, and words for searching Chinese without an extension.

`cases_address` is the address of the first place in the data (a party's has a name beside it and is left alone),
`cases_searchable` the text a search looks at, folded to one width and lower case; `cases_words` its pairs of
neighbouring characters, the last one alone, as a tsvector. A pair is found through the GIN index, a single character as
the beginning of a pair, and longer words by all their pairs and then the text itself.
"""

import datetime
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.comparison
from django.db import migrations, models

FUNCTIONS = r"""
-- One expression each, so that the planner puts them in line: a case is opened with them.
CREATE FUNCTION cases_address(data jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT jsonb_path_query_first(data, '$.* ? (exists (@.address) && !exists (@.name)).address') #>> '{}'
$$;
CREATE FUNCTION cases_searchable(title text, data jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT lower(normalize(title || E'\n' || coalesce(left(cases_address(data), 400), ''), NFKC) COLLATE "C")
$$;
CREATE FUNCTION cases_words(searchable text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    signs text[] := string_to_array(searchable, NULL);
    pairs text[] := '{}';
BEGIN
    FOR place IN 1 .. coalesce(array_length(signs, 1), 0) LOOP
        pairs[place] := concat(signs[place], signs[place + 1]);
    END LOOP;
    RETURN array_to_tsvector(pairs);
END $$;
CREATE FUNCTION cases_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := cases_words(cases_searchable(NEW.title, NEW.data));
    RETURN NEW;
END $$;
"""
NO_FUNCTIONS = """
DROP FUNCTION cases_keep_words();
DROP FUNCTION cases_words(text);
DROP FUNCTION cases_searchable(text, jsonb);
DROP FUNCTION cases_address(jsonb);
"""
# Steps write title and data each time; the words are made anew only when the head of the case moved.
TRIGGERS = """
CREATE TRIGGER cases_words_new BEFORE INSERT ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_keep_words();
CREATE TRIGGER cases_words_changed BEFORE UPDATE OF title, area, longitude ON cases_case
FOR EACH ROW WHEN (
    OLD.title IS DISTINCT FROM NEW.title OR OLD.area IS DISTINCT FROM NEW.area
    OR OLD.longitude IS DISTINCT FROM NEW.longitude
) EXECUTE FUNCTION cases_keep_words();
UPDATE cases_case SET words = cases_words(cases_searchable(title, data));
"""
NO_TRIGGERS = """
DROP TRIGGER cases_words_new ON cases_case;
DROP TRIGGER cases_words_changed ON cases_case;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_store'),
    ]

    operations = [
        migrations.DeleteModel(name='SavedFilter'),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_opener',
        ),
        migrations.RemoveIndex(
            model_name='involvement',
            name='involvement_by_party',
        ),
        migrations.RemoveIndex(
            model_name='token',
            name='token_by_role',
        ),
        migrations.AddField(
            model_name='case',
            name='words',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.F('division'), models.F('type'), django.db.models.functions.comparison.Coalesce('due_at', models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), models.F('id'), condition=models.Q(('status__in', ('open', 'suspended'))), name='case_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('opened_by__isnull', False)), fields=['opened_by', '-opened_at', '-id'], name='case_by_opener'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], gin_pending_list_limit=256, name='case_words'),
        ),
        migrations.AddIndex(
            model_name='involvement',
            index=models.Index(fields=['party', '-opened_at', '-case'], name='involvement_by_party'),
        ),
        migrations.AddIndex(
            model_name='involvement',
            index=models.Index(condition=models.Q(('is_watching', True)), fields=['party', '-opened_at', '-case'], name='involvement_watched'),
        ),
        migrations.AddIndex(
            model_name='token',
            index=models.Index(models.F('division'), models.F('role'), django.db.models.functions.comparison.Coalesce('due_at', models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), models.F('case_id'), models.F('no'), condition=models.Q(('assignee__isnull', True), ('status', 'open')), name='token_free'),
        ),
        migrations.AddIndex(
            model_name='token',
            index=models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation'], name='token_by_organisation'),
        ),
    ]
