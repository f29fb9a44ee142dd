-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: rates of a pair, first page; rates of a pair, next page; the newest rates, first page

SELECT `rates`.`base_currency_code`, `rates`.`counter_currency_code`, `rates`.`version`,
    `rates`.`id`, `rates`.`bid`, `rates`.`ask`, `rates`.`created_at`
FROM `rates`
WHERE (((`rates`.`base_currency_code` = ?) AND (`rates`.`counter_currency_code` = ?)) AND
      (`rates`.`version` < ?))
ORDER BY `rates`.`version` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH rates USING PRIMARY KEY (base_currency_code=? AND counter_currency_code=? AND version<?)
