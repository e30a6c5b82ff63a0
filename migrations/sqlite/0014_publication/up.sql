-- Gongkai, proactive publication (SQLite). Its twin for the other database has the same tables, columns and names.

-- The documents asked for, a row for each document of a case (derived, like `cases`): `document_key` is the same for what counts as
-- one document. Cases that are there already are put in when the program migrates. What several applicants asked for is counted here.
CREATE TABLE case_documents (
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    document_key TEXT NOT NULL,
    received_on TEXT NOT NULL,
    title TEXT,
    number TEXT,
    PRIMARY KEY (agency_id, case_id, document_key)
) STRICT;
CREATE INDEX case_documents_asked ON case_documents (agency_id, document_key, received_on, case_id);

-- Conversions to proactive publication (derived, like `cases`): by the keys of number and title whoever asks for the same is told.
CREATE TABLE case_publications (
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    number_key TEXT,
    title_key TEXT,
    title TEXT,
    number TEXT,
    state TEXT NOT NULL,
    place_kind TEXT,
    place TEXT,
    published_on TEXT,
    PRIMARY KEY (agency_id, case_id, n),
    CHECK (state IN ('rejected', 'withdrawn', 'proposed', 'approved', 'published')),
    CHECK (place_kind IN ('website', 'gazette')),
    CHECK ((place_kind IS NULL) = (published_on IS NULL))
) STRICT;
CREATE INDEX case_publications_number ON case_publications (agency_id, number_key);
CREATE INDEX case_publications_title ON case_publications (agency_id, title_key);
