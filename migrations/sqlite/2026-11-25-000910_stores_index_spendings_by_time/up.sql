-- Velocity limits are judged by what left around the time of a decision, whatever its version.
CREATE INDEX spendings_by_time ON spendings (account_id, created_at);
