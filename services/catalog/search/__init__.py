"""From a query to hits: filters, nearest rows, re-ranking."""
