-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers of an account with metadata, next page; transfers of an account with rare
--   metadata, next page

SELECT `transfer_metadata`.`transfer_id`
FROM (`transfer_metadata`
  INNER JOIN `transfers` ON (`transfers`.`id` = `transfer_metadata`.`transfer_id`))
WHERE ((((within_time() AND (`transfer_metadata`.`key` = ?)) AND (`transfer_metadata`.`value` = ?))
        AND (transfer_metadata.created_at, transfer_metadata.transfer_id) < (?, ?)) AND
      (sender_version IS NOT NULL AND sender_account_id = ? OR receiver_version IS NOT NULL AND
        receiver_account_id = ?))
ORDER BY `transfer_metadata`.`created_at` DESC, `transfer_metadata`.`transfer_id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfer_metadata USING PRIMARY KEY (key=? AND value=? AND (created_at,transfer_id)<(?,?))
--   SEARCH transfers USING PRIMARY KEY (id=?)
