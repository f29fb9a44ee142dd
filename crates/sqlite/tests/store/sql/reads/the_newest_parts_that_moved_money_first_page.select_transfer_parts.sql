-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: the newest parts that moved money, first page; the newest parts that moved money, last
--   page; the newest parts that moved money, next page

SELECT `transfer_parts`.`account_id`, `transfer_parts`.`version`, `transfer_parts`.`transfer_id`,
    `transfer_parts`.`type`, `transfer_parts`.`corresponding_account_id`,
    `transfer_parts`.`direction`, `transfer_parts`.`amount`, `transfer_parts`.`balance`,
    `transfer_parts`.`created_at`, `transfer_parts`.`effective_at`, `transfer_parts`.`held`,
    `transfer_parts`.`credit_limit`, `transfer_parts`.`status`, `accounts`.`currency_code`
FROM (`transfer_parts`
  INNER JOIN `accounts` ON (`transfer_parts`.`account_id` = `accounts`.`id`))
WHERE (((within_time() AND (`transfer_parts`.`account_id` = ?)) AND
        (`transfer_parts`.`version` < ?)) AND transfer_parts.amount <> '0')
ORDER BY `transfer_parts`.`version` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH accounts USING PRIMARY KEY (id=?)
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=? AND version<?)
