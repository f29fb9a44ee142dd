-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: open quotes of a pair, next page

SELECT `quotes`.`id`, `quotes`.`rate_id`, `quotes`.`sell_currency_code`, `quotes`.`sell_amount`,
    `quotes`.`buy_currency_code`, `quotes`.`buy_amount`, `quotes`.`spread_amount`,
    `quotes`.`fixed_side`, `quotes`.`created_at`, `quotes`.`expires_at`, `quotes`.`exchange_id`
FROM `quotes`
WHERE (((((within_time() AND (quotes.created_at, quotes.id) < (?, ?)) AND
            (`quotes`.`created_at` > ?)) AND (`quotes`.`sell_currency_code` = ?)) AND
        (`quotes`.`buy_currency_code` = ?)) AND ((`quotes`.`exchange_id` IS NULL) AND
        (`quotes`.`expires_at` > ?)))
ORDER BY `quotes`.`created_at` DESC, `quotes`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH quotes USING INDEX quotes_by_time (created_at>? AND (created_at,id)<(?,?))
