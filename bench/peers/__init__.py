"""NotItem servers around the same functions; they run in a virtual environment of their own."""
