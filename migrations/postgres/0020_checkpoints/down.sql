DROP TABLE checkpoints;
DROP TABLE signing_keys;
