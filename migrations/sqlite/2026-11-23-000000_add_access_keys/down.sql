ALTER TABLE transfers DROP COLUMN created_by;
DROP TABLE access_keys;
