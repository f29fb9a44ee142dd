-- Lists of quotes, newest first. Written only when a quote is created: a quote that is used keeps its time.
CREATE INDEX quotes_by_time ON quotes (created_at, id);
