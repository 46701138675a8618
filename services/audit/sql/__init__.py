"""The table of audit records, its migrations, and the transactions on it."""
