-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: accounts with ids, first page; accounts with ids, next page

SELECT `account_states`.`id`, `account_states`.`currency_code`, `account_states`.`balance`,
    `account_states`.`version`, `account_states`.`created_at`, `account_states`.`updated_at`,
    `account_states`.`external_id`, `account_states`.`opening_metadata`,
    `account_states`.`metadata`, `account_states`.`metadata_version`, `account_states`.`listed_at`,
    `account_states`.`held`, `account_states`.`credit_limit`, `account_states`.`status`,
    `account_states`.`velocity_limits`
FROM `account_states`
WHERE ((within_time() AND (`account_states`.`id` > ?)) AND (`account_states`.`id` IN (?, ?, ?)))
ORDER BY `account_states`.`id`
LIMIT ?;

-- Plan of SQLite:
--   SEARCH accounts USING PRIMARY KEY (id=?)
--   SEARCH last USING PRIMARY KEY (account_id=? AND version=?) LEFT-JOIN
--   CORRELATED SCALAR SUBQUERY 3
--     SEARCH transfer_parts USING PRIMARY KEY (account_id=?)
