"""The `armoire` command."""
