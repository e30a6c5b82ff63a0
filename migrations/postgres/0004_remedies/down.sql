-- The older program knows nothing of remedies: what is owed upon them goes with them. Cases with such events are beyond it.
DROP TABLE case_remedies;
DELETE FROM case_obligations WHERE kind IN ('reconsideration_answer', 'litigation_answer', 'complaint_answer');
ALTER TABLE case_obligations DROP CONSTRAINT case_obligations_kind_check;
ALTER TABLE case_obligations ADD CONSTRAINT case_obligations_kind_check
    CHECK (kind IN ('correction_notice', 'correction_response', 'third_party_answer', 'joint_maker_answer', 'extension_notice', 'fee_payment', 'reply'));
