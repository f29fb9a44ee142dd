-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a rate; a quote; a batch of everything

SELECT rates.*
FROM json_each(?1) pair
CROSS JOIN rates ON base_currency_code = pair.value ->> 0 AND counter_currency_code = pair.value ->>
    1 AND version = (
  SELECT max(version)
  FROM rates newest
  WHERE newest.base_currency_code = pair.value ->> 0 AND newest.counter_currency_code = pair.value
      ->> 1);

-- Plan of SQLite:
--   SCAN pair VIRTUAL TABLE INDEX 1:
--   SEARCH rates USING PRIMARY KEY (base_currency_code=? AND counter_currency_code=? AND version=?)
--   CORRELATED SCALAR SUBQUERY 1
--     SEARCH newest USING PRIMARY KEY (base_currency_code=? AND counter_currency_code=?)
