-- Gongkai, review (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- What an agency has set for its replies, as JSON; each change is an event in its chain. Without a row the usual holds.
CREATE TABLE agency_settings (
    agency_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, name),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    CHECK (name IN ('review_route', 'remedy_bodies'))
);

-- Who takes whose steps of review during an absence: from the first day to the last, unless it was ended before.
CREATE TABLE delegations (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    from_person_id uuid NOT NULL,
    to_person_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    ended_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    CHECK (starts_on <= ends_on),
    CHECK (from_person_id <> to_person_id)
);
CREATE INDEX delegations_ends ON delegations (agency_id, ends_on);

-- The register of secrecy reviews reads what was decided in review, by the instant of its recording.
CREATE INDEX events_reviewed ON events (agency_id, recorded_at, agency_seq)
    WHERE event_type IN ('reviewed', 'referral_answered');
