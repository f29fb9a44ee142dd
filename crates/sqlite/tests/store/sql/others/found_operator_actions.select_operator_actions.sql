-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: found operator actions

SELECT `operator_actions`.`id`, `operator_actions`.`kind`, `operator_actions`.`subject`,
    `operator_actions`.`number`, `operator_actions`.`created_at`, `operator_actions`.`created_by`,
    `operator_actions`.`metadata`
FROM `operator_actions`
WHERE (`operator_actions`.`id` IN (?, ?));

-- Plan of SQLite:
--   SEARCH operator_actions USING PRIMARY KEY (id=?)
