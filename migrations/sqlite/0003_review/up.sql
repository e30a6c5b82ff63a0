-- Gongkai, review (SQLite). Its twin for the other database has the same tables, columns and names.

-- What an agency has set for its replies, as JSON; each change is an event in its chain. Without a row the usual holds.
CREATE TABLE agency_settings (
    agency_id BLOB NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, name),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    CHECK (name IN ('review_route', 'remedy_bodies'))
) STRICT;

-- Who takes whose steps of review during an absence: from the first day to the last, unless it was ended before.
CREATE TABLE delegations (
    agency_id BLOB NOT NULL,
    id BLOB NOT NULL,
    from_person_id BLOB NOT NULL,
    to_person_id BLOB NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    ended_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    CHECK (starts_on <= ends_on),
    CHECK (from_person_id <> to_person_id)
) STRICT;
CREATE INDEX delegations_ends ON delegations (agency_id, ends_on);

-- The register of secrecy reviews reads what was decided in review, by the instant of its recording.
CREATE INDEX events_reviewed ON events (agency_id, recorded_at, agency_seq)
    WHERE event_type IN ('reviewed', 'referral_answered');
