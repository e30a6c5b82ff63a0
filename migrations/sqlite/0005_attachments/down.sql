-- The files stay where they are stored; the older program knows nothing of them.
DROP TABLE attachment_removals;
DROP TABLE case_attachments;
DROP TABLE attachment_contents;
DROP TABLE attachment_uploads;
