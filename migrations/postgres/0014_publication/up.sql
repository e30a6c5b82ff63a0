-- Gongkai, proactive publication (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- The documents asked for, a row for each document of a case (derived, like `cases`): `document_key` is the same for what counts as
-- one document. Cases that are there already are put in when the program migrates. What several applicants asked for is counted here.
CREATE TABLE case_documents (
    agency_id uuid NOT NULL,
    case_id uuid NOT NULL,
    document_key text COLLATE "C" NOT NULL,
    received_on date NOT NULL,
    title text COLLATE "C",
    number text COLLATE "C",
    PRIMARY KEY (agency_id, case_id, document_key)
);
CREATE INDEX case_documents_asked ON case_documents (agency_id, document_key, received_on, case_id);

-- Conversions to proactive publication (derived, like `cases`): by the keys of number and title whoever asks for the same is told.
CREATE TABLE case_publications (
    agency_id uuid NOT NULL,
    case_id uuid NOT NULL,
    n integer NOT NULL,
    number_key text COLLATE "C",
    title_key text COLLATE "C",
    title text COLLATE "C",
    number text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    place_kind text COLLATE "C",
    place text COLLATE "C",
    published_on date,
    PRIMARY KEY (agency_id, case_id, n),
    CHECK (state IN ('rejected', 'withdrawn', 'proposed', 'approved', 'published')),
    CHECK (place_kind IN ('website', 'gazette')),
    CHECK ((place_kind IS NULL) = (published_on IS NULL))
);
CREATE INDEX case_publications_number ON case_publications (agency_id, number_key);
CREATE INDEX case_publications_title ON case_publications (agency_id, title_key);
