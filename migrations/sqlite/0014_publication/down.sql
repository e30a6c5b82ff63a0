DROP TABLE case_publications;
DROP TABLE case_documents;
