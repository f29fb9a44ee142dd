-- The table stays: the chain remembers its rows, and a later return to this step must find them.
SELECT 1;
