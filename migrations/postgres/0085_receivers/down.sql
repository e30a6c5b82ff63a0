DROP TABLE sent_checkpoints;
