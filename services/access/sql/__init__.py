"""The tables of keys, their migrations, and the transactions on them."""
