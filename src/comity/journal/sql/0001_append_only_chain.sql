-- The journal's tables, made here and not by Django: a chain whose rows are added by one
-- function, read by everybody, and changed by nobody, the owner included.

CREATE TABLE journal_entry (
    sequence    bigint      PRIMARY KEY CHECK (sequence > 0),
    identifier  uuid        NOT NULL UNIQUE,
    at          timestamptz NOT NULL,
    actor       text        NOT NULL,
    role        text        NOT NULL,
    act         text        NOT NULL,
    subject     text        NOT NULL,
    instrument  text        NOT NULL,
    article     text        NOT NULL,
    facts       jsonb       NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    digest      bytea       NOT NULL CHECK (length(digest) = 32),
    leaf        bytea       NOT NULL CHECK (length(leaf) = 32)
);
COMMENT ON COLUMN journal_entry.digest IS 'SHA-256 of the previous digest and the canonical entry';
COMMENT ON COLUMN journal_entry.leaf IS 'SHA-256 of 0x00 and the canonical entry (RFC 9162)';

CREATE INDEX journal_entry_act ON journal_entry (act, sequence);
CREATE INDEX journal_entry_subject ON journal_entry (subject, sequence);
CREATE INDEX journal_entry_actor ON journal_entry (actor, sequence);
CREATE INDEX journal_entry_at ON journal_entry (at);

-- Hashes of complete subtrees of 256, 65536, ... leaves, so that a proof reads few rows.
CREATE TABLE journal_subtree (
    level    smallint NOT NULL CHECK (level > 0 AND level % 8 = 0),
    position bigint   NOT NULL CHECK (position >= 0),
    hash     bytea    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
);

-- Signed tree heads (C2SP tlog-checkpoint), at most one for a size.
CREATE TABLE journal_checkpoint (
    size     bigint      PRIMARY KEY CHECK (size > 0),
    root     bytea       NOT NULL CHECK (length(root) = 32),
    note     text        NOT NULL,
    made_at  timestamptz NOT NULL
);

-- Refuses every change of the tables above, whoever asks and however many rows it would touch.
CREATE FUNCTION journal_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: the journal is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER journal_entry_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_subtree_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_subtree
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_checkpoint_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();

-- ALWAYS: also in a session that plays a replica, where ordinary triggers sleep.
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_append_only;
ALTER TABLE journal_subtree ENABLE ALWAYS TRIGGER journal_subtree_append_only;
ALTER TABLE journal_checkpoint ENABLE ALWAYS TRIGGER journal_checkpoint_append_only;

-- Appends one act: spells it canonically, takes the head last, links, inserts.
-- The lock is held until the caller's transaction ends, so this is to be its last statement.
CREATE FUNCTION journal_append(
    new_identifier uuid, new_at timestamptz, new_actor text, new_role text, new_act text,
    new_subject text, new_instrument text, new_article text, new_facts jsonb,
    OUT new_sequence bigint, OUT new_digest bytea
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    spelled_facts   text;
    before_sequence text;
    after_sequence  text;
    spelled         bytea;
    previous        bytea;
BEGIN
    IF EXISTS (SELECT FROM jsonb_each(new_facts) f WHERE jsonb_typeof(f.value) <> 'string') THEN
        RAISE EXCEPTION 'a fact of the journal is text' USING ERRCODE = 'check_violation';
    END IF;

    -- RFC 8785: names sorted, no white space, text escaped as to_json does.
    SELECT coalesce(string_agg(to_json(f.key)::text || ':' || to_json(f.value)::text, ','
                               ORDER BY f.key COLLATE "C"), '')
      INTO spelled_facts FROM jsonb_each_text(new_facts) f;
    before_sequence :=
        '{"act":' || to_json(new_act)::text
        || ',"actor":' || to_json(new_actor)::text
        || ',"article":' || to_json(new_article)::text
        || ',"at":"' || to_char(new_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","facts":{' || spelled_facts
        || '},"id":"' || new_identifier::text
        || '","instrument":' || to_json(new_instrument)::text
        || ',"role":' || to_json(new_role)::text
        || ',"sequence":';
    after_sequence := ',"subject":' || to_json(new_subject)::text || '}';

    -- 'comity-j' as a number: one appender at a time in this database.
    PERFORM pg_advisory_xact_lock(7165065861825653098);
    SELECT e.sequence, e.digest INTO new_sequence, previous
      FROM journal_entry e ORDER BY e.sequence DESC LIMIT 1;
    new_sequence := coalesce(new_sequence, 0) + 1;
    previous := coalesce(previous, decode(repeat('00', 32), 'hex'));

    spelled := convert_to(before_sequence || new_sequence || after_sequence, 'UTF8');
    new_digest := sha256(previous || spelled);
    INSERT INTO journal_entry
    VALUES (new_sequence, new_identifier, new_at, new_actor, new_role, new_act, new_subject,
            new_instrument, new_article, new_facts, new_digest, sha256('\x00'::bytea || spelled));
END
$$;
