-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a stray row

SELECT `transfer_effects`.`transfer_id`
FROM `transfer_effects`
WHERE NOT (EXISTS (
    SELECT `transfers`.`id`, `transfers`.`type`, `transfers`.`currency_code`,
        `transfers`.`created_at`, `transfers`.`reference`, `transfers`.`metadata`,
        `transfers`.`effective_at`, `transfers`.`reversed_amount`, `transfers`.`created_by`
    FROM `transfers`
    WHERE (`transfers`.`id` = `transfer_effects`.`transfer_id`)))
LIMIT ?;

-- Plan of SQLite:
--   SCAN transfer_effects
--   CORRELATED SCALAR SUBQUERY 1
--     SEARCH transfers USING PRIMARY KEY (id=?)
