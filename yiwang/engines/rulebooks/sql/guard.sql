-- A published edition never changes: cases of its days are judged by it. Rows are written only while their edition is a
-- draft; a published edition may only become a withdrawn one, everything else about it staying as it is.
CREATE OR REPLACE FUNCTION rulebooks_guard_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'withdrawn'
       AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN
        RETURN NEW;
    END IF;
    IF OLD.status <> 'draft' THEN
        RAISE EXCEPTION '% of edition % of % refused: it is %', TG_OP, OLD.number, OLD.book, OLD.status
            USING ERRCODE = 'insufficient_privilege', HINT = 'Publish a new edition; see docs/engines/rulebooks.md.';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE OR REPLACE FUNCTION rulebooks_guard_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM rulebooks_edition WHERE id IN (OLD.edition_id, NEW.edition_id) AND status <> 'draft'
    ) THEN
        RAISE EXCEPTION '% of a rule refused: its edition is no draft', TG_OP
            USING ERRCODE = 'insufficient_privilege', HINT = 'Publish a new edition; see docs/engines/rulebooks.md.';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE OR REPLACE TRIGGER rulebooks_edition_guard BEFORE UPDATE OR DELETE ON rulebooks_edition
    FOR EACH ROW EXECUTE FUNCTION rulebooks_guard_edition();
CREATE OR REPLACE TRIGGER rulebooks_rule_guard BEFORE INSERT OR UPDATE OR DELETE ON rulebooks_rule
    FOR EACH ROW EXECUTE FUNCTION rulebooks_guard_rule();
