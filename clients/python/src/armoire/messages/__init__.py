"""Between proto messages and this package's values."""
