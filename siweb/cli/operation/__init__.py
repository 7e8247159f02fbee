"""Commands that run the office: server, worker, database, the daily work."""
