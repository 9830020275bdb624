-- Refuses every change to written history. Two doors stay open: removal of whole streams whose retention time is over,
-- inside services.retire_streams (which sets yiwang.retention for its own transaction and journals what it removes),
-- and emptying the tables of a database that only exists for tests.
CREATE OR REPLACE FUNCTION trust_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('yiwang.retention', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' AND starts_with(current_database(), 'test_') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% on % refused: the journal is only ever added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Entries past their retention time are removed by services.retire_streams; see docs/engines/trust.md.';
END
$$;
CREATE OR REPLACE TRIGGER trust_journal_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_journal
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
CREATE OR REPLACE TRIGGER trust_day_seal_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_day_seal
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
CREATE OR REPLACE TRIGGER trust_sealed_head_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_sealed_head
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
