-- A keyed hash of the end of each chain, under a key of the agency (store/seals.rs): somebody who has the database and no key can link
-- an event behind the last one, and cannot make this. NULL until the program of this version opened the database.
ALTER TABLE chain_heads ADD COLUMN seal BYTEA;
