-- The older program knows the usual route only, and no delegations.
DROP INDEX events_reviewed;
DROP TABLE delegations;
DROP TABLE agency_settings;
