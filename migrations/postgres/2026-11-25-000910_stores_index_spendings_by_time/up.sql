-- Velocity limits are judged by what left around the time of a decision, whatever its version.
CREATE INDEX CONCURRENTLY spendings_by_time ON spendings (account_id, created_at, version);
