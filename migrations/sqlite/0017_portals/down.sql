-- The cases that they handed in stay, and their accounts, which nobody can sign in to.
DROP TABLE portal_requests;
DROP TABLE portal_secrets;
DROP TABLE portals;
