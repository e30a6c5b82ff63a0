-- Gongkai, remedies (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- What is owed on a case has three kinds more: our answers to whoever examines a reply.
ALTER TABLE case_obligations DROP CONSTRAINT case_obligations_kind_check;
ALTER TABLE case_obligations ADD CONSTRAINT case_obligations_kind_check
    CHECK (kind IN ('correction_notice', 'correction_response', 'third_party_answer', 'joint_maker_answer', 'extension_notice', 'fee_payment', 'reply', 'reconsideration_answer', 'litigation_answer', 'complaint_answer'));

-- The remedies that stand (those entered by mistake are in the record alone): derived, like `cases`. Table 4 of the annual
-- report and the rates count here; `result` and `decided_on` are NULL while a remedy is pending.
CREATE TABLE case_remedies (
    agency_id uuid NOT NULL,
    case_id uuid NOT NULL,
    n integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    received_on date NOT NULL,
    result text COLLATE "C",
    decided_on date,
    PRIMARY KEY (agency_id, case_id, n),
    CHECK (kind IN ('reconsideration', 'litigation_direct', 'litigation_after_reconsideration', 'complaint')),
    CHECK (result IN ('upheld', 'corrected', 'other_result')),
    CHECK ((result IS NULL) = (decided_on IS NULL))
);

-- A year's table is read from the index: decided in the year, or received by its end and not decided by then.
CREATE INDEX case_remedies_decided ON case_remedies (agency_id, decided_on, kind, result);
