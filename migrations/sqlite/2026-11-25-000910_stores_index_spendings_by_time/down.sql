DROP INDEX spendings_by_time;
