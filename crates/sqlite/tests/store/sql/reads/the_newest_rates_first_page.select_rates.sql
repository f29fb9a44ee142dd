-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: the newest rates, first page; the newest rates, next page

SELECT `rates`.`base_currency_code`, `rates`.`counter_currency_code`, `rates`.`version`,
    `rates`.`id`, `rates`.`bid`, `rates`.`ask`, `rates`.`created_at`
FROM `rates`
WHERE (base_currency_code, counter_currency_code) > (?, ?)
ORDER BY `rates`.`base_currency_code`, `rates`.`counter_currency_code`
LIMIT ?;

-- Plan of SQLite:
--   SEARCH rates USING PRIMARY KEY ((base_currency_code,counter_currency_code)>(?,?))
