-- Gongkai, receivers of checkpoints (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- Up to which checkpoint (its number of events) a receiver has those of an agency: written after it answered. `receiver`: the way and a
-- digest of the address.
CREATE TABLE sent_checkpoints (
    agency_id uuid NOT NULL,
    receiver text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, receiver)
);
