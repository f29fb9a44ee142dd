-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: lines of a statement, first page; lines of a statement, last page; lines of a statement,
--   next page

SELECT `transfer_parts`.`account_id`, `transfer_parts`.`version`, `transfer_parts`.`transfer_id`,
    `transfer_parts`.`type`, `transfer_parts`.`corresponding_account_id`,
    `transfer_parts`.`direction`, `transfer_parts`.`amount`, `transfer_parts`.`balance`,
    `transfer_parts`.`created_at`, `transfer_parts`.`effective_at`, `transfer_parts`.`held`,
    `transfer_parts`.`credit_limit`, `transfer_parts`.`status`, `accounts`.`currency_code`,
    `transfers`.`reference`
FROM ((`transfer_parts`
    INNER JOIN `accounts` ON (`transfer_parts`.`account_id` = `accounts`.`id`))
  LEFT OUTER JOIN `transfers` ON (`transfer_parts`.`transfer_id` = `transfers`.`id`))
WHERE ((`transfer_parts`.`account_id` = ?) AND (`transfer_parts`.`version` > ?))
ORDER BY `transfer_parts`.`version`
LIMIT ?;

-- Plan of SQLite:
--   SEARCH accounts USING PRIMARY KEY (id=?)
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=? AND version>?)
--   SEARCH transfers USING PRIMARY KEY (id=?) LEFT-JOIN
