"""Search, from query to hits: filters, nearest rows, re-ranking."""
