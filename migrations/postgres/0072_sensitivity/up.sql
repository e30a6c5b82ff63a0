-- Security labels: what a case is (cases.sensitivity) and up to what somebody may read (accounts.clearance). Both are the same scale:
-- 0 ordinary, 1 personal_privacy, 2 trade_secret, 3 proposed_secret (domain/sensitivity.rs).
ALTER TABLE cases ADD COLUMN sensitivity integer NOT NULL DEFAULT 0 CHECK (sensitivity BETWEEN 0 AND 3);
ALTER TABLE accounts ADD COLUMN clearance integer NOT NULL DEFAULT 0 CHECK (clearance BETWEEN 0 AND 3);

-- Few cases are labelled: who may not read them leaves these out of every list.
CREATE INDEX cases_labelled ON cases (agency_id, sensitivity, id) WHERE sensitivity > 0;
