ALTER TABLE chain_heads DROP COLUMN seal;
