DROP INDEX CONCURRENTLY spendings_by_time;
