-- The older program knows nothing of remedies: what is owed upon them goes with them. Cases with such events are beyond it.
DROP TABLE case_remedies;
DELETE FROM case_obligations WHERE kind IN ('reconsideration_answer', 'litigation_answer', 'complaint_answer');
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, '''fee_payment'', ''reply'', ''reconsideration_answer'', ''litigation_answer'', ''complaint_answer'')', '''fee_payment'', ''reply'')')
    WHERE type = 'table' AND name = 'case_obligations';
PRAGMA writable_schema = RESET;
