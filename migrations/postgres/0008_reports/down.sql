DROP TABLE report_freezes;
DROP TABLE report_entries;
