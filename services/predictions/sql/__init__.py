"""The table of the prediction log, its migrations, and the transactions on it."""
