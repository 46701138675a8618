"""Products, images, items, jobs and the outbox in SQL. Every function runs in its caller's transaction."""
