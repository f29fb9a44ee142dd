-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a rate

SELECT `rates`.`base_currency_code`, `rates`.`counter_currency_code`, `rates`.`version`,
    `rates`.`id`, `rates`.`bid`, `rates`.`ask`, `rates`.`created_at`
FROM `rates`
WHERE (`rates`.`id` IN (?));

-- Plan of SQLite:
--   SEARCH rates USING INDEX sqlite_autoindex_rates_1 (id=?)
