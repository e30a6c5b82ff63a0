DROP TABLE attempt_heads;
DROP TABLE attempts;
