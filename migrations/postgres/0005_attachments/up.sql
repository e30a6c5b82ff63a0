-- Gongkai, attachments (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- Files on their way in. The bytes are in the attachment store, under the upload's id; what was not attached by its day
-- is removed there and here. `sealed_key`: the key of its bytes, encrypted, as long as it is open; an attachment's is in
-- its content's row. `refusal` is the code for which the content was not taken, with what was found.
CREATE TABLE attachment_uploads (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    account_id uuid NOT NULL,
    size bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    sealed_key bytea,
    refusal text COLLATE "C",
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    CHECK (state IN ('open', 'attached', 'refused')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Contents, each stored once in an agency. `address` is a keyed hash; `sealed` binds it to the id under which the bytes
-- are stored, with size, SHA-256 and the key of the bytes: without this row nobody reads them. `scan`: what an antivirus program said, 'none' until it was asked.
CREATE TABLE attachment_contents (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    address bytea NOT NULL,
    sealed bytea NOT NULL,
    size bigint NOT NULL,
    scan text COLLATE "C" NOT NULL,
    finding text COLLATE "C",
    scanned_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    CONSTRAINT attachment_contents_address UNIQUE (agency_id, address),
    CHECK (scan IN ('none', 'clean', 'infected')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Which content each attachment of a case has: written with its event, never changed.
CREATE TABLE case_attachments (
    agency_id uuid NOT NULL,
    case_id uuid NOT NULL,
    id uuid NOT NULL,
    content_id uuid NOT NULL,
    PRIMARY KEY (agency_id, case_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Bytes that nothing refers to any more, about to be removed from the attachment store.
CREATE TABLE attachment_removals (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

CREATE INDEX attachment_uploads_expiry ON attachment_uploads (expires_at);
CREATE INDEX attachment_uploads_account ON attachment_uploads (agency_id, account_id) WHERE state = 'open';
CREATE INDEX attachment_contents_unscanned ON attachment_contents (created_at) WHERE scan = 'none';
CREATE INDEX attachment_removals_age ON attachment_removals (created_at);
CREATE INDEX case_attachments_content ON case_attachments (agency_id, content_id);
