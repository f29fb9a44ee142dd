-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds of an account with metadata, next page

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM `holds`
WHERE (((within_time() AND (holds.created_at, holds.id) < (?, ?)) AND EXISTS (
      SELECT `transfer_metadata`.`key`, `transfer_metadata`.`value`,
          `transfer_metadata`.`created_at`, `transfer_metadata`.`transfer_id`
      FROM `transfer_metadata`
      WHERE ((((`transfer_metadata`.`key` = ?) AND (`transfer_metadata`.`value` = ?)) AND
              (`transfer_metadata`.`created_at` = `holds`.`created_at`)) AND
            (`transfer_metadata`.`transfer_id` = `holds`.`id`)))) AND
      (`holds`.`sender_account_id` = ?))
ORDER BY `holds`.`created_at` DESC, `holds`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH holds USING INDEX holds_by_sender (sender_account_id=? AND (created_at,id)<(?,?))
--   SEARCH transfer_metadata EXISTS USING PRIMARY KEY (key=? AND value=? AND created_at=? AND transfer_id=?)
