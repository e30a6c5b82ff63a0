DROP TABLE supervision_steps;
DROP TABLE supervision_notices;
