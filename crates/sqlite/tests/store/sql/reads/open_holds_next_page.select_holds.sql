-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: open holds, next page

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM `holds`
WHERE ((within_time() AND (holds.created_at, holds.id) < (?, ?)) AND (`holds`.`state` IN (?)))
ORDER BY `holds`.`created_at` DESC, `holds`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH holds USING INDEX holds_by_time ((created_at,id)<(?,?))
