"""SQL databases: SQLite or PostgreSQL, by URL."""
