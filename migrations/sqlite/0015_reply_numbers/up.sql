-- Gongkai, the numbers of replies (SQLite). Its twin for the other database has the same tables, columns and names.

-- The numbers of a case's replies (答复书文号), a line each, the oldest first: search finds them. Rows that are there stay without;
-- replies issued before this had none.
ALTER TABLE cases ADD COLUMN reply_numbers TEXT;
