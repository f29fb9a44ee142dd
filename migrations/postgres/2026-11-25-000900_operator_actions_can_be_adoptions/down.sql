-- What was adopted stays: the chain remembers it.
SELECT 1;
