-- Reorganisations: agencies get other names, hand cases over, are merged. What was, stays to be read.

-- Which agencies' cases an agency took over: few rows, read with every list.
CREATE TABLE custodies (
    custodian_agency_id uuid NOT NULL,
    origin_agency_id uuid NOT NULL,
    PRIMARY KEY (custodian_agency_id, origin_agency_id),
    FOREIGN KEY (custodian_agency_id) REFERENCES agencies (id),
    FOREIGN KEY (origin_agency_id) REFERENCES agencies (id)
);
CREATE INDEX custodies_origin ON custodies (origin_agency_id);

-- Cases that somebody else handles than the agency to which they came.
CREATE INDEX cases_taken_over ON cases (custodian_agency_id, id) WHERE custodian_agency_id <> agency_id;

-- What happened to an agency, on which day, by which document.
CREATE TABLE reorganisations (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    effective_on date NOT NULL,
    basis text COLLATE "C" NOT NULL,
    name_before text COLLATE "C",
    name_after text COLLATE "C",
    department_id uuid,
    to_agency_id uuid,
    cases_moved integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid,
    finished_at timestamptz,
    PRIMARY KEY (agency_id, id),
    CHECK (kind IN ('renamed', 'department_renamed', 'handed_over', 'merged')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    FOREIGN KEY (to_agency_id) REFERENCES agencies (id)
);

-- An agency that was merged into another takes nothing in any more.
ALTER TABLE agencies ADD COLUMN merged_into_id uuid;
ALTER TABLE agencies ADD COLUMN merged_on date;
