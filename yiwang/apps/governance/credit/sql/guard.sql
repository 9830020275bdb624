-- Entries are only ever added: what was wrong is taken back by a further entry.
CREATE OR REPLACE FUNCTION credit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on credit_entry refused: entries are only ever added', TG_OP
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Take an entry back with a withdraw entry (services.ledger.append).';
END
$$;
CREATE OR REPLACE TRIGGER credit_entry_guard BEFORE UPDATE OR DELETE ON credit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION credit_refuse_change();
