-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a quote; an exchange; a batch of everything

SELECT `quotes`.`id`, `quotes`.`rate_id`, `quotes`.`sell_currency_code`, `quotes`.`sell_amount`,
    `quotes`.`buy_currency_code`, `quotes`.`buy_amount`, `quotes`.`spread_amount`,
    `quotes`.`fixed_side`, `quotes`.`created_at`, `quotes`.`expires_at`, `quotes`.`exchange_id`
FROM `quotes`
WHERE (`quotes`.`id` IN (?));

-- Plan of SQLite:
--   SEARCH quotes USING PRIMARY KEY (id=?)
