-- Lists of quotes, newest first. Written only when a quote is created: a quote that is used keeps its time.
CREATE INDEX CONCURRENTLY quotes_by_time ON quotes (created_at, id);
