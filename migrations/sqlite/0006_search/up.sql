-- Gongkai, search (SQLite). Its twin for the other database has the same tables, columns and names; the index itself is
-- each database's own.

-- The documents asked for, a line each (title, tab, number); like the subject they hold no personal data (derived).
ALTER TABLE cases ADD COLUMN documents TEXT;

-- What is searched of a case (derived, like `cases`): the agency, then every character as a token of its own, tokens
-- parted by spaces. The program makes it, so that both databases find the same; cases that are there already are put in
-- when the program migrates. `n` is the row's number in the index, which asks for a whole number.
CREATE TABLE case_search (
    n INTEGER NOT NULL,
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (n),
    CONSTRAINT case_search_case UNIQUE (agency_id, case_id)
) STRICT;

-- The index keeps no words of its own, and takes everything between two spaces for a token: a word is found as a row of
-- tokens. Nothing is ranked, so that no lengths are kept.
CREATE VIRTUAL TABLE case_search_index
    USING fts5 (words, content = 'case_search', content_rowid = 'n', tokenize = 'ascii', columnsize = 0);

CREATE TRIGGER case_search_insert AFTER INSERT ON case_search BEGIN
    INSERT INTO case_search_index (rowid, words) VALUES (new.n, new.words);
END;
CREATE TRIGGER case_search_delete AFTER DELETE ON case_search BEGIN
    INSERT INTO case_search_index (case_search_index, rowid, words) VALUES ('delete', old.n, old.words);
END;
CREATE TRIGGER case_search_update AFTER UPDATE ON case_search BEGIN
    INSERT INTO case_search_index (case_search_index, rowid, words) VALUES ('delete', old.n, old.words);
    INSERT INTO case_search_index (rowid, words) VALUES (new.n, new.words);
END;
