-- Gongkai, receivers of checkpoints (SQLite). Its twin for the other database has the same tables, columns and names.

-- Up to which checkpoint (its number of events) a receiver has those of an agency: written after it answered. `receiver`: the way and a
-- digest of the address.
CREATE TABLE sent_checkpoints (
    agency_id BLOB NOT NULL,
    receiver TEXT NOT NULL,
    size INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, receiver)
) STRICT;
